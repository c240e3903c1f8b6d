"""`python -m emkg.ledger.benchmark [STATEMENTS]`: how fast this machine loads, repeats and reads synthetic statements."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.ledger.loading import STATEMENTS_SCHEMA
from emkg.ledger.record import Activity
from emkg.ledger.store import Ledger
from emkg.vocabulary import EM, GRAPH, ID, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 50_000
_GRAPH = GRAPH + "bench/observation"


def benchmark(count: int, path: Path) -> dict[str, float]:
    """Seconds for a first load, an unchanged repeat, one with 0.1 % changed, and a full read; bytes per statement."""
    figures: dict[str, float] = {"statements": count}
    with Ledger.open(path) as ledger:
        for name, shift in (("load_s", 0), ("repeat_s", 0), ("change_s", count // 1000)):
            statements = synthetic_statements(count, shift)
            start = time.perf_counter()
            with ledger.stage({_GRAPH: statements}) as staged:
                staged.commit(Activity("bench/observation"))
            figures[name] = round(time.perf_counter() - start, 2)
        start = time.perf_counter()
        sum(batch.num_rows for batch in ledger.statements(graphs=[_GRAPH]))
        figures["read_s"] = round(time.perf_counter() - start, 2)
    figures["load_m_per_s"] = round(count / figures["load_s"] / 1e6, 2)
    figures["bytes_each"] = round(path.stat().st_size / count, 1)
    return figures


def synthetic_statements(count: int, shift: int) -> pa.Table:
    """Observations of five statements each; the first `shift` values differ from those of shift 0."""
    return pa.Table.from_batches(_batches(count, shift))


def _batches(count: int, shift: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, count, _BATCH):
        rows = range(start, min(start + _BATCH, count))
        yield pa.record_batch(
            [
                pa.array([f"<{ID}observation/{row // 5}>" for row in rows]),
                pa.array([f"<{EM}property{row % 5}>" for row in rows]),
                pa.array([_value(row, shift) for row in rows]),
                pa.nulls(len(rows), pa.string()),
            ],
            schema=STATEMENTS_SCHEMA,
        )


def _value(row: int, shift: int) -> str:
    if row % 5 == 0:
        return f"<{ID}station/{row % 997}>"
    number = row * 7919 % 1_000_003 + (1 if row < shift else 0)
    return f'"监测值 {number}"@zh' if row % 5 == 1 else f'"{number}"^^<{XSD}integer>'


def main() -> None:
    """Print the figures, one a line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        for name, figure in benchmark(count, Path(folder) / "bench.duckdb").items():
            sys.stdout.write(f"{name:>14} {figure}\n")


if __name__ == "__main__":
    main()

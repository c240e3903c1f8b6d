"""`python -m emkg.ledger.benchmark [STATEMENTS]`: how fast this machine loads, repeats, reads and looks up statements."""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from emkg.ledger.record import Activity
from emkg.ledger.store import Ledger
from emkg.rdf.relation import STATEMENTS_SCHEMA
from emkg.vocabulary import EM, GRAPH, ID, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_BATCH: Final = 50_000
_GRAPH: Final = GRAPH + "bench/observation"
_LOOK_UPS: Final = {
    "subject": "SELECT p, o FROM quad_by_subject WHERE s = {s}",
    "subject_predicate": "SELECT o FROM quad_by_subject WHERE s = {s} AND p = {p}",
    "predicate_object": "SELECT s FROM quad_by_object WHERE o = {o} AND p = {p} LIMIT 10",
    "object": "SELECT s, p FROM quad_by_object WHERE o = {o} LIMIT 10",
}
_ASKED: Final = 300


def benchmark(count: int, path: Path) -> dict[str, float]:
    """Seconds for loads and a full read, milliseconds for look-ups, bytes per statement, and the peak of memory."""
    figures: dict[str, float] = {"statements": count}
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, Ledger.open(path) as ledger:
        for name, shift in (("load", 0), ("repeat", 0), ("change", count // 1000)):
            source = Path(folder) / f"{shift}.arrow"
            if not source.exists():
                _write(source, count, shift)
            figures |= _timed(name, lambda source=source: _load(ledger, source))  # type: ignore[misc]  # bound at once
            if name == "load":
                figures["load_m_per_s"] = round(count / figures["load_s"] / 1e6, 2)
                figures["bytes_each"] = round(path.stat().st_size / count, 1)
                figures["peak_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
        figures |= _timed("read", lambda: sum(len(batch) for batch in ledger.statements(graphs=[_GRAPH])))
        figures |= _timed("statistics", ledger.statistics)
        figures |= _look_ups(ledger)
    return figures


def _timed(name: str, work: Callable[[], object]) -> dict[str, float]:
    start, busy = time.perf_counter(), time.process_time()
    work()
    return {
        f"{name}_s": round(time.perf_counter() - start, 2),
        f"{name}_cpu_s": round(time.process_time() - busy, 2),
    }


def _load(ledger: Ledger, source: Path) -> None:
    """From a file, so that the memory of the statements themselves is not counted as the ledger's."""
    with (
        pa.OSFile(str(source)) as file,
        ledger.stage({_GRAPH: pa.ipc.open_stream(file)}, is_distinct=True) as staged,
    ):
        staged.commit(Activity("bench/observation"))


def _look_ups(ledger: Ledger) -> dict[str, float]:
    """Milliseconds of a look-up with the terms of its answer, asked for the first time: median and 99 %."""
    sampled = ledger.rows(f"SELECT s, p, o FROM quad USING SAMPLE {2 * _ASKED * len(_LOOK_UPS)} ROWS")
    random.shuffle(sampled)
    figures = {}
    for at, (name, sql) in enumerate(_LOOK_UPS.items()):
        known = sampled[at :: len(_LOOK_UPS)]
        for one in known[_ASKED:]:
            _look_up(ledger, sql, one)  # reads the blocks of the file
        took = sorted(_look_up(ledger, sql, one) for one in known[:_ASKED])
        figures[f"{name}_ms"] = round(took[len(took) // 2], 3)
        figures[f"{name}_p99_ms"] = round(took[len(took) * 99 // 100], 3)
    return figures


def _look_up(ledger: Ledger, sql: str, known: Sequence[object]) -> float:
    s, p, o = known
    start = time.perf_counter()
    rows = ledger.rows(sql.format(s=s, p=p, o=o), timeout_s=30)
    ledger.terms(int(str(number)) for row in rows for number in row)
    return (time.perf_counter() - start) * 1e3


def _write(path: Path, count: int, shift: int) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, STATEMENTS_SCHEMA) as writer:
        for batch in _batches(count, shift):
            writer.write_batch(batch)


def synthetic_statements(count: int, shift: int) -> pa.Table:
    """Observations of five statements each; the first `shift` values differ from those of shift 0."""
    return pa.Table.from_batches(_batches(count, shift), STATEMENTS_SCHEMA)


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
            sys.stdout.write(f"{name:>24} {figure}\n")


if __name__ == "__main__":
    main()

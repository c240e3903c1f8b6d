from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING, TypeAlias

from emkg.ledger import Activity, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    Build: TypeAlias = Callable[..., pa.Table]


GRAPH = "https://w3id.org/emkg/graph/bench/observation"
ROWS = 10_000
# Announces itself when the work begins, so that the kill falls into it and not into the imports.
INGEST = """
import sys
from pathlib import Path
from emkg.ledger import Activity, Ledger
from emkg.ledger.benchmark import synthetic_statements
statements = synthetic_statements({rows}, {shift})
with Ledger.open(Path({path!r})) as ledger:
    print("begin", flush=True)
    with ledger.stage({{ {graph!r}: statements }}) as staged:
        staged.commit(Activity("bench/observation"))
    print("end", flush=True)
"""


def _start(path: Path, shift: int) -> subprocess.Popen[str]:
    code = INGEST.format(rows=ROWS, shift=shift, path=str(path), graph=GRAPH)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "begin\n"
    return process


def _state(path: Path) -> tuple[int, list[dict[str, object]]]:
    with Ledger.open(path) as ledger:
        quads = (
            ledger.select("SELECT count(*) AS n, sum(hash(g, s, p, o)) AS h FROM quad").read_all().to_pylist()
        )
        return ledger.generation, quads


def _ingest(path: Path, shift: int) -> float:
    with _start(path, shift) as process:
        started = time.perf_counter()
        assert process.wait() == 0
        return time.perf_counter() - started


def test_a_kill_at_any_moment_leaves_the_ledger_as_it_was_or_as_it_was_to_become(tmp_path: Path) -> None:
    path, chance = tmp_path / "l.duckdb", random.Random(20151127)  # noqa: S311 - moments, not secrets
    seconds = _ingest(path, 0)
    before, outcomes = _state(path), []
    for number in range(1, 11):
        with _start(path, number * 50) as process:
            time.sleep(chance.uniform(0, seconds))
            process.kill()
            output = process.stdout.read()
        after = _state(path)
        if "end" in output:
            assert after != before
        outcomes.append(after == before)
        assert after == before or after[0] == before[0] + 1
        before = after
    assert any(outcomes)
    _ingest(path, ROWS)
    assert _state(path)[0] == before[0] + 1


def test_a_crash_within_the_transaction_is_rolled_back(tmp_path: Path, table: Build) -> None:
    path = tmp_path / "l.duckdb"
    with (
        Ledger.open(path) as ledger,
        ledger.stage({GRAPH: table(("<http://e/a>", "<http://e/p>", '"1"'))}) as staged,
    ):
        staged.commit(Activity("d/x"))
    before = _state(path)
    code = f"""
import os
from pathlib import Path
import pyarrow as pa
from emkg.ledger import Activity, Ledger, staged
staged.Staged._record = lambda *arguments: os.kill(os.getpid(), 9)
with Ledger.open(Path({str(path)!r})) as ledger:
    with ledger.stage({{ {GRAPH!r}: pa.table({{"s": ["<http://e/b>"], "p": ["<http://e/p>"], "o": ['"2"']}}) }}) as run:
        run.commit(Activity("d/x"))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert _state(path) == before

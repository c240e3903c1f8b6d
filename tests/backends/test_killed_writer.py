"""A writer killed at random moments: every acknowledged run is there, and nothing of an unfinished one.

`KILL_ROUNDS=100 pytest tests/backends/test_killed_writer.py` runs a hundred rounds; without it, a few.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from emkg.ledger import PROVENANCE_GRAPH, Ledger
from emkg.ledger.benchmark import synthetic_statements
from emkg.rdf import IRI

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = int(os.environ.get("KILL_ROUNDS", "4"))
GRAPHS = 3
LONGEST_S = 1.5

# Run n replaces graph n modulo 3 by statements that n decides; its number is written only once it was accepted.
WRITER = """
import sys
from pathlib import Path
from emkg.ledger import Activity, Ledger
from emkg.ledger.benchmark import synthetic_statements
with Ledger.open(Path(sys.argv[1]), memory_limit_mb=256) as ledger:
    print("open", flush=True)
    while True:
        number = ledger.generation + 1
        rows = 4000 if number % 5 == 0 else 300
        with ledger.stage({f"http://e/g{number % 3}": synthetic_statements(rows, number)}) as staged:
            print("acknowledged", staged.commit(Activity("d/x")).generation, flush=True)
"""


def _rows(number: int) -> int:
    return 4000 if number % 5 == 0 else 300


def _kill_once(path: Path, after_s: float) -> int:
    """The last run that was acknowledged before the kill; 0 for none."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(after_s)
        writer.kill()
        lines = [line for line in writer.stdout.read().split("\n")[:-1] if line.startswith("acknowledged")]
    return int(lines[-1].split()[1]) if lines else 0


def _expected(generation: int) -> dict[str, set[tuple[str, ...]]]:
    newest = {number % GRAPHS: number for number in range(max(1, generation - GRAPHS + 1), generation + 1)}
    return {
        str(IRI(f"http://e/g{graph}")): {
            (row["s"], row["p"], row["o"]) for row in synthetic_statements(_rows(number), number).to_pylist()
        }
        for graph, number in newest.items()
    }


def _found(ledger: Ledger) -> dict[str, set[tuple[str, ...]]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in ledger.statements().read_all().to_pylist():
        found.setdefault(row["g"], set()).add((row["s"], row["p"], row["o"]))
    found.pop(str(IRI(PROVENANCE_GRAPH)), None)
    return found


def test_no_acknowledged_run_is_lost_and_none_is_there_in_part(tmp_path: Path) -> None:
    path, chance, acknowledged = tmp_path / "l.duckdb", random.Random(20260815), 0  # noqa: S311 - moments, not secrets
    lost, partial, longest_s = [], [], LONGEST_S
    for number in range(ROUNDS):
        acknowledged = max(acknowledged, _kill_once(path, chance.uniform(0, longest_s)))
        longest_s *= 1 if acknowledged else 2  # on a busy machine the first run takes seconds
        with Ledger.open(path) as ledger:
            if ledger.generation < acknowledged:
                lost.append((number, ledger.generation, acknowledged))
            if _found(ledger) != _expected(ledger.generation) or not ledger.check().is_sound:
                partial.append((number, ledger.generation))
            acknowledged = max(acknowledged, ledger.generation)
    print(f"{ROUNDS} kills, {acknowledged} runs accepted, {len(lost)} lost, {len(partial)} in part")  # noqa: T201 - the figure
    assert not lost
    assert not partial
    assert acknowledged > 0

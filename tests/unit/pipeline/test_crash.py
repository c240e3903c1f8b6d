from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from emkg.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

# Announces itself when the work begins, so that the kill falls into it and not into the imports.
INGEST = """
import sys
from pathlib import Path
from emkg.ledger import Ledger
from emkg.pipeline.catalogue import discover_datasets
from emkg.pipeline.ingest import IngestInputs, ingest
root = Path(sys.argv[1])
print("begin", flush=True)
with Ledger.open(root / "ledger.duckdb") as ledger:
    ingest(discover_datasets(root), IngestInputs(ledger, "http://e/base/", root / "data"))
"""


def _start(root: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", INGEST, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def _states(root: Path) -> dict[str, frozenset[tuple[str, ...]]]:
    with Ledger.open(root / "ledger.duckdb") as ledger:
        rows = ledger.statements().read_all().to_pylist()
    graphs = {row["g"] for row in rows if not row["g"].endswith("provenance>")}
    return {g: frozenset(tuple(row.values()) for row in rows if row["g"] == g) for g in graphs}


def test_a_killed_ingest_leaves_every_dataset_as_it_was_or_as_it_was_to_become(workspace: Path) -> None:
    chance = random.Random(20161229)  # noqa: S311 - moments, not secrets
    with _start(workspace) as process:
        started = time.perf_counter()
        assert process.wait() == 0
        seconds = time.perf_counter() - started
    before = _states(workspace)
    (workspace / "data" / "incidents.csv").write_text("no,injured,district\n7,1,B\n8,2,A\n")
    for _ in range(4):
        with _start(workspace) as process:
            time.sleep(chance.uniform(0, seconds))
            process.kill()
        after = _states(workspace)
        fire = {row[0] for rows in after.values() for row in rows if "incident" in row[0]}
        assert after == before or fire == {"<http://e/id/incident/7>", "<http://e/id/incident/8>"}
    with _start(workspace) as process:
        assert process.wait() == 0
    assert {row[0] for rows in _states(workspace).values() for row in rows if "incident" in row[0]} == {
        "<http://e/id/incident/7>",
        "<http://e/id/incident/8>",
    }

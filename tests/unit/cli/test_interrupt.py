from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from emkg.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg


def _state(town: Path) -> tuple[int, set[tuple[str, ...]]]:
    with Ledger.open(town / "ledger.duckdb", read_only=True) as ledger:
        rows = ledger.statements().read_all().to_pylist()
        return ledger.generation, {tuple(row.values()) for row in rows}


def test_ctrl_c_leaves_the_ledger_as_it_was_and_the_next_ingest_succeeds(emkg: Emkg, town: Path) -> None:
    words = ("ingest", "fire", "--workspace", str(town))
    (town / "shapes" / "town.ttl").unlink()  # judging is the slow part, and not what is stopped here
    emkg(*words)
    before = _state(town)
    rows = "".join(f"F{number},2026-03-04,310000,1\n" for number in range(4, 15_000))
    (town / "data" / "incidents.csv").write_text(f"no,day,place,injured\n{rows}", encoding="utf-8")

    with subprocess.Popen(
        [sys.executable, "-m", "emkg", *words], stderr=subprocess.PIPE, encoding="utf-8"
    ) as stopped:
        assert stopped.stderr is not None
        assert "fire/incidents map" in stopped.stderr.readline()
        stopped.send_signal(signal.SIGINT)
        _, said = stopped.communicate(timeout=60)

    assert stopped.returncode == 130
    assert "Traceback" not in said
    assert _state(town) == before
    assert emkg(*words).code == 0
    assert any("event/F14999>" in row[0] for row in _state(town)[1])

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from emkg.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path


def _start(town: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "emkg", "ingest", "fire", "--workspace", str(town)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def _state(town: Path) -> tuple[int, list[dict[str, str]]]:
    with Ledger.open(town / "ledger.duckdb", read_only=True) as ledger:
        return ledger.generation, ledger.statements().read_all().to_pylist()


def test_ctrl_c_leaves_the_ledger_as_it_was_and_the_next_ingest_succeeds(town: Path) -> None:
    (town / "shapes" / "town.ttl").unlink()  # judging is the slow part, and not what is stopped here
    with _start(town) as first:
        assert first.wait() == 0
    before = _state(town)
    rows = "".join(f"F{number},2026-03-04,310000,1\n" for number in range(4, 60_000))
    (town / "data" / "incidents.csv").write_text(f"no,day,place,injured\n{rows}", encoding="utf-8")

    with _start(town) as stopped:
        assert stopped.stderr is not None
        assert "fire/incidents map" in stopped.stderr.readline()
        stopped.send_signal(signal.SIGINT)
        _, said = stopped.communicate(timeout=30)

    assert stopped.returncode == 1
    assert "Traceback" not in said
    assert _state(town) == before
    with _start(town) as again:
        assert again.wait() == 0
    assert _state(town) != before

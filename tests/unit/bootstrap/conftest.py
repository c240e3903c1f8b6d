from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from emkg.bootstrap import demonstration_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from emkg.ledger import Ledger
with Ledger.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def demonstration_ledger_in_use(tmp_path: Path) -> Iterator[Path]:
    """A workspace whose ledger another process has open."""
    workspace = demonstration_workspace(tmp_path / "in-use")
    command = [sys.executable, "-c", HOLD, str(workspace.ledger_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        yield workspace.root
        assert holder.stdin is not None
        holder.stdin.close()
        holder.wait(timeout=20)

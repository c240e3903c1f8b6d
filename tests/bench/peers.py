"""Peers that cannot live in EMKG's environment: their pins conflict with ours."""

from __future__ import annotations

import subprocess
import venv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MORPH_KGC = "morph-kgc==2.10.*"


def morph_kgc_python(peers: Path, say: Callable[[str], None]) -> Path | None:
    """The interpreter of morph-kgc's own environment, made where it is not there; None where it cannot be."""
    folder = peers.resolve() / "morph-kgc"
    python = folder / "bin" / "python"
    if _has_morph_kgc(python):
        return python
    say(f"installing {MORPH_KGC} into {folder}")
    venv.create(folder, with_pip=True)
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install", MORPH_KGC]
    done = subprocess.run(install, check=False, capture_output=True, text=True)
    if done.returncode:
        say(
            f"{MORPH_KGC} cannot be installed, EMKG's mapping is measured alone: {done.stderr.strip()[-300:]}"
        )
        return None
    return python


def _has_morph_kgc(python: Path) -> bool:
    if not python.exists():
        return False
    return (
        subprocess.run([str(python), "-c", "import morph_kgc"], check=False, capture_output=True).returncode
        == 0
    )

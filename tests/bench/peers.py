"""Peers that cannot live in EMKG's environment: their pins conflict with ours."""

from __future__ import annotations

import subprocess
import venv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MORPH_KGC = "morph-kgc==2.10.*"
SHACL_RUST = "shacl-rust==0.2.*"


def peer_python(requirement: str, peers: Path, say: Callable[[str], None]) -> Path | None:
    """The interpreter of a peer's own environment, made where it is not there; None where it cannot be."""
    name = requirement.partition("==")[0]
    folder = peers.resolve() / name
    python = folder / "bin" / "python"
    if _has(python, name.replace("-", "_")):
        return python
    say(f"installing {requirement} into {folder}")
    venv.create(folder, with_pip=True)
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install", requirement]
    done = subprocess.run(install, check=False, capture_output=True, text=True)
    if done.returncode:
        say(f"{requirement} cannot be installed and is left out: {done.stderr.strip()[-300:]}")
        return None
    return python


def _has(python: Path, module: str) -> bool:
    if not python.exists():
        return False
    return (
        subprocess.run([str(python), "-c", f"import {module}"], check=False, capture_output=True).returncode
        == 0
    )

"""Peers that cannot live in EMKG's environment: their pins conflict with ours."""

from __future__ import annotations

import shutil
import subprocess
import venv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MORPH_KGC = "morph-kgc==2.10.*"
SHACL_RUST = "shacl-rust==0.2.*"
TOPBRAID = "org.topbraid:shacl:1.4.4"
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>bench</groupId><artifactId>peer</artifactId><version>1</version><dependencies><dependency>
<groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency></dependencies></project>"""


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


def peer_classes(artifact: str, peers: Path, say: Callable[[str], None]) -> str | None:
    """The class path of a peer in Java with all that it needs, fetched by Maven; None where it cannot be had."""
    folder = peers.resolve() / artifact.replace(":", "-")
    classes = folder / "lib"
    if not (shutil.which("java") and (classes.exists() or shutil.which("mvn"))):
        say(f"{artifact} is left out: it needs java and mvn")
        return None
    if not classes.exists():
        say(f"fetching {artifact} into {folder}")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pom.xml").write_text(_POM.format(*artifact.split(":")), encoding="utf-8")
        fetch = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
        done = subprocess.run(fetch, cwd=folder, check=False, capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(classes, ignore_errors=True)
            say(f"{artifact} cannot be fetched and is left out: {done.stdout.strip()[-300:]}")
            return None
    return f"{classes}/*"


def _has(python: Path, module: str) -> bool:
    if not python.exists():
        return False
    return (
        subprocess.run([str(python), "-c", f"import {module}"], check=False, capture_output=True).returncode
        == 0
    )

"""A wheel and the runtime dependencies suffice: no checkout, no extra, no tool of the developers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
NOT_RUNTIME = ("hypothesis", "mypy", "neo4j", "owlready2", "pyspark", "pytest")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(file: Path) -> set[str]:
    return {
        _normal(name)
        for name in re.findall(
            r"^([A-Za-z0-9][\w.-]*)(?:\[.*?\])?==", file.read_text(encoding="utf-8"), re.MULTILINE
        )
    }


def _installed(names: set[str]) -> Iterator[Path]:
    """The files and folders by which these distributions are imported here."""
    for distribution in metadata.distributions():
        if _normal(distribution.metadata["Name"]) in names:
            tops = {path.parts[0] for path in distribution.files or ()} - {"..", "__pycache__"}
            yield from (found for top in tops if (found := distribution.locate_file(top)).exists())  # type: ignore[misc,attr-defined]  # a path, says its documentation


@pytest.fixture(scope="module")
def bare(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment of the wheel and what requirements/runtime.txt locks, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)], check=True, capture_output=True, text=True, cwd=checkout
    )
    venv.create(folder / "venv", symlinks=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(folder / built.stdout.split()[-1]) as wheel:
        wheel.extractall(packages)
    for path in _installed(_locked(checkout / "requirements" / "runtime.txt")):
        if not (packages / path.name).exists():
            (packages / path.name).symlink_to(path)
    return folder


def _python(bare: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("EMKG_", "PYTHON", "COVERAGE", "VIRTUAL_ENV"))
    }
    (bare / "elsewhere").mkdir(exist_ok=True)
    return subprocess.run(
        [str(bare / "venv" / "bin" / "python"), *words],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=bare / "elsewhere",
        env=environment | {"XDG_CACHE_HOME": str(bare / "cache")},
    )


def test_nothing_else_can_be_imported(bare: Path, checkout: Path) -> None:
    code = "import importlib.util as u, sys; print([n for n in sys.argv[1:] if u.find_spec(n)], sys.path)"

    ended = _python(bare, "-c", code, *NOT_RUNTIME)

    assert ended.stdout.startswith("[] ")
    assert str(checkout) not in ended.stdout


def test_the_wheel_brings_ontology_mappings_and_shapes(bare: Path, checkout: Path) -> None:
    ended = _python(bare, "-c", "from emkg.content import content_root; print(content_root())")

    (content,) = bare.glob("venv/lib/python*/site-packages/emkg/_content")
    assert ended.stdout.strip() == str(content)
    for name in ("ontology", "mappings", "shapes"):
        files, own = (
            {path.relative_to(root) for path in root.rglob("*") if path.suffix in {".ttl", ".yml", ".csv"}}
            for root in (content / name, checkout / name)
        )
        assert files == own


def test_the_demonstration_runs_from_the_wheel_alone(bare: Path) -> None:
    ended = _python(bare, "-m", "emkg", "demo", "--json")

    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert len(document["ingest"]) == 7
    assert document["departments"]["2026-11-16"]
    assert (bare / "cache" / "emkg" / "demonstration" / "ledger.duckdb").is_file()

"""The target cases of RML IO: what `emkg map run` writes to the default output and to each target."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emkg.pipeline.map_run import map_run
from emkg.rdf import IRI, Literal, Quad, canonical, parse_text
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

BASE = "http://example.com/base/"
INPUTS = {"Friends.json", "README.md", "mapping.ttl"}
# The expected files of these write ages as plain texts. JSON's integers are xsd:integer by the natural mapping, as the
# other cases of the same data have it; what these cases are about (format, compression) is compared without it.
UNTYPED = {f"RMLTTC{name}" for name in ("0004a", "0004f", "0004g", "0006b", "0006c", "0006d", "0006e")}
FORMATS = {"nq": "nquads", "n3": "turtle", "ttl": "turtle", "jsonld": "jsonld", "rdfxml": "rdfxml"}


def find_cases() -> list[Path]:
    """The folder of each case; none where the shared data is absent."""
    named = os.environ.get("SHARED_DIR")
    shared = Path(named) if named else Path(__file__).resolve().parents[3].parent / "shared"
    return sorted((shared / "suites/rml-io/test-cases").glob("RMLTTC*"))


def _content(path: Path) -> str:
    match path.suffix:
        case ".gz" if not path.name.endswith(".tar.gz"):
            return gzip.decompress(path.read_bytes()).decode()
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                [name] = archive.namelist()
                return archive.read(name).decode()
        case ".gz" | ".xz":
            with tarfile.open(path) as archive:
                [member] = archive.getmembers()
                file = archive.extractfile(member)
                assert file is not None
                return file.read().decode()
    return path.read_text(encoding="utf-8")


def _quads(path: Path) -> Iterable[Quad]:
    if path.suffix == ".rdfjson":
        return _of_rdf_json(json.loads(_content(path)))
    ending = next(part for part in path.name.split(".")[1:] if part in FORMATS)
    return parse_text(_content(path), FORMATS[ending])


def _untyped(quad: Quad) -> Quad:
    value = quad.object
    is_integer = isinstance(value, Literal) and value.datatype == XSD + "integer"
    return replace(quad, object=Literal(value.value)) if is_integer else quad


def _of_rdf_json(document: dict[str, dict[str, list[dict[str, object]]]]) -> Iterable[Quad]:
    """The suite writes a number as JSON's own; the datatype that it has is the natural one."""
    for subject, predicates in document.items():
        for predicate, objects in predicates.items():
            for each in objects:
                value, stated = each["value"], each.get("datatype")
                datatype = XSD + "integer" if isinstance(value, int) else str(stated or XSD + "string")
                yield Quad(IRI(subject), IRI(predicate), Literal(str(value), datatype))


@pytest.mark.shared
@pytest.mark.parametrize(
    "folder",
    [pytest.param(case, id=case.name) for case in find_cases()] or [pytest.param(None, id="absent")],
)
def test_a_case_of_the_suite(
    folder: Path, shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.is_relative_to(shared_dir)
    for name in ("Friends.json", "mapping.ttl"):
        shutil.copy(folder / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)

    map_run([tmp_path / "mapping.ttl"], tmp_path / "default.nq", base=BASE, strict=True)

    expected = {path.name for path in folder.iterdir()} - INPUTS
    written = {path.name for path in tmp_path.iterdir()} - INPUTS
    assert {name for name in written if "quarantine" not in name} == expected
    for name in expected:
        written_quads, expected_quads = _quads(tmp_path / name), _quads(folder / name)
        if folder.name in UNTYPED:
            written_quads = map(_untyped, written_quads)
        assert canonical(written_quads) == canonical(expected_quads), name


@pytest.mark.shared
def test_the_documented_number_is_that_of_the_suite(shared_dir: Path, checkout: Path) -> None:
    assert shared_dir.is_dir()
    text = (checkout / "docs/conformance-rml.md").read_text(encoding="utf-8")
    row = re.search(r"^\| `rml-io` targets \|(.*)\|$", text, re.MULTILINE)
    assert row is not None
    count = len(find_cases())
    assert [int(cell) for cell in row.group(1).split("|")] == [count, count, 0, 0]

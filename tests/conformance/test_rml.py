"""The suites of RML core, functions, collections and views: every case's output in canonical form, every must-fail case's class of error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from emkg.errors import DataError, EmkgError, MappingError, SourceError
from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping
from emkg.rdf import IRI, BlankNode, Quad, canonical, parse_file, parse_term

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    class RmlCase(Protocol):
        name: str
        suite: str
        folder: Path
        must_fail: bool
        base: str
        is_strict: bool


# What each must-fail case is about, reviewed by hand: the suites give no machine-readable reason.
ERRORS: dict[str, type[EmkgError]] = {
    "RMLTC0002e": SourceError,  # the file is not there
    "RMLTC0002g": SourceError,  # the iterator is no JSONPath
    "RMLTC0004b": MappingError,  # a subject map makes literals
    "RMLTC0007h": MappingError,  # a graph map makes literals
    "RMLTC0012c": MappingError,  # no subject map
    "RMLTC0012d": MappingError,  # two subject maps
    "RMLTC0015b": MappingError,  # "a-english" is no language tag
    "RMLTC0019b": DataError,  # a value makes no IRI
    "RMLTC0023b": MappingError,  # the template's escape is wrong
    "RMLTC0023c": MappingError,  # the template's brace is not closed
    "RMLTC0023e": MappingError,  # the template's escape is wrong
    "RMLTC0024a-CSV": MappingError,  # the document is no Turtle
    "RMLTC0024a-JSON": MappingError,  # a literal constant as a blank node
    "RMLTC0024b": MappingError,  # the document is no Turtle
    "RMLTC0024c": MappingError,  # the template's escape is wrong
    "RMLTC0024d": MappingError,  # the template's brace is not closed
    "RMLTC0025b": DataError,  # the reference gives an array
    "RMLFNMLTC0101-CSV": SourceError,  # the source has no such column
    "RMLFNMLTC0103-CSV": MappingError,  # the function has no such parameter
    "RMLFNMLTC0104-CSV": MappingError,  # the function has no such output
    "RMLLVTC0005a": SourceError,  # the view has no such field
    "RMLLVTC0005b": SourceError,  # a record is no value
    "RMLLVTC0005c": SourceError,  # a field's record is no value
    "RMLLVTC0008a": MappingError,  # two views of each other
    "RMLLVTC0008b": MappingError,  # two views joined to each other
    "RMLLVTC0008d": MappingError,  # a field within itself, and no triples map
    "RMLLVTC0009a": MappingError,  # two fields of one name
    "RMLLVTC0009b": MappingError,  # a joined field of a field's name
    "RMLLVTC0009c": MappingError,  # two joined fields of one name
}


def _expected_error(name: str) -> type[EmkgError]:
    return ERRORS.get(name) or ERRORS[name.rpartition("-")[0]]


def _outcome(case: RmlCase) -> tuple[str, ...]:
    mapping = parse_mapping(case.folder / "mapping.ttl")
    with run_mapping(mapping, dataset=case.name, base=case.base, strict=case.is_strict) as run:
        rows = run.statements().read_all().to_pylist()
    return canonical(_quad(row) for row in rows)


def _output(case: RmlCase) -> Path:
    names = ("output.nq", "default.nq")
    return next(case.folder / name for name in names if (case.folder / name).is_file())


def _quad(row: dict[str, str | None]) -> Quad:
    subject, predicate, value = (parse_term(row[name] or "") for name in "spo")
    graph = parse_term(row["g"]) if row["g"] else None
    assert isinstance(subject, IRI | BlankNode)
    assert isinstance(predicate, IRI)
    assert graph is None or isinstance(graph, IRI | BlankNode)
    return Quad(subject, predicate, value, graph)


@pytest.mark.shared
def test_a_case_of_the_suite(rml_case: RmlCase, shared_dir: Path) -> None:
    assert rml_case.folder.is_relative_to(shared_dir)
    if rml_case.must_fail:
        with pytest.raises(_expected_error(rml_case.name)):
            _outcome(rml_case)
    else:
        assert _outcome(rml_case) == canonical(parse_file(_output(rml_case)))


@pytest.mark.shared
def test_the_reviewed_tables_name_only_cases_that_are_there(
    rml_cases: list[RmlCase], rml_exceptions: dict[str, str]
) -> None:
    names = {case.name for case in rml_cases}
    failing = {case.name for case in rml_cases if case.must_fail}
    assert set(rml_exceptions) <= names
    assert {name for name in failing if name in ERRORS or name.rpartition("-")[0] in ERRORS} == failing
    assert all(any(name == key or name.startswith(f"{key}-") for name in failing) for key in ERRORS)


@pytest.mark.shared
def test_the_documented_numbers_are_those_of_the_suites(
    rml_cases: list[RmlCase], rml_exceptions: dict[str, str], checkout: Path
) -> None:
    text = (checkout / "docs/conformance-rml.md").read_text(encoding="utf-8")
    for suite in ("rml-core-tabular", "rml-core", "rml-fnml", "rml-cc", "rml-lv"):
        cases = [case for case in rml_cases if case.suite == suite]
        failing = sum(case.must_fail for case in cases)
        known = sum(case.name in rml_exceptions for case in cases)
        row = re.search(rf"^\| `{suite}` \|(.*)\|$", text, re.MULTILINE)
        assert row is not None
        numbers = [int(cell) for cell in row.group(1).split("|")]
        assert numbers == [len(cases), len(cases) - failing - known, failing, known]
    assert all(name in text for name in rml_exceptions)

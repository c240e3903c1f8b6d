"""The W3C SHACL test suite, core and SPARQL, from its manifests, through both engines."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emkg.errors import ShapesError
from emkg.rdf import IRI, Quad, Term, parse_file
from emkg.validation import CompiledValidator, PyshaclValidator, ShapesGraph, ValidationReport
from emkg.validation.path import path_text
from emkg.validation.rdflib_graph import to_graph, to_node, triples
from emkg.vocabulary import RDF, SH

if TYPE_CHECKING:
    from emkg.validation.engine import Statements

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
# What the compiled engine hands to pySHACL, and why; it passes there.
HANDED_OVER = {"core/complex/shacl-shacl": "shapes within shapes, five deep: one plan would be too large"}
KNOWN_FAILURES = {
    "sparql/pre-binding/shapesGraph-001": "pySHACL does not bind $shapesGraph; it says so, and the shapes are refused",
}


@dataclass(frozen=True)
class Case:
    name: str
    data: Path
    shapes: Path
    quads: tuple[Quad, ...]
    result: Term


def _values(quads: tuple[Quad, ...], subject: Term, predicate: str) -> list[Term]:
    return [quad.object for quad in quads if quad.subject == subject and quad.predicate.value == predicate]


def _items(quads: tuple[Quad, ...], head: Term) -> list[Term]:
    items = []
    while head != IRI(RDF + "nil"):
        items += _values(quads, head, RDF + "first")
        head = _values(quads, head, RDF + "rest")[0]
    return items


def _path(term: Term) -> Path:
    assert isinstance(term, IRI)
    return Path(term.value.removeprefix("file://"))


def _cases(manifest: Path) -> list[Case]:
    base = IRI(manifest.as_uri())
    quads = tuple(parse_file(manifest, base=base.value))
    cases = [case for included in _values(quads, base, MF + "include") for case in _cases(_path(included))]
    for head in _values(quads, base, MF + "entries"):
        for entry in _items(quads, head):
            (action,) = _values(quads, entry, MF + "action")
            (result,) = _values(quads, entry, MF + "result")
            data, shapes = (
                _path(_values(quads, action, SHT + name)[0]) for name in ("dataGraph", "shapesGraph")
            )
            cases.append(Case(_path(entry).relative_to(_suite()).as_posix(), data, shapes, quads, result))
    return cases


def _suite() -> Path:
    named = os.environ.get("SHARED_DIR")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared"
    return folder.resolve() / "suites" / "shacl" / "tests"


def _all() -> list[Case]:
    manifest = _suite() / "manifest.ttl"
    return _cases(manifest) if manifest.is_file() else []


def _parameters() -> list[object]:
    if not _all():
        return [pytest.param(None, id="suite-absent")]
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=KNOWN_FAILURES[case.name])]
            if case.name in KNOWN_FAILURES
            else [],
        )
        for case in _all()
    ]


def _load(case: Case, path: Path) -> tuple[Quad, ...]:
    """A graph of the case; the manifest's own file is not parsed again, so that its blank nodes keep their labels."""
    own = IRI(path.as_uri()) in {quad.subject for quad in case.quads}
    return case.quads if own else tuple(parse_file(path, base=path.as_uri()))


def _key(values: list[Term | str | None]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)


def _found(report: ValidationReport) -> list[tuple[str, ...]]:
    return sorted(
        _key([r.focus_node, r.path, r.value, r.component, r.severity, r.source_shape]) for r in report.results
    )


def _expected(case: Case) -> list[tuple[str, ...]]:
    graph = to_graph(triples(case.quads))

    def one(node: Term, name: str) -> Term | None:
        return next(iter(_values(case.quads, node, SH + name)), None)

    def path(node: Term) -> str | None:
        found = one(node, "resultPath")
        return None if found is None else path_text(graph, to_node(found))

    names = ("value", "sourceConstraintComponent", "resultSeverity", "sourceShape")
    return sorted(
        _key([one(node, "focusNode"), path(node), *(one(node, name) for name in names)])
        for node in _values(case.quads, case.result, SH + "result")
    )


@dataclass
class Reference:
    """pySHACL, and whether it was asked."""

    was_asked: bool = False

    def validate(self, data: Statements, shapes: ShapesGraph, context: Statements = ()) -> ValidationReport:
        self.was_asked = True
        return PyshaclValidator().validate(data, shapes, context)


@pytest.mark.shared
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in _all()])
def test_the_compiled_engine_gives_the_report_of_the_suite(case: Case, shared_dir: Path) -> None:
    assert shared_dir.is_dir()
    data, shapes = _load(case, case.data), ShapesGraph(_load(case, case.shapes))
    reference = Reference()
    validator = CompiledValidator(reference)
    if isinstance(case.result, IRI):
        with pytest.raises(ShapesError):
            validator.validate(data, shapes)
        return

    report = validator.validate(data, shapes)

    assert _found(report) == _expected(case)
    assert report.conforms == (not report.results)
    assert reference.was_asked == (case.name in HANDED_OVER)


@pytest.mark.shared
@pytest.mark.parametrize("case", _parameters())
def test_the_report_is_the_one_of_the_suite(case: Case | None, shared_dir: Path) -> None:
    assert case is not None, f"{shared_dir} holds no suites/shacl"
    data, shapes = _load(case, case.data), ShapesGraph(_load(case, case.shapes))
    if isinstance(case.result, IRI):
        assert case.result.value == SHT + "Failure"
        with pytest.raises(ShapesError):
            PyshaclValidator().validate(data, shapes)
        return

    report = PyshaclValidator().validate(data, shapes)

    assert _found(report) == _expected(case)
    assert report.conforms == (not report.results)

from __future__ import annotations

import pytest

from emkg.rdf import IRI, BlankNode, Literal, Quad, canonical, parse_term, parse_text
from emkg.validation import (
    VIOLATION,
    ValidationReport,
    ValidationResult,
    report_statements,
    report_turtle,
)
from emkg.vocabulary import SH


def _result(path: str | None, value: int = 1) -> ValidationResult:
    return ValidationResult(
        IRI("http://e/a"),
        path,
        Literal(str(value), "http://www.w3.org/2001/XMLSchema#integer"),
        IRI(SH + "MaxCountConstraintComponent"),
        VIOLATION,
        BlankNode("shape"),
        {"zh": "太多", "en": "too many"},
    )


@pytest.mark.parametrize(
    "path",
    [None, "<http://e/p>", "^<http://e/p>", "<http://e/p>/(<http://e/q>|(^<http://e/r>))/(<http://e/s>*)"],
)
def test_the_statements_are_those_of_the_report_in_turtle(path: str | None) -> None:
    report = ValidationReport(conforms=False, results=(_result(path), _result(path, 2)))

    assert _canonical(report) == canonical(parse_text(report_turtle(report), "turtle"))


def test_a_result_is_the_same_node_beside_others() -> None:
    path = "<http://e/p>/<http://e/q>"
    alone = report_statements(ValidationReport(conforms=False, results=(_result(path),))).to_pylist()
    beside = report_statements(
        ValidationReport(conforms=False, results=(_result(path, 2), _result(path)))
    ).to_pylist()

    assert all(statement in beside for statement in alone)


def test_an_empty_report_says_that_the_data_conforms() -> None:
    rows = report_statements(ValidationReport(conforms=True)).to_pylist()

    assert [row["o"] for row in rows if row["p"] == f"<{SH}conforms>"] == [
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    ]


def _canonical(report: ValidationReport) -> tuple[str, ...]:
    """The graph with the names of report and results taken away."""
    quads = []
    for row in report_statements(report).to_pylist():
        subject, value = parse_term(row["s"]), parse_term(row["o"])
        predicate = parse_term(row["p"])
        assert isinstance(predicate, IRI)
        subject = BlankNode(f"n{abs(hash(subject))}") if "id/validation" in str(subject) else subject
        value = BlankNode(f"n{abs(hash(value))}") if "id/validation" in str(value) else value
        assert not isinstance(subject, Literal)
        quads.append(Quad(subject, predicate, value))
    return canonical(quads)

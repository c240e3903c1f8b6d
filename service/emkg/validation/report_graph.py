"""A validation report as a graph of the ledger: the same result is the same node in every generation."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import rdflib

from emkg.ledger import STATEMENTS_SCHEMA
from emkg.rdf import IRI, BlankNode, Literal
from emkg.validation.path import add_path
from emkg.validation.rdflib_graph import to_term
from emkg.vocabulary import ID, RDF_TYPE, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.rdf import Term
    from emkg.validation.report import ValidationReport, ValidationResult

_REPORT: Final = IRI(ID + "validation")
_DIGITS: Final = 24


def report_statements(report: ValidationReport) -> pa.Table:
    """The report in the W3C vocabulary (SHACL, section 3.6) as statements s, p, o, g; equal results stand once."""
    rows = dict.fromkeys(tuple(map(str, statement)) for statement in _statements(report))
    columns = list(zip(*rows, strict=True)) or [()] * 3
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.table([*arrays, pa.nulls(len(rows), pa.string())], schema=STATEMENTS_SCHEMA)


def _statements(report: ValidationReport) -> Iterator[tuple[Term, IRI, Term]]:
    yield _REPORT, IRI(RDF_TYPE), IRI(SH + "ValidationReport")
    yield _REPORT, IRI(SH + "conforms"), Literal(str(report.conforms).lower(), XSD + "boolean")
    for result in report.results:
        parts = (result.focus_node, result.path, result.value, result.component, result.source_shape)
        key = hashlib.sha256("\n".join(map(str, (*parts, result.severity))).encode()).hexdigest()[:_DIGITS]
        node = IRI(f"{ID}validation/{key}")
        yield _REPORT, IRI(SH + "result"), node
        yield from _of_result(result, node, key)


def _of_result(result: ValidationResult, node: IRI, key: str) -> Iterator[tuple[Term, IRI, Term]]:
    yield node, IRI(RDF_TYPE), IRI(SH + "ValidationResult")
    yield node, IRI(SH + "focusNode"), result.focus_node
    yield node, IRI(SH + "sourceConstraintComponent"), result.component
    yield node, IRI(SH + "resultSeverity"), result.severity
    yield node, IRI(SH + "sourceShape"), result.source_shape
    if result.value is not None:
        yield node, IRI(SH + "value"), result.value
    for language, text in result.messages.items():
        yield node, IRI(SH + "resultMessage"), Literal(text, language=language)
    if result.path is not None:
        graph = rdflib.Graph()
        root = add_path(graph, result.path)
        yield from _path(graph, root, node, key)


def _path(
    graph: rdflib.Graph, root: rdflib.term.Node, node: IRI, key: str
) -> Iterator[tuple[Term, IRI, Term]]:
    """The path, its blank nodes labelled in the order in which they are reached."""
    labels: dict[rdflib.term.Node, BlankNode] = {}

    def named(term: rdflib.term.Node) -> Term:
        if isinstance(term, rdflib.BNode):
            return labels.setdefault(term, BlankNode(f"v{key}p{len(labels)}"))
        return to_term(term)

    yield node, IRI(SH + "resultPath"), named(root)
    waiting = [root]
    while waiting:
        subject = waiting.pop(0)
        for predicate, value in sorted(graph.predicate_objects(subject), key=lambda pair: str(pair[0])):
            yield named(subject), IRI(str(predicate)), named(value)
            waiting.append(value)

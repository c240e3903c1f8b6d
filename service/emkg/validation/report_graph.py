"""A validation report as a graph of the ledger: the same result is the same node in every generation."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
import rdflib

from emkg.arrow import text_array, text_scalar
from emkg.rdf import IRI, BlankNode, Literal
from emkg.rdf.relation import STATEMENTS_SCHEMA, statements_of
from emkg.validation.path import add_path
from emkg.validation.rdflib_graph import to_term
from emkg.validation.report import ValidationReport
from emkg.vocabulary import ID, RDF_TYPE, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.rdf import Term
    from emkg.validation.changed_run import Rejudged
    from emkg.validation.report import ValidationResult

_REPORT: Final = IRI(ID + "validation")
_DIGITS: Final = 24
_NODE: Final = f"<{ID}validation/"


def report_statements(report: ValidationReport) -> pa.Table:
    """The report in the W3C vocabulary (SHACL, section 3.6) as statements s, p, o, g; equal results stand once."""
    return statements_of(dict.fromkeys((str(s), str(p), str(o), None) for s, p, o in _statements(report)))


def renewed_statements(earlier: pa.Table, rejudged: Rejudged) -> pa.Table:
    """The statements of a report after some nodes were judged again.

    Args:
        earlier: What `report_statements` gave for everything before, in any order.
        rejudged: The nodes, and the results on them.
    """
    on_nodes = pc.and_(
        pc.equal(earlier["p"], text_scalar(_text("focusNode"))),
        pc.is_in(earlier["o"], text_array(sorted(rejudged.nodes))),
    )
    gone = set(earlier.filter(on_nodes)["s"].to_pylist())
    keys = {node[len(_NODE) :].rstrip(">") for node in gone}
    subjects = [
        text
        for text in pc.unique(earlier["s"]).to_pylist()
        if text in gone or (text.startswith("_:v") and text[3:].partition("p")[0] in keys)
    ]
    left = earlier.filter(pc.invert(pc.is_in(earlier["s"], text_array([*subjects, str(_REPORT)]))))
    known = pc.unique(left.filter(pc.equal(left["p"], text_scalar(_text("focusNode"))))["s"]).to_pylist()
    links = statements_of((str(_REPORT), _text("result"), node, None) for node in known)
    new = report_statements(ValidationReport(not known and not rejudged.results, rejudged.results))
    parts = [part.select(["s", "p", "o"]) for part in (left, links, new)]
    table = pa.concat_tables(parts)
    return table.append_column("g", pa.nulls(table.num_rows, pa.string())).cast(STATEMENTS_SCHEMA)


def count_results(statements: pa.Table, severity: IRI) -> int:
    """How many results of a severity a report's statements tell of."""
    is_one = pc.and_(
        pc.equal(statements["p"], text_scalar(_text("resultSeverity"))),
        pc.equal(statements["o"], text_scalar(str(severity))),
    )
    return int(pc.sum(is_one).as_py() or 0)


def _text(name: str) -> str:
    return str(IRI(SH + name))


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

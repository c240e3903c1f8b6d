"""The port of validation, and pySHACL behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyshacl
import rdflib
from pyparsing import ParseException
from pyshacl.errors import ReportableRuntimeError
from rdflib.namespace import RDF, SH

from emkg.errors import ShapesError
from emkg.rdf import IRI, Quad, Term, parse_term
from emkg.validation.message import default_messages
from emkg.validation.path import path_text
from emkg.validation.pyshacl_shapes import pyshacl_statements
from emkg.validation.rdflib_graph import Statement, quiet_rdflib, to_graph, to_resource, to_term, triples
from emkg.validation.report import ValidationReport, ValidationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from rdflib.term import Node

    from emkg.validation.shapes import ShapesGraph

    Statements: TypeAlias = Iterable[Quad] | pa.Table


class Validator(Protocol):
    """Judges a data graph by a shapes graph."""

    def validate(self, data: Statements, shapes: ShapesGraph, context: Statements = ()) -> ValidationReport:
        """Every validation result of the data graph.

        Args:
            data: Quads, or an Arrow table whose columns s, p, o hold N-Triples terms; graph names are ignored.
            shapes: What to judge by.
            context: Statements that shapes may read (classes, code lists) and that are not judged: results
                whose focus node does not occur as a subject or object of `data` are dropped.

        Raises:
            ShapesError: The data cannot be judged by these shapes.
        """
        ...


@dataclass(frozen=True)
class Limits:
    """Where pySHACL gives up: shapes nested deeper than `max_depth`, or (if asked) after the first failing shape."""

    max_depth: int = 15
    abort_on_first: bool = False


@dataclass(frozen=True)
class PyshaclValidator:
    """The reference engine. About 10 k triples take it a second or two; it is not for millions."""

    limits: Limits = field(default_factory=Limits)

    def validate(self, data: Statements, shapes: ShapesGraph, context: Statements = ()) -> ValidationReport:
        """See `Validator.validate`; results are sorted by focus node, path and component."""
        with quiet_rdflib():
            judged = list(_statements(data))
            background = list(_statements(context))
            report = self._run(to_graph([*judged, *background]), shapes)
            results = tuple(_results(report, shapes))
        if background:
            known = {term for subject, _, value in judged for term in (subject, value)}
            results = tuple(result for result in results if result.focus_node in known)
        return ValidationReport.of(results)

    def _run(self, data: rdflib.Graph, shapes: ShapesGraph) -> rdflib.Graph:
        try:
            _, report, text = pyshacl.validate(
                data,
                shacl_graph=to_graph(pyshacl_statements(shapes)),
                inplace=not shapes.is_advanced,  # advanced features may write into the data graph
                advanced=shapes.is_advanced,
                abort_on_first=self.limits.abort_on_first,
                max_validation_depth=self.limits.max_depth,
            )
        except (ReportableRuntimeError, NotImplementedError, ParseException) as error:
            raise _cannot_judge(str(error)) from error
        except Exception as error:
            if type(error) is not Exception:
                raise
            # rdflib raises the bare class for a prefix that a SPARQL constraint does not declare
            raise _cannot_judge(str(error)) from error
        if not isinstance(report, rdflib.Graph):
            raise _cannot_judge(str(text))
        return report


def _statements(source: Statements) -> Iterator[Statement]:
    if not hasattr(source, "column"):
        return triples(source)
    known: dict[str, Term] = {}

    def term(text: str) -> Term:
        found = known.get(text)
        if found is None:
            found = known[text] = parse_term(text)
        return found

    columns = (source.column(name).to_pylist() for name in ("s", "p", "o"))
    return ((term(s), term(p), term(o)) for s, p, o in zip(*columns, strict=True))


def _results(report: rdflib.Graph, shapes: ShapesGraph) -> Iterator[ValidationResult]:
    top = next(report.subjects(RDF.type, SH.ValidationReport))
    for node in report.objects(top, SH.result):
        path, value = report.value(node, SH.resultPath), report.value(node, SH.value)
        yield ValidationResult(
            focus_node=to_term(_one(report, node, SH.focusNode)),
            path=None if path is None else path_text(report, path),
            value=None if value is None else to_term(value),
            component=IRI(str(_one(report, node, SH.sourceConstraintComponent))),
            severity=IRI(str(_one(report, node, SH.resultSeverity))),
            source_shape=to_resource(_one(report, node, SH.sourceShape)),
            messages=_messages(report, node, shapes),
        )


def _one(report: rdflib.Graph, node: Node, predicate: rdflib.URIRef) -> Node:
    found = report.value(node, predicate)
    if found is None:
        raise _cannot_judge(f"pySHACL gave a result without {predicate}")
    return found


def _messages(report: rdflib.Graph, node: Node, shapes: ShapesGraph) -> dict[str, str]:
    shape = to_resource(_one(report, node, SH.sourceShape))
    component = IRI(str(_one(report, node, SH.sourceConstraintComponent)))
    written = {
        text.language or "": str(text)
        for text in report.objects(node, SH.resultMessage)
        if isinstance(text, rdflib.Literal)
    }
    has_author = (shape, str(SH.message)) in shapes.first_values or component.value == str(
        SH.SPARQLConstraintComponent
    )
    if has_author or not component.value.startswith(str(SH)):
        return written
    return default_messages(component, shape, shapes.first_values)


def _cannot_judge(reason: str) -> ShapesError:
    return ShapesError(
        f"pySHACL cannot judge by these shapes: {reason}", message_zh=f"无法依据这些形状进行校验：{reason}"
    )

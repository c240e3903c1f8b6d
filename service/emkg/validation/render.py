"""A validation report as text, JSON and Turtle."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal, TypeAlias

import rdflib
from rdflib.namespace import RDF, SH

from emkg.rdf import IRI
from emkg.validation.message import plain, shorten
from emkg.validation.path import add_path
from emkg.validation.rdflib_graph import to_node
from emkg.validation.report import INFO, VIOLATION, WARNING, ValidationReport, ValidationResult
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ReportLanguage: TypeAlias = Literal["en", "zh"]

_SEVERITIES = {
    "en": {VIOLATION: "violation", WARNING: "warning", INFO: "info"},
    "zh": {VIOLATION: "违规", WARNING: "警告", INFO: "提示"},
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "conforms": "Conforms: no results.",
        "count": "Does not conform: {count} results ({parts}).",
        "value": "value",
    },
    "zh": {"conforms": "符合：没有发现问题。", "count": "不符合：共 {count} 项（{parts}）。", "value": "值"},
}


def report_text(
    report: ValidationReport, language: ReportLanguage = "en", origins: Sequence[str] = ()
) -> str:
    """One line of summary, then a line per result: severity, focus node, path, value, message, shape.

    `origins` tells of each result where it comes from, in the report's order.
    """
    words = _WORDS[language]
    if report.conforms:
        return words["conforms"] + "\n"
    counts: dict[IRI, int] = {}
    for result in report.results:
        counts[result.severity] = counts.get(result.severity, 0) + 1
    parts = ", ".join(f"{_severity(severity, language)} {count}" for severity, count in counts.items())
    head = words["count"].format(count=len(report.results), parts=parts)
    lines = [_line(result, language) for result in report.results]
    if origins:
        lines = [
            f"{line}\n    {origin}" if origin else line for line, origin in zip(lines, origins, strict=True)
        ]
    return "\n".join([head, *lines]) + "\n"


def _line(result: ValidationResult, language: ReportLanguage) -> str:
    parts = [f"{_severity(result.severity, language)}:", shorten(result.focus_node)]
    if result.path is not None:
        parts.append(shorten_path(result.path))
    if result.value is not None:
        parts.append(f"{_WORDS[language]['value']} {shorten(result.value)}")
    shape = f" [{shorten(result.source_shape)}]" if isinstance(result.source_shape, IRI) else ""
    return f"{' '.join(parts)}: {result.message(language)}{shape}"


def shorten_path(path: str) -> str:
    """A property path with prefixed names where EMKG's prefixes fit."""
    return re.sub(r"<([^>]*)>", lambda match: shorten(IRI(match.group(1))), path)


def _severity(severity: IRI, language: ReportLanguage) -> str:
    return _SEVERITIES[language].get(severity, plain(severity))


def report_json(report: ValidationReport, origins: Sequence[Mapping[str, object]] = ()) -> str:
    """The report as one JSON object, terms in N-Triples form, keys named as in the W3C vocabulary.

    `origins` has more of each result, in the report's order.
    """
    more = origins or [{}] * len(report.results)
    results = [{**_object(result), **one} for result, one in zip(report.results, more, strict=True)]
    document = {"conforms": report.conforms, "results": results}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _object(result: ValidationResult) -> dict[str, object]:
    return {
        "focusNode": str(result.focus_node),
        "resultPath": result.path,
        "value": None if result.value is None else str(result.value),
        "sourceConstraintComponent": result.component.value,
        "resultSeverity": result.severity.value,
        "sourceShape": str(result.source_shape),
        "resultMessage": dict(result.messages),
    }


def report_turtle(report: ValidationReport) -> str:
    """The report in the W3C vocabulary (SHACL, section 3.6)."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    top = rdflib.BNode()
    graph.add((top, RDF.type, SH.ValidationReport))
    graph.add((top, SH.conforms, rdflib.Literal(report.conforms)))
    for result in report.results:
        graph.add((top, SH.result, _add_result(graph, result)))
    return graph.serialize(format="turtle")


def _add_result(graph: rdflib.Graph, result: ValidationResult) -> rdflib.BNode:
    node = rdflib.BNode()
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.focusNode, to_node(result.focus_node)))
    graph.add((node, SH.sourceConstraintComponent, to_node(result.component)))
    graph.add((node, SH.resultSeverity, to_node(result.severity)))
    graph.add((node, SH.sourceShape, to_node(result.source_shape)))
    if result.path is not None:
        graph.add((node, SH.resultPath, add_path(graph, result.path)))
    if result.value is not None:
        graph.add((node, SH.value, to_node(result.value)))
    for language, text in result.messages.items():
        graph.add((node, SH.resultMessage, rdflib.Literal(text, lang=language or None)))
    return node

"""Literals against the range of their property: datatypes, languages, and IRIs where a literal is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.mapping.model import Constant, Reference, RefObjectMap, TermType
from emkg.ontology.term import shorten
from emkg.pipeline.lint_finding import found
from emkg.rdf import RDF_LANG_STRING, XSD_STRING, Literal
from emkg.sources import Formulation
from emkg.vocabulary import RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.model import TermMap
    from emkg.ontology import OntologyTerm
    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding
    from emkg.pipeline.lint_statement import Use

_UNTYPED: Final = frozenset({Formulation.CSV, Formulation.XML})
_PARENT: Final = {
    "integer": "decimal",
    "nonNegativeInteger": "integer",
    "nonPositiveInteger": "integer",
    "long": "integer",
    "int": "long",
    "short": "int",
    "byte": "short",
    "positiveInteger": "nonNegativeInteger",
    "negativeInteger": "nonPositiveInteger",
    "unsignedLong": "nonNegativeInteger",
    "unsignedInt": "unsignedLong",
    "unsignedShort": "unsignedInt",
    "unsignedByte": "unsignedShort",
    "normalizedString": "string",
    "token": "normalizedString",
    "language": "token",
    "dateTimeStamp": "dateTime",
    "dayTimeDuration": "duration",
    "yearMonthDuration": "duration",
}


def datatype_findings(context: LintContext, use: Use, term: OntologyTerm) -> Iterator[LintFinding]:
    """What contradicts the range of a datatype property."""
    item, name = use.object, shorten(term.iri)
    if isinstance(item, RefObjectMap) or item.term_type is not TermType.LITERAL:
        yield found(
            "outside-range",
            item.location,
            f"{name} takes a literal, and the object is an IRI or a blank node",
            f"{name} 的宾语应为字面量，而此处是 IRI 或空白节点",
        )
        return
    stated = _datatype(use, item)
    for wanted in term.range:
        if stated is None or wanted == RDFS + "Literal" or _is_within(stated, wanted):
            continue
        if wanted == RDF_LANG_STRING and stated == XSD_STRING:
            yield found(
                "missing-language",
                item.location,
                f"{name} holds texts of a language, and none is given; write [{name}, …, zh~lang]",
                f"{name} 的文本须注明语言，例如 [{name}, …, zh~lang]",
                suggestion="zh~lang",
            )
            continue
        place = context.text.find_iri(item.location, stated, context.end_of(use.triples_map))
        on_line = place if place.line == item.location.line or item.datatype else item.location
        yield found(
            "wrong-datatype",
            on_line,
            f"{name} holds {shorten(wanted)}, and this makes {shorten(stated)}",
            f"{name} 的值应为 {shorten(wanted)}，而此处生成 {shorten(stated)}",
            suggestion=shorten(wanted),
        )


def _datatype(use: Use, item: TermMap) -> str | None:
    """The datatype that every literal of the term map will have; None where the row decides."""
    if item.language is not None:
        return RDF_LANG_STRING
    if item.datatype_map is not None:
        return None
    if item.datatype is not None:
        return item.datatype
    expression = item.expression
    if isinstance(expression, Constant):
        return expression.term.datatype if isinstance(expression.term, Literal) else None
    is_natural = isinstance(expression, Reference) and use.triples_map.source.formulation not in _UNTYPED
    return None if is_natural else XSD_STRING


def _is_within(stated: str, wanted: str) -> bool:
    name: str | None = stated.removeprefix(XSD)
    while name is not None:
        if wanted in {stated, XSD + name}:
            return True
        name = _PARENT.get(name)
    return False

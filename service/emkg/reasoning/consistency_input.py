"""An ontology as HermiT can read it: what it refuses is retyped, what it would fetch is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.rdf import IRI, Literal, Triple
from emkg.vocabulary import OWL, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.rdf import Quad, Term

_IMPORTS: Final = OWL + "imports"
_LITERAL: Final = IRI(RDFS + "Literal")
REFUSED: Final = frozenset(
    XSD + name
    for name in (
        "date",
        "dayTimeDuration",
        "duration",
        "gDay",
        "gMonth",
        "gMonthDay",
        "gYear",
        "gYearMonth",
        "time",
        "yearMonthDuration",
    )
)
"""Datatypes of XML Schema that are not in the OWL 2 datatype map."""


def for_hermit(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The statements, each once, without imports; a refused datatype becomes rdfs:Literal, its literals strings.

    So a range of xsd:date says no more than "a literal", and a date contradicts nothing: what is lost is a
    clash between a date and another datatype.
    """
    seen: set[Triple] = set()
    for quad in quads:
        triple = Triple(quad.subject, quad.predicate, _accepted(quad.object))
        if triple.predicate.value != _IMPORTS and triple not in seen:
            seen.add(triple)
            yield triple


def _accepted(term: Term) -> Term:
    if isinstance(term, Literal):
        return Literal(term.value) if term.datatype in REFUSED else term
    return _LITERAL if isinstance(term, IRI) and term.value in REFUSED else term

"""How much an ontology states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.rdf import BlankNode
from emkg.vocabulary import OWL, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.rdf import Quad

_N_ARY: Final = frozenset(
    OWL + name
    for name in ("AllDifferent", "AllDisjointClasses", "AllDisjointProperties", "NegativePropertyAssertion")
)
_OF_EXPRESSIONS: Final = frozenset(
    {RDFS + "subClassOf", OWL + "equivalentClass", OWL + "disjointWith", RDFS + "subPropertyOf"}
)
_ANNOTATIONS: Final = frozenset(
    {
        RDFS + "comment",
        RDFS + "isDefinedBy",
        RDFS + "label",
        RDFS + "seeAlso",
        OWL + "deprecated",
        OWL + "imports",
        OWL + "versionIRI",
        OWL + "versionInfo",
    }
)


def count_axioms(quads: Iterable[Quad]) -> int:
    """The logical axioms and declarations, each once; annotations, imports and parts of expressions are none."""
    kept = set(quads)
    annotations = _ANNOTATIONS | {
        quad.subject.value
        for quad in kept
        if quad.predicate.value == RDF_TYPE and quad.object.value == OWL + "AnnotationProperty"
    }
    return sum(_is_axiom(quad, annotations) for quad in kept)


def _is_axiom(quad: Quad, annotations: frozenset[str]) -> bool:
    if quad.predicate.value in annotations or quad.object.value == OWL + "Ontology":
        return False
    if not isinstance(quad.subject, BlankNode):
        return True
    is_n_ary = quad.predicate.value == RDF_TYPE and quad.object.value in _N_ARY
    return is_n_ary or quad.predicate.value in _OF_EXPRESSIONS

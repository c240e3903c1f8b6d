"""All modules as one ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.rdf import IRI, BlankNode
from emkg.vocabulary import EM, OWL, RDF_TYPE

if TYPE_CHECKING:
    from emkg.ontology.term import Ontology
    from emkg.rdf import Quad

_ROOT: Final = IRI(EM.rstrip("#"))
_HEADER: Final = frozenset({OWL + "imports", OWL + "versionIRI"})


def merge_modules(ontology: Ontology) -> tuple[Quad, ...]:
    """The statements of all modules, each once, sorted by subject with its blank nodes behind it.

    The whole keeps its header; a module keeps its titles and stops being an ontology of its own, because a
    document holds one. Imports are gone: what they name is here.
    """
    modules = {
        quad.subject
        for quad in ontology.quads
        if quad.predicate.value == RDF_TYPE and quad.object == IRI(OWL + "Ontology")
    } - {_ROOT}
    kept = dict.fromkeys(quad for quad in ontology.quads if not _is_dropped(quad, modules))
    return tuple(sorted(kept, key=_order))


def _is_dropped(quad: Quad, modules: set[IRI | BlankNode]) -> bool:
    if quad.predicate.value == OWL + "imports":
        return True
    is_header = quad.predicate.value in _HEADER or quad.object == IRI(OWL + "Ontology")
    return quad.subject in modules and is_header


def _order(quad: Quad) -> tuple[bool, bool, str, bool, str, str]:
    return (
        isinstance(quad.subject, BlankNode),
        quad.subject != _ROOT,
        quad.subject.value,
        quad.predicate.value != RDF_TYPE,
        quad.predicate.value,
        str(quad.object),
    )

"""Terms that are used and not declared, or declared and tied to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ontology.finding import OntologyFinding
from emkg.ontology.term import TermKind, shorten
from emkg.rdf import IRI
from emkg.vocabulary import EM, OWL, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ontology.statements import Statements
    from emkg.ontology.term import Ontology, OntologyTerm

_UPWARD: Final = {RDFS + "subClassOf", OWL + "equivalentClass"}
_OF_A_PROPERTY: Final = {
    RDFS + "domain",
    RDFS + "range",
    RDFS + "subPropertyOf",
    OWL + "inverseOf",
    OWL + "equivalentProperty",
    OWL + "propertyChainAxiom",
}
# A class is not used by what only says that it is something else.
_APART: Final = {OWL + "disjointWith", RDFS + "seeAlso", RDFS + "isDefinedBy"}


def find_undeclared(ontology: Ontology, statements: Statements) -> Iterator[OntologyFinding]:
    """Terms of ours that a statement uses and no module declares, each at its first use, with what was meant."""
    seen: set[str] = set()
    for module, quad in statements.located():
        for term in (quad.subject, quad.predicate, quad.object):
            if not isinstance(term, IRI) or not term.value.startswith(EM) or term.value in ontology.terms:
                continue
            if term.value not in seen:
                seen.add(term.value)
                near = ", ".join(shorten(known) for known in ontology.did_you_mean(term.value))
                hint, hint_zh = (f"; did you mean {near}?", f"，是否指 {near}？") if near else ("", "")
                yield OntologyFinding(
                    module.location(quad.subject, term),
                    term.value,
                    "undeclared-term",
                    f"{shorten(term.value)} is used and not declared{hint}",
                    f"{shorten(term.value)} 被使用但未声明{hint_zh}",
                )


def find_orphans(ontology: Ontology, statements: Statements) -> Iterator[OntologyFinding]:
    """Classes and properties of ours that no axiom ties to anything else.

    A class is tied by a superclass or by being named: as a domain, a range, a type, a superclass, within an
    expression. A property is tied by its domain, range, superproperty, inverse or chain, or as one of these.
    """
    named = {
        quad.object.value
        for _, quad in statements.located()
        if isinstance(quad.object, IRI) and quad.predicate.value not in _APART
    }
    for iri in sorted(ontology.terms):
        term = ontology.terms[iri]
        if iri.startswith(EM) and iri not in named and not _is_tied(term, statements):
            yield OntologyFinding(
                statements.location(IRI(iri)),
                iri,
                "orphan-term",
                f"{shorten(iri)} is tied to no other term: a {term.kind.value} needs {_needs(term)}",
                f"{shorten(iri)} 与其他术语没有任何关联",
            )


def _is_tied(term: OntologyTerm, statements: Statements) -> bool:
    predicates = set(statements.predicates(IRI(term.iri)))
    if term.kind is TermKind.CLASS:
        return bool(predicates & _UPWARD)
    if term.kind is TermKind.INDIVIDUAL:
        return bool(predicates - {RDF + "type"})
    return term.kind is TermKind.ANNOTATION_PROPERTY or bool(predicates & _OF_A_PROPERTY)


def _needs(term: OntologyTerm) -> str:
    if term.kind is TermKind.CLASS:
        return "a superclass, or a property or class that names it"
    return "a domain, a range, a superproperty or an inverse"

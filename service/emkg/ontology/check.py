"""What the ontology's modules owe their readers: labels, definitions, declared terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ontology.term import TermKind, shorten
from emkg.rdf import IRI
from emkg.vocabulary import EM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ontology.term import Ontology, OntologyTerm

LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True)
class OntologyFinding:
    """One thing wrong with a module: a slug for machines, a message in both languages for readers."""

    file: str
    iri: str
    problem: str
    message: str
    message_zh: str

    def __str__(self) -> str:
        """`file: message`, as a compiler would print it."""
        return f"{self.file}: {self.message}" if self.file else self.message


def check_ontology(ontology: Ontology) -> tuple[OntologyFinding, ...]:
    """All findings, in the order of the terms' IRIs; none if the modules are in order.

    Our own terms need a label and, unless they are individuals, a definition in Chinese and English, and a
    module that defines them; a term of ours that a statement uses must be declared.
    """
    ours = [ontology.terms[iri] for iri in sorted(ontology.terms) if ontology.terms[iri].is_ours]
    return (*(finding for term in ours for finding in _undescribed(term)), *_undeclared(ontology))


def _undescribed(term: OntologyTerm) -> Iterator[OntologyFinding]:
    name = shorten(term.iri)
    for language in LANGUAGES:
        if not term.labels.get(language):
            yield OntologyFinding(
                term.file,
                term.iri,
                "missing-label",
                f"{name} has no rdfs:label in {language}",
                f"{name} 缺少 {language} 标签",
            )
        if term.kind is not TermKind.INDIVIDUAL and not term.definitions.get(language):
            yield OntologyFinding(
                term.file,
                term.iri,
                "missing-definition",
                f"{name} has no skos:definition in {language}",
                f"{name} 缺少 {language} 定义",
            )
    if not term.defined_by:
        yield OntologyFinding(
            term.file,
            term.iri,
            "missing-module",
            f"{name} does not say which module defines it (rdfs:isDefinedBy)",
            f"{name} 未注明所属模块（rdfs:isDefinedBy）",
        )


def _undeclared(ontology: Ontology) -> Iterator[OntologyFinding]:
    used = {
        term.value
        for quad in ontology.quads
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, IRI) and term.value.startswith(EM)
    }
    for iri in sorted(used - ontology.terms.keys()):
        near = ", ".join(shorten(known) for known in ontology.did_you_mean(iri))
        hint, hint_zh = (f"; did you mean {near}?", f"，是否指 {near}？") if near else ("", "")
        yield OntologyFinding(
            "",
            iri,
            "undeclared-term",
            f"{shorten(iri)} is used and not declared{hint}",
            f"{shorten(iri)} 被使用但未声明{hint_zh}",
        )

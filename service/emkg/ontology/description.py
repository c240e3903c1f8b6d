"""Terms that readers are told too little about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ontology.finding import OntologyFinding
from emkg.ontology.term import TermKind, shorten
from emkg.rdf import IRI
from emkg.vocabulary import OWL, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ontology.statements import Statements
    from emkg.ontology.term import Ontology, OntologyTerm

LANGUAGES: Final = ("zh", "en")
_DEFINED_BY: Final = RDFS + "isDefinedBy"


def find_undescribed(ontology: Ontology, statements: Statements) -> Iterator[OntologyFinding]:
    """Our terms without a label, a definition or a module, or with a module that is not theirs."""
    headers = {
        module.name: {
            quad.subject.value
            for quad in module.quads
            if quad.predicate.value == RDF_TYPE and quad.object == IRI(OWL + "Ontology")
        }
        for module in statements.modules
    }
    known = frozenset().union(*headers.values()) if headers else frozenset()
    for iri in sorted(ontology.terms):
        term = ontology.terms[iri]
        if not term.is_ours:
            continue
        for problem, message, message_zh in (*_missing(term), *_misplaced(term, headers[term.file], known)):
            place = statements.location(IRI(iri), *_mentioned(problem))
            yield OntologyFinding(place, iri, problem, message, message_zh)


def _missing(term: OntologyTerm) -> Iterator[tuple[str, str, str]]:
    name = shorten(term.iri)
    for language in LANGUAGES:
        if not term.labels.get(language):
            yield (
                "missing-label",
                f"{name} has no rdfs:label in {language}",
                f"{name} 缺少 {language} 标签",
            )
        if term.kind is not TermKind.INDIVIDUAL and not term.definitions.get(language):
            yield (
                "missing-definition",
                f"{name} has no skos:definition in {language}",
                f"{name} 缺少 {language} 定义",
            )
    if not term.defined_by:
        yield (
            "missing-module",
            f"{name} does not say which module defines it (rdfs:isDefinedBy)",
            f"{name} 未注明所属模块（rdfs:isDefinedBy）",
        )


def _misplaced(
    term: OntologyTerm, headers: set[str], known: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    if term.defined_by and known and term.defined_by not in headers:
        name, module = shorten(term.iri), shorten(term.defined_by)
        hint, hint_zh = ("", "") if term.defined_by in known else (", which no file is", "，而该模块不存在")
        yield (
            "wrong-module",
            f"{name} is declared in {term.file} and says that {module} defines it{hint}",
            f"{name} 在 {term.file} 中声明，却注明所属模块为 {module}{hint_zh}",
        )


def _mentioned(problem: str) -> tuple[IRI, ...]:
    return (IRI(_DEFINED_BY),) if problem == "wrong-module" else ()

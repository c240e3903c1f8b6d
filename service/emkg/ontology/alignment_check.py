"""What is wrong with the alignments, once they can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ontology.finding import OntologyFinding
from emkg.ontology.term import shorten
from emkg.vocabulary import EM, OWL, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.ontology.alignment import Alignment, MappingSet
    from emkg.ontology.term import Ontology

RELATIONS: Final = frozenset(
    {
        *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")),
        OWL + "equivalentClass",
        OWL + "equivalentProperty",
        RDFS + "subClassOf",
        RDFS + "subPropertyOf",
    }
)


def find_misaligned(ontology: Ontology, sets: Iterable[MappingSet]) -> Iterator[OntologyFinding]:
    """Rows whose subject is no term of ours, whose relation is none of an alignment, and rows said twice.

    Codes (`code:…`) are subjects too; they are declared by reference data, which is not read here.
    """
    seen: dict[tuple[str, str, str], Alignment] = {}
    for one in sets:
        for row in one.alignments:
            yield from _wrong_terms(ontology, row)
            first = seen.setdefault((row.subject, row.predicate, row.object), row)
            if first is not row:
                yield _finding(
                    row,
                    "duplicate-alignment",
                    f"this is said before, at {first.location}",
                    f"与 {first.location} 重复",
                )


def _wrong_terms(ontology: Ontology, row: Alignment) -> Iterator[OntologyFinding]:
    if row.subject.startswith(EM) and row.subject not in ontology.terms:
        near = ", ".join(shorten(each) for each in ontology.did_you_mean(row.subject))
        hint, hint_zh = (f"; did you mean {near}?", f"，是否指 {near}？") if near else ("", "")
        name = shorten(row.subject)
        yield _finding(row, "undeclared-term", f"{name} is not declared{hint}", f"{name} 未声明{hint_zh}")
    if row.predicate not in RELATIONS:
        name = shorten(row.predicate)
        yield _finding(row, "no-alignment", f"{name} is no relation of an alignment", f"{name} 不是对应关系")


def _finding(row: Alignment, problem: str, message: str, message_zh: str) -> OntologyFinding:
    return OntologyFinding(row.location, row.subject, problem, message, message_zh)

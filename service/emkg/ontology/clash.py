"""Classes and individuals that are stated to be in two classes which exclude each other.

This follows named classes, domains and ranges only. It says which statements clash, which a reasoner's verdict
does not; what it cannot see, the reasoner finds.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Final

from emkg.ontology.finding import OntologyFinding
from emkg.ontology.term import shorten
from emkg.rdf import IRI
from emkg.vocabulary import OWL, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from emkg.ontology.statements import Statements
    from emkg.rdf import Subject, Term

_CLASS: Final = OWL + "Class"
_SUB: Final = RDFS + "subClassOf"
_EQUAL: Final = OWL + "equivalentClass"
_DISJOINT: Final = OWL + "disjointWith"


def find_clashes(statements: Statements) -> Iterator[OntologyFinding]:
    """Unsatisfiable classes and contradicted individuals, each with the two classes that exclude each other."""
    above = _Above(statements)
    apart = _disjoint_pairs(statements)
    subjects = [each for each in statements.by_subject if isinstance(each, IRI)]
    classes = {each for each in subjects if _CLASS in statements.iris(each, RDF_TYPE)}
    for one in sorted(classes):
        for pair in _broken(above.of([one.value]), apart):
            yield _finding(statements, one, pair, apart[pair], is_class=True)
    for individual, types in sorted(_types(statements).items()):
        for pair in _broken(above.of(types), apart):
            yield _finding(statements, individual, pair, apart[pair], is_class=False)


class _Above:
    """The named superclasses of classes, themselves included."""

    def __init__(self, statements: Statements) -> None:
        self._parents: dict[str, set[str]] = defaultdict(set)
        for _, quad in statements.located():
            if not isinstance(quad.subject, IRI) or not isinstance(quad.object, IRI):
                continue
            if quad.predicate.value in {_SUB, _EQUAL}:
                self._parents[quad.subject.value].add(quad.object.value)
            if quad.predicate.value == _EQUAL:
                self._parents[quad.object.value].add(quad.subject.value)

    def of(self, classes: Iterable[str]) -> set[str]:
        """The classes and all above them."""
        seen: set[str] = set()
        waiting = list(classes)
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting.extend(self._parents.get(one, ()))
        return seen


def _disjoint_pairs(statements: Statements) -> dict[tuple[str, str], Subject]:
    """Pairs of classes that exclude each other, with the subject that says so."""
    pairs: dict[tuple[str, str], Subject] = {}
    for subject in statements.by_subject:
        members = [each.value for each in _members(statements, subject)]
        for first, second in combinations(members, 2):
            pairs.setdefault((min(first, second), max(first, second)), subject)
        if isinstance(subject, IRI):
            for other in statements.iris(subject, _DISJOINT):
                pairs.setdefault((min(subject.value, other), max(subject.value, other)), subject)
    return pairs


def _members(statements: Statements, subject: Subject) -> Iterator[IRI]:
    lists: tuple[Term, ...] = statements.objects(subject, OWL + "disjointUnionOf")
    if OWL + "AllDisjointClasses" in statements.iris(subject, RDF_TYPE):
        lists = (*lists, *statements.objects(subject, OWL + "members"))
    for one in lists:
        yield from (each for each in statements.items(one) if isinstance(each, IRI))


def _types(statements: Statements) -> dict[IRI, set[str]]:
    """The types of every subject: stated, or by the domain or range of a property."""
    found: dict[IRI, set[str]] = defaultdict(set)
    for _, quad in statements.located():
        if isinstance(quad.subject, IRI):
            if quad.predicate.value == RDF_TYPE and isinstance(quad.object, IRI):
                found[quad.subject].add(quad.object.value)
            found[quad.subject].update(statements.iris(quad.predicate, RDFS + "domain"))
        if isinstance(quad.object, IRI) and quad.predicate.value != RDF_TYPE:
            found[quad.object].update(statements.iris(quad.predicate, RDFS + "range"))
    return found


def _broken(classes: set[str], apart: Mapping[tuple[str, str], Subject]) -> list[tuple[str, str]]:
    return [(one, other) for one, other in apart if one in classes and other in classes]


def _finding(
    statements: Statements, term: IRI, pair: tuple[str, str], said_by: Subject, *, is_class: bool
) -> OntologyFinding:
    one, other = map(shorten, pair)
    mentioned = [IRI(each) for each in pair if IRI(each) != said_by]
    place = statements.location(said_by, IRI(_DISJOINT), *mentioned) or statements.location(said_by)
    why, why_zh = f"{one} and {other} exclude each other", f"{one} 与 {other} 互斥"
    name = shorten(term.value)
    return OntologyFinding(
        statements.location(term),
        term.value,
        "unsatisfiable-class" if is_class else "contradiction",
        f"{name} {'can have no instance' if is_class else 'is in both'}: {why} ({place})",
        f"{name} {'不可能有实例' if is_class else '同属两者'}：{why_zh}（{place}）",
    )

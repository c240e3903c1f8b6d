"""What changed from one version of the ontology to another, term by term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ontology.statements import Statements
from emkg.rdf import IRI, BlankNode, Literal, compact
from emkg.vocabulary import OWL, RDF, XSD

if TYPE_CHECKING:
    from emkg.ontology.term import Ontology
    from emkg.rdf import Term

_DEPRECATED: Final = OWL + "deprecated"
_TRUE: Final = (Literal("true", XSD + "boolean"), Literal("1", XSD + "boolean"))


@dataclass(frozen=True)
class TermChange:
    """One property of a term that has other values than before; both sorted, as a reader writes them."""

    iri: str
    predicate: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Terms by what became of them, sorted by IRI; a term that became deprecated is among the changes too."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[TermChange, ...]
    deprecated: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two versions say the same of every term."""
        return not (self.added or self.removed or self.changed)


def compare(old: Ontology, new: Ontology) -> Difference:
    """What the new version adds, removes, changes and deprecates; names of blank nodes and order do not matter."""
    before, after = Statements.of(old.modules), Statements.of(new.modules)
    common = sorted(old.terms.keys() & new.terms.keys())
    return Difference(
        added=tuple(sorted(new.terms.keys() - old.terms.keys())),
        removed=tuple(sorted(old.terms.keys() - new.terms.keys())),
        changed=tuple(change for iri in common for change in _changes(iri, before, after)),
        deprecated=tuple(
            iri for iri in sorted(new.terms) if _is_deprecated(after, iri) and not _is_deprecated(before, iri)
        ),
    )


def _changes(iri: str, before: Statements, after: Statements) -> list[TermChange]:
    term = IRI(iri)
    changes = []
    for predicate in sorted({*before.predicates(term), *after.predicates(term)}):
        old = {_written(each, before) for each in before.objects(term, predicate)}
        new = {_written(each, after) for each in after.objects(term, predicate)}
        if old != new:
            changes.append(TermChange(iri, predicate, tuple(sorted(old - new)), tuple(sorted(new - old))))
    return changes


def _written(term: Term, statements: Statements, within: frozenset[Term] = frozenset()) -> str:
    """The term as Turtle writes it; a blank node by what is said of it."""
    if not isinstance(term, BlankNode):
        return compact(term)
    if term in within:
        return "[…]"
    inside = within | {term}
    if statements.objects(term, RDF + "first"):
        return f"( {' '.join(_written(each, statements, inside) for each in statements.items(term))} )"
    parts = sorted(
        f"{compact(IRI(predicate))} {_written(each, statements, inside)}"
        for predicate in statements.predicates(term)
        for each in statements.objects(term, predicate)
    )
    return f"[ {' ; '.join(parts)} ]"


def _is_deprecated(statements: Statements, iri: str) -> bool:
    return any(each in _TRUE for each in statements.objects(IRI(iri), _DEPRECATED))

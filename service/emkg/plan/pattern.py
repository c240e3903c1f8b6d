"""Group graph patterns as values: what rules and, later, shapes and queries are compiled from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from emkg.rdf import Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, order=True)
class Variable:
    """A query variable; `name` is without its question mark."""

    name: str

    def __str__(self) -> str:
        """As SPARQL writes it."""
        return f"?{self.name}"


Slot: TypeAlias = Variable | Term
Bindings: TypeAlias = "Mapping[Variable, Term]"


class Operator(Enum):
    """A comparison of SPARQL (section 17.3)."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """Subject, predicate and object, each a term or a variable. A blank node here is a node, not a variable."""

    subject: Slot
    predicate: Slot
    object: Slot

    def __str__(self) -> str:
        """As SPARQL writes it."""
        return f"{self.subject} {self.predicate} {self.object}"

    @property
    def slots(self) -> tuple[Slot, Slot, Slot]:
        """The three, in order."""
        return self.subject, self.predicate, self.object

    @property
    def variables(self) -> frozenset[Variable]:
        """The variables that occur."""
        return frozenset(slot for slot in self.slots if isinstance(slot, Variable))

    @property
    def constants(self) -> frozenset[Term]:
        """The terms that occur."""
        return frozenset(slot for slot in self.slots if not isinstance(slot, Variable))

    def bind(self, bindings: Bindings) -> TriplePattern:
        """The pattern with what is bound put in its place."""
        return TriplePattern(*(bound(slot, bindings) for slot in self.slots))

    def match(self, statement: tuple[Term, Term, Term]) -> dict[Variable, Term] | None:
        """The bindings that make this pattern the statement; None where none do."""
        bindings: dict[Variable, Term] = {}
        for slot, term in zip(self.slots, statement, strict=True):
            if isinstance(slot, Variable):
                if bindings.setdefault(slot, term) != term:
                    return None
            elif slot != term:
                return None
        return bindings


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, by value as SPARQL compares; an error (a date against a number) does not pass."""

    left: Slot
    operator: Operator
    right: Slot

    def __str__(self) -> str:
        """As SPARQL writes it."""
        return f"{self.left} {self.operator.value} {self.right}"

    def bind(self, bindings: Bindings) -> Comparison:
        """The comparison with what is bound put in its place."""
        return replace(self, left=bound(self.left, bindings), right=bound(self.right, bindings))


@dataclass(frozen=True, slots=True)
class Pattern:
    """Triple patterns joined on equal terms, comparisons that must pass, and groups that must have no solution.

    A negated group sees the outer variables (FILTER NOT EXISTS).
    """

    triples: tuple[TriplePattern, ...]
    comparisons: tuple[Comparison, ...] = ()
    negated: tuple[Pattern, ...] = ()

    @property
    def variables(self) -> frozenset[Variable]:
        """The variables that a solution binds: those of the triple patterns."""
        return frozenset(variable for triple in self.triples for variable in triple.variables)

    @property
    def all_variables(self) -> frozenset[Variable]:
        """Every variable that occurs: in triple patterns, comparisons and negated groups."""
        sides = (slot for c in self.comparisons for slot in (c.left, c.right))
        named = frozenset(slot for slot in sides if isinstance(slot, Variable))
        return self.variables.union(named, *(group.all_variables for group in self.negated))

    def bind(self, bindings: Bindings) -> Pattern:
        """The pattern with what is bound put in its place, negated groups too."""
        return Pattern(
            tuple(triple.bind(bindings) for triple in self.triples),
            tuple(comparison.bind(bindings) for comparison in self.comparisons),
            tuple(group.bind(bindings) for group in self.negated),
        )

    def negated_triples(self) -> Iterator[TriplePattern]:
        """Every triple pattern of every negated group, at any depth."""
        for group in self.negated:
            yield from group.triples
            yield from group.negated_triples()

    def __str__(self) -> str:
        """As SPARQL writes it, without prefixes."""
        parts = [f"{triple} ." for triple in self.triples]
        parts += [f"FILTER ( {comparison} )" for comparison in self.comparisons]
        parts += [f"FILTER NOT EXISTS {group}" for group in self.negated]
        return "{ " + " ".join(parts) + " }"


def bound(slot: Slot, bindings: Bindings) -> Slot:
    """What the bindings say of a slot; the slot itself where they say nothing."""
    return bindings.get(slot, slot) if isinstance(slot, Variable) else slot

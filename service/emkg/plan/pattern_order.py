"""In which order to join the triple patterns of a group: the one that keeps the intermediate results small.

DuckDB's own optimiser knows nothing of predicates: on the duty rule (13 triple patterns over 560 k statements)
it ran out of 2 GB, where this order takes a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.plan.pattern import TriplePattern, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emkg.plan.pattern import Slot
    from emkg.rdf import Term


@dataclass(frozen=True, slots=True)
class Counts:
    """How many statements there are, of how many subjects and how many objects."""

    statements: int
    subjects: int
    objects: int


_ONE = Counts(1, 1, 1)


@dataclass(frozen=True)
class Statistics:
    """What is known of the statements: counts by predicate, and the counts of one predicate by object.

    Attributes:
        predicates: Counts of each predicate; one that is missing is taken to have a single statement.
        objects: The statements of (predicate, object), where an object is far from average: classes of rdf:type.
        default: What is taken for a predicate when nothing at all is known.
    """

    predicates: Mapping[Term, Counts] = field(default_factory=dict)
    objects: Mapping[tuple[Term, Term], int] = field(default_factory=dict)
    default: Counts = Counts(100_000, 50_000, 2_000)

    def growth(self, triple: TriplePattern, known: frozenset[Variable]) -> float:
        """By how much joining the triple pattern multiplies the solutions when `known` variables have values."""
        subject, predicate, value = triple.slots
        if isinstance(predicate, Variable):
            counts = Counts(10 * self.default.statements, self.default.subjects, self.default.objects)
        else:
            counts = self.predicates.get(predicate, _ONE) if self.predicates else self.default
            exact = None if isinstance(value, Variable) else self.objects.get((predicate, value))
            if exact is not None:
                counts = Counts(exact, max(1, exact), 1)
        growth = float(counts.statements)
        if _is_known(subject, known):
            growth /= max(1, counts.subjects)
        if _is_known(value, known):
            growth /= max(1, counts.objects)
        return growth


def join_order(
    triples: Sequence[TriplePattern],
    statistics: Statistics,
    known: frozenset[Variable] = frozenset(),
    first: int | None = None,
) -> tuple[int, ...]:
    """The numbers of the triple patterns in the order that costs least by the statistics.

    Args:
        triples: What is joined.
        statistics: What is known of the statements.
        known: Variables that have values before the first join.
        first: The number of the triple pattern to begin with; None for whichever is best.
    """
    start = _Partial((), known, 1.0, 0.0)
    if first is not None:
        start = start.joined(first, triples[first], statistics)
    return _cheapest(start, triples, statistics, {}).order


@dataclass(frozen=True)
class _Partial:
    order: tuple[int, ...]
    known: frozenset[Variable]
    size: float
    cost: float

    def joined(self, number: int, triple: TriplePattern, statistics: Statistics) -> _Partial:
        size = self.size * statistics.growth(triple, self.known)
        return _Partial((*self.order, number), self.known | triple.variables, size, self.cost + size)


_DEAR = _Partial((), frozenset(), 0.0, float("inf"))


def _cheapest(
    partial: _Partial,
    triples: Sequence[TriplePattern],
    statistics: Statistics,
    seen: dict[frozenset[int], _Partial],
) -> _Partial:
    """Joins that do not grow the result are made at once; among the others every order is tried."""
    rest = [number for number in range(len(triples)) if number not in partial.order]
    if not rest:
        return partial
    key = frozenset(partial.order)
    if seen.get(key, _DEAR).cost <= partial.cost:
        return _DEAR  # the same triple patterns in an order that costs no more are followed already
    seen[key] = partial
    connected = [n for n in rest if not partial.known or triples[n].variables & partial.known] or rest
    nexts = sorted((partial.joined(n, triples[n], statistics) for n in connected), key=lambda p: p.size)
    if nexts[0].size <= partial.size:
        nexts = nexts[:1]
    return min((_cheapest(p, triples, statistics, seen) for p in nexts), key=lambda p: p.cost)


def _is_known(slot: Slot, known: frozenset[Variable]) -> bool:
    return not isinstance(slot, Variable) or slot in known

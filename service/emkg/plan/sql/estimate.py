"""What the ledger's statistics tell the compiler: about how many solutions triple patterns have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from emkg.ledger import term_id
from emkg.plan.path import PathPattern
from emkg.plan.pattern import Variable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from emkg.ledger.statistics import Statistics
    from emkg.plan.pattern import TriplePattern
    from emkg.plan.sql.source import Estimate, Source

    TripleOrPath: TypeAlias = TriplePattern | PathPattern

PLACES: Final = ("s", "p", "o")
_MOST_WEIGHED: Final = 30  # each is weighed against each


def informed(source: Source, statistics: Statistics) -> Source:
    """A source of the current generation with what its statistics say."""
    return replace(source, repeated=statistics.is_repeated, estimate=estimate_of(statistics))


def estimate_of(statistics: Statistics) -> Estimate:
    """The size of a triple pattern: its predicate's statements, shared evenly among subjects and objects."""

    def estimate(constants: Mapping[str, int]) -> float:
        if "p" not in constants:
            return float(statistics.quads) / float(100 ** len(constants))
        predicate = statistics.of(constants["p"])
        size = float(predicate.quads)
        if "s" in constants:
            size /= max(predicate.subjects, 1)
        return size / max(predicate.objects, 1) if "o" in constants else size

    return estimate


def variables_in(patterns: Iterable[TripleOrPath]) -> frozenset[Variable]:
    """The variables of triple and path patterns."""
    slots = (
        slot
        for one in patterns
        for slot in ((one.subject, one.object) if isinstance(one, PathPattern) else one.slots)
    )
    return frozenset(slot for slot in slots if isinstance(slot, Variable))


def constants_in(triple: TriplePattern) -> dict[str, int]:
    """The ids of its terms, by place."""
    slots = zip(PLACES, triple.slots, strict=True)
    return {place: term_id(str(slot)) for place, slot in slots if not isinstance(slot, Variable)}


def size_of(
    patterns: Sequence[TripleOrPath], source: Source, bound: Collection[Variable] = (), size: float = 1.0
) -> float | None:
    """About how many solutions all patterns have together; None where nothing tells.

    Args:
        patterns: The patterns.
        source: What counts their statements.
        bound: Variables that are bound before.
        size: How many solutions there are before.
    """
    if not source.is_informed or len(patterns) > _MOST_WEIGHED:
        return None
    known, waiting = set(bound), list(patterns)
    while waiting:
        one = cheapest(waiting, known, source)
        growth = _growth(one, known, source)
        if growth is None:
            return None
        size *= growth
        known |= variables_in([one])
        waiting.remove(one)
    return size


def cheapest(patterns: Sequence[TripleOrPath], bound: Collection[Variable], source: Source) -> TripleOrPath:
    """The pattern that has the fewest solutions for each one before; one that nothing is known of comes last."""
    growths = [_growth(one, bound, source) for one in patterns]
    places = range(len(patterns))
    return patterns[min(places, key=lambda place: (growths[place] is None, growths[place] or 0.0))]


def _growth(one: TripleOrPath, bound: Collection[Variable], source: Source) -> float | None:
    if isinstance(one, PathPattern):
        return None
    known = constants_in(one)
    known |= {place: 0 for place, slot in zip(PLACES, one.slots, strict=True) if slot in bound}
    return source.estimate(known)

"""What a planner wants to know of each predicate: how many quads, subjects, objects and graphs it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.ledger.cursor import Cursor


@dataclass(frozen=True, slots=True)
class PredicateStatistics:
    """What the ledger holds of one predicate.

    Attributes:
        quads: Quads that have it; exact.
        subjects: Distinct subjects among them; estimated to a few per cent, at least 1 and at most `quads`.
        objects: Distinct objects among them; estimated alike.
        graphs: Graphs that have a quad of it; exact.
        is_repeated: Whether one of its statements (s, p, o) stands in more than one graph. False is certain, so that
            a union of graphs needs no DISTINCT; true may be left over from statements that were removed.
    """

    quads: int
    subjects: int
    objects: int
    graphs: int
    is_repeated: bool


NONE_AT_ALL = PredicateStatistics(0, 0, 0, 0, is_repeated=False)


@dataclass(frozen=True)
class Statistics:
    """The predicates of one generation, by the id of their term."""

    generation: int
    predicates: Mapping[int, PredicateStatistics]

    @property
    def quads(self) -> int:
        """All quads."""
        return sum(one.quads for one in self.predicates.values())

    def of(self, predicate: int) -> PredicateStatistics:
        """What is held of a predicate; zeros for one that no quad has."""
        return self.predicates.get(predicate, NONE_AT_ALL)

    def is_repeated(self, predicate: int | None) -> bool:
        """Whether a statement of this predicate, or of any for None, may stand in more than one graph."""
        if predicate is None:
            return any(one.is_repeated for one in self.predicates.values())
        return self.of(predicate).is_repeated


_COUNTS = """
  SELECT p, count(*) AS quads, approx_count_distinct(s) AS subjects, approx_count_distinct(o) AS objects,
    count(DISTINCT g) AS graphs FROM quad GROUP BY p"""
_REPEATED = """
  SELECT DISTINCT p FROM (SELECT p FROM quad
    SEMI JOIN (SELECT p FROM quad GROUP BY p HAVING min(g) <> max(g)) USING (p) GROUP BY p, s, o HAVING count(*) > 1)"""


def read_statistics(cursor: Cursor) -> Statistics:
    """The statistics of the current quads; reads all of them, at about 20 ns each."""
    generation = cursor.count("SELECT coalesce(max(id), 0) FROM generation")
    repeated = {row[0] for row in cursor.rows(_REPEATED)}
    counted = cursor.rows(_COUNTS)
    return Statistics(
        generation,
        {
            int(str(p)): predicate_statistics(
                *(int(str(count)) for count in counts), is_repeated=p in repeated
            )
            for p, *counts in counted
        },
    )


def predicate_statistics(
    quads: int, subjects: int, objects: int, graphs: int, *, is_repeated: bool
) -> PredicateStatistics:
    """What was counted of a predicate, the estimates within what they can be."""
    return PredicateStatistics(
        quads, _within(subjects, quads), _within(objects, quads), graphs, is_repeated=is_repeated
    )


def _within(estimate: int, quads: int) -> int:
    return max(1, min(estimate, quads))

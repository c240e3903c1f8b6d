"""What the ledger's statistics tell the compiler."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.ledger.statistics import Statistics
    from emkg.plan.sql.source import Estimate, Source


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

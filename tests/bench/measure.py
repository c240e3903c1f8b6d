"""A measure: contestants that run about (A B A B …), and what their runs amount to."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.process import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.process import Command, Fact, Run


@dataclass(frozen=True)
class Contestant:
    """One side of a measure.

    Attributes:
        name: As it stands in the table.
        command: What a round starts.
        before: Called before every round, not timed: removes what the last one wrote.
    """

    name: str
    command: Command
    before: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True)
class Measure:
    """What is measured, of what size, by whom; the first contestant is what the others' ratios refer to.

    Attributes:
        compare: Run after the last round, on what the first two wrote: its facts are how many statements differ, by class of difference.
            In a process too, because a child starts with its parent's peak of memory.
    """

    name: str
    size: str
    contestants: tuple[Contestant, ...]
    rounds: int
    warm_up: int = 1
    compare: Command | None = None


@dataclass(frozen=True)
class Figures:
    """The rounds of one contestant."""

    name: str
    runs: tuple[Run, ...]

    @property
    def median_s(self) -> float:
        """The median of the work's seconds."""
        return statistics.median(one.work_s for one in self.runs)

    @property
    def least_s(self) -> float:
        """The fastest round."""
        return min(one.work_s for one in self.runs)

    @property
    def most_s(self) -> float:
        """The slowest round."""
        return max(one.work_s for one in self.runs)

    @property
    def process_s(self) -> float:
        """The median of the whole process."""
        return statistics.median(one.process_s for one in self.runs)

    @property
    def cpu_s(self) -> float:
        """The median of the whole process's processor seconds."""
        return statistics.median(one.cpu_s for one in self.runs)

    @property
    def peak_mb(self) -> float:
        """The most memory of any round."""
        return max(one.peak_mb for one in self.runs)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What the last round counted."""
        return self.runs[-1].facts


@dataclass(frozen=True)
class Result:
    """A measure's figures, and how the contestants' outputs differ; None where they are not comparable."""

    measure: Measure
    figures: tuple[Figures, ...]
    differences: Mapping[str, Fact] | None

    def ratio(self, figures: Figures) -> float:
        """How many times the first contestant's median this one's is."""
        return figures.median_s / self.figures[0].median_s


def take(measure: Measure, say: Callable[[str], None]) -> Result:
    """Run every contestant once a round, in turn.

    Raises:
        RunFailedError: A run failed.
    """
    runs: dict[str, list[Run]] = {one.name: [] for one in measure.contestants}
    for number in range(-measure.warm_up, measure.rounds):
        for one in measure.contestants:
            one.before()
            taken = run(one.command)
            say(
                f"{measure.name}, {measure.size}: {one.name} {taken.work_s:.2f} s"
                + " (warm-up)" * (number < 0)
            )
            if number >= 0:
                runs[one.name].append(taken)
    figures = tuple(Figures(name, tuple(taken)) for name, taken in runs.items())
    return Result(measure, figures, run(measure.compare).facts if measure.compare else None)

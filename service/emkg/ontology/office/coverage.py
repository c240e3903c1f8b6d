"""How far the wordings are resolved: counted by wording and by row, for bearers and for receivers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ontology.office.lexicon import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emkg.ontology.office.resolution import Resolution
    from emkg.ontology.office.table import OfficeTables

RESOLVED, PRIVATE, OPEN = "resolved", "private", "open"
COLUMNS: Final = {"bearers": ("bearers", "义务主体"), "receivers": ("receiver", "对象方")}


@dataclass(frozen=True)
class Coverage:
    """Of bearers or receivers: how many wordings and rows are resolved, private or open."""

    wordings: Mapping[str, int]
    rows: Mapping[str, int]

    @property
    def rows_total(self) -> int:
        """The rows that name anyone."""
        return sum(self.rows.values())

    @property
    def settled_share(self) -> float:
        """The share of rows that name at least one resolved body or private class, between 0 and 1."""
        return (self.rows[RESOLVED] + self.rows[PRIVATE]) / self.rows_total


def measure_coverage(tables: OfficeTables) -> dict[str, Coverage]:
    """The coverage of `bearers` and of `receivers`; every wording and every row with one is counted once."""
    return {name: _coverage(tables, column) for name, (column, _) in COLUMNS.items()}


def _coverage(tables: OfficeTables, column: str) -> Coverage:
    rows = [words for duty in tables.duties if (words := parts(duty[column]))]
    wordings = {word for words in rows for word in words}
    found = tables.resolutions
    return Coverage(
        Counter(_state([found[word]]) for word in wordings),
        Counter(_state(found[word] for word in words) for words in rows),
    )


def _state(resolutions: Iterable[Resolution]) -> str:
    """Resolved where one has a body; else private where one names a private class; else open."""
    found = tuple(resolutions)
    if any(one.bodies for one in found):
        return RESOLVED
    return PRIVATE if any(one.classes for one in found) else OPEN


def render_coverage(coverage: Mapping[str, Coverage]) -> str:
    """A Markdown table of the coverage, as it stands in `docs/guide/offices.md`."""
    lines = [
        "| | resolved 已确定 | private 非公共主体 | open 未确定 | all 合计 | settled 已归属 |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in coverage.items():
        chinese = COLUMNS[name][1]
        lines.append(_line(f"{name} {chinese}, wordings 用语", one.wordings))
        lines.append(_line(f"{name} {chinese}, rows 行", one.rows))
    return "\n".join(lines) + "\n"


def _line(title: str, counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    share = (counts[RESOLVED] + counts[PRIVATE]) / total
    cells = [f"{counts[state]:,}" for state in (RESOLVED, PRIVATE, OPEN)]
    return f"| {title} | {' | '.join(cells)} | {total:,} | {share:.1%} |"

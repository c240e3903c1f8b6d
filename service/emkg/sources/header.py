"""Column names of tabular files and the references into them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from emkg.errors import Location, SourceError
from emkg.sources.suggestion import missing_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def header_positions(
    path: Path, names: Sequence[str], references: Sequence[str], row: int | None = None
) -> dict[str, int]:
    """The 0-based position of every reference among the column names, in the order of the references.

    A name that stands there more than once is referred to as `name[1]`, `name[2]`, from left to right.

    Raises:
        SourceError: A reference is no column, or is the name of several.
    """
    times = Counter(names)
    seen: Counter[str] = Counter()
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        seen[name] += 1
        positions[name if times[name] == 1 else f"{name}[{seen[name]}]"] = position
    return {reference: _position(path, positions, times, reference, row) for reference in references}


def _position(
    path: Path, positions: dict[str, int], times: Counter[str], reference: str, row: int | None
) -> int:
    if reference in positions:
        return positions[reference]
    if times[reference] > 1:
        raise SourceError(
            f"the column {reference!r} occurs {times[reference]} times; "
            f"refer to {reference}[1] … {reference}[{times[reference]}] (from left to right)",
            message_zh=f"列“{reference}”出现 {times[reference]} 次；请用 {reference}[1] 等（自左至右）引用",
            location=Location(str(path), row=row, field=reference),
        )
    names = [name for name in positions if name]
    raise missing_name(path, ("column", "列"), reference, names, row)

"""Names that do not exist, and what may have been meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from emkg.errors import Location, SourceError
from emkg.sources.mark import show

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MAX_LISTED = 40


def closest_name(name: str, names: Iterable[str]) -> str | None:
    """The likeliest of `names`, also where only case, width or surrounding blanks differ; else None."""
    known = {candidate: candidate for candidate in names}
    folded = {candidate.strip().casefold(): candidate for candidate in known}
    if name.strip().casefold() in folded:
        return folded[name.strip().casefold()]
    return next(iter(get_close_matches(name, known, n=1)), None)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or nothing."""
    guess = closest_name(name, names)
    return f"; did you mean {guess!r}?" if guess else ""


def did_you_mean_zh(name: str, names: Iterable[str]) -> str:
    """`；是否指“x”？`, or nothing."""
    guess = closest_name(name, names)
    return f"；是否指“{guess}”？" if guess else ""


def missing_name(
    path: Path, kind: tuple[str, str], name: str, names: Iterable[str], row: int | None = None
) -> SourceError:
    """The error for a column, sheet, table or member that is not there, listing those that are.

    Args:
        path: The source file.
        kind: What was looked for, in English and Chinese.
        name: The name that is not there.
        names: The names that are there.
        row: The row of the column names, where there is one.
    """
    known = [show(known_name) for known_name in names]
    name = show(name)
    listed = ", ".join(known[:_MAX_LISTED]) + (", …" if len(known) > _MAX_LISTED else "")
    return SourceError(
        f"there is no {kind[0]} {name!r}{did_you_mean(name, known) or '.'} Available: {listed or 'none'}",
        message_zh=f"没有{kind[1]}“{name}”{did_you_mean_zh(name, known) or '。'}现有：{listed or '无'}",
        location=Location(str(path), row=row, field=name or None),
    )

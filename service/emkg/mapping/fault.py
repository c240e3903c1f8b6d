"""The errors that both mapping languages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import Location, MappingError
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh

if TYPE_CHECKING:
    from collections.abc import Iterable


def unknown_name(
    location: Location, kind: str, kind_zh: str, name: str, known: Iterable[str]
) -> MappingError:
    """The error for a name outside a fixed list, with what may have been meant, or the list."""
    names = list(known)
    listed = ", ".join(names)
    return MappingError(
        f"{name!r} is no {kind}{did_you_mean(name, names) or f'; known: {listed}'}",
        message_zh=f"“{name}”不是可用的{kind_zh}{did_you_mean_zh(name, names) or f'；可用：{listed}'}",
        location=location,
    )

"""Where a term is in a table of terms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a term or key is found: the same text on every row, or a column, of arrays if `many`."""

    constant: str | None = None
    column: str = ""
    many: bool = False

"""What a kind of values is, and that a column's values are of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

ENOUGH: Final = 0.9  # the share of values that makes a kind of a column


@dataclass(frozen=True)
class KnownCodes:
    """The codes that the reference tables hold."""

    divisions: frozenset[str] = frozenset()
    event_types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kind:
    """A kind of values.

    Attributes:
        name: A slug.
        label: What a reader calls it, English and Chinese.
        test: Whether a value is of the kind.
        is_personal: Values are personal data and are never shown.
        hint: The mapping function or datatype that reads it.
        enough: The share of values from which on the column is of the kind.
    """

    name: str
    label: tuple[str, str]
    test: Callable[[str], bool]
    is_personal: bool = False
    hint: str = ""
    enough: float = ENOUGH


@dataclass(frozen=True)
class CodeFinding:
    """A kind that a column's values are of.

    Attributes:
        kind: The kind.
        share: How many of the values are of it.
        notes: What a reader should know, English and Chinese.
        digits: How many digits each code has; 0 where that differs or does not matter.
    """

    kind: Kind
    share: float
    notes: tuple[tuple[str, str], ...] = field(default=())
    digits: int = 0

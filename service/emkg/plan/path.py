"""Property paths as values (SPARQL 1.1 Query, section 9).

The parser turns what is no path (a single link, an inverse, a sequence of links) into triple patterns, as section
18.2.2.4 says; the rest keeps its shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from emkg.plan.pattern import Slot
    from emkg.rdf import IRI


@dataclass(frozen=True, slots=True)
class Link:
    """One predicate."""

    predicate: IRI


@dataclass(frozen=True, slots=True)
class Inverse:
    """`^path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """`left/right`."""

    left: Path
    right: Path


@dataclass(frozen=True, slots=True)
class Alternative:
    """`left|right`."""

    left: Path
    right: Path


class Repetition(Enum):
    """How often the path of a `Repeated` may be walked; all three yield each pair of nodes once."""

    ZERO_OR_MORE = "*"
    ONE_OR_MORE = "+"
    ZERO_OR_ONE = "?"


@dataclass(frozen=True, slots=True)
class Repeated:
    """`path*`, `path+`, `path?`."""

    path: Path
    repetition: Repetition


@dataclass(frozen=True, slots=True)
class NegatedSet:
    """`!(a|^b)`: any predicate but `forward` from subject to object, any but `inverse` back; None: not that way."""

    forward: tuple[IRI, ...] | None
    inverse: tuple[IRI, ...] | None = None


Path: TypeAlias = Link | Inverse | Sequence | Alternative | Repeated | NegatedSet


@dataclass(frozen=True, slots=True)
class PathPattern:
    """Two ends and the path between them."""

    subject: Slot
    path: Path
    object: Slot


def can_be_empty(path: Path) -> bool:
    """Whether a path may have length zero, and so connect a node with itself."""
    match path:
        case Repeated(inner, repetition):
            return repetition is not Repetition.ONE_OR_MORE or can_be_empty(inner)
        case Inverse(inner):
            return can_be_empty(inner)
        case Sequence(left, right):
            return can_be_empty(left) and can_be_empty(right)
        case Alternative(left, right):
            return can_be_empty(left) or can_be_empty(right)
        case _:
            return False

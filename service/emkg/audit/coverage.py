"""Coverage of event type × phase × government level by duties in force on a date.

A cell is *grounded* by a duty of its own event type, *general* where only a duty of a broader type holds,
*unread* where none is recorded but an act in force that touches the type was not read in full (or its
version of that date is not held), and a *gap* where none is recorded and everything was read. Only the last
one says something about the law; the third says something about the knowledge base.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from typing import TYPE_CHECKING, Protocol

from emkg.plan import QueryLimits, Solutions
from emkg.rdf import IRI, Literal
from emkg.vocabulary import CODE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from emkg.rdf import Term

PHASES = (
    "risk-management",
    "preparedness",
    "monitoring",
    "warning",
    "response",
    "rescue",
    "recovery",
    "reconstruction",
    "whole-process",
)
LEVELS = ("national", "province", "city", "county", "township", "community", "unit")
UNSPECIFIED_LEVEL = "unspecified"


_LIMITS = QueryLimits(timeout_s=120, max_rows=2_000_000, max_bytes=1 << 30)


class Selector(Protocol):
    """Whatever answers a SELECT query whose VALUES blocks are filled with `bindings`."""

    def select(
        self,
        text: str,
        bindings: Mapping[str, Sequence[Term]] | None = None,
        *,
        limits: QueryLimits | None = None,
    ) -> Solutions:
        """The solutions, unordered; an unbound variable is absent from its row."""
        ...


class CoverageState(Enum):
    """What a cell's duties say; see the module docstring."""

    GROUNDED = "grounded"
    GENERAL = "general"
    UNREAD = "unread"
    GAP = "gap"


@dataclass(frozen=True, order=True)
class DutyReference:
    """A duty with its ground: act version, article number, modality and bearers as worded."""

    duty: str
    act: str
    article: str
    modality: str
    bearers: tuple[str, ...]


@dataclass(frozen=True, order=True)
class UnreadAct:
    """An act version that may hold unrecorded duties; reason is `partly-read` or `version-not-held`."""

    act: str
    reason: str


@dataclass(frozen=True)
class EventTypeName:
    """An event type's key (its IRI's last segment), national code if it has one, and labels."""

    key: str
    code: str
    zh: str
    en: str
    ancestors: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One event type × phase × level; `general` counts the duties of broader types."""

    event_type: EventTypeName
    phase: str
    level: str
    duties: tuple[DutyReference, ...]
    general: int
    unread: tuple[UnreadAct, ...]

    @property
    def state(self) -> CoverageState:
        """Grounded before general before unread before gap."""
        if self.duties:
            return CoverageState.GROUNDED
        if self.general:
            return CoverageState.GENERAL
        return CoverageState.UNREAD if self.unread else CoverageState.GAP


@dataclass(frozen=True)
class Coverage:
    """Every cell on a date, sorted by event type, phase and level."""

    as_of: date
    jurisdiction: str
    cells: tuple[Cell, ...]

    def count(self, state: CoverageState) -> int:
        """How many cells are in a state."""
        return sum(cell.state is state for cell in self.cells)

    @property
    def acts(self) -> tuple[str, ...]:
        """The act versions that ground at least one cell, sorted."""
        return tuple(sorted({duty.act for cell in self.cells for duty in cell.duties}))


def compute_coverage(selector: Selector, as_of: date, jurisdiction: str) -> Coverage:
    """The coverage on a date for a division's GB/T 2260 code (`310000`); national acts bind everywhere."""
    bindings: dict[str, tuple[Term, ...]] = {
        "asOf": (Literal(as_of.isoformat(), XSD + "date"),),
        "jurisdiction": (IRI(f"{CODE}division/{jurisdiction}"),),
    }

    def rows(name: str, given: Mapping[str, Sequence[Term]] | None = None) -> Sequence[Mapping[str, Term]]:
        return selector.select(_query(name), given, limits=_LIMITS).rows

    types = _event_types(rows("event-types"))
    by_cell = _duties_by_cell(rows("duties", bindings), rows("bearers"))
    unread = _unread_by_type(rows("unread-acts", bindings), types)
    levels = (*LEVELS, UNSPECIFIED_LEVEL)
    cells = tuple(
        Cell(
            event_type=name,
            phase=phase,
            level=level,
            duties=tuple(sorted(by_cell.get((name.key, phase, level), ()))),
            general=sum(len(by_cell.get((ancestor, phase, level), ())) for ancestor in name.ancestors),
            unread=unread.get(name.key, ()),
        )
        for name in types.values()
        for phase in PHASES
        for level in levels
        if level != UNSPECIFIED_LEVEL or (name.key, phase, level) in by_cell
    )
    return Coverage(as_of, jurisdiction, cells)


def _query(name: str) -> str:
    return resources.files("emkg.audit").joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")


def _key(term: Term) -> str:
    return term.value.rsplit("/", 1)[-1]


def _event_types(rows: Iterable[Mapping[str, Term]]) -> dict[str, EventTypeName]:
    parents: dict[str, set[str]] = defaultdict(set)
    names: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        key = _key(row["type"])
        names[key] = (row["code"].value if "code" in row else "", row["zh"].value, row["en"].value)
        if "parent" in row:
            parents[key].add(_key(row["parent"]))
    return {
        key: EventTypeName(key, code, zh, en, _ancestors(key, parents))
        for key, (code, zh, en) in sorted(names.items())
    }


def _ancestors(key: str, parents: Mapping[str, set[str]]) -> tuple[str, ...]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found and parent != key:
                found.add(parent)
                waiting.append(parent)
    return tuple(sorted(found))


def _duties_by_cell(
    duties: Iterable[Mapping[str, Term]], bearer_rows: Iterable[Mapping[str, Term]]
) -> dict[tuple[str, str, str], set[DutyReference]]:
    bearers: dict[str, set[str]] = defaultdict(set)
    for row in bearer_rows:
        bearers[row["duty"].value].add(row["wording"].value)
    cells: dict[tuple[str, str, str], set[DutyReference]] = defaultdict(set)
    for row in duties:
        level = _key(row["level"]) if "level" in row else UNSPECIFIED_LEVEL
        cells[_key(row["type"]), _key(row["phase"]), level].add(
            DutyReference(
                duty=_key(row["duty"]),
                act=_key(row["act"]),
                article=_key(row["article"]),
                modality=_key(row["modality"]),
                bearers=tuple(sorted(bearers.get(row["duty"].value, ()))),
            )
        )
    return cells


def _unread_by_type(
    rows: Iterable[Mapping[str, Term]], types: Mapping[str, EventTypeName]
) -> dict[str, tuple[UnreadAct, ...]]:
    """An act touches a type when a recorded duty of it names the type, a narrower or a broader one.

    The root is left out as a broader type: an act that names all emergencies in passing would touch everything.
    """
    touched: dict[str, set[UnreadAct]] = defaultdict(set)
    for row in rows:
        touched[_key(row["type"])].add(UnreadAct(_key(row["act"]), row["reason"].value))
    roots = {key for key, name in types.items() if not name.ancestors}
    related: dict[str, set[UnreadAct]] = defaultdict(set)
    for key, name in types.items():
        for other in (key, *(ancestor for ancestor in name.ancestors if ancestor not in roots)):
            related[key] |= touched.get(other, set())
        for ancestor in name.ancestors:
            related[ancestor] |= touched.get(key, set())
    return {key: tuple(sorted(acts)) for key, acts in related.items()}

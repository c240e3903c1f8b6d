"""What goes into a commit and what comes out of the ledger, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def _now() -> datetime:
    return datetime.now(UTC)


def utc(instant: datetime) -> datetime:
    """An instant as the ledger keeps it, which has no time zone, with its own."""
    return instant.replace(tzinfo=UTC)


@dataclass(frozen=True)
class UsedFile:
    """An input of a run: the name it is known by, and the SHA-256 of its bytes in hexadecimal."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Activity:
    """One run, as its PROV-O record tells it.

    Attributes:
        name: What ran: a dataset (`environment/air-quality`) or a stage (`reasoning/ontology`).
        used: The files it read.
        digest: One digest over everything the result depends on; empty when a run is never skipped.
        counts: Figures of the run by the local name of an `em:` property (`rowsRead`, `quarantined`).
        started: When it began, with a time zone.
        agent: The software and its version.
        label: What a reader sees, in any language; empty for the name.
        details: What the caller wants back from `Ledger.last_run`, as text of its own making.
    """

    name: str
    used: tuple[UsedFile, ...] = ()
    digest: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    started: datetime = field(default_factory=_now)
    agent: str = "emkg"
    label: str = ""
    details: str = ""


@dataclass(frozen=True)
class Commit:
    """What a commit did.

    `generation` is the one it made, or, when nothing changed, the one that stays; `activity` is the IRI of
    its PROV-O record, empty when nothing changed.
    """

    generation: int
    activity: str
    added: int
    removed: int

    @property
    def is_empty(self) -> bool:
        """Whether the ledger already held exactly this."""
        return not self.added and not self.removed


@dataclass(frozen=True)
class RunRecord:
    """The last accepted run of a name: its digest, the graphs it wrote, the generation it left behind.

    `details` is what the run's `Activity` said there.
    """

    name: str
    digest: str
    graphs: tuple[str, ...]
    generation: int
    ended: datetime
    details: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> RunRecord:
        """That of a row of the table `run`."""
        graphs, ended = tuple(row["graphs"]), utc(row["ended_at"])
        return cls(row["name"], row["digest"], graphs, row["generation"], ended, row["details"])


@dataclass(frozen=True)
class Generation:
    """One committed state: its number (from 1), its time in UTC, the IRI of the activity that made it."""

    number: int
    committed: datetime
    activity: str


@dataclass(frozen=True)
class GraphSummary:
    """A named graph: its IRI, its current quads, the generation that changed it last."""

    name: str
    quads: int
    generation: int


@dataclass(frozen=True)
class GraphChange:
    """How many quads a run adds to and removes from one graph."""

    graph: str
    added: int
    removed: int

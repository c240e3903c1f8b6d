"""Who holds an office: a wording's designations, looked up by topic and level; what settles no body stays open.

Three sources, the first that knows a wording wins: the exceptions (read through by hand), the listed wordings (named by
the facts word for word), the grammar. A rule says how what stays open is to be settled when a case arises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from emkg.ontology.office.designation import NO_BODY_LISTED, UNREAD, designations
from emkg.ontology.office.lexicon import LEVELS, Topic
from emkg.ontology.office.wording import DesignationKind, Lexicon, parse_wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emkg.ontology.office.wording import Designation, Wording

GOVERNMENT: Final = "government"


@dataclass(frozen=True)
class Usage:
    """In how many duties a wording stands, and the levels of those duties, as bearer and as receiver."""

    bearer_rows: int = 0
    receiver_rows: int = 0
    bearer_levels: frozenset[str] = frozenset()
    receiver_levels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """What a table says of one wording."""

    bodies: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Knowledge:
    """What resolution rests on."""

    lexicon: Lexicon
    topics: Mapping[str, Topic]
    exceptions: Mapping[str, Entry] = field(default_factory=dict)
    listed: Mapping[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True)
class Resolution:
    """A wording's bodies, each with the way it was found, its private classes, and the rules for the rest."""

    wording: str
    bodies: Mapping[str, str]
    classes: tuple[str, ...]
    rules: tuple[str, ...]
    note: str

    @property
    def kind(self) -> str:
        """`exact`, `reviewed` or `derived` where it has a body; else `private` or `open`."""
        ways = set(self.bodies.values())
        named = next((way for way in ("reviewed", "exact", "derived") if way in ways), "")
        return named or ("private" if self.classes else "open")


def read_wording(wording: str, lexicon: Lexicon) -> Wording:
    """The wording cut into its parts; brackets of either width are the same."""
    return parse_wording(wording.replace("(", "（").replace(")", "）"), lexicon)


def resolve(wording: str, usage: Usage, knowledge: Knowledge) -> Resolution:
    """The bodies, private classes and rules of the wording; never a guess: what is not settled has a rule."""
    if entry := knowledge.exceptions.get(wording):
        return _as_said(wording, entry, "reviewed")
    named = designations(read_wording(wording, knowledge.lexicon))
    derived = _derive(wording, named, usage, knowledge.topics)
    if entry := knowledge.listed.get(wording):
        return _as_said(wording, entry, "exact", derived)
    return derived


def _as_said(wording: str, entry: Entry, way: str, derived: Resolution | None = None) -> Resolution:
    bodies = dict.fromkeys(entry.bodies, way)
    if derived and entry.bodies:
        bodies = {**derived.bodies, **bodies}
    return Resolution(wording, bodies, entry.classes, entry.rules, entry.note)


def _derive(
    wording: str, named: Iterable[Designation], usage: Usage, topics: Mapping[str, Topic]
) -> Resolution:
    bodies: dict[str, str] = {}
    classes: list[str] = []
    rules: list[str] = []
    unread: list[str] = []
    for part in named:
        found = _bodies(part, usage, topics)
        bodies |= dict.fromkeys(found, "derived")
        if part.kind is DesignationKind.PRIVATE:
            classes.append(part.subject)
        elif not found:
            rules.append(_rule(part))
            unread += [part.text] if part.kind is DesignationKind.UNREAD else []
    note = f"unread: {'; '.join(unread)}" if unread else ""
    return Resolution(wording, bodies, _once(classes), _once(rules), note)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _rule(part: Designation) -> str:
    if part.kind is DesignationKind.ROLE:
        return part.subject
    return UNREAD if part.kind is DesignationKind.UNREAD else NO_BODY_LISTED


def _bodies(part: Designation, usage: Usage, topics: Mapping[str, Topic]) -> tuple[str, ...]:
    key = GOVERNMENT if part.kind is DesignationKind.GOVERNMENT else part.subject
    if part.kind in {DesignationKind.PRIVATE, DesignationKind.ROLE, DesignationKind.UNREAD}:
        return ()
    at = wanted_levels(part, usage)
    return tuple(body for level in LEVELS if level in at for body in topics[key].bodies.get(level, ()))


def wanted_levels(part: Designation, usage: Usage) -> frozenset[str]:
    """The levels at which the designation is meant, by its own words and by the duties it stands in.

    A bearer's level is the duty's. A receiver's is what its words state; 本级 and 同级 are the duty's, 上级 is above
    and 下级 below it. Without any statement a receiver may be at each level.
    """
    wanted: frozenset[str] = frozenset()
    if usage.bearer_rows:
        wanted |= _within(part.levels, usage.bearer_levels)
    if usage.receiver_rows:
        wanted |= _within(part.levels, _receiver_levels(part.relation, usage.receiver_levels))
    return wanted


def _within(stated: frozenset[str], used: frozenset[str]) -> frozenset[str]:
    """The stated levels that are used; the words decide where they and the duties share none."""
    known = used & frozenset(LEVELS)
    if not stated:
        return known or frozenset(LEVELS)
    return (stated & known) or stated


def _receiver_levels(relation: str, used: frozenset[str]) -> frozenset[str]:
    ranks = [LEVELS.index(level) for level in used if level in LEVELS]
    if not relation or not ranks:
        return frozenset(LEVELS)
    if relation == "above":
        return frozenset(LEVELS[: max(ranks)])
    return frozenset(LEVELS[min(ranks) + 1 :]) if relation == "below" else used

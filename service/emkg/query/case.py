"""The case a question is about: which type of event, where, handled at which level, on which date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from emkg.errors import NotFoundError, ParameterError
from emkg.query.answer import to_value
from emkg.query.catalogue import find_part
from emkg.query.run import run
from emkg.rdf import IRI, Literal, Term
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emkg.plan import Solution
    from emkg.query.run import Asker

Given = dict[str, tuple[Term, ...]]
SETTING: Final = ("event_type", "jurisdiction", "level")
GENERATED: Final = "is_generated"


def settle_case(given: Given, asker: Asker) -> Given:
    """Complete what was given: an event brings its type, place, level and date.

    Raises:
        NotFoundError: The event, type, division or level is not known.
        ParameterError: An event and its type, place or level were both given.
    """
    event = given.get("event")
    settled = _from_event(given, event, asker) if event else _checked(given, asker)
    if "as_of" not in settled:
        settled["as_of"] = (Literal(asker.today.isoformat(), XSD + "date"),)
    return settled


def date_of(given: Mapping[str, Sequence[Term]]) -> date:
    """The date of a settled case."""
    value = to_value(given["as_of"][0])
    if not isinstance(value, date):
        raise TypeError(f"as_of is no date: {value}")
    return value


def _from_event(given: Given, event: tuple[Term, ...], asker: Asker) -> Given:
    double = [name for name in SETTING if name in given]
    if double:
        raise ParameterError(
            f"{', '.join(double)} cannot be given beside event, which has its own",
            message_zh=f"已给出事件，不能再给 {'、'.join(double)}",
        )
    rows = run(find_part("event"), {"event": event}, asker).rows
    if not rows:
        raise NotFoundError(f"there is no event {event[0]}", message_zh=f"没有事件 {event[0]}")
    found = {name: _distinct(rows, name) for name in SETTING}
    missing = [name for name, terms in found.items() if not terms]
    if missing:
        raise ParameterError(
            f"the event {event[0]} says nothing of {', '.join(missing)}; ask by event_type, jurisdiction, level",
            message_zh=f"事件 {event[0]} 缺少 {'、'.join(missing)}；请改用 event_type、jurisdiction、level 提问",
        )
    start = _distinct(rows, "start")[:1]
    generated = _distinct(rows, GENERATED)
    return ({"as_of": start} if start else {}) | ({GENERATED: generated} if generated else {}) | found | given


def _checked(given: Given, asker: Asker) -> Given:
    setting = {name: given[name] for name in SETTING if name in given}
    if setting:
        rows = run(find_part("setting"), {name: given.get(name, ()) for name in SETTING}, asker).rows
        for name, terms in setting.items():
            unknown = set(terms) - set(_distinct(rows, name))
            if unknown:
                named = ", ".join(sorted(str(term) for term in unknown))
                raise NotFoundError(f"{name}: {named} is not known", message_zh=f"{name}：{named} 不存在")
    return dict(given)


def _distinct(rows: Sequence[Solution], name: str) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(row[name] for row in rows if name in row))


def iris(terms: Sequence[Term]) -> tuple[IRI, ...]:
    """Those terms that are IRIs."""
    return tuple(term for term in terms if isinstance(term, IRI))

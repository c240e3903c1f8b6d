"""Who must act, against the reference tables read by plain Python: the same duties and bodies, nothing else."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

import pytest

from emkg.query import ask
from emkg.vocabulary import CODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Demonstration

    from emkg.plan import Evaluator
    from emkg.query import Answer

    Row: TypeAlias = dict[str, str]
    Table: TypeAlias = Callable[[str], list[Row]]

SEED = 20_260_815
COMBINATIONS = 20
PLACES = ("310000", "310115", "110000", "440300", "370000", "100000")
LEVELS = ("national", "province", "city", "county", "township", "unit")
CHAPTERS = {
    "risk-management": "prevention-and-preparedness",
    "preparedness": "prevention-and-preparedness",
    "monitoring": "monitoring-and-warning",
    "warning": "monitoring-and-warning",
    "response": "response-and-rescue",
    "rescue": "response-and-rescue",
    "recovery": "recovery-and-reconstruction",
    "reconstruction": "recovery-and-reconstruction",
}
PHASES = ("", *CHAPTERS, *sorted(set(CHAPTERS.values())))
HAZE = "11B19"

Acting: TypeAlias = "set[tuple[str, str, str, str, int]]"


@dataclass(frozen=True)
class Asked:
    """One combination; an empty phase is any."""

    event_type: str
    day: str
    place: str
    level: str
    phase: str = ""

    @property
    def parameters(self) -> Row:
        given = {
            "event_type": self.event_type,
            "jurisdiction": self.place,
            "level": self.level,
            "as_of": self.day,
        }
        return given | ({"phase": self.phase} if self.phase else {})


# Both ends of each interval that can begin or end an answer: an act's text, its force, an office's holder.
EDGES = (
    Asked(HAZE, "2015-12-31", "310000", "city"),  # before the air law
    Asked(HAZE, "2016-01-01", "310000", "city"),  # in force, its text not held
    Asked(HAZE, "2018-10-25", "310000", "city"),
    Asked(HAZE, "2018-10-26", "310000", "city"),  # held from this day
    Asked(HAZE, "2026-08-14", "310000", "city"),
    Asked(HAZE, "2026-08-15", "310000", "city"),  # the code replaces it
    Asked(HAZE, "2018-02-28", "310000", "national"),  # the ministries before and after the reform
    Asked(HAZE, "2018-03-01", "310000", "national"),
    Asked("10000", "2024-10-31", "310115", "county", "response-and-rescue"),
    Asked("10000", "2024-11-01", "310115", "county", "response-and-rescue"),
    Asked(HAZE, "2020-01-01", "310115", "county"),  # the city's own regulation binds in a district of it
    Asked(HAZE, "2020-01-01", "110000", "city"),  # and not in another city
)  # fmt: skip


def _parents(rows: list[Row], key: str, parent: str) -> dict[str, str]:
    return {row[key]: row[parent] for row in rows}


def _line(parents: dict[str, str], start: str) -> list[str]:
    """The thing and everything above it, nearest first."""
    line = [start]
    while parents.get(line[-1]):
        line.append(parents[line[-1]])
    return line


def _holds(begin: str, end: str, day: str) -> bool:
    """Ends are exclusive; what is not known excludes nothing."""
    return (not begin or begin <= day) and (not end or day < end)


def _is_of_phase(duty: Row, phase: str) -> bool:
    return not phase or duty["phase"] in {phase, "whole-process"} or CHAPTERS.get(duty["phase"]) == phase


def _acts(table: Table, asked: Asked) -> set[str]:
    """Acts whose text is held and in force on the day, and that bind in the place."""
    places = _line(_parents(table("divisions"), "code", "within"), asked.place)
    return {
        act["act"]
        for act in table("acts")
        if act["jurisdiction"] in places
        and act["version_from"]
        and act["effective"]
        and _holds(max(act["version_from"], act["effective"]), act["superseded_on"], asked.day)
    }


def expected(table: Table, asked: Asked) -> Acting:
    """(duty, office, body, type of the duty, its distance) as the tables have it."""
    types = _line(_parents(table("event-types"), "code", "parent"), asked.event_type)
    acts = _acts(table, asked)
    return {
        (duty["id"], office, body, one, types.index(one))
        for duty in table("duties")
        if duty["act"] in acts
        and asked.level in duty["levels"].split(";")
        and _is_of_phase(duty, asked.phase)
        for one in duty["event_types"].split(";")
        if one in types
        for office in duty["bearers"].split(";")
        for body in _holders(table, office, asked) or [""]
    }


def _holders(table: Table, office: str, asked: Asked) -> list[str]:
    return [
        row["body"]
        for row in table("incumbencies")
        if row["office"] == office
        and row["level"] == asked.level
        and _holds(row["from"], row["until"], asked.day)
    ]


def found(answer: Answer) -> Acting:
    def local(value: object, kind: str) -> str:
        return unquote(str(value).strip("<>").removeprefix(f"{CODE}{kind}/")) if value is not None else ""

    return {
        (
            local(row["duty"], "duty"),
            local(row["office"], "office"),
            local(row["body"], "body"),
            local(row["duty_type"], "event"),
            int(str(row["specificity"])),
        )
        for row in answer.rows
    }


@pytest.fixture(scope="module")
def evaluator(demonstration: Demonstration) -> Iterator[Evaluator]:
    with demonstration.opened() as (_, evaluator):
        yield evaluator


def _days(table: Table) -> list[str]:
    """The first day of everything in the tables that begins or ends, and the day before it."""
    firsts = {row[name] for row in table("acts") for name in ("effective", "version_from", "superseded_on")}
    firsts |= {row[name] for row in table("incumbencies") for name in ("from", "until")}
    days = [date.fromisoformat(first) for first in firsts if first]
    return sorted({each.isoformat() for day in days for each in (day, day - timedelta(days=1))})


def combinations(table: Table) -> Iterator[Asked]:
    chance = random.Random(SEED)  # noqa: S311  (a sample, no secret)
    types = [row["code"] for row in table("event-types")]
    days = _days(table)
    for _ in range(COMBINATIONS):
        yield Asked(
            chance.choice(types),
            chance.choice(days),
            chance.choice(PLACES),
            chance.choice(LEVELS),
            chance.choice(PHASES),
        )


def test_random_combinations_give_exactly_the_duties_and_bodies_of_the_tables(
    table: Table, evaluator: Evaluator
) -> None:
    answered = 0
    for asked in combinations(table):
        acting = expected(table, asked)
        assert found(ask("who-must-act", asked.parameters, evaluator)) == acting, asked
        answered += bool(acting)

    assert answered > COMBINATIONS // 2


@pytest.mark.parametrize(
    "asked", EDGES, ids=lambda asked: f"{asked.event_type}-{asked.day}-{asked.place}-{asked.level}"
)
def test_both_ends_of_an_interval_give_what_the_tables_say(
    table: Table, evaluator: Evaluator, asked: Asked
) -> None:
    assert found(ask("who-must-act", asked.parameters, evaluator)) == expected(table, asked)


def test_duties_without_a_level_are_named(table: Table, evaluator: Evaluator) -> None:
    asked = EDGES[3]
    answer = ask("who-must-act", asked.parameters, evaluator)

    (note,) = (note for note in answer.notes if note.code == "level-not-stated")
    types = set(_line(_parents(table("event-types"), "code", "parent"), HAZE))
    assert {subject.value.removeprefix(f"{CODE}duty/") for subject in note.subjects} == {
        duty["id"]
        for duty in table("duties")
        if not duty["levels"]
        and duty["act"] in _acts(table, asked)
        and types & set(duty["event_types"].split(";"))
    }


def test_a_version_that_is_in_force_and_not_held_is_named(table: Table, evaluator: Evaluator) -> None:
    day = "2016-01-01"
    answer = ask("who-must-act", EDGES[1].parameters, evaluator)

    named = {
        subject.value.removeprefix(f"{CODE}act/")
        for note in answer.notes
        if note.code == "version-not-held"
        for subject in note.subjects
    }
    types = set(_line(_parents(table("event-types"), "code", "parent"), HAZE))
    with_duties = {duty["act"] for duty in table("duties") if types & set(duty["event_types"].split(";"))}
    assert "air-law" in named
    assert named == {
        act["act"]
        for act in table("acts")
        if act["act"] in with_duties
        and act["jurisdiction"] in {"310000", "100000"}
        and _holds(act["effective"], act["superseded_on"], day)
        and act["version_from"] > day
    }

"""Coverage before and after the Emergency Response Law's revision, against the legal facts alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.audit import compute_coverage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Demonstration

    Facts: TypeAlias = Callable[[str], list[dict[str, str]]]
    # event type, phase, level, duty
    Entry: TypeAlias = tuple[str, str, str, str]

BEFORE, AFTER = "2024-10-31", "2024-11-01"
SHANGHAI = "310000"
BINDING_THERE = {"100000", SHANGHAI}
PHASES = {
    "风险管理": "risk-management",
    "应急准备": "preparedness",
    "监测": "monitoring",
    "预警": "warning",
    "应急处置": "response",
    "救援": "rescue",
    "恢复": "recovery",
    "重建": "reconstruction",
    "全程": "whole-process",
}
LEVELS = {
    "国家": "national",
    "省": "province",
    "市": "city",
    "县": "county",
    "乡": "township",
    "社区": "community",
    "单位": "unit",
    "": "unspecified",
}


def _acts_in_force(facts: Facts, day: str) -> set[str]:
    """The act versions that are held and in force in Shanghai on the day."""
    return {
        act["act"]
        for act in facts("acts")
        if act["jurisdiction"].split()[0] in BINDING_THERE
        and act["version_from"].rstrip("?") <= day
        and (not act["superseded_on"] or act["superseded_on"].rstrip("?") > day)
    }


def _entries_of(facts: Facts, acts: set[str]) -> set[Entry]:
    return {
        (event_type, PHASES[duty["phase"]], LEVELS[level], duty["id"])
        for duty in facts("duties")
        if duty["act"] in acts
        for event_type in duty["event_types"].split(";")
        for level in duty["levels"].split(";")
    }


@pytest.fixture(scope="module")
def entries(demonstration: Demonstration) -> dict[str, set[Entry]]:
    """By date: what `emkg audit coverage` says of each cell, one entry for each of its duties."""
    with demonstration.opened() as (_, evaluator):
        found = {
            day: compute_coverage(evaluator, date.fromisoformat(day), SHANGHAI) for day in (BEFORE, AFTER)
        }
    return {
        day: {
            (cell.event_type.key, cell.phase, cell.level, duty.duty)
            for cell in coverage.cells
            for duty in cell.duties
        }
        for day, coverage in found.items()
    }


def test_the_acts_that_change_are_the_emergency_response_law_and_the_shanghai_weather_rules(
    facts: Facts,
) -> None:
    before, after = _acts_in_force(facts, BEFORE), _acts_in_force(facts, AFTER)

    assert before - after == {"erl-2007"}
    assert after - before == {"erl-2024", "sh-met"}


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_every_duty_in_force_is_in_exactly_its_cells(
    entries: dict[str, set[Entry]], facts: Facts, day: str
) -> None:
    expected = _entries_of(facts, _acts_in_force(facts, day))

    assert len(expected) > 10_000
    assert entries[day] == expected


def test_the_duties_of_the_old_law_go_and_nothing_else_does(
    entries: dict[str, set[Entry]], facts: Facts
) -> None:
    assert entries[BEFORE] - entries[AFTER] == _entries_of(facts, {"erl-2007"})


def test_the_duties_of_the_new_law_and_the_weather_rules_come_and_nothing_else_does(
    entries: dict[str, set[Entry]], facts: Facts
) -> None:
    assert entries[AFTER] - entries[BEFORE] == _entries_of(facts, {"erl-2024", "sh-met"})

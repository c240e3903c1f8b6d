"""Questions that an application wrote from the reference alone: their answers are what the tables say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.competency.conftest import Asked

    Facts: TypeAlias = Callable[[str], list[dict[str, str]]]

ON = "2026-09-01"


def _in_force(table: Facts, binding: set[str]) -> set[str]:
    return {
        act["act"]
        for act in table("acts")
        if act["version_from"] <= ON < (act["superseded_on"] or "9999") and act["jurisdiction"] in binding
    }


def _holders(table: Facts, level: str) -> dict[str, set[str]]:
    """Office -> the bodies that ever held it at the level, with their time."""
    holders = defaultdict(set)
    for one in table("incumbencies"):
        if one["level"] == level and (one["from"] or ON) <= ON < (one["until"] or "9999"):
            holders[one["office"]].add(one["body"])
    return holders


def test_bodies_that_ended_are_counted_by_the_duties_still_worded_for_them(
    graph: Asked, table: Facts
) -> None:
    acts = _in_force(table, {row["jurisdiction"] for row in table("acts")})
    offices = defaultdict(set)
    for one in table("incumbencies"):
        if one["level"] == "national":
            offices[one["body"]].add(one["office"])
    duties = [d for d in table("duties") if d["act"] in acts and "national" in d["levels"].split(";")]
    expected = set()
    for body in table("bodies"):
        count = sum(bool(offices[body["id"]] & set(duty["bearers"].split(";"))) for duty in duties)
        if body["valid_until"] and body["valid_until"] <= ON and count:
            for successor in filter(None, body["successor"].split(";")):
                expected.add((body["id"], body["valid_until"], successor, str(count)))

    assert graph.ask("ended-bodies") == expected
    assert ("n-mlr", "2018-03-01", "n-mnr", "16") in expected


def test_reports_by_the_clock_are_those_of_the_duty_rows(graph: Asked, table: Facts) -> None:
    acts = _in_force(table, {"100000", "310000"})
    holders = _holders(table, "city")
    expected = set()
    for duty in table("duties"):
        is_accident = any(code.startswith("12") for code in duty["event_types"].split(";"))
        is_clock_report = duty["action"] == "report" and duty["deadline_unit"] == "clock"
        if duty["act"] in acts and is_accident and is_clock_report and "city" in duty["levels"].split(";"):
            bodies = {body for office in duty["bearers"].split(";") for body in holders[office]}
            for receiver in duty["receiver"].split(";"):
                for body in bodies:
                    expected.add((duty["act"], duty["article"], body, duty["deadline"], receiver))

    answer = graph.ask("clock-reports")
    assert {row for row in answer if row[2]} == expected
    assert ("accident-report", "11", "c-em", "PT2H", "上一级部门") in expected


def test_dropped_articles_are_those_without_a_successor(graph: Asked, table: Facts) -> None:
    dropped = {
        (row["from_act"], row["from_article"], row["what_changed_zh"])
        for row in table("successions")
        if row["kind"] == "dropped"
    }

    assert graph.ask("dropped-articles") == dropped
    assert not [row for row in table("successions") if row["kind"] == "dropped" and row["to_article"]]

"""The haze case by the reference tables alone: which article calls which body, and what changes on 2026-08-15."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Table: TypeAlias = Callable[[str], list[dict[str, str]]]

BEFORE, AFTER = "2026-08-10", "2026-08-20"
ACTS_OF_THE_CASE = {"air-law", "ecoenv-code-2", "sh-air", "road-law"}


def _holds(row: dict[str, str], start: str, end: str, date: str) -> bool:
    return (not row[start] or row[start] <= date) and (not row[end] or row[end] > date)


def _called(table: Table, event_type: str, date: str) -> dict[str, set[str]]:
    """Body of the city -> the articles that call it in Shanghai on the date."""
    parents = {row["code"]: row["parent"] for row in table("event-types")}
    types = set()
    while event_type:
        types.add(event_type)
        event_type = parents[event_type]
    acts = {
        act["act"]
        for act in table("acts")
        if act["jurisdiction"] in {"100000", "310000"} and _holds(act, "version_from", "superseded_on", date)
    }
    holders = defaultdict(set)
    for row in table("incumbencies"):
        if row["level"] == "city" and _holds(row, "from", "until", date):
            holders[row["office"]].add(row["body"])
    called = defaultdict(set)
    for duty in table("duties"):
        if (
            duty["act"] in acts
            and "city" in duty["levels"].split(";")
            and types & set(duty["event_types"].split(";"))
        ):
            for body in {b for office in duty["bearers"].split(";") for b in holders[office]}:
                called[body].add(f"{duty['act']} {duty['article']}")
    return called


def _of_the_case(articles: set[str]) -> set[str]:
    return {article for article in articles if article.split()[0] in ACTS_OF_THE_CASE}


@pytest.mark.parametrize(
    ("body", "before", "after"),
    [
        ("c-eco", {"air-law 93", "air-law 95"}, {"ecoenv-code-2 261", "ecoenv-code-2 263"}),
        ("c-met", {"air-law 93", "air-law 95"}, {"ecoenv-code-2 261", "ecoenv-code-2 263"}),
        (
            "c-gov",
            {"air-law 94", "air-law 95", "air-law 96"},
            {"ecoenv-code-2 262", "ecoenv-code-2 263", "ecoenv-code-2 264"},
        ),
    ],
)
def test_the_air_law_gives_way_to_the_code(
    table: Table, body: str, before: set[str], after: set[str]
) -> None:
    old = _of_the_case(_called(table, "11B19", BEFORE)[body])
    new = _of_the_case(_called(table, "11B19", AFTER)[body])

    assert old - new == before
    assert new - old == after


@pytest.mark.parametrize(
    ("body", "articles"),
    [
        ("c-health", {"sh-air 29"}),
        ("c-edu", {"sh-air 29"}),
        ("c-eit", {"sh-air 28", "sh-air 29"}),
        ("c-police", {"sh-air 29", "sh-air 81"}),
        ("c-traffic", {"road-law 40"}),
    ],
)
def test_the_other_departments_keep_their_articles(table: Table, body: str, articles: set[str]) -> None:
    for date in (BEFORE, AFTER):
        assert _of_the_case(_called(table, "11B19", date)[body]) == articles


def test_the_shanghai_air_regulation_rests_on_acts_that_ended(table: Table) -> None:
    acts = {act["act"]: act for act in table("acts")}

    assert acts["sh-air"]["implements"] == "air-law;env-law"
    assert {acts[act]["superseded_on"] for act in ("air-law", "env-law")} == {"2026-08-15"}


def test_before_2018_no_air_law_is_held(table: Table) -> None:
    called = _called(table, "11B19", "2015-11-28")

    assert all(not _of_the_case(articles) for articles in called.values())


def test_the_lead_departments_of_the_chain_are_those_of_the_paper(table: Table) -> None:
    leads = {row["code"]: row["lead_bodies"].split(";") for row in table("event-types")}

    assert leads["11B19"] == ["c-met", "c-eco"]
    assert leads["respiratory-outbreak"] == ["c-health"]
    assert "c-police" in leads["12H00"]

"""Wordings resolve to bodies by level, topic and date; tables and grammar agree; what is open says why."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest

from emkg.content import content_root
from emkg.ontology.office.command import explain, main, stale_tables
from emkg.ontology.office.coverage import measure_coverage, render_coverage
from emkg.ontology.office.resolution import Usage, resolve
from emkg.ontology.office.table import make_tables, read_knowledge

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ontology.office.resolution import Knowledge, Resolution
    from emkg.ontology.office.table import OfficeTables

ROOT = content_root()
REFERENCE = ROOT / "ontology" / "reference"
CITY = frozenset({"city"})


@pytest.fixture(scope="module")
def tables() -> OfficeTables:
    return make_tables(REFERENCE)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return read_knowledge(REFERENCE / "wording")


def _borne(wording: str, knowledge: Knowledge, *levels: str) -> Resolution:
    return resolve(wording, Usage(1, 0, frozenset(levels)), knowledge)


def _received(wording: str, knowledge: Knowledge, *levels: str) -> set[str]:
    return set(resolve(wording, Usage(0, 1, frozenset(), frozenset(levels)), knowledge).bodies)


def test_grammar_and_tables_agree(tables: OfficeTables) -> None:
    assert stale_tables(tables, REFERENCE) == [], "run python -m emkg.ontology.office --write"


def test_nine_of_ten_duties_name_a_body_or_a_private_class_as_bearer(tables: OfficeTables) -> None:
    coverage = measure_coverage(tables)

    assert coverage["bearers"].settled_share >= 0.9
    assert coverage["bearers"].rows_total == len(tables.duties)


def test_the_guide_shows_the_coverage_of_today(tables: OfficeTables) -> None:
    guide = (ROOT / "docs" / "guide" / "offices.md").read_text(encoding="utf-8")

    assert render_coverage(measure_coverage(tables)) in guide


def test_every_wording_is_resolved_private_or_open_with_a_rule(tables: OfficeTables) -> None:
    for found in tables.resolutions.values():
        assert found.bodies or found.classes or found.rules, found.wording


def test_every_exception_is_a_wording_of_the_duties(tables: OfficeTables, knowledge: Knowledge) -> None:
    assert set(knowledge.exceptions) <= set(tables.resolutions)
    assert set(knowledge.listed) <= set(tables.resolutions)


def test_a_body_of_a_topic_is_a_public_body_of_that_level(knowledge: Knowledge) -> None:
    with (REFERENCE / "bodies.csv").open(encoding="utf-8", newline="") as file:
        bodies = {row["id"]: row for row in csv.DictReader(file)}

    for topic in knowledge.topics.values():
        for level, named in topic.bodies.items():
            assert {bodies[body]["level"] for body in named} == {level}, topic.key
            assert {bodies[body]["is_role"] for body in named} == {""}, topic.key


def test_a_bearer_is_at_the_levels_of_its_duties(knowledge: Knowledge) -> None:
    found = _borne("财政、教育等部门", knowledge, "city")

    assert set(found.bodies) == {"c-finance", "c-edu"}
    assert (found.kind, found.rules) == ("derived", ("by-matter",))


def test_the_words_level_outweighs_the_duties(knowledge: Knowledge) -> None:
    assert set(_borne("国务院及其有关部门", knowledge, "national", "city").bodies) == {"n-gov"}


def test_a_predecessor_is_named_beside_its_successor(tables: OfficeTables) -> None:
    held = {
        row["body"]: row
        for row in csv.DictReader(tables.incumbencies.splitlines())
        if row["office"] == "市、区环境保护部门"
    }

    assert held["c-mep"]["until"] == held["c-eco"]["from"] == "2018-03-01"


def test_no_body_is_guessed_where_the_table_has_none(knowledge: Knowledge) -> None:
    found = _borne("区水行政主管部门", knowledge, "county")

    assert (dict(found.bodies), found.kind, found.rules) == ({}, "open", ("no-body-listed",))


def test_a_receiver_above_is_above_the_duty(knowledge: Knowledge) -> None:
    assert _received("上级人民政府防汛指挥部", knowledge, "city") == {"n-flood", "p-flood"}
    assert _received("下级卫生行政部门", knowledge, "city") == {"k-health"}
    assert _received("同级卫生行政部门", knowledge, "county") == {"k-health"}


def test_a_receiver_of_a_private_bearers_report_may_be_at_each_level(knowledge: Knowledge) -> None:
    assert _received("水利部门", knowledge, "unit") == {"n-mwr", "c-water"}


def test_other_bodies_than_the_listed_one_stay_open(knowledge: Knowledge) -> None:
    assert _borne("其他负有安全生产监督管理职责的部门", knowledge, "city").kind == "open"


def test_a_wording_of_bodies_and_persons_has_both(knowledge: Knowledge) -> None:
    found = _borne("公安机关和有关单位", knowledge, "city")

    assert (set(found.bodies), found.classes) == ({"c-police"}, ("any-person",))


def test_half_width_brackets_are_read_like_full_ones(knowledge: Knowledge) -> None:
    assert _received("乡(镇)人民政府", knowledge, "township") == {"t-gov"}


def test_the_haze_case_draws_in_the_bodies_that_its_articles_name(tables: OfficeTables) -> None:
    drawn = {
        body: {duty["act"] for duty in tables.duties if _calls_for_haze(duty, body, tables)}
        for body in (
            "c-eco",
            "c-met",
            "c-health",
            "c-edu",
            "c-eit",
            "c-police",
            "c-forest",
            "c-housing",
            "c-gov",
        )
    }
    every = {
        body
        for duty in tables.duties
        if _is_haze_in_shanghai(duty)
        for word in duty["bearers"].split(";")
        for body in tables.resolutions[word].bodies
        if body.startswith("c-")
    }

    assert all(drawn.values())
    assert every - set(drawn) == {"c-transport", "c-urban"}


def _is_haze_in_shanghai(duty: dict[str, str]) -> bool:
    acts = {"sh-air", "air-law", "ecoenv-code-2"}
    is_at_the_city = "city" in duty["levels"].split(";")
    return duty["act"] in acts and is_at_the_city and "11B19" in duty["event_types"].split(";")


def _calls_for_haze(duty: dict[str, str], body: str, tables: OfficeTables) -> bool:
    words = duty["bearers"].split(";")
    return _is_haze_in_shanghai(duty) and any(body in tables.resolutions[word].bodies for word in words)


def test_the_command_writes_what_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reference"
    (folder / "wording").mkdir(parents=True)
    for name in ("duties.csv", "bodies.csv", "wording/words.csv", "wording/topics.csv", "wording/listed.csv"):
        shutil.copy(REFERENCE / name, folder / name)
    shutil.copy(REFERENCE / "wording" / "exceptions.csv", folder / "wording" / "exceptions.csv")

    stale = main(["--reference", str(folder)])
    written = main(["--reference", str(folder), "--write"])
    again = main(["--reference", str(folder)])

    assert (stale, written, again) == (1, 0, 0)
    assert "--write" in capsys.readouterr().err


def test_a_wording_is_explained() -> None:
    text = explain("市或者区生态环境部门", REFERENCE)

    assert "市/level 或者/joint 区/level 生态环境/topic 部门/head" in text
    assert "derived: c-eco" in text

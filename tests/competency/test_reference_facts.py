"""The reference tables hold the shared facts: all of them, unchanged, and no text of a statute."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Table: TypeAlias = Callable[[str], list[dict[str, str]]]

LEVELS = {
    "国家": "national",
    "省": "province",
    "市": "city",
    "县": "county",
    "乡": "township",
    "社区": "community",
    "单位": "unit",
}
RUN = 15  # characters that a paraphrase may not share with the statute in one run
LIST_RUN = 18  # an enumeration of technical terms may be a little longer

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(
    ("name", "source", "own"),
    [
        ("acts", "acts", 0),
        ("bodies", "departments", 0),
        ("duties", "duties", 0),
        ("event-types", "event_types", 1),
        ("successions", "successions", 0),
    ],
)
def test_every_fact_has_its_row(table: Table, facts: Table, name: str, source: str, own: int) -> None:
    assert len(table(name)) == len(facts(source)) + own


def test_every_bearer_and_receiver_wording_is_an_office(table: Table, facts: Table) -> None:
    wide = str.maketrans("()", "（）")
    bearers = {part.translate(wide) for duty in facts("duties") for part in duty["bearer"].split(";")}
    receivers = {part for duty in facts("duties") for part in duty["receiver"].split(";") if part}
    private = {row["wording"].translate(wide): row["class"] for row in facts("bearers-not-public")}

    offices = {office["wording"]: office for office in table("offices")}
    assert set(offices) == bearers | receivers | set(private)
    assert {offices[wording]["resolution"] for wording in private} == {"private"}
    assert {wording: offices[wording]["bearer_class"] for wording in private} == private


def test_duties_keep_their_facts(table: Table, facts: Table) -> None:
    kept = (
        "act",
        "article",
        "clause",
        "modality",
        "action",
        "event_types",
        "deadline",
        "receiver",
        "confidence",
    )
    mine = {duty["id"]: duty for duty in table("duties")}

    for fact in facts("duties"):
        duty = mine[fact["id"]]
        assert [duty[column] for column in kept] == [fact[column] for column in kept]
        assert duty["levels"] == ";".join(LEVELS[level] for level in fact["levels"].split(";") if level)
        assert duty["bearers"] == fact["bearer"].replace("(", "（").replace(")", "）")


def test_acts_keep_their_dates_and_doubts(table: Table, facts: Table) -> None:
    mine = {act["act"]: act for act in table("acts")}

    for fact in facts("acts"):
        act = mine[fact["act"]]
        assert act["version_from"] == fact["version_from"]
        for column in ("promulgated", "effective", "superseded_on"):
            doubt = "?" if act[f"{column}_doubtful"] == "true" else ""
            assert act[column] + doubt == fact[column]


def test_no_anchor_reaches_the_reference(table: Table) -> None:
    assert "anchor" not in table("duties")[0]


def _texts(shared_dir: Path) -> dict[str, str]:
    folder = shared_dir / "domain" / "law-texts"
    return {
        re.sub(r"-\d{4}-\d\d-\d\d$", "", file.stem): re.sub(r"\s", "", file.read_text(encoding="utf-8"))
        for file in folder.glob("*.md")
    }


def _shared_run(text: str, statute: str, length: int) -> bool:
    text = re.sub(r"\s", "", text)
    return any(text[start : start + length] in statute for start in range(len(text) - length + 1))


@pytest.mark.parametrize(
    ("column", "length"),
    [("paraphrase_zh", RUN), ("note", RUN), ("condition", LIST_RUN), ("object", LIST_RUN)],
)
def test_no_cell_runs_along_a_statutes_words(
    table: Table, shared_dir: Path, column: str, length: int
) -> None:
    texts = _texts(shared_dir)

    copied = [duty["id"] for duty in table("duties") if _shared_run(duty[column], texts[duty["act"]], length)]
    assert copied == []

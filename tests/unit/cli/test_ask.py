from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg

QUESTIONS = ("who-must-act", "departments-involved", "coordination-form", "portfolio-exceeded")


@pytest.mark.parametrize(("language", "title"), [("en", "Who must act"), ("zh", "谁必须行动")])
def test_without_a_question_they_are_listed_with_their_parameters(
    emkg: Emkg, language: str, title: str
) -> None:
    listed = emkg("ask", language=language)

    assert listed.code == 0
    assert all(f"{name}" in listed.out for name in QUESTIONS)
    assert title in listed.out
    assert "event_type" in listed.out


def test_a_table_names_body_act_and_article(emkg: Emkg, ingested_town: Path) -> None:
    answer = emkg("ask", "who-must-act", "event=F1", "--workspace", ingested_town)

    assert answer.code == 0
    assert "Town fire brigade" in answer.out
    assert "Town Fire Rules" in answer.out
    assert "As of 2026-03-01" in answer.out


def test_a_table_in_chinese(emkg: Emkg, ingested_town: Path) -> None:
    answer = emkg("ask", "who-must-act", "event=F1", "--workspace", ingested_town, language="zh")

    assert "镇消防队" in answer.out
    assert "镇消防规定" in answer.out
    assert "截至 2026-03-01" in answer.out


def test_json_holds_parameters_columns_and_rows(emkg: Emkg, ingested_town: Path) -> None:
    words = ("who-must-act", "event_type=fire", "as_of=2026-03-01", "--format", "json")

    document = json.loads(emkg("ask", *words, "--workspace", ingested_town).out)

    (row,) = document["rows"]
    assert document["as_of"] == "2026-03-01"
    assert row["body"] == "https://w3id.org/emkg/code/body/t-fire"
    assert row["article"] == "https://w3id.org/emkg/code/act/town-fire/article/7"
    assert set(row) == set(document["columns"])


def test_before_the_act_nobody_must(emkg: Emkg, ingested_town: Path) -> None:
    words = ("who-must-act", "event_type=fire", "as_of=2019-12-31", "--format", "json")

    answer = emkg("ask", *words, "--workspace", ingested_town)

    assert answer.code == 0
    assert json.loads(answer.out)["rows"] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("who-must-akt",), "did you mean who-must-act"),
        (("who-must-act", "event_typ=fire"), "did you mean event_type?"),
        (("who-must-act", "fire"), "'fire' is no parameter; write name=value"),
        (("who-must-act",), "who-must-act needs event or event_type + jurisdiction + level"),
        (("who-must-act", "event_type=fire", "as_of=tomorrow"), "tomorrow"),
        (("who-must-act", "event_type=fyre"), "fyre"),
        (("who-must-act", "event=F9"), "there is no event"),
    ],
)
def test_a_question_asked_wrongly_ends_with_1_and_says_what_to_change(
    emkg: Emkg, ingested_town: Path, words: tuple[str, ...], message: str
) -> None:
    ended = emkg("ask", *words, "--workspace", ingested_town)

    assert ended.code == 1
    assert ended.out == ""
    assert message in ended.err


def test_errors_come_in_chinese_first(emkg: Emkg, ingested_town: Path) -> None:
    ended = emkg("ask", "who-must-act", "event_typ=fire", "--workspace", ingested_town, language="zh")

    chinese, english = ended.err.splitlines()
    assert chinese.startswith("问题 who-must-act 没有参数")
    assert "did you mean event_type?" in english

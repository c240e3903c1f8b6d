"""Who must act: by date, place, level and type."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from emkg.query import Answer, AskContext, ask
from emkg.rdf import IRI

if TYPE_CHECKING:
    from emkg.plan import Evaluator

HAZE = {"event_type": "haze", "jurisdiction": "310", "level": "city"}


def last(value: Any) -> str:
    return str(value.value).rpartition("/")[2] if isinstance(value, IRI) else str(value)


def found(answer: Answer, *columns: str) -> set[tuple[str, ...]]:
    return {tuple(last(row[column]) for column in columns) for row in answer.rows}


def codes(answer: Answer) -> list[str]:
    return [note.code for note in answer.notes]


@pytest.mark.parametrize(
    ("day", "acts"),
    [
        ("2026-08-14", {"law", "local", "general"}),
        ("2026-08-15", {"code", "local", "general"}),
        ("2015-01-01", {"local", "general"}),
        ("2010-01-01", {"general"}),
    ],
)
def test_only_articles_in_force_and_held_on_the_date_count(
    evaluator: Evaluator, day: str, acts: set[str]
) -> None:
    answer = ask("who-must-act", HAZE, evaluator, as_of=date.fromisoformat(day))

    assert found(answer, "act") == {(act,) for act in acts}


def test_an_event_brings_type_place_level_and_date(evaluator: Evaluator) -> None:
    answer = ask("who-must-act", {"event": "e1"}, evaluator)

    assert answer.as_of == date(2026, 8, 20)
    assert ("code", "263", "eco", "0") in found(answer, "act", "article_number", "body", "specificity")
    assert last(IRI(answer.parameters["jurisdiction"][0])) == "310"
    assert answer.generation == 5


def test_the_date_given_wins_over_the_events(evaluator: Evaluator) -> None:
    answer = ask("who-must-act", {"event": "e1", "as_of": "2026-08-01"}, evaluator)

    assert answer.as_of == date(2026, 8, 1)
    assert ("law",) in found(answer, "act")


def test_duties_for_the_type_itself_come_first(evaluator: Evaluator) -> None:
    answer = ask("who-must-act", {"event": "e1"}, evaluator)

    distances = [row["specificity"] for row in answer.rows]
    assert distances == sorted(distances)
    assert set(distances) == {0, 2}


def test_a_local_act_binds_only_in_its_jurisdiction(evaluator: Evaluator) -> None:
    answer = ask("who-must-act", HAZE | {"jurisdiction": "110"}, evaluator, as_of=date(2020, 1, 1))

    assert found(answer, "act") == {("law",), ("general",)}


def test_the_body_in_office_on_the_date_is_named(evaluator: Evaluator) -> None:
    before = ask("who-must-act", HAZE, evaluator, as_of=date(2018, 2, 28))
    after = ask("who-must-act", HAZE, evaluator, as_of=date(2018, 3, 1))

    assert ("环保", "env") in found(before, "office", "body")
    assert ("环保", "eco") in found(after, "office", "body")
    assert ("ministry",) not in found(after, "body")


def test_an_office_without_a_holder_is_open(evaluator: Evaluator) -> None:
    answer = ask("who-must-act", HAZE, evaluator, as_of=date(2020, 1, 1))

    assert {("有关部门", "None"), ("企业", "None")} <= found(answer, "office", "body")
    note = next(note for note in answer.notes if note.code == "open-office")
    assert [last(subject) for subject in note.subjects] == ["有关部门"]


def test_an_act_that_implements_repealed_law_is_flagged(evaluator: Evaluator) -> None:
    before = ask("who-must-act", HAZE, evaluator, as_of=date(2026, 8, 14))
    after = ask("who-must-act", HAZE, evaluator, as_of=date(2026, 8, 15))

    assert "on-repealed-ground" not in codes(before)
    assert {row["on_repealed_ground"] for row in after.rows if last(row["act"]) == "local"} == {True}
    assert {row["on_repealed_ground"] for row in after.rows if last(row["act"]) != "local"} == {False}
    assert "on-repealed-ground" in codes(after)


def test_versions_that_are_not_held_are_named(evaluator: Evaluator) -> None:
    answer = ask("who-must-act", {"event": "beijing"}, evaluator)

    note = next(note for note in answer.notes if note.code == "version-not-held")
    assert [last(act) for act in note.subjects] == ["law"]
    assert "旧法" in note.text.zh
    assert "2018-10-26" in note.text.en
    assert "no-duty-for-the-type" in codes(answer)


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("warning", {"code-263-1", "general-7-1"}),
        ("response", {"local-29-1", "local-29-2", "general-7-1"}),
        ("response-and-rescue", {"local-29-1", "local-29-2", "general-7-1"}),
    ],
)
def test_a_phase_narrows_the_answer_and_the_whole_process_stays(
    evaluator: Evaluator, phase: str, expected: set[str]
) -> None:
    answer = ask("who-must-act", {"event": "e1", "phase": phase}, evaluator)

    assert found(answer, "duty") == {(duty,) for duty in expected}


def test_the_city_completes_what_is_not_given(evaluator: Evaluator) -> None:
    context = AskContext({"jurisdiction": "310", "level": "city"}, today=date(2019, 5, 1))
    answer = ask("who-must-act", {"event_type": "code:event/haze"}, evaluator, context=context)

    assert answer.as_of == date(2019, 5, 1)
    assert ("law",) in found(answer, "act")


def test_an_answer_is_a_json_document(evaluator: Evaluator) -> None:
    document = ask("who-must-act", {"event": "e1"}, evaluator).document()

    row = document["rows"][0]
    assert list(row) == document["columns"]
    assert row["body"] == "https://w3id.org/emkg/code/body/eco"
    assert row["in_force_from"] == "2026-08-15"
    assert row["in_force_until"] is None
    assert document["notes"][0]["zh"]


def test_duties_whose_articles_name_no_level_are_said_apart(evaluator: Evaluator) -> None:
    flood = HAZE | {"event_type": "flood", "as_of": "2024-01-01"}
    answer = ask("who-must-act", flood, evaluator)
    other_phase = ask("who-must-act", flood | {"phase": "warning"}, evaluator)

    (note,) = (note for note in answer.notes if note.code == "level-not-stated")
    assert [last(subject) for subject in note.subjects] == ["general-11-1"]
    assert "general-11-1" not in {duty for (duty,) in found(answer, "duty")}
    assert "level-not-stated" not in codes(other_phase)

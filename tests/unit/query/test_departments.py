"""Departments involved, their coordination form, their portfolios."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from emkg.errors import NotFoundError, ParameterError
from emkg.query import Answer, ask
from emkg.rdf import IRI

if TYPE_CHECKING:
    from emkg.plan import Evaluator


def last(value: Any) -> str:
    return str(value.value).rpartition("/")[2] if isinstance(value, IRI) else str(value)


def found(answer: Answer, *columns: str) -> set[tuple[str, ...]]:
    return {tuple(last(row[column]) for column in columns) for row in answer.rows}


def test_departments_are_drawn_in_with_their_reasons(evaluator: Evaluator) -> None:
    answer = ask("departments-involved", {"event": "e1"}, evaluator)

    assert found(answer, "body", "reason", "link_1", "link_2", "article_number") == {
        ("eco", "own-duty", "None", "None", "263"),
        ("eco", "own-duty", "None", "None", "29"),
        ("edu", "own-duty", "None", "None", "29"),
        ("edu", "consequence", "any-closure", "None", "29"),
        ("health", "effect-duty", "haze-outbreak", "None", "8"),
        ("health", "effect-lead", "haze-outbreak", "None", "8"),
        ("police", "effect-duty", "haze-accident", "None", "9"),
        ("police", "effect-lead", "haze-accident", "None", "9"),
        ("police", "effect-duty", "haze-accident", "accident-jam", "10"),
        ("edu", "consequence", "haze-outbreak", "any-closure", "7"),
        ("edu", "consequence", "haze-accident", "any-closure", "7"),
    }


def test_a_link_of_a_wider_type_to_another_event_draws_nobody_in(evaluator: Evaluator) -> None:
    answer = ask("departments-involved", {"event": "e1"}, evaluator)

    assert ("water",) not in found(answer, "body")


@pytest.mark.parametrize(
    ("hops", "bodies"), [("0", {"eco", "edu"}), ("1", {"eco", "edu", "health", "police"})]
)
def test_the_chain_is_bounded(evaluator: Evaluator, hops: str, bodies: set[str]) -> None:
    answer = ask("departments-involved", {"event": "e1", "hops": hops}, evaluator)

    assert found(answer, "body") == {(body,) for body in bodies}


def test_the_chain_is_shown_with_condition_grade_and_all_sources(evaluator: Evaluator) -> None:
    answer = ask("departments-involved", {"event": "e1"}, evaluator)

    row = next(row for row in answer.document()["rows"] if str(row["target"]).endswith("outbreak"))
    (link,) = row["chain"]
    assert (link["label_zh"], link["condition_zh"]) == ("霾→疾病", "严重")
    assert [source[-1] for source in link["source"]] == ["a", "b"]
    assert link["evidence_grade"].endswith("scholarly")


def test_the_form_of_a_pair_follows_from_joined_and_linked(evaluator: Evaluator) -> None:
    answer = ask("coordination-form", {"body": "eco, health, edu, police"}, evaluator, as_of=date(2023, 6, 1))

    assert found(answer, "body_a", "body_b", "form_label_zh") == {
        ("eco", "health", "系统融合式"),
        ("eco", "edu", "部门整合式"),
        ("edu", "health", "部门整合式"),
        ("eco", "police", "完全分立式"),
        ("edu", "police", "完全分立式"),
        ("health", "police", "完全分立式"),
    }


def test_the_form_of_a_pair_changes_with_the_date(evaluator: Evaluator) -> None:
    asked = {"body": "eco,edu,police"}
    later = ask("coordination-form", asked, evaluator, as_of=date(2025, 1, 1))

    assert found(later, "body_a", "body_b", "form_label_zh") == {
        ("eco", "edu", "完全分立式"),
        ("eco", "police", "数据集成式"),
        ("edu", "police", "完全分立式"),
    }


def test_what_joins_and_links_a_pair_is_named(evaluator: Evaluator) -> None:
    answer = ask("coordination-form", {"body": "eco,health"}, evaluator, as_of=date(2023, 6, 1))

    (row,) = answer.document()["rows"]
    assert (row["is_joined"], row["is_linked"], row["is_generated"]) == (True, True, True)
    assert row["joined_by"][0]["coordinating_body_label_zh"] == "联席会议"
    assert row["linked_by"][0]["link_kind"].endswith("informational")
    assert row["linked_by"][0]["system_a_label_zh"] == "监测网"
    assert [note.code for note in answer.notes] == ["generated-data"]


def test_an_events_departments_are_compared_in_pairs(evaluator: Evaluator) -> None:
    answer = ask("coordination-form", {"event": "e1"}, evaluator)

    assert len(answer.rows) == 6
    assert answer.as_of == date(2026, 8, 20)


def test_a_set_beyond_one_portfolio_needs_several_deputies(evaluator: Evaluator) -> None:
    answer = ask("portfolio-exceeded", {"event": "e1"}, evaluator)

    notes = {note.code: note for note in answer.notes}
    assert [last(post) for post in notes["portfolio-exceeded"].subjects] == ["deputy-1", "deputy-2"]
    assert [last(body) for body in notes["no-portfolio"].subjects] == ["edu"]
    assert "副职一" in notes["portfolio-exceeded"].text.zh
    assert ("eco", "True", "deputy-1") in found(answer, "body", "leads", "post")


def test_a_set_within_one_portfolio_needs_one(evaluator: Evaluator) -> None:
    answer = ask("portfolio-exceeded", {"body": "health,police"}, evaluator, as_of=date(2026, 1, 1))

    assert next(note.code for note in answer.notes) == "portfolio-suffices"
    assert {row["leads"] for row in answer.rows} == {False}


@pytest.mark.parametrize("question", ["coordination-form", "portfolio-exceeded"])
def test_a_body_that_is_not_known_is_named(evaluator: Evaluator, question: str) -> None:
    with pytest.raises(NotFoundError, match="body/nobody> is not known"):
        ask(question, {"body": "eco,health,nobody"}, evaluator)


def test_one_department_has_no_form(evaluator: Evaluator) -> None:
    with pytest.raises(ParameterError, match="at least two"):
        ask("coordination-form", {"body": "eco,eco"}, evaluator)

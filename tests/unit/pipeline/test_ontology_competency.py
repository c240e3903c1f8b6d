from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import InputError
from emkg.pipeline.ontology_competency import (
    CompetencyAnswer,
    ask_questions,
    knowledge_statements,
    read_questions,
)
from emkg.rdf import parse_text

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "# CQ1\n# 问：谁？\n# Question: Who?\n"
QUERY = "SELECT ?s ?o { ?s <https://example.org/p> ?o }"
DATA = '<https://example.org/a> <https://example.org/p> "甲" . <https://example.org/b> <https://example.org/p> "乙" .'


def _answers(folder: Path, expected: str) -> list[CompetencyAnswer]:
    (folder / "who.rq").write_text(HEAD + QUERY, encoding="utf-8")
    (folder / "who.csv").write_text(expected, encoding="utf-8")
    statements = knowledge_statements(parse_text(DATA, "turtle"), folder)
    return list(ask_questions(read_questions(folder), statements))


def test_the_expected_answer_may_come_in_any_order(tmp_path: Path) -> None:
    (answer,) = _answers(tmp_path, "s,o\nhttps://example.org/b,乙\nhttps://example.org/a,甲\n")

    assert answer.is_expected
    assert (answer.question.number, answer.question.text_zh, answer.question.text_en) == (
        "CQ1",
        "谁？",
        "Who?",
    )


def test_missing_and_unexpected_rows_are_told_apart(tmp_path: Path) -> None:
    (answer,) = _answers(tmp_path, "s,o\nhttps://example.org/a,甲\nhttps://example.org/c,丙\n")

    assert not answer.is_expected
    assert answer.missing == (("https://example.org/c", "丙"),)
    assert answer.unexpected == (("https://example.org/b", "乙"),)
    assert answer.document()["expected"] is False


def test_other_columns_than_expected_are_another_answer(tmp_path: Path) -> None:
    (answer,) = _answers(tmp_path, "s,x\nhttps://example.org/b,乙\nhttps://example.org/a,甲\n")

    assert not answer.is_expected


@pytest.mark.parametrize("query", [QUERY, "# CQ1\n# 问：谁？\n" + QUERY])
def test_a_question_that_does_not_say_what_it_asks_is_refused(tmp_path: Path, query: str) -> None:
    (tmp_path / "who.rq").write_text(query, encoding="utf-8")

    with pytest.raises(InputError, match=r"who\.rq:1"):
        read_questions(tmp_path)


def test_a_question_without_expected_answer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_text(HEAD + QUERY, encoding="utf-8")

    with pytest.raises(InputError, match=r"who\.csv"):
        read_questions(tmp_path)


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_questions(tmp_path)

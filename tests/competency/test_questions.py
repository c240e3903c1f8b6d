"""Every competency question of `ontology/competency/` has its expected answer in the graph of ontology and law."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from emkg.pipeline.ontology_competency import CompetencyQuestion, read_questions

if TYPE_CHECKING:
    from tests.competency.conftest import Asked

FOLDER = Path(__file__).resolve().parents[2] / "ontology" / "competency"
QUESTIONS = read_questions(FOLDER)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.file.stem)
def test_a_competency_question_has_its_expected_answer(graph: Asked, question: CompetencyQuestion) -> None:
    solutions = graph.store.query(question.query)

    assert isinstance(solutions, ox.QuerySolutions)
    assert tuple(variable.value for variable in solutions.variables) == question.header
    answers = sorted(tuple(value.value if value else "" for value in solution) for solution in solutions)
    assert tuple(answers) == question.rows


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.file.stem)
def test_a_question_says_what_it_asks_in_both_languages(question: CompetencyQuestion) -> None:
    fourth_line = question.query.splitlines()[3]

    assert question.number.startswith(("CQ", "DQ", "AQ"))
    assert question.text_zh
    assert question.text_en
    assert question.file.stem in fourth_line

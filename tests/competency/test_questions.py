"""Every competency question of `ontology/competency/` has its expected answer in the graph of ontology and law."""

from __future__ import annotations

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest

QUESTIONS = Path(__file__).resolve().parents[2] / "ontology" / "competency"
NAMES = sorted(file.stem for file in QUESTIONS.glob("*.rq"))


@pytest.fixture(scope="module")
def store(knowledge: list[str]) -> ox.Store:
    store = ox.Store()
    store.bulk_load("\n".join(knowledge), ox.RdfFormat.N_TRIPLES)
    return store


def _expected(name: str) -> tuple[list[str], list[tuple[str, ...]]]:
    with (QUESTIONS / f"{name}.csv").open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    return header, sorted(tuple(row) for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_a_competency_question_has_its_expected_answer(store: ox.Store, name: str) -> None:
    header, rows = _expected(name)

    solutions = store.query((QUESTIONS / f"{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, ox.QuerySolutions)
    assert [variable.value for variable in solutions.variables] == header
    answers = sorted(tuple(value.value if value else "" for value in solution) for solution in solutions)
    assert answers == rows


@pytest.mark.parametrize("name", NAMES)
def test_a_question_says_what_it_asks_in_both_languages(name: str) -> None:
    head = (QUESTIONS / f"{name}.rq").read_text(encoding="utf-8").splitlines()[:4]

    assert head[0].startswith("# CQ")
    assert head[1].startswith("# 问：")
    assert head[2].startswith("# Question: ")
    assert name in head[3]

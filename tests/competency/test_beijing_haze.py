"""Two haze weeks of a real Beijing station: who had to act then, and which versions of the law are not held."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.bootstrap import open_evaluator
from emkg.content import content_root
from emkg.ledger import Ledger
from emkg.pipeline.catalogue import discover_datasets
from emkg.pipeline.ingest import IngestInputs, ingest
from emkg.pipeline.reason import Rules
from emkg.query import ask
from emkg.rdf import IRI
from emkg.vocabulary import CODE, ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Demonstration

    from emkg.plan import Evaluator
    from emkg.query import Answer

    Facts: TypeAlias = Callable[[str], list[dict[str, str]]]

DAYS = ("2015-11-27", "2016-12-29")
BINDING_THERE = {"100000", "110000"}
HAZE = "11B19"
EVENTS = """
PREFIX em: <https://w3id.org/emkg/ontology#>
SELECT ?event ?first ?last ?type WHERE {
  ?event a em:Event ; em:startDate ?first ; em:endDate ?last ; em:eventType ?type ;
    em:jurisdiction <https://w3id.org/emkg/code/division/110000> .
}
"""
CALLED_FOR = """
PREFIX em: <https://w3id.org/emkg/ontology#>
SELECT ?event ?act WHERE { ?event em:callsForDuty ?duty . ?duty em:article ?article . ?article em:partOf ?act }
"""
OBSERVED = """
PREFIX sosa: <http://www.w3.org/ns/sosa/>
SELECT ?event (COUNT(*) AS ?hours) WHERE {
  ?hour sosa:hasFeatureOfInterest ?event ;
    sosa:observedProperty <https://w3id.org/emkg/code/observed-property/pm25> .
} GROUP BY ?event
"""


@pytest.fixture(scope="module")
def evaluator(
    demonstration: Demonstration, shared_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Evaluator]:
    """A ledger of its own: the law as the demonstration has it, and the station's four years beside it."""
    file = tmp_path_factory.mktemp("beijing") / "ledger.duckdb"
    shutil.copyfile(demonstration.workspace.ledger_path, file)
    content = content_root()
    station = [one for one in discover_datasets(content, departments=("real",)) if "air-station" in one.name]
    with Ledger.open(file) as ledger:
        inputs = IngestInputs(ledger, ID, shared_dir / "data", rules=Rules.of_content(content))
        (report,) = ingest(station, inputs).datasets
        assert report.rows > 35_000
        with open_evaluator(ledger, demonstration.workspace.settings) as opened:
            yield opened


@pytest.fixture(scope="module")
def answers(evaluator: Evaluator) -> dict[str, Answer]:
    """By the event's first day: who must act then."""
    return {day: ask("who-must-act", {"event": f"beijing-haze-{day}"}, evaluator) for day in DAYS}


def _in_force_and_not_held(facts: Facts, day: str) -> set[str]:
    """Acts that bind in Beijing, have duties for haze or a broader type, and whose text of the day is not held."""
    parents = {row["code"]: row["parent_code"] for row in facts("event_types")}
    types, code = set(), HAZE
    while code:
        types.add(code)
        code = parents[code]
    concerned = {row["act"] for row in facts("duties") if types & set(row["event_types"].split(";"))}
    return {
        act["act"]
        for act in facts("acts")
        if act["act"] in concerned
        and act["jurisdiction"].split()[0] in BINDING_THERE
        and act["effective"].rstrip("?") <= day < act["version_from"].rstrip("?")
    }


def _key(value: object) -> str:
    assert isinstance(value, IRI)
    return value.value.removeprefix(f"{CODE}act/")


def test_the_two_weeks_are_events_of_haze_in_beijing(evaluator: Evaluator) -> None:
    events = {
        row["event"].value.removeprefix(f"{ID}event/"): (row["first"].value, row["last"].value)
        for row in evaluator.select(EVENTS).rows
        if row["type"].value == f"{CODE}event/{HAZE}"
    }

    assert events == {
        "beijing-haze-2015-11-27": ("2015-11-27", "2015-12-01"),
        "beijing-haze-2016-12-29": ("2016-12-29", "2017-01-07"),
    }


def test_every_hour_of_the_weeks_is_observed_for_its_event(evaluator: Evaluator) -> None:
    hours = {row["event"].value[-10:]: int(row["hours"].value) for row in evaluator.select(OBSERVED).rows}

    assert hours == {"2015-11-27": 5 * 24, "2016-12-29": 10 * 24}


@pytest.mark.parametrize("day", DAYS)
def test_asked_who_must_act_the_answer_says_which_versions_are_not_held(
    answers: dict[str, Answer], facts: Facts, day: str
) -> None:
    expected = _in_force_and_not_held(facts, day)

    notes = [note for note in answers[day].notes if note.code == "version-not-held"]

    assert answers[day].as_of.isoformat() == day
    assert sorted(_key(act) for note in notes for act in note.subjects) == sorted(expected)


def test_the_air_law_was_in_force_in_2016_and_is_not_held_before_2018(answers: dict[str, Answer]) -> None:
    (note,) = (one for one in answers["2016-12-29"].notes if one.subjects == (IRI(f"{CODE}act/air-law"),))

    for text in (note.text.zh, note.text.en):
        assert "2016-01-01" in text
        assert "2018-10-26" in text
    assert not any(IRI(f"{CODE}act/air-law") in one.subjects for one in answers["2015-11-27"].notes)


@pytest.mark.parametrize("day", DAYS)
def test_no_duty_of_a_version_that_is_not_held_is_answered(
    answers: dict[str, Answer], evaluator: Evaluator, facts: Facts, day: str
) -> None:
    answered = {_key(row["act"]) for row in answers[day].rows}
    inferred = {
        row["act"].value.removeprefix(f"{CODE}act/")
        for row in evaluator.select(CALLED_FOR).rows
        if row["event"].value.endswith(day)
    }

    assert "erl-2007" in answered & inferred
    assert answered == inferred
    assert not answered & _in_force_and_not_held(facts, day)

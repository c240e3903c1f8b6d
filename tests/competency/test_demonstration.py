"""The haze case of the demonstration: who must act on which date, under which article, and why."""

from __future__ import annotations

import csv
import json
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from lxml import etree

from emkg.bootstrap import open_ledger, why_inputs
from emkg.pipeline.judgement import asserted_graphs
from emkg.pipeline.why import why
from emkg.pipeline.why_render import why_json, why_text
from emkg.plan import Dataset
from emkg.rdf import parse_compact
from emkg.validation import load_shapes
from emkg.validation.compiled import compiled_results
from emkg.validation.sparql_check import SHAPES_GRAPH
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Demonstration

    from emkg.pipeline.why import WhyAnswer

    Facts: TypeAlias = Callable[[str], list[dict[str, str]]]
    Document: TypeAlias = dict[str, Any]

HAZE_EXAMPLE = ("c-eco", "c-met", "c-health", "c-edu", "c-eit")
POLICE = ("c-police", "c-traffic")
CENTRE = (*HAZE_EXAMPLE, *POLICE)
BEFORE, AFTER, EVENT_DAY = "2026-08-10", "2026-08-20", "2026-11-16"
CODE_BEGINS = "2026-08-15"
CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}


@pytest.fixture(scope="module")
def document(demonstration: Demonstration) -> Document:
    """What `emkg demo --json` prints."""
    printed: Document = json.loads(json.dumps(demonstration.story.document()))
    return printed


@pytest.fixture(scope="module")
def explanation(demonstration: Demonstration) -> WhyAnswer:
    """What `emkg why` finds for the story's statement."""
    terms = [parse_compact(text, PREFIXES) for text in demonstration.story.statement]
    with open_ledger(demonstration.workspace, read_only=True) as ledger:
        return why(terms[0], terms[1], terms[2], why_inputs(demonstration.workspace, ledger))


def test_all_shapes_are_judged_by_plans(demonstration: Demonstration, checkout: Path) -> None:
    """One that is not goes to pySHACL with everything the ledger holds, at each ingest."""
    shapes = load_shapes(sorted((checkout / "shapes").glob("*.ttl")))
    with open_ledger(demonstration.workspace, read_only=True) as ledger:
        dataset = Dataset(asserted_graphs(ledger), (SHAPES_GRAPH,))
        _, handed_over = compiled_results(ledger, shapes, dataset)

    assert handed_over == []


def _articles(document: Document, day: str, body: str) -> list[dict[str, Any]]:
    (department,) = (one for one in document["departments"][day] if one["body"] == body)
    articles: list[dict[str, Any]] = department["articles"]
    return articles


def _of_own_type(document: Document, day: str, body: str) -> set[str]:
    return {f"{one['act']} {one['article']}" for one in _articles(document, day, body) if one["own_type"]}


@pytest.mark.parametrize("day", [BEFORE, AFTER, EVENT_DAY])
@pytest.mark.parametrize("body", CENTRE)
def test_each_department_has_articles_of_the_facts_in_force_on_the_date(
    document: Document, facts: Facts, body: str, day: str
) -> None:
    duties = {row["id"]: row for row in facts("duties")}
    acts = {row["act"]: row for row in facts("acts")}

    articles = _articles(document, day, body)

    assert articles
    for article in articles:
        duty, act = duties[article["duty"]], acts[article["act"]]
        assert (duty["act"], duty["article"]) == (article["act"], article["article"])
        assert act["version_from"].rstrip("?") <= day
        assert not act["superseded_on"] or act["superseded_on"].rstrip("?") > day


@pytest.mark.parametrize("body", ["c-eco", "c-met"])
def test_environment_and_weather_go_over_from_the_air_law_to_the_code(document: Document, body: str) -> None:
    before, after = _of_own_type(document, BEFORE, body), _of_own_type(document, AFTER, body)

    assert before - after == {"air-law 93", "air-law 95"}
    assert after - before == {"ecoenv-code-2 261", "ecoenv-code-2 263"}


@pytest.mark.parametrize(
    ("body", "article"),
    [
        ("c-health", "sh-air 29"),
        ("c-edu", "sh-air 29"),
        ("c-eit", "sh-air 28"),
        ("c-police", "sh-air 29"),
    ],
)
def test_the_others_keep_their_articles_for_haze(document: Document, body: str, article: str) -> None:
    before, after = _of_own_type(document, BEFORE, body), _of_own_type(document, AFTER, body)

    assert article in before
    assert before == after


def test_the_traffic_police_keep_the_road_law(document: Document) -> None:
    before, after = (
        [one["duty"] for one in _articles(document, day, "c-traffic")] for day in (BEFORE, AFTER)
    )

    assert "road-law-40-1" in before
    assert before == after


@pytest.mark.parametrize("day", [BEFORE, AFTER, EVENT_DAY])
def test_the_shanghai_air_regulation_is_flagged_once_its_ground_is_repealed(
    document: Document, day: str
) -> None:
    flags = {
        article["on_repealed_ground"]
        for body in CENTRE
        for article in _articles(document, day, body)
        if article["act"] == "sh-air"
    }

    assert flags == {day >= CODE_BEGINS}


def test_the_articles_called_for_by_the_haze_itself_come_first(document: Document) -> None:
    for body in HAZE_EXAMPLE:
        own = [one["own_type"] for one in _articles(document, EVENT_DAY, body)]
        assert own == sorted(own, reverse=True)
        assert own[0]


def test_no_fewer_portfolios_cover_the_departments_that_the_graph_draws_in(document: Document) -> None:
    (note,) = (one for one in document["portfolio"]["notes"] if one["code"] == "portfolio-exceeded")
    covers = {post: set[str]() for post in note["subjects"]}
    supervised = [row for row in document["portfolio"]["rows"] if row["post"] is not None]
    for row in supervised:
        covers.setdefault(row["post"], set()).add(row["body"].rpartition("/")[2])
    departments = {row["body"].rpartition("/")[2] for row in supervised}

    assert departments >= set(CENTRE)
    assert departments == set().union(*(covers[post] for post in note["subjects"]))
    for fewer in combinations(covers, len(note["subjects"]) - 1):
        assert departments > set().union(*(covers[post] for post in fewer))


def test_every_pair_of_departments_has_one_form_and_all_four_forms_occur(document: Document) -> None:
    rows = document["coordination"]["rows"]
    pairs = [frozenset(row[side].rpartition("/")[2] for side in ("body_a", "body_b")) for row in rows]

    departments = {row["body"].rpartition("/")[2] for row in document["portfolio"]["rows"]}
    assert sorted(map(sorted, pairs)) == sorted(sorted(pair) for pair in combinations(departments, 2))
    assert {row["form"].rpartition("/")[2] for row in rows} == {"1", "2", "3", "4"}


def test_what_was_generated_says_so(document: Document) -> None:
    assert document["generated"] is True
    for day in document["who_must_act"]:
        assert "generated-data" in {note["code"] for note in document["who_must_act"][day]["notes"]}
    assert "generated-data" in {note["code"] for note in document["portfolio"]["notes"]}


def _cells(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for source in node.get("sources", ()):
        yield from source["cells"]
    for premise in node.get("premises", ()):
        yield from _cells(premise)


def _read_back(file: Path, row: int, column: str) -> str:
    """The value of a cell, read by other means than the mapping's."""
    if file.suffix == ".xml":
        assert row == 1
        return str(etree.parse(file).getroot().findtext(column, namespaces=CAP))
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))[row - 2][column]


def test_why_names_the_rule_where_it_stands(explanation: WhyAnswer, checkout: Path) -> None:
    rule = json.loads(why_json(explanation))["rule"]
    file, line = rule["location"].rsplit(":", 1)

    assert rule["name"] == "callsForDuty"
    assert "callsForDuty" in (checkout / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_why_names_source_cells_that_hold_these_values(
    explanation: WhyAnswer, demonstration: Demonstration, checkout: Path
) -> None:
    cells = list(_cells(json.loads(why_json(explanation))))
    folders = (demonstration.workspace.data_root, checkout / "ontology" / "reference")

    assert {"warning-1.xml", "acts.csv", "duties.csv"} <= {cell["file"] for cell in cells}
    for cell in cells:
        (file,) = (found for folder in folders for found in folder.rglob(cell["file"]))
        assert _read_back(file, cell["row"], cell["column"]) == cell["value"]


def test_why_names_mapping_lines_that_read_these_columns(explanation: WhyAnswer, checkout: Path) -> None:
    for cell in _cells(json.loads(why_json(explanation))):
        file, line = cell["mapping"].rsplit(":", 1)
        lines = (checkout / file).read_text(encoding="utf-8").splitlines()
        term_map = "\n".join(lines[int(line) - 1 : int(line) + 5])
        assert f"$({cell['column']})" in term_map


def test_why_names_the_graph_of_every_fact_and_of_the_inferred_statement(
    explanation: WhyAnswer,
) -> None:
    answer = json.loads(why_json(explanation))

    assert answer["graphs"] == ["https://w3id.org/emkg/graph/inferred/rules"]
    for premise in answer["premises"]:
        if premise["graphs"] != ["https://w3id.org/emkg/graph/inferred/ontology"]:
            assert {source["graph"] for source in premise["sources"]} == set(premise["graphs"])
    assert "https://w3id.org/emkg/graph/weather/warnings" in answer["premises"][0]["graphs"]


def test_why_says_the_same_to_a_reader(explanation: WhyAnswer) -> None:
    text = why_text(explanation)

    assert "by rule callsForDuty (shapes/rules/duty.ttl:" in text
    assert "stated in weather/warnings" in text
    assert "warning-1.xml, row 1, column cap:incidents: haze-20261116  (mapping mappings/weather/" in text
    assert date.fromisoformat(EVENT_DAY).isoformat() in text

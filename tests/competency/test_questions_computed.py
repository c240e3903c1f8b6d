"""Answers that are a list: the expected rows are computed from the shared tables, and one fact less changes the answer."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import rdflib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.competency.conftest import Asked

    Facts: TypeAlias = Callable[[str], list[dict[str, str]]]

QUESTIONS = Path(__file__).resolve().parents[2] / "ontology" / "competency"
CODE, EM = "https://w3id.org/emkg/code/", "https://w3id.org/emkg/ontology#"
ON = "2026-09-01"
PHASES = [
    "risk-management",
    "preparedness",
    "monitoring",
    "warning",
    "response",
    "rescue",
    "recovery",
    "reconstruction",
]
CHAPTERS = {
    "预防与应急准备": PHASES[:2],
    "监测与预警": PHASES[2:4],
    "应急处置与救援": PHASES[4:6],
    "事后恢复与重建": PHASES[6:],
}
SHARING_ACTS = {"erl-2024", "govdata-share", "sh-data", "datasec-2021", "pipl-2021", "sz-data"}
LIMITS = {
    "erl-2024": {"83", "85"},
    "govdata-share": {"25"},
    "sh-data": {"16", "40"},
    "datasec-2021": {"38"},
    "pipl-2021": {"34"},
}


def _in_force(facts: Facts, on: str = ON) -> set[str]:
    return {
        act["act"]
        for act in facts("acts")
        if act["version_from"] <= on
        and not (act["superseded_on"] and act["superseded_on"].strip("?") <= on)
        and act["jurisdiction"][:6] in {"100000", "310000"}
    }


def _city_duties(facts: Facts) -> Iterator[dict[str, str]]:
    acts = _in_force(facts)
    return (duty for duty in facts("duties") if duty["act"] in acts and "市" in duty["levels"].split(";"))


def test_the_cascade_of_two_hops_is_the_links_walked_twice(
    graph: Asked, table: Facts, checkout: Path
) -> None:
    links, concerned = _cascade(checkout)
    for row in table("event-types"):
        concerned[row["code"]] |= set(filter(None, row["lead_bodies"].split(";")))
    first = links["11B19"]
    hops = [("1", effect) for effect in first] + [("2", far) for near in first for far in links[near]]
    expected = {(hop, effect, body) for hop, effect in hops for body in concerned[effect] or {""}}

    answer = graph.ask("within-two-hops")
    assert answer == expected
    assert {row[2] for row in answer} >= {"c-health", "c-edu", "c-eit", "c-police"}
    fewer = graph.without("within-two-hops", CODE + "causal-link/haze-respiratory-outbreak", "effect")
    assert ("1", "respiratory-outbreak", "c-health") in answer - fewer


def _cascade(checkout: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Cause -> effects, and consequence -> bodies, as the module says it, read by another parser."""
    graph = rdflib.Graph().parse(checkout / "ontology" / "cascade.ttl")
    links, concerned = defaultdict(set), defaultdict(set)
    for link, cause in graph.subject_objects(rdflib.URIRef(EM + "cause")):
        for effect in graph.objects(link, rdflib.URIRef(EM + "effect")):
            links[str(cause).rsplit("/")[-1]].add(str(effect).rsplit("/")[-1])
    for effect, body in graph.subject_objects(rdflib.URIRef(EM + "concernsBody")):
        concerned[str(effect).rsplit("/")[-1]].add(str(body).rsplit("/")[-1])
    return links, concerned


def test_the_haze_articles_are_those_of_the_duty_rows(graph: Asked, table: Facts) -> None:
    haze = _ancestors(table, "11B19") - {"11000"}
    triggered = {"respiratory-outbreak", "12H00"}
    leads = {row["code"]: set(filter(None, row["lead_bodies"].split(";"))) for row in table("event-types")}
    expected = set()
    for day in ("2026-08-10", "2026-08-20"):
        for duty, body in _held_duties(table, day):
            if duty["modality"] == "prohibition":
                continue
            named = set(duty["event_types"].split(";"))
            row = (day, body, duty["act"], duty["article"])
            if named & haze:
                expected.add((*row, "11B19"))
            for effect in triggered:
                if named & _ancestors(table, effect) and body in leads[effect]:
                    expected.add((*row, effect))

    answer = graph.ask("haze-articles")
    assert answer == expected
    on = {day: {row[1:4] for row in answer if row[0] == day} for day in ("2026-08-10", "2026-08-20")}
    assert {("c-eco", "air-law", "93"), ("c-gov", "air-law", "96")} <= on["2026-08-10"] - on["2026-08-20"]
    moved = {("c-met", "ecoenv-code-2", "263"), ("c-gov", "ecoenv-code-2", "264")}
    assert moved <= on["2026-08-20"] - on["2026-08-10"]
    always = {("c-traffic", "road-law", "40"), ("c-edu", "sh-air", "29"), ("c-gov", "sh-air", "69")}
    assert always <= on["2026-08-10"] & on["2026-08-20"]
    fewer = graph.without("haze-articles", CODE + "duty/road-law-40-1", "bearer")
    assert {row[1:4] for row in answer - fewer} == {("c-traffic", "road-law", "40")}


def _held_duties(table: Facts, day: str) -> Iterator[tuple[dict[str, str], str]]:
    """Every duty of the city level in force in Shanghai on a day, with each body that then holds one of its offices."""
    acts = {
        act["act"]
        for act in table("acts")
        if act["version_from"] <= day
        and not (act["superseded_on"] and act["superseded_on"] <= day)
        and act["jurisdiction"] in {"100000", "310000"}
    }
    holders = defaultdict(set)
    for one in table("incumbencies"):
        is_held = (not one["from"] or one["from"] <= day) and (not one["until"] or day < one["until"])
        if one["level"] == "city" and is_held:
            holders[one["office"]].add(one["body"])
    for duty in table("duties"):
        if duty["act"] in acts and "city" in duty["levels"].split(";"):
            for office in duty["bearers"].split(";"):
                for body in holders[office]:
                    yield duty, body


def test_each_problem_has_the_ability_that_the_question_list_names(graph: Asked, shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "competency-questions.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\| CQ44 .*$", text, re.MULTILINE)
    expected = set(line.split("|")[5].strip().split("；"))

    answer = graph.ask("field-problems")
    assert {row[1] for row in answer} == expected
    fewer = graph.without("field-problems", CODE + "field-problem/command", "answeredBy")
    assert {row[1] for row in answer - fewer} == {"指挥/职责查询"}


def test_grounds_and_limits_of_sharing_are_the_articles_of_the_duty_rows(graph: Asked, facts: Facts) -> None:
    expected = set()
    for duty in _city_duties(facts):
        if duty["act"] in SHARING_ACTS and "10000" in duty["event_types"].split(";"):
            if duty["action"] == "share" and duty["modality"] != "prohibition":
                expected.add(("ground", duty["act"], duty["article"]))
            if duty["article"] in LIMITS.get(duty["act"], ()):
                expected.add(("limit", duty["act"], duty["article"]))

    assert graph.ask("sharing-grounds-and-limits") == expected
    fewer = graph.without("sharing-grounds-and-limits", CODE + "duty/datasec-2021-38-2", "article")
    assert expected - fewer == {("limit", "datasec-2021", "38")}


def test_the_cells_without_ground_are_those_no_row_fills(graph: Asked, table: Facts) -> None:
    filled = defaultdict(lambda: defaultdict(set))
    for duty, body in _held_duties(table, ON):
        for code in duty["event_types"].split(";"):
            filled[body][code, duty["phase"]].add(duty["id"])
    cells = {
        (row["code"], phase, body): {
            duty for code in _ancestors(table, row["code"]) for duty in filled[body][code, phase]
        }
        for row in table("event-types")
        for body in filter(None, row["lead_bodies"].split(";"))
        for phase in PHASES
    }
    expected = {cell for cell, duties in cells.items() if not duties}

    assert graph.ask("cells-without-ground") == expected
    assert not [cell for cell in expected if cell[0] == "11000" and cell[1] in {"response", "recovery"}]
    lone = min(next(iter(duties)) for duties in cells.values() if len(duties) == 1)
    emptied = {cell for cell, duties in cells.items() if duties == {lone}}
    assert graph.without("cells-without-ground", CODE + "duty/" + lone, "article") == expected | emptied
    assert emptied


def test_the_duties_of_the_revision_and_the_versions_not_held_are_those_of_the_rows(
    graph: Asked, facts: Facts
) -> None:
    counts = {act: str(sum(d["act"] == act for d in facts("duties"))) for act in ("erl-2007", "erl-2024")}
    not_held = {
        (act["act"], act["version_from"])
        for act in facts("acts")
        if act["effective"].strip("?") <= "2017-01-01" < act["version_from"]
    }

    assert graph.ask("duties-around-revision") == {
        ("2024-10-31", "erl-2007", counts["erl-2007"]),
        ("2024-11-01", "erl-2024", counts["erl-2024"]),
    }
    assert graph.ask("versions-not-held") == not_held


def test_what_the_graph_finds_wrong_with_itself_is_what_the_tables_show(graph: Asked, table: Facts) -> None:
    unaddressed = {
        (duty["act"], duty["article"], duty["id"])
        for duty in table("duties")
        if duty["action"] == "report" and duty["modality"] == "duty" and not duty["receiver"]
    }
    exclusive = {row["wording"] for row in table("offices") if row["is_exclusive"]}
    held = [row for row in table("incumbencies") if row["office"] in exclusive]
    twice = {
        (one["office"], one["level"], one["body"], other["body"])
        for one, other in product(held, held)
        if (one["office"], one["level"]) == (other["office"], other["level"])
        and one["body"] < other["body"]
        and max(one["from"], other["from"]) < min(one["until"] or "9999", other["until"] or "9999")
    }
    strayed = {
        (duty["id"], duty["phase_chapter"], duty["phase"])
        for duty in table("duties")
        if duty["act"] in {"erl-2007", "erl-2024"}
        and duty["phase"] in PHASES
        and duty["phase"] not in CHAPTERS.get(duty["phase_chapter"], PHASES)
    }

    assert graph.ask("reports-without-receiver") == unaddressed
    assert graph.ask("exclusive-offices") == twice
    assert graph.ask("phases-far-from-chapter") == strayed
    assert graph.ask("two-leads") == set()


def test_every_question_of_the_list_is_asked(shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "competency-questions.md").read_text(encoding="utf-8")
    asked = {
        n for f in QUESTIONS.glob("*.rq") for n in f.read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]
    }

    assert set(re.findall(r"^\| (CQ\d+) ", text, re.MULTILINE)) <= asked


def _ancestors(table: Facts, code: str) -> set[str]:
    parents = {row["code"]: row["parent"] for row in table("event-types")}
    found = set()
    while code and code != "10000":
        found.add(code)
        code = parents[code]
    return found

"""Answers that are a list: the expected rows are computed from the shared tables, and one fact less changes the answer."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest
import rdflib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Facts: TypeAlias = Callable[[str], list[dict[str, str]]]
    Answer: TypeAlias = set[tuple[str, ...]]

QUESTIONS = Path(__file__).resolve().parents[2] / "ontology" / "competency"
CODE, EM, EXAMPLE = (
    "https://w3id.org/emkg/code/",
    "https://w3id.org/emkg/ontology#",
    "https://w3id.org/emkg/id/example/",
)
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


@pytest.fixture(scope="module")
def store(knowledge: list[str]) -> ox.Store:
    store = ox.Store()
    store.bulk_load("\n".join(knowledge), ox.RdfFormat.N_TRIPLES)
    store.bulk_load((QUESTIONS / "given.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    return store


def _ask(store: ox.Store, name: str) -> Answer:
    solutions = store.query((QUESTIONS / f"{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, ox.QuerySolutions)
    return {tuple(value.value if value else "" for value in solution) for solution in solutions}


def _without(store: ox.Store, name: str, subject: str, predicate: str) -> Answer:
    """The answer while the subject lacks the predicate."""
    gone = list(store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(EM + predicate), None))
    assert gone
    for quad in gone:
        store.remove(quad)
    try:
        return _ask(store, name)
    finally:
        store.extend(gone)


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


def _wider(facts: Facts, code: str) -> set[str]:
    parents = {row["code"]: row["parent_code"] for row in facts("event_types")}
    found = set()
    while code and code != "10000":
        found.add(code)
        code = parents[code]
    return found


def test_the_form_of_two_departments_changes_with_body_and_link(store: ox.Store) -> None:
    answer = _ask(store, "form-of-departments")

    assert [
        form[0] for date, one, other, form in sorted(answer) if (one, other) == ("c-eco", "c-met")
    ] == list("ⅠⅡⅣ")
    unlinked = _without(store, "form-of-departments", EXAMPLE + "network-link/c-eco-c-met", "toSystem")
    assert ("2020-06-01", "c-eco", "c-met", "Ⅱ 部门整合式") in unlinked
    apart = _without(store, "form-of-departments", EXAMPLE + "membership/c-met", "member")
    assert ("2020-06-01", "c-eco", "c-met", "Ⅲ 数据集成式") in apart


def test_the_cascade_of_two_hops_is_the_links_walked_twice(
    store: ox.Store, table: Facts, checkout: Path
) -> None:
    links, concerned = _cascade(checkout)
    for row in table("event-types"):
        concerned[row["code"]] |= set(filter(None, row["lead_bodies"].split(";")))
    first = links["11B19"]
    hops = [("1", effect) for effect in first] + [("2", far) for near in first for far in links[near]]
    expected = {(hop, effect, body) for hop, effect in hops for body in concerned[effect] or {""}}

    answer = _ask(store, "within-two-hops")
    assert answer == expected
    assert {row[2] for row in answer} >= {"c-health", "c-edu", "c-eit", "c-police"}
    fewer = _without(store, "within-two-hops", CODE + "causal-link/haze-respiratory-outbreak", "effect")
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


def test_the_open_phases_are_those_no_duty_row_and_no_entry_covers(store: ox.Store, facts: Facts) -> None:
    covered = defaultdict(set)
    of_its_own = defaultdict(set)
    types = {code: _wider(facts, code) | {"10000"} for code in ("11B19", "12H00")}
    for duty in _city_duties(facts):
        for code, wider in types.items():
            named = wider & set(duty["event_types"].split(";"))
            covered[code] |= {_phase(duty)} if named else set()
            of_its_own[code] |= {_phase(duty)} if named - {"10000", code[:2] + "000"} else set()
    expected = {
        (code, phase, missing)
        for missing, filled in (("duty", covered), ("duty of its own", of_its_own), ("data", _fed(store)))
        for code in types
        for phase in PHASES
        if phase not in filled[code]
    }

    assert _ask(store, "open-phases") == expected
    assert {missing for *_, missing in expected} == {"duty of its own", "data"}
    own = {code: wider - {"10000", code[:2] + "000"} for code, wider in types.items()}
    for cell, duty in _alone(facts, own):
        opened = expected | {(*cell, "duty of its own")}
        assert _without(store, "open-phases", CODE + "duty/" + duty, "phase") == opened
    entry = EXAMPLE + "entry/clinic-visits-2026-09"
    assert _without(store, "open-phases", entry, "servesPhase") - expected == {("11B19", "response", "data")}


def _fed(store: ox.Store) -> dict[str, set[str]]:
    """Event type -> the phases that a given catalogue entry serves; the one of 2026-08 serves none."""
    fed = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(EM + "servesEventType"), None):
        for phase in store.quads_for_pattern(quad.subject, ox.NamedNode(EM + "servesPhase"), None):
            fed[quad.object.value.rsplit("/")[-1]].add(phase.object.value.rsplit("/")[-1])
    return fed


def test_the_haze_articles_are_those_of_the_duty_rows(store: ox.Store, table: Facts) -> None:
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

    answer = _ask(store, "haze-articles")
    assert answer == expected
    on = {day: {row[1:4] for row in answer if row[0] == day} for day in ("2026-08-10", "2026-08-20")}
    assert {("c-eco", "air-law", "93"), ("c-gov", "air-law", "96")} <= on["2026-08-10"] - on["2026-08-20"]
    moved = {("c-met", "ecoenv-code-2", "263"), ("c-gov", "ecoenv-code-2", "264")}
    assert moved <= on["2026-08-20"] - on["2026-08-10"]
    always = {("c-traffic", "road-law", "40"), ("c-edu", "sh-air", "29"), ("c-gov", "sh-air", "69")}
    assert always <= on["2026-08-10"] & on["2026-08-20"]
    fewer = _without(store, "haze-articles", CODE + "duty/road-law-40-1", "bearer")
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


def test_each_problem_has_the_ability_that_the_question_list_names(store: ox.Store, shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "competency-questions.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\| CQ44 .*$", text, re.MULTILINE)
    expected = set(line.split("|")[5].strip().split("；"))

    answer = _ask(store, "field-problems")
    assert {row[1] for row in answer} == expected
    fewer = _without(store, "field-problems", CODE + "field-problem/command", "answeredBy")
    assert {row[1] for row in answer - fewer} == {"指挥/职责查询"}


def test_two_records_are_one_thing_only_by_a_reviewed_link(store: ox.Store) -> None:
    assert len(_ask(store, "same-component")) == 1
    assert _without(store, "same-component", EXAMPLE + "identity-link/1", "identityVerdict") == set()


def test_grounds_and_limits_of_sharing_are_the_articles_of_the_duty_rows(
    store: ox.Store, facts: Facts
) -> None:
    expected = set()
    for duty in _city_duties(facts):
        if duty["act"] in SHARING_ACTS and "10000" in duty["event_types"].split(";"):
            if duty["action"] == "share" and duty["modality"] != "prohibition":
                expected.add(("ground", duty["act"], duty["article"]))
            if duty["article"] in LIMITS.get(duty["act"], ()):
                expected.add(("limit", duty["act"], duty["article"]))

    assert _ask(store, "sharing-grounds-and-limits") == expected
    fewer = _without(store, "sharing-grounds-and-limits", CODE + "duty/datasec-2021-38-2", "article")
    assert expected - fewer == {("limit", "datasec-2021", "38")}


def test_the_cells_without_ground_are_those_no_row_fills(store: ox.Store, table: Facts) -> None:
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

    assert _ask(store, "cells-without-ground") == expected
    assert not [cell for cell in expected if cell[0] == "11000" and cell[1] in {"response", "recovery"}]
    lone = min(next(iter(duties)) for duties in cells.values() if len(duties) == 1)
    emptied = {cell for cell, duties in cells.items() if duties == {lone}}
    assert _without(store, "cells-without-ground", CODE + "duty/" + lone, "article") == expected | emptied
    assert emptied


def test_an_entry_on_ended_law_is_found_by_the_acts_dates(store: ox.Store, facts: Facts) -> None:
    (ended,) = [act["superseded_on"] for act in facts("acts") if act["act"] == "air-law"]
    expected = {("example/entry/air-quality-2026-09", "air-law/article/95", ended)}

    assert _ask(store, "sharing-on-ended-law") == expected
    assert _without(store, "sharing-on-ended-law", CODE + "act/air-law", "inForceUntil") == set()


def test_the_duties_of_the_revision_and_the_versions_not_held_are_those_of_the_rows(
    store: ox.Store, facts: Facts
) -> None:
    counts = {act: str(sum(d["act"] == act for d in facts("duties"))) for act in ("erl-2007", "erl-2024")}
    not_held = {
        (act["act"], act["version_from"])
        for act in facts("acts")
        if act["effective"].strip("?") <= "2017-01-01" < act["version_from"]
    }

    assert _ask(store, "duties-around-revision") == {
        ("2024-10-31", "erl-2007", counts["erl-2007"]),
        ("2024-11-01", "erl-2024", counts["erl-2024"]),
    }
    assert _ask(store, "versions-not-held") == not_held


def test_what_the_graph_finds_wrong_with_itself_is_what_the_tables_show(
    store: ox.Store, table: Facts
) -> None:
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

    assert _ask(store, "reports-without-receiver") == unaddressed
    assert _ask(store, "exclusive-offices") == twice
    assert _ask(store, "phases-far-from-chapter") == strayed
    assert _ask(store, "two-leads") == set()


def test_every_question_of_the_list_is_asked(shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "competency-questions.md").read_text(encoding="utf-8")
    asked = {
        n for f in QUESTIONS.glob("*.rq") for n in f.read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]
    }

    assert set(re.findall(r"^\| (CQ\d+) ", text, re.MULTILINE)) <= asked


def _alone(facts: Facts, wider: dict[str, set[str]]) -> list[tuple[tuple[str, str], str]]:
    """Cells that one duty row alone fills, each with that row; at most two of them."""
    fills = defaultdict(set)
    for duty in _city_duties(facts):
        for code, types in wider.items():
            if types & set(duty["event_types"].split(";")) and _phase(duty) in PHASES:
                fills[code, _phase(duty)].add(duty["id"])
    return [(cell, next(iter(ids))) for cell, ids in sorted(fills.items()) if len(ids) == 1][:2]


def _ancestors(table: Facts, code: str) -> set[str]:
    parents = {row["code"]: row["parent"] for row in table("event-types")}
    found = set()
    while code and code != "10000":
        found.add(code)
        code = parents[code]
    return found


def _phase(duty: dict[str, str]) -> str:
    return PHASE_NAMES.get(duty["phase"], "whole-process")


PHASE_NAMES = dict(
    zip(["风险管理", "应急准备", "监测", "预警", "应急处置", "救援", "恢复", "重建"], PHASES, strict=True)
)

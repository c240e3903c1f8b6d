"""Answers that are a list: the expected rows are computed from the shared tables, and one fact less changes the answer."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest

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


def test_the_cascade_of_two_hops_is_the_links_walked_twice(store: ox.Store) -> None:
    links = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(EM + "cause"), None):
        for effect in store.quads_for_pattern(quad.subject, ox.NamedNode(EM + "effect"), None):
            links[quad.object].add(effect.object)
    first = links[ox.NamedNode(CODE + "event/11B19")]
    expected = {("1", e.value.rsplit("/")[-1]) for e in first}
    expected |= {("2", e.value.rsplit("/")[-1]) for middle in first for e in links[middle]}

    answer = _ask(store, "within-two-hops")
    assert {row[:2] for row in answer} == expected
    assert {row[2] for row in answer} >= {"c-health", "c-edu", "c-eit", "c-police"}
    fewer = _without(store, "within-two-hops", CODE + "causal-link/haze-respiratory-outbreak", "effect")
    assert ("1", "respiratory-outbreak", "c-health") in answer - fewer


def test_the_open_phases_are_those_no_duty_row_covers(store: ox.Store, facts: Facts) -> None:
    covered = defaultdict(set)
    wider = {code: _wider(facts, code) - {code[:2] + "000"} for code in ("11B19", "12H00")}
    for duty in _city_duties(facts):
        for code, types in wider.items():
            if types & set(duty["event_types"].split(";")):
                covered[code].add(_phase(duty))
    expected = {(code, phase) for code in wider for phase in PHASES if phase not in covered[code]}

    assert _ask(store, "phases-without-actor") == expected
    assert expected
    for cell, duties in _alone(facts, wider):
        assert _without(store, "phases-without-actor", CODE + "duty/" + duties, "phase") == expected | {cell}


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


def test_the_cells_without_ground_are_those_no_row_fills(store: ox.Store, facts: Facts, table: Facts) -> None:
    filled = defaultdict(lambda: defaultdict(set))
    bodies = [
        b for b in facts("departments") if b["level"] == "市" and not (b["valid_to"] and b["valid_to"] <= ON)
    ]
    for duty in _city_duties(facts):
        for wording in duty["bearer"].split(";"):
            for body in (b["id"] for b in bodies if wording in b["offices"].split(";")):
                for code in duty["event_types"].split(";"):
                    filled[body][code, _phase(duty)].add(duty["id"])
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

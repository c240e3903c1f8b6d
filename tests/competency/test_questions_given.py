"""Questions about given facts: the expected rows follow from the facts and the tables, and one fact less changes the answer."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

import pytest
import rdflib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.competency.conftest import Asked

    Facts: TypeAlias = Callable[[str], list[dict[str, str]]]

CODE, EM, EXAMPLE = (
    "https://w3id.org/emkg/code/",
    "https://w3id.org/emkg/ontology#",
    "https://w3id.org/emkg/id/example/",
)
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
FORMS = {(False, False): "Ⅰ", (True, False): "Ⅱ", (False, True): "Ⅲ", (True, True): "Ⅳ"}
PILE_UP = "shanghai-pile-up-2026-09-01"


@pytest.fixture(scope="module")
def given(checkout: Path) -> list[dict[str, set[str]]]:
    """The given facts, read by another parser: one dictionary a subject, codes without their kind, `iri` its own."""
    things: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    parsed = rdflib.Graph().parse(checkout / "ontology" / "competency" / "given.ttl")
    for subject, predicate, value in parsed:
        name = str(predicate).rsplit("#")[-1]
        text = str(value)
        things[str(subject)]["iri"].add(str(subject))
        things[str(subject)][name].add(
            text.removeprefix(CODE).split("/", 1)[1] if text.startswith(CODE) else text
        )
    return list(things.values())


def _of_class(given: list[dict[str, set[str]]], name: str) -> Iterator[dict[str, set[str]]]:
    return (thing for thing in given if EM + name in thing["type"])


def _one(values: set[str]) -> str:
    (value,) = values
    return value


def test_the_form_of_two_departments_follows_from_body_and_link(
    graph: Asked, given: list[dict[str, set[str]]]
) -> None:
    operator = {_one(it["iri"]): _one(it["operatedBy"]) for it in _of_class(given, "InformationSystem")}
    linked = [
        ({operator[_one(it["fromSystem"])], operator[_one(it["toSystem"])]}, _one(it["from"]))
        for it in _of_class(given, "SystemLink")
    ]
    seats = [(_one(it["member"]), _one(it["from"])) for it in _of_class(given, "Membership")]
    expected = set()
    days = ("2010-06-01", "2016-06-01", "2020-06-01")
    for day, pair in product(days, combinations(sorted(operator.values()), 2)):
        joined = set(pair) <= {member for member, begin in seats if begin <= day}
        is_linked = any(ends == set(pair) and begin <= day for ends, begin in linked)
        expected.add((day, *pair, FORMS[joined, is_linked]))

    answer = graph.ask("form-of-departments")
    assert {(*row[:3], row[3][0]) for row in answer} == expected
    assert [row[3][0] for row in sorted(answer) if row[1:3] == ("c-eco", "c-met")] == list("ⅠⅡⅣ")
    unlinked = graph.without("form-of-departments", EXAMPLE + "network-link/c-eco-c-met", "toSystem")
    assert ("2020-06-01", "c-eco", "c-met", "Ⅱ 部门整合式") in unlinked
    apart = graph.without("form-of-departments", EXAMPLE + "membership/c-met", "member")
    assert ("2020-06-01", "c-eco", "c-met", "Ⅲ 数据集成式") in apart


def test_two_records_are_one_thing_only_by_a_reviewed_link(
    graph: Asked, given: list[dict[str, set[str]]]
) -> None:
    registers = {_one(it["iri"]): it["register"] for it in given}
    expected = set()
    for link in _of_class(given, "IdentityLink"):
        one, other = sorted(link["linkedRecord"])
        if link["identityVerdict"] == {"same"} and registers[one] != registers[other]:
            names = (one, other, _one(link["digitalIdentity"]))
            expected.add(tuple(name.removeprefix("https://w3id.org/emkg/id/") for name in names))

    assert graph.ask("same-component") == expected
    assert len(expected) == 1
    assert graph.without("same-component", EXAMPLE + "identity-link/1", "identityVerdict") == set()


def test_an_entry_on_ended_law_is_found_by_the_acts_dates(
    graph: Asked, given: list[dict[str, set[str]]], facts: Facts
) -> None:
    ended = {act["act"]: act["superseded_on"] for act in facts("acts")}
    expected = set()
    for entry in _of_class(given, "CatalogueEntry"):
        for ground in entry["sharedUnder"]:
            until = ended[ground.split("/")[0]]
            if until and until <= _one(entry["validOn"]):
                name = _one(entry["iri"]).removeprefix("https://w3id.org/emkg/id/")
                expected.add((name, ground, until))

    assert graph.ask("sharing-on-ended-law") == expected
    assert {row[1] for row in expected} == {"air-law/article/95"}
    assert graph.without("sharing-on-ended-law", CODE + "act/air-law", "inForceUntil") == set()


def test_the_open_phases_of_an_event_are_those_the_rows_leave_open(
    graph: Asked, given: list[dict[str, set[str]]], table: Facts
) -> None:
    expected = {row for event in _of_class(given, "Event") for row in _open(event, given, table)}

    assert graph.ask("open-phases") == expected
    assert not [row for row in expected if row[2] == "actor"]
    assert ("beijing-haze-2016-12-29", "rescue", "own duty", "version not held") in expected
    warning = EXAMPLE + "warning/shanghai-haze-2026-09-01"
    opened = {("shanghai-haze-2026-09-01", "warning", "warning", "none")}
    assert graph.without("open-phases", warning, "warnsOf") - expected == opened
    entry = EXAMPLE + "entry/clinic-visits-2026-09"
    opened = {("shanghai-haze-2026-09-01", "response", "data", "none")}
    assert graph.without("open-phases", entry, "servesPhase") - expected == opened


def test_a_phase_opens_when_its_only_duty_of_its_own_is_gone(
    graph: Asked, given: list[dict[str, set[str]]], table: Facts
) -> None:
    (event,) = (it for it in _of_class(given, "Event") if _one(it["iri"]).endswith(PILE_UP))
    own = _types(table, "12H00") - {"12000", "10000"}
    filling = defaultdict(set)
    for duty in _duties(event, table):
        if own & set(duty["event_types"].split(";")):
            filling[duty["phase"]].add(duty["id"])
    phase, duty = next((name, *ids) for name, ids in sorted(filling.items()) if len(ids) == 1)

    opened = graph.without("open-phases", CODE + "duty/" + duty, "phase") - graph.ask("open-phases")
    assert opened == {(PILE_UP, phase, "own duty", "act not fully read")}


def _open(
    event: dict[str, set[str]], given: list[dict[str, set[str]]], table: Facts
) -> Iterator[tuple[str, ...]]:
    """What is open in the loop of one event."""
    name, day, kind = _one(event["iri"]).rsplit("/")[-1], _one(event["startDate"]), _one(event["eventType"])
    wider = _types(table, kind)
    own = {code for code in wider if not code.endswith("000")}
    found = _acted(event, table, (wider, own))
    for plan in table("plans"):
        if plan["level"] == "city" and wider & set(plan["event_types"].split(";")):
            found["plan"].add("preparedness")
    if any(event["iri"] == it["warnsOf"] for it in _of_class(given, "Warning")):
        found["warning"].add("warning")
    for entry in _of_class(given, "CatalogueEntry"):
        if kind in entry["servesEventType"] and _one(entry["validOn"]) <= day:
            found["data"] |= entry["servesPhase"]
    for phase, part in product(PHASES, ("actor", "own duty", "plan", "warning", "data")):
        is_asked = phase == {"plan": "preparedness", "warning": "warning"}.get(part, phase)
        if is_asked and phase not in found[part]:
            types = {"actor": wider, "own duty": own}.get(part, set())
            yield name, phase, part, _because(event, table, (phase, types, own))


def _acted(event: dict[str, set[str]], table: Facts, types: tuple[set[str], set[str]]) -> dict[str, set[str]]:
    """The phases that have an actor, and those that have a duty for such events."""
    wider, own = types
    day = _one(event["startDate"])
    holders = {
        one["office"]
        for one in table("incumbencies")
        if one["level"] == "city" and (one["from"] or day) <= day < (one["until"] or "9999")
    }
    found = defaultdict(set)
    for duty in _duties(event, table):
        named = set(duty["event_types"].split(";"))
        if named & wider and holders & set(duty["bearers"].split(";")):
            found["actor"].add(duty["phase"])
        if named & own:
            found["own duty"].add(duty["phase"])
    return found


def _because(event: dict[str, set[str]], table: Facts, missing: tuple[str, set[str], set[str]]) -> str:
    """Why it is open: the text of the day is not held, an act of the matter is not fully read, or for want of it."""
    phase, types, own = missing
    day = _one(event["startDate"])
    unheld = {a["act"] for a in _acts(event, table) if a["effective"] <= day < a["version_from"]}
    unread = {a["act"] for a in _in_force(event, table) if a["is_fully_read"] == "false"}
    for acts, phases, codes, reason in (
        (unheld, {phase}, types, "version not held"),
        (unread, None, own & types, "act not fully read"),
    ):
        for duty in table("duties"):
            is_of_phase = phases is None or duty["phase"] in phases
            is_of_level = "city" in duty["levels"].split(";")
            if (
                duty["act"] in acts
                and is_of_phase
                and is_of_level
                and codes & set(duty["event_types"].split(";"))
            ):
                return reason
    return "none"


def _acts(event: dict[str, set[str]], table: Facts) -> list[dict[str, str]]:
    binding = {"100000", _one(event["jurisdiction"])}
    return [act for act in table("acts") if act["jurisdiction"] in binding]


def _in_force(event: dict[str, set[str]], table: Facts) -> list[dict[str, str]]:
    day = _one(event["startDate"])
    return [a for a in _acts(event, table) if a["version_from"] <= day < (a["superseded_on"] or "9999")]


def _duties(event: dict[str, set[str]], table: Facts) -> Iterator[dict[str, str]]:
    """Duties and powers at the city level in force and held on the event's first day."""
    acts = {act["act"] for act in _in_force(event, table)}
    for duty in table("duties"):
        if duty["act"] in acts and "city" in duty["levels"].split(";") and duty["modality"] != "prohibition":
            yield duty


def _types(table: Facts, code: str) -> set[str]:
    parents = {row["code"]: row["parent"] for row in table("event-types")}
    found = set()
    while code:
        found.add(code)
        code = parents[code]
    return found

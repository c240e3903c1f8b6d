"""The reference tables agree with each other and with the mappings that read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Table: TypeAlias = Callable[[str], list[dict[str, str]]]

KEYS = {
    "acts": "act",
    "bodies": "id",
    "citations": "id",
    "corrections": "id",
    "divisions": "code",
    "duties": "id",
    "event-types": "code",
    "incumbencies": "id",
    "offices": "wording",
    "plan-bases": "id",
    "plans": "id",
    "successions": "id",
}
REFERENCES = [
    ("acts", "jurisdiction", "divisions"),
    ("acts", "superseded_by", "acts"),
    ("acts", "implements", "acts"),
    ("bodies", "parent", "bodies"),
    ("bodies", "second_lead", "bodies"),
    ("bodies", "predecessor", "bodies"),
    ("bodies", "successor", "bodies"),
    ("bodies", "city_counterpart", "bodies"),
    ("bodies", "covers_event_types", "event-types"),
    ("citations", "duty", "duties"),
    ("citations", "act", "acts"),
    ("corrections", "duty", "duties"),
    ("corrections", "act", "acts"),
    ("divisions", "within", "divisions"),
    ("duties", "act", "acts"),
    ("duties", "bearers", "offices"),
    ("duties", "receiver", "offices"),
    ("duties", "event_types", "event-types"),
    ("event-types", "parent", "event-types"),
    ("event-types", "lead_bodies", "bodies"),
    ("event-types", "national_lead_bodies", "bodies"),
    ("incumbencies", "office", "offices"),
    ("incumbencies", "body", "bodies"),
    ("plan-bases", "plan", "plans"),
    ("plan-bases", "act", "acts"),
    ("plans", "event_types", "event-types"),
    ("plans", "drafting_body", "bodies"),
    ("successions", "from_act", "acts"),
    ("successions", "to_act", "acts"),
]
# For people who review a table; the graph has the same in another form or does not need it.
UNMAPPED = {
    "citations": {"id"},
    "plan-bases": {"id"},
    "acts": {"issuer_doubtful", "articles_total", "articles_read", "articles_with_duties"},
    "event-types": {"lead_department_national", "code_status"},
}


@pytest.mark.parametrize("name", sorted(KEYS))
def test_keys_are_unique_and_never_empty(table: Table, name: str) -> None:
    keys = [row[KEYS[name]] for row in table(name)]

    assert all(keys)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("name", "column", "target"), REFERENCES)
def test_what_a_column_names_is_a_row_of_its_table(table: Table, name: str, column: str, target: str) -> None:
    known = {row[KEYS[target]] for row in table(target)}

    named = {part for row in table(name) for part in row[column].split(";") if part}
    assert named <= known


def test_every_duty_stands_in_an_article_of_its_act(table: Table) -> None:
    acts = {act["act"]: (int(act["article_from"]), int(act["article_to"])) for act in table("acts")}

    outside = [
        duty["id"]
        for duty in table("duties")
        if not acts[duty["act"]][0] <= int(duty["article"]) <= acts[duty["act"]][1]
    ]
    assert outside == []


def test_every_duty_has_bearer_modality_phase_and_event_type(table: Table) -> None:
    needed = ("bearers", "modality", "phase", "event_types", "article", "paraphrase_zh", "paraphrase_en")

    incomplete = [duty["id"] for duty in table("duties") if not all(duty[column] for column in needed)]
    assert incomplete == []


def test_an_incumbency_begins_before_it_ends(table: Table) -> None:
    wrong = [
        row["id"]
        for row in table("incumbencies")
        if row["from"] and row["until"] and row["from"] >= row["until"]
    ]

    assert wrong == []


def test_a_role_never_holds_an_office(table: Table) -> None:
    roles = {body["id"] for body in table("bodies") if body["is_role"] == "true"}

    assert roles
    assert not roles & {row["body"] for row in table("incumbencies")}


def test_an_office_has_bodies_just_when_it_was_matched(table: Table) -> None:
    held = {row["office"] for row in table("incumbencies")}

    ways = {"exact", "reviewed", "derived"}
    matched = {row["wording"] for row in table("offices") if row["resolution"] in ways}
    assert held == matched


def test_the_ecology_bureau_takes_over_from_the_environment_bureau(table: Table) -> None:
    held = {row["body"]: row for row in table("incumbencies") if row["office"] == "环境保护主管部门"}

    assert held["c-mep"]["until"] == held["c-eco"]["from"] == "2018-03-01"
    assert held["c-mep"]["from"] == held["c-eco"]["until"] == ""


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_mapping_reads_every_column_of_its_table(checkout: Path, table: Table, name: str) -> None:
    text = (checkout / "mappings" / "reference" / f"{name}.yml").read_text(encoding="utf-8")

    read = set(re.findall(r"\$\((\w+)\)", text))
    assert read == set(table(name)[0]) - UNMAPPED.get(name, set())


def test_every_reference_mapping_reads_one_table(checkout: Path) -> None:
    for file in sorted((checkout / "mappings" / "reference").glob("*.yml")):
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert list(document["sources"]) == [file.stem]


def test_tables_are_sorted_utf8_with_unix_line_ends(checkout: Path, table: Table) -> None:
    for name, key in KEYS.items():
        assert b"\r" not in (checkout / "ontology" / "reference" / f"{name}.csv").read_bytes()
        if name not in {"citations", "duties", "successions", "incumbencies"}:
            keys = [row[key] for row in table(name)]
            assert keys == sorted(keys), name

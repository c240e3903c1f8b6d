from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emkg.rdf import parse_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg

CALLED = (
    "<https://w3id.org/emkg/id/event/F1>",
    "em:callsOn",
    "<https://w3id.org/emkg/code/body/t-fire>",
)


def test_text_leads_from_the_rule_to_the_row_and_the_cell(emkg: Emkg, ingested_town: Path) -> None:
    answer = emkg("why", *CALLED, "--workspace", ingested_town)

    assert answer.code == 0
    assert "by rule callsOn (shapes/rules/duty.ttl:" in answer.out
    assert "incidents.csv, row 2, column day: 2026-03-01" in answer.out
    assert "law.csv, row 2, column office: 消防机构" in answer.out
    assert "mappings/fire/incidents.yml:" in answer.out


def test_text_in_chinese(emkg: Emkg, ingested_town: Path) -> None:
    answer = emkg("why", *CALLED, "--workspace", ingested_town, language="zh")

    assert answer.code == 0
    assert "incidents.csv" in answer.out
    assert "镇消防队" in answer.out


def test_json_holds_the_tree(emkg: Emkg, ingested_town: Path) -> None:
    answer = json.loads(emkg("why", *CALLED, "--workspace", ingested_town, "--format", "json").out)

    assert answer["object"] == "<https://w3id.org/emkg/code/body/t-fire>"
    assert answer["rule"]["name"] == "callsOn"
    assert "callsForDuty" in {
        premise["rule"]["name"] for premise in answer["premises"] if premise.get("rule")
    }


def test_turtle_is_provenance(emkg: Emkg, ingested_town: Path) -> None:
    answer = emkg("why", *CALLED, "--workspace", ingested_town, "--format", "turtle")

    predicates = {quad.predicate.value for quad in parse_text(answer.out, "turtle")}
    assert answer.code == 0
    assert any(predicate.startswith("http://www.w3.org/ns/prov#") for predicate in predicates)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            (CALLED[0], "em:callsOn", "<https://w3id.org/emkg/code/body/nobody>"),
            "neither asserted nor inferred",
        ),
        ((CALLED[0], "emm:callsOn", CALLED[2]), "emm"),
        (('"F1"', "em:callsOn", CALLED[2]), "a subject is no literal"),
    ],
)
def test_what_cannot_be_explained_ends_with_1_and_says_why(
    emkg: Emkg, ingested_town: Path, words: tuple[str, ...], message: str
) -> None:
    ended = emkg("why", *words, "--workspace", ingested_town)

    assert ended.code == 1
    assert ended.out == ""
    assert message in ended.err

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from emkg.rdf import parse_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg


def test_each_record_is_told_with_its_place_and_reason(emkg: Emkg, ingested_town: Path) -> None:
    found = emkg("quarantine", "--workspace", ingested_town)

    assert found.code == 0
    assert "incidents.csv row 3 injured: 'many' is not xsd:integer [bad-lexical-form, " in found.out
    assert "2 records" in found.out


def test_chinese_readers_get_chinese(emkg: Emkg, ingested_town: Path) -> None:
    found = emkg("quarantine", "--workspace", ingested_town, language="zh")

    assert "incidents.csv 第 3 行 injured：" in found.out or "incidents.csv 第 3 行 injured: " in found.out
    assert "不符合" in found.out


def test_records_are_chosen_by_dataset_and_reason(emkg: Emkg, ingested_town: Path) -> None:
    judged = emkg("quarantine", "--reason", "shacl", "--workspace", ingested_town)
    unknown = emkg("quarantine", "fire/nothing", "--workspace", ingested_town)
    counted = emkg("quarantine", "--format", "summary", "--workspace", ingested_town)

    assert "incidents.csv row 4 injured: " in judged.out
    assert "1 records" in judged.out
    assert (unknown.code, "known: " in unknown.err) == (1, True)
    assert "bad-lexical-form" in counted.out


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_records_are_exported(emkg: Emkg, ingested_town: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"records.{form}"

    done = emkg("quarantine", "--format", form, "--out", out, "--workspace", ingested_town)

    read = {
        "csv": lambda: list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())),
        "json": lambda: json.loads(out.read_text(encoding="utf-8")),
        "parquet": lambda: pq.read_table(out).to_pylist(),
    }
    record = read[form]()[0]
    assert done.code == 0
    assert (str(record["row"]), record["column"], record["value"]) == ("3", "injured", "many")


def test_a_page_is_not_written_to_a_file(emkg: Emkg, ingested_town: Path, tmp_path: Path) -> None:
    assert emkg("quarantine", "--out", tmp_path / "x", "--workspace", ingested_town).code == 1
    assert emkg("quarantine", "--format", "parquet", "--workspace", ingested_town).code == 1


def test_a_node_is_told_with_its_reasons_and_its_statements(emkg: Emkg, ingested_town: Path) -> None:
    found = emkg("quarantine", "--node", "https://w3id.org/emkg/id/event/F3", "--workspace", ingested_town)

    assert "incidents.csv row 4 injured: " in found.out
    assert "1 records" in found.out
    assert "<https://w3id.org/emkg/id/event/F3> <https://w3id.org/emkg/ontology#startDate>" in found.out
    assert "event/F2" not in found.out


def test_the_statements_that_wait_are_exported(emkg: Emkg, ingested_town: Path, tmp_path: Path) -> None:
    out = tmp_path / "waiting.nq"

    done = emkg("quarantine", "fire/incidents", "--format", "nquads", "-o", out, "--workspace", ingested_town)

    quads = list(parse_file(out))
    assert done.code == 0
    assert {str(quad.subject) for quad in quads} == {"<https://w3id.org/emkg/id/event/F3>"}
    assert {str(quad.graph) for quad in quads} == {"<https://w3id.org/emkg/graph/fire/incidents>"}
    assert len(quads) == 6


def test_a_node_is_released_listed_and_taken_back(emkg: Emkg, town: Path) -> None:
    node, place = "https://w3id.org/emkg/id/event/F3", ("--workspace", town)
    emkg("ingest", "fire", "law", *place)

    released = emkg("release", "fire/incidents", node, "--reason", "more went home than came", *place)
    listed = emkg("release", "--list", *place)
    asked = emkg("quarantine", "--node", node, *place)
    revoked = emkg("release", "fire/incidents", node, "--revoke", *place)
    again = emkg("quarantine", "--node", node, *place)

    assert (released.code, revoked.code) == (0, 0), released.err + revoked.err
    assert "fire/incidents" in released.out
    assert "more went home than" in listed.out
    assert "0 records" in asked.out
    assert "1 records" in again.out


def test_a_release_needs_nodes_that_wait_and_a_reason(emkg: Emkg, town: Path) -> None:
    place = ("--workspace", town)
    emkg("ingest", "fire", "law", *place)

    no_reason = emkg("release", "fire/incidents", "http://e/x", *place)
    unknown = emkg("release", "fire/incidents", "http://e/x", "--reason", "why", *place, language="zh")

    assert (no_reason.code, "say why" in no_reason.err) == (1, True)
    assert (unknown.code, "不在 fire/incidents 的隔离区" in unknown.err) == (1, True)

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from emkg.rdf import parse_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg, Finished


def _run(emkg: Emkg, town: Path, *words: object, language: str = "en") -> Finished:
    mapping = town / "mappings" / "fire" / "incidents.yml"
    fixed = ("map", "run", mapping, "-o", town / "out.nq", "--data", town / "data")
    return emkg(*fixed, *words, language=language)


def test_the_statements_are_n_quads(emkg: Emkg, town: Path) -> None:
    done = _run(emkg, town)

    subjects = {str(quad.subject) for quad in parse_file(town / "out.nq")}
    assert done.code == 0
    assert subjects == {f"<https://w3id.org/emkg/id/event/F{number}>" for number in (1, 2, 3)}
    assert "3 rows" in done.out


def test_what_was_withheld_lies_beside_them_for_people_and_programs(emkg: Emkg, town: Path) -> None:
    report = json.loads(_run(emkg, town, "--json").out)

    with open(report["quarantine_csv"], encoding="utf-8-sig", newline="") as text:  # noqa: PTH123 - a name from JSON
        (record,) = csv.DictReader(text)
    assert (record["file"], record["row"], record["column"]) == ("incidents.csv", "3", "injured")
    assert (record["value"], record["reason"]) == ("many", "bad-lexical-form")
    assert record["mapping"].rpartition(":")[0].endswith("incidents.yml")
    assert pq.read_table(report["quarantine_parquet"]).num_rows == 1
    assert report["quarantined"] == {"bad-lexical-form": 1}


def test_the_summary_names_the_quarantine_in_the_readers_language(emkg: Emkg, town: Path) -> None:
    english, chinese = _run(emkg, town), _run(emkg, town, language="zh")

    assert "Quarantine: " in english.out
    assert "隔离记录：" in chinese.out


def test_a_strict_run_ends_with_1_at_the_cell_and_writes_nothing(emkg: Emkg, town: Path) -> None:
    ended = _run(emkg, town, "--strict")

    assert ended.code == 1
    assert "incidents.csv row 3 column injured" in ended.err
    assert not (town / "out.nq").exists()


def test_a_mapping_that_is_wrong_ends_with_1_at_its_line(emkg: Emkg, town: Path) -> None:
    mapping = town / "mappings" / "fire" / "incidents.yml"
    mapping.write_text(mapping.read_text().replace("sources: [incidents]", "sources: [incidens]"))

    ended = _run(emkg, town)

    assert ended.code == 1
    assert "incidents.yml:9:" in ended.err
    assert not (town / "out.nq").exists()


def test_a_column_that_is_not_there_ends_with_1_and_is_named(emkg: Emkg, town: Path) -> None:
    mapping = town / "mappings" / "fire" / "incidents.yml"
    mapping.write_text(mapping.read_text().replace("$(injured)", "$(injurd)"))

    ended = _run(emkg, town)

    assert ended.code == 1
    assert (
        "incidents.csv row 1 column injurd: there is no column 'injurd'; did you mean 'injured'?" in ended.err
    )


def test_a_source_that_is_missing_ends_with_1_and_is_named(emkg: Emkg, town: Path) -> None:
    (town / "data" / "incidents.csv").unlink()

    ended = _run(emkg, town)

    assert ended.code == 1
    assert "incidents.csv" in ended.err

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

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

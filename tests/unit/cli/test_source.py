from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg

TEXT = "某区学校名录,,\n代码,名称,区划代码\nS1,一小,310101\nS2,-,310104\nS3,三小,310101\n"


def _file(tmp_path: Path) -> Path:
    path = tmp_path / "schools.csv"
    path.write_bytes(TEXT.encode("gb18030"))
    return path


def test_inspect_says_what_a_file_is_and_how_a_mapping_reads_it(emkg: Emkg, tmp_path: Path) -> None:
    done = emkg("source", "inspect", _file(tmp_path))

    assert done.code == 0
    assert "Encoding: gb18030" in done.out
    assert "the column names are in row 2" in done.out
    assert "could be the key: 代码" in done.out
    assert "division code" in done.out
    block = yaml.safe_load(done.out[done.out.index("sources:") :])
    assert block["sources"]["source"] == {
        "access": "data:schools.csv",
        "referenceFormulation": "csv",
        "encoding": "gb18030",
        "headerRow": 2,
        "nullValues": ["-"],
    }


def test_inspect_speaks_chinese(emkg: Emkg, tmp_path: Path) -> None:
    assert "可作主键：代码" in emkg("source", "inspect", _file(tmp_path), language="zh").out


def test_inspect_for_a_program(emkg: Emkg, tmp_path: Path) -> None:
    found = json.loads(emkg("source", "inspect", _file(tmp_path), "--json").out)

    (table,) = found["tables"]
    assert found["encoding"]["name"] == "gb18030"
    assert table["keys"] == [["代码"]]
    assert table["columns"][2]["likely"][0]["kind"] == "division"


def test_a_suggested_mapping_lints_without_errors_and_is_never_overwritten(
    emkg: Emkg, tmp_path: Path
) -> None:
    out = tmp_path / "schools.yml"

    done = emkg("map", "suggest", _file(tmp_path), "-o", out)
    again = emkg("map", "suggest", _file(tmp_path), "-o", out)
    lint = emkg("map", "lint", out)
    printed = emkg("map", "suggest", _file(tmp_path))

    assert (done.code, lint.code, printed.code) == (0, 0, 0)
    assert "columns mapped" in done.out
    assert again.code == 1
    assert "is there already" in again.err
    assert "# A first mapping" in printed.out


def test_a_suggestion_for_a_program_holds_every_candidate_and_the_mapping(emkg: Emkg, tmp_path: Path) -> None:
    found = json.loads(emkg("map", "suggest", _file(tmp_path), "--json").out)

    by_name = {column["name"]: column for column in found["columns"]}
    assert by_name["名称"]["proposed"]["property"] == "rdfs:label"
    assert by_name["区划代码"]["candidates"][0]["score"] >= by_name["区划代码"]["candidates"][-1]["score"]
    assert yaml.safe_load(found["mapping"])["mappings"]


def test_how_much_was_read_is_said(emkg: Emkg, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps([{"a": n} for n in range(20)]), "utf-8")
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 20, "utf-8")

    counted = emkg("source", "inspect", tmp_path / "x.json", "--rows", "5").out
    cut = emkg("source", "inspect", tmp_path / "x.csv", "--rows", "5").out

    assert "20 records, columns judged by the first 5" in counted
    assert "more than 5 records, only these were looked at" in cut

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from emkg.cli.mapping import map_command
from emkg.pipeline.lint import RULES

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """\
mappings:
  school:
    source: ['schools.csv~csv']
    s: https://w3id.org/emkg/id/school/$(code)
    po:
      - [a, em:School]
      - [rdfs:label, $(name), zh~lang]
      - [em:locatedIn, https://w3id.org/emkg/code/division/310000~iri]
      - [em:studentCount, $(students), xsd:integer]
      - [dcterms:source, code:act/air-law/article/95~iri]
"""
ROWS = "code,name,students\nS1,示范一小,12\nS2,示范二小,many\nS3,,-4\n"


def _run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(map_command, arguments, env={"EMKG_LANG": language})


def _mapping(tmp_path: Path, text: str = MAPPING) -> str:
    (tmp_path / "schools.csv").write_text(ROWS, encoding="utf-8")
    path = tmp_path / "schools.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_lint_ends_with_0_where_there_are_only_warnings(tmp_path: Path) -> None:
    result = _run("lint", _mapping(tmp_path), "--as-of", "2026-08-15")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "schools.yml:10:26: warning repealed-article: art. 95 of air-law" in lines[0]
    assert lines[-1] == "1 mapping files: 0 errors, 1 warnings, 0 notes"


def test_lint_asks_the_law_of_the_date(tmp_path: Path) -> None:
    result = _run("lint", _mapping(tmp_path), "--as-of", "2026-08-14", language="zh")

    assert result.stdout.splitlines() == ["1 个映射文件：0 个错误，0 个警告，0 个提示"]


def test_lint_ends_with_1_where_there_is_an_error(tmp_path: Path) -> None:
    path = _mapping(tmp_path, MAPPING.replace("em:School]", "em:Schol]"))

    result = _run("lint", path, language="zh")

    assert result.exit_code == 1
    assert (
        "schools.yml:6:13：错误 unknown-class：em:Schol 不是本体中的类；是否指 em:School？" in result.stdout
    )


def test_lint_as_json_has_every_finding_with_its_place(tmp_path: Path) -> None:
    path = _mapping(tmp_path, MAPPING.replace("$(students)", "$(student)"))

    document = json.loads(_run("lint", path, "--as-of", "2026-01-01", "--format", "json").stdout)

    assert (document["errors"], document["warnings"], document["notes"]) == (1, 0, 1)
    finding = next(one for one in document["findings"] if one["severity"] == "error")
    assert finding["code"] == "unknown-reference"
    assert (finding["line"], finding["column"], finding["suggestion"]) == (9, 27, "students")


def test_lint_as_sarif_has_what_the_format_demands(tmp_path: Path) -> None:
    path = _mapping(tmp_path, MAPPING.replace("em:School]", "em:Schol]"))

    document = json.loads(_run("lint", path, "--as-of", "2026-08-15", "--format", "sarif").stdout)

    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    assert all(rule["defaultConfiguration"]["level"] in {"error", "warning", "note"} for rule in rules)
    assert {result["ruleId"] for result in run["results"]} >= {"unknown-class", "repealed-article"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("schools.yml")
        assert all(number >= 1 for number in place["physicalLocation"]["region"].values())


def test_sarif_in_chinese(tmp_path: Path) -> None:
    document = json.loads(_run("lint", _mapping(tmp_path), "--format", "sarif", language="zh").stdout)

    assert document["runs"][0]["tool"]["driver"]["rules"][0]["shortDescription"]["text"].startswith("文件")


def test_preview_shows_rows_statements_withheld_values_and_violations(tmp_path: Path) -> None:
    result = _run("preview", _mapping(tmp_path))

    assert result.exit_code == 0
    assert "school (" in result.stdout
    words = " ".join(result.stdout.split())
    assert 'rdfs:label "示范一小"@zh' in words
    assert 'em:studentCount "12"^^xsd:integer' in words
    assert "bad-lexical-form" in words
    assert "! Violation" in words
    assert "∅" in words


def test_preview_of_a_key_in_chinese(tmp_path: Path) -> None:
    path = _mapping(tmp_path)

    assert "示范二小" in _run("preview", path, "--key", "S2", language="zh").stdout
    assert "没有符合的行" in _run("preview", path, "--key", "S9", language="zh").stdout


def test_preview_as_json_gives_violations_the_cells_they_come_from(tmp_path: Path) -> None:
    (sample,) = json.loads(_run("preview", _mapping(tmp_path), "--format", "json").stdout)

    assert [row["row"] for row in sample["rows"]] == [2, 3, 4]
    second, third = sample["rows"][1:]
    assert [(one["column"], one["value"]) for one in second["quarantine"]] == [("students", "many")]
    negative = next(one for one in third["violations"] if one["value"])
    assert {(cell["column"], cell["value"]) for cell in negative["cells"]} == {
        ("code", "S3"),
        ("students", "-4"),
    }
    assert third["cells"]["name"] is None

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from emkg.rdf import parse_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg

SHAPES = """
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:School a sh:NodeShape ; sh:targetClass ex:School ; sh:property ex:pupils .
ex:pupils a sh:PropertyShape ; sh:path ex:pupils ; sh:minCount 1 ; sh:message "say how many pupils"@en , "应填学生数"@zh .
"""
GOOD = "@prefix ex: <http://e/> . ex:a a ex:School ; ex:pupils 300 ."
BAD = "@prefix ex: <http://e/> . ex:a a ex:School ."


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "good.ttl").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.ttl").write_text(BAD, encoding="utf-8")
    (tmp_path / "broken.ttl").write_text("ex:a a ex:School", encoding="utf-8")
    (tmp_path / "typo.ttl").write_text(SHAPES.replace("sh:minCount", "sh:minCont"), encoding="utf-8")
    return tmp_path


def test_data_that_conforms_ends_with_0(emkg: Emkg, files: Path) -> None:
    judged = emkg("validate", "--data", files / "good.ttl", "--shapes", files / "shapes.ttl")

    assert judged.code == 0


@pytest.mark.parametrize(("language", "message"), [("en", "say how many pupils"), ("zh", "应填学生数")])
def test_data_that_does_not_ends_with_1_in_the_readers_language(
    emkg: Emkg, files: Path, language: str, message: str
) -> None:
    words = ("validate", "--data", files / "bad.ttl", "--shapes", files / "shapes.ttl")

    judged = emkg(*words, language=language)

    assert judged.code == 1
    assert "http://e/a" in judged.out
    assert message in judged.out


@pytest.mark.parametrize(
    ("data", "shapes", "message"),
    [("broken.ttl", "shapes.ttl", "broken.ttl:1:"), ("good.ttl", "typo.ttl", "sh:minCont")],
)
def test_what_cannot_be_judged_ends_with_2_and_names_the_place(
    emkg: Emkg, files: Path, data: str, shapes: str, message: str
) -> None:
    for language in ("en", "zh"):
        judged = emkg("validate", "--data", files / data, "--shapes", files / shapes, language=language)

        assert judged.code == 2
        assert judged.out == ""
        assert message in judged.err


def test_a_report_as_json(emkg: Emkg, files: Path) -> None:
    words = ("validate", "--data", files / "bad.ttl", "--shapes", files / "shapes.ttl", "--format", "json")

    report = json.loads(emkg(*words).out)

    assert report["conforms"] is False
    assert len(report["results"]) == 1


def test_a_report_as_turtle_is_the_standards(emkg: Emkg, files: Path) -> None:
    words = ("validate", "--data", files / "bad.ttl", "--shapes", files / "shapes.ttl", "--format", "turtle")

    quads = list(parse_text(emkg(*words).out, "turtle"))

    assert any(quad.predicate.value == "http://www.w3.org/ns/shacl#focusNode" for quad in quads)


@pytest.mark.parametrize(
    ("data", "code"), [("good.ttl", 0), ("bad.ttl", 1), ("broken.ttl", 2), ("no.ttl", 2)]
)
def test_the_process_ends_with_the_code(files: Path, data: str, code: int) -> None:
    command = [sys.executable, "-m", "emkg", "validate", "--data", data, "--shapes", "shapes.ttl"]

    assert subprocess.run(command, check=False, cwd=files, capture_output=True).returncode == code


def test_without_data_the_workspaces_ledger_is_judged_and_the_report_is_kept(
    emkg: Emkg, files: Path, town: Path, tmp_path: Path
) -> None:
    change, query = tmp_path / "change.ru", tmp_path / "report.rq"
    change.write_text("INSERT DATA { GRAPH <http://e/g> { <http://e/a> a <http://e/School> } }")
    query.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?node WHERE { GRAPH <https://w3id.org/emkg/graph/validation> { ?r sh:focusNode ?node } }"
    )
    words = ("validate", "--shapes", files / "shapes.ttl", "--keep", "--workspace", town)
    emkg("update", change, "--workspace", town)

    at_fault = emkg(*words)
    found = emkg("query", query, "--format", "csv", "--workspace", town)
    change.write_text("INSERT DATA { GRAPH <http://e/g> { <http://e/a> <http://e/pupils> 3 } }")
    emkg("update", change, "--workspace", town)
    mended = emkg(*words)
    now = emkg("query", query, "--format", "csv", "--workspace", town)

    assert (at_fault.code, mended.code) == (1, 0)
    assert found.out.split() == ["node", "http://e/a"]
    assert now.out.split() == ["node"]


def test_data_needs_shapes(emkg: Emkg, files: Path) -> None:
    judged = emkg("validate", "--data", files / "good.ttl")

    assert judged.code == 2
    assert "--shapes" in judged.err


COUNTED = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
em:EventShape a sh:NodeShape ; sh:targetClass em:Event ;
  sh:property [ sh:path em:injured ; sh:minCount 1 ] , [ sh:path em:jurisdiction ; sh:maxCount 0 ] .
"""


def test_results_on_the_ledger_are_traced_to_graph_file_row_and_column(
    emkg: Emkg, ingested_town: Path, tmp_path: Path
) -> None:
    shapes = tmp_path / "counted.ttl"
    shapes.write_text(COUNTED, encoding="utf-8")
    words = ("validate", "--shapes", shapes, "--trace", "--workspace", ingested_town)

    told = emkg(*words)
    results = json.loads(emkg(*words, "--format", "json").out)["results"]
    chinese = emkg(*words, language="zh")

    assert told.code == 1
    assert "    incidents.csv row 3 injured (" in told.out
    assert "incidents.yml:10, <https://w3id.org/emkg/graph/fire/incidents>)" in told.out
    assert "incidents.csv 第 3 行 injured（" in chinese.out
    missing = next(one for one in results if one["resultPath"].endswith("injured>"))
    assert missing["graphs"] == ["https://w3id.org/emkg/graph/fire/incidents"]
    assert [(cell["file"], cell["row"], cell["column"]) for cell in missing["cells"]] == [
        ("incidents.csv", 3, "injured")
    ]
    wrong = [one["cells"][0] for one in results if one["resultPath"].endswith("jurisdiction>")]
    assert {(cell["row"], cell["column"], cell["value"]) for cell in wrong} == {
        (2, "no", "F1"),
        (3, "no", "F2"),
    }


def test_files_are_not_traced(emkg: Emkg, files: Path) -> None:
    done = emkg("validate", "--data", files / "bad.ttl", "--shapes", files / "shapes.ttl", "--trace")

    assert (done.code, "leave --data out" in done.err) == (2, True)


@pytest.mark.parametrize("words", [("--engine", "pyshacl"), ("--trace", "--format", "turtle")])
def test_what_would_have_no_effect_on_the_ledger_is_refused(
    emkg: Emkg, ingested_town: Path, words: tuple[str, ...]
) -> None:
    assert emkg("validate", *words, "--workspace", ingested_town).code == 2

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emkg.validation import DataPlaces, report_sarif, validate_files

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
:S a sh:NodeShape ; sh:targetClass :School ; sh:property [ sh:path :pupils ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( 1 2 3 "1" ) ; sh:severity sh:Warning ] ."""
TURTLE = """@prefix : <http://e/> .
@prefix other: <http://e/> .

:none a :School .
[ a :School ;
  :head [ a :School ; :pupils 1 ,
    2 ] ] .
<http://e/wrong> a other:School ; :name "a ; b" ;
    other:pupils 9 .
"""
LINES = """<http://e/none> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/School> .
_:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/School> .
_:x <http://e/pupils> "1" .
  _:x <http://e/pupils> "of . many" .  # a comment
"""


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    file = tmp_path / "shapes.ttl"
    file.write_text(SHAPES)
    return file


def _log(shapes: Path, *data: Path, language: str = "en") -> dict[str, list[dict[str, object]]]:
    report = validate_files(data, [shapes])
    text = report_sarif(report, DataPlaces(data, report.focus_nodes()), language)
    run: dict[str, list[dict[str, object]]] = json.loads(text)["runs"][0]
    return run


def _places(run: dict[str, list[dict[str, object]]]) -> set[tuple[object, object, object]]:
    return {
        (result["ruleId"], *_region(place))
        for result in run["results"]
        for place in result["locations"]  # type: ignore[attr-defined]
    }


def _region(place: dict[str, dict[str, dict[str, object]]]) -> tuple[object, object]:
    region = place["physicalLocation"]["region"]
    return region["startLine"], region["startColumn"]


def test_results_stand_at_the_property_of_a_turtle_document_or_at_the_node(
    shapes: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data.ttl"
    data.write_text(TURTLE)

    assert _places(_log(shapes, data)) == {
        ("sh:MinCountConstraintComponent", 4, 1),
        ("sh:MinCountConstraintComponent", 5, 1),
        ("sh:MaxCountConstraintComponent", 6, 23),
        ("sh:InConstraintComponent", 9, 5),
    }


def test_results_stand_at_the_very_line_of_n_triples(shapes: Path, tmp_path: Path) -> None:
    turtle, lines = tmp_path / "data.ttl", tmp_path / "data.nt"
    turtle.write_text("<http://e/x> <http://e/y> 1 .")
    lines.write_text(LINES)

    assert _places(_log(shapes, turtle, lines)) == {
        ("sh:MinCountConstraintComponent", 1, 17),
        ("sh:MaxCountConstraintComponent", 3, 5),
        ("sh:InConstraintComponent", 4, 7),
    }


def test_a_log_says_what_a_code_host_asks_for(shapes: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonld"
    data.write_text('{"@id": "http://e/a", "@type": "http://e/School"}')

    run = _log(shapes, data, language="zh")

    [result] = run["results"]
    assert (result["level"], result["locations"]) == ("warning", [])
    assert "http://e/a" in str(result["message"])
    assert run["tool"]["driver"]["rules"][0]["id"] == result["ruleId"]  # type: ignore[call-overload]

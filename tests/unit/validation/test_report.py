from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emkg.errors import ShapesError
from emkg.rdf import IRI, parse_text
from emkg.validation import (
    VIOLATION,
    WARNING,
    PyshaclValidator,
    ShapesGraph,
    ValidationReport,
    ValidationResult,
    report_json,
    report_text,
    report_turtle,
    validate_files,
)
from emkg.validation.message import default_messages
from emkg.vocabulary import EM, SH

if TYPE_CHECKING:
    from pathlib import Path

RESULT = ValidationResult(
    focus_node=IRI("https://w3id.org/emkg/id/school/1"),
    path=f"<{EM}name>/^<{EM}of>",
    value=IRI(EM + "x"),
    component=IRI(SH + "MinCountConstraintComponent"),
    severity=VIOLATION,
    source_shape=IRI("https://w3id.org/emkg/shapes#School"),
    messages={"en": "too few", "zh": "太少"},
)
REPORT = ValidationReport(conforms=False, results=(RESULT,))


def test_the_text_says_severity_node_path_value_message_and_shape() -> None:
    assert report_text(REPORT) == (
        "Does not conform: 1 results (violation 1).\n"
        "violation: <https://w3id.org/emkg/id/school/1> em:name/^em:of value em:x: too few [emsh:School]\n"
    )


def test_the_text_is_chinese_where_chinese_is_asked_for() -> None:
    assert "违规: <https://w3id.org/emkg/id/school/1> em:name/^em:of 值 em:x: 太少" in report_text(
        REPORT, "zh"
    )
    assert report_text(ValidationReport(conforms=True), "zh") == "符合：没有发现问题。\n"


def test_json_names_the_keys_of_the_w3c_vocabulary() -> None:
    document = json.loads(report_json(REPORT))

    assert document["conforms"] is False
    assert document["results"][0]["resultMessage"] == {"en": "too few", "zh": "太少"}
    assert document["results"][0]["sourceConstraintComponent"] == SH + "MinCountConstraintComponent"


@pytest.mark.parametrize(
    "path",
    ["ex:p", "[ sh:inversePath ex:p ]", "( ex:p [ sh:zeroOrMorePath ex:q ] )", "[ sh:alternativePath ( ex:p ( ex:q ex:r ) ) ]",
     "[ sh:oneOrMorePath [ sh:inversePath ex:p ] ]", "[ sh:zeroOrOnePath ex:p ]"],
)  # fmt: skip
def test_the_turtle_report_gives_every_path_back(path: str) -> None:
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> . "
    shape = f"ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path {path} ; sh:minCount 9 ."
    report = PyshaclValidator().validate((), ShapesGraph(tuple(parse_text(prefixes + shape, "turtle"))))

    turtle = report_turtle(report)

    written = tuple(parse_text(turtle, "turtle"))
    expected = tuple(parse_text(f"{prefixes} ex:r sh:resultPath {path} .", "turtle"))
    assert {quad.predicate for quad in expected} <= {quad.predicate for quad in written}
    assert "sh:conforms false" in turtle


def test_results_can_be_picked_by_severity_and_fall_back_to_any_message() -> None:
    bare = ValidationResult(RESULT.focus_node, None, None, RESULT.component, WARNING, RESULT.source_shape)

    report = ValidationReport(conforms=False, results=(RESULT, bare))

    assert report.with_severity(WARNING) == (bare,)
    assert bare.message() == ""


def test_a_custom_component_is_named() -> None:
    assert default_messages(IRI(EM + "Odd"), RESULT.source_shape, {})["en"] == "violates em:Odd"


def test_files_are_judged_outside_any_workspace(tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text("<http://x/a> a <http://x/C> . _:b a <http://x/C> .")
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://x/S> a sh:NodeShape ; "
        "sh:targetClass <http://x/C> ; sh:nodeKind sh:IRI ."
    )

    report = validate_files([data, data], [shapes])

    assert len(report.results) == 2, "blank nodes of two files are two nodes"
    shapes.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> . <http://x/S> sh:targetClas <http://x/C> .")
    with pytest.raises(ShapesError, match=r"shapes\.ttl:1: sh:targetClas"):
        validate_files([data], [shapes])

"""What the knowledge must hold is judged by `shapes/knowledge.ttl`: the haze case's part conforms, faults are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.rdf import Literal, Quad, parse_file, parse_text
from emkg.validation import PyshaclValidator, ShapesGraph, load_shapes

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = "http://www.w3.org/ns/shacl#message"
PROPERTY_SHAPE = "http://www.w3.org/ns/shacl#PropertyShape"
ACTS = ("sh-air", "air-law", "ecoenv-code-2")
PREFIXES = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://w3id.org/emkg/code/> .
"""


@pytest.fixture(scope="module")
def shapes(checkout: Path) -> ShapesGraph:
    return load_shapes([checkout / "shapes" / "knowledge.ttl"])


def _faults(shapes: ShapesGraph, turtle: str) -> set[str]:
    report = PyshaclValidator().validate(parse_text(PREFIXES + turtle, "turtle"), shapes)
    return {result.path.rpartition("#")[2].rstrip(">") for result in report.results if result.path}


def test_every_shape_speaks_both_languages(checkout: Path) -> None:
    quads = tuple(parse_file(checkout / "shapes" / "knowledge.ttl"))
    shapes = {q.subject for q in quads if getattr(q.object, "value", "") == PROPERTY_SHAPE}

    for shape in shapes:
        texts = [q.object for q in quads if q.subject == shape and q.predicate.value == MESSAGE]
        assert {text.language for text in texts if isinstance(text, Literal)} == {"zh", "en"}, shape


def test_the_haze_cases_knowledge_conforms(shapes: ShapesGraph, knowledge: list[str]) -> None:
    duty = "<https://w3id.org/emkg/code/duty/"
    starts = tuple(f"{duty}{act}-" for act in ACTS)
    lines = [line for line in knowledge if not line.startswith(duty) or line.startswith(starts)]
    quads: list[Quad] = list(parse_text("\n".join(lines), "nt"))

    report = PyshaclValidator().validate(quads, shapes)

    assert [str(result) for result in report.results] == []


def test_a_duty_without_bearer_modality_phase_event_type_or_article_is_found(shapes: ShapesGraph) -> None:
    faults = _faults(shapes, ':d a em:Duty ; rdfs:label "报告"@zh .')

    assert {"bearer", "modality", "phase", "eventType", "article"} <= faults


def test_an_act_version_says_since_when_it_is_held_and_where_it_binds(shapes: ShapesGraph) -> None:
    faults = _faults(shapes, ':a a em:ActVersion ; rdfs:label "某法"@zh .')

    assert {"heldFrom", "bindsIn"} <= faults


def test_a_causal_link_without_grade_and_source_is_found(shapes: ShapesGraph) -> None:
    report = PyshaclValidator().validate(
        parse_text(PREFIXES + ':l a em:CausalLink ; rdfs:label "甲 → 乙"@zh .', "turtle"), shapes
    )

    text = " ".join(str(result) for result in report.results)
    assert "evidenceGrade" in text
    assert "source" in text


def test_an_incumbency_that_ends_before_it_begins_is_found(shapes: ShapesGraph) -> None:
    faults = _faults(
        shapes,
        ":i a em:Incumbency ; em:office :o ; em:body :b ; em:level :level ; em:resolution :r ;"
        ' em:from "2018-03-01"^^xsd:date ; em:until "2017-01-01"^^xsd:date . :o a em:Office .',
    )

    assert "from" in faults


def test_an_event_type_without_a_code_says_why(shapes: ShapesGraph) -> None:
    silent = PyshaclValidator().validate(
        parse_text(PREFIXES + ':t a em:EventType ; rdfs:label "某"@zh .', "turtle"), shapes
    )
    reasoned = PyshaclValidator().validate(
        parse_text(
            PREFIXES + ':t a em:EventType ; rdfs:label "某"@zh ; em:noCodeReason "无代码"@zh .', "turtle"
        ),
        shapes,
    )

    assert not silent.conforms
    assert reasoned.conforms

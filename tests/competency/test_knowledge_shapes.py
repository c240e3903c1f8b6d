"""What the knowledge must hold is judged by `shapes/knowledge.ttl`: the haze case's part conforms, faults are found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from emkg.rdf import IRI, Literal, Quad, Term, parse_file, parse_text
from emkg.validation import CompiledValidator, ShapesGraph, load_shapes
from emkg.vocabulary import EM, OWL, RDF_TYPE, RDFS, SH

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
    return load_shapes([checkout / "shapes" / name for name in ("knowledge.ttl", "catalogue.ttl")])


def _faults(shapes: ShapesGraph, turtle: str) -> set[str]:
    report = CompiledValidator().validate(parse_text(PREFIXES + turtle, "turtle"), shapes)
    return {result.path.rpartition("#")[2].rstrip(">") for result in report.results if result.path}


def test_every_class_that_a_mapping_can_make_has_a_shape(checkout: Path) -> None:
    modules = [quad for path in (checkout / "ontology").glob("*.ttl") for quad in parse_file(path)]
    shapes = [quad for path in (checkout / "shapes").glob("*.ttl") for quad in parse_file(path)]
    above = defaultdict(set)
    for quad in modules:
        if quad.predicate.value == RDFS + "subClassOf":
            above[quad.subject].add(quad.object)
    judged = {quad.object for quad in shapes if quad.predicate.value == SH + "targetClass"}
    classes = {
        quad.subject
        for quad in modules
        if quad.predicate.value == RDF_TYPE
        and quad.object == IRI(OWL + "Class")
        and str(quad.subject).startswith(f"<{EM}")
    }

    assert {str(one) for one in classes if judged.isdisjoint(_with_those_above(one, above))} == set()
    assert {str(one) for one in judged - classes if str(one).startswith(f"<{EM}")} == set()


def _with_those_above(term: Term, above: dict[Term, set[Term]]) -> set[Term]:
    found, waiting = {term}, [term]
    while waiting:
        new = above[waiting.pop()] - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("name", ["knowledge.ttl", "catalogue.ttl", "city.ttl", "records.ttl"])
def test_every_shape_speaks_both_languages(checkout: Path, name: str) -> None:
    quads = tuple(parse_file(checkout / "shapes" / name))
    shapes = {q.subject for q in quads if getattr(q.object, "value", "") == PROPERTY_SHAPE}

    for shape in shapes:
        texts = [q.object for q in quads if q.subject == shape and q.predicate.value == MESSAGE]
        assert {text.language for text in texts if isinstance(text, Literal)} == {"zh", "en"}, shape


def test_the_haze_cases_knowledge_conforms(shapes: ShapesGraph, knowledge: list[str]) -> None:
    duty = "<https://w3id.org/emkg/code/duty/"
    starts = tuple(f"{duty}{act}-" for act in ACTS)
    lines = [line for line in knowledge if not line.startswith(duty) or line.startswith(starts)]
    quads: list[Quad] = list(parse_text("\n".join(lines), "nt"))

    report = CompiledValidator().validate(quads, shapes)

    violations = [str(result) for result in report.results if result.severity.value.endswith("#Violation")]
    assert violations == []


def test_a_duty_without_bearer_modality_phase_event_type_or_article_is_found(shapes: ShapesGraph) -> None:
    faults = _faults(shapes, ':d a em:Duty ; rdfs:label "报告"@zh .')

    assert {"bearer", "modality", "phase", "eventType", "article"} <= faults


def test_an_act_version_says_since_when_it_is_held_and_where_it_binds(shapes: ShapesGraph) -> None:
    faults = _faults(shapes, ':a a em:ActVersion ; rdfs:label "某法"@zh .')

    assert {"heldFrom", "bindsIn"} <= faults


def test_a_causal_link_without_grade_and_source_is_found(shapes: ShapesGraph) -> None:
    report = CompiledValidator().validate(
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
    silent = CompiledValidator().validate(
        parse_text(PREFIXES + ':t a em:EventType ; rdfs:label "某"@zh .', "turtle"), shapes
    )
    reasoned = CompiledValidator().validate(
        parse_text(
            PREFIXES
            + ':t a em:EventType ; rdfs:label "某"@zh ; em:noCodeReason "无代码"@zh ; rdfs:subClassOf :u .',
            "turtle",
        ),
        shapes,
    )

    assert not silent.conforms
    assert reasoned.conforms


def _found(shapes: ShapesGraph, turtle: str) -> set[str]:
    report = CompiledValidator().validate(parse_text(PREFIXES + turtle, "turtle"), shapes)
    return {
        result.source_shape.value.rpartition("#")[2]
        for result in report.results
        if hasattr(result.source_shape, "value")
    }


ENDED = (
    ':old a em:ActVersion ; em:inForceUntil "2024-11-01"^^xsd:date . :old-1 a em:Article ; em:partOf :old .'
)


def test_a_graded_event_type_says_which_law_grades_it(shapes: ShapesGraph) -> None:
    silent = ":t a em:EventType ; em:grading <https://w3id.org/emkg/code/grading/4> ."
    source = ":t em:gradedBy :s . :s <http://purl.org/dc/terms/source> :a ."

    assert "GradedEventType" in _found(shapes, silent)
    assert "GradedEventType" not in _found(shapes, silent + source)


def test_an_event_type_has_a_wider_type(shapes: ShapesGraph) -> None:
    assert "EventTypeParent" in _found(shapes, ":t a em:EventType .")
    assert "EventTypeParent" not in _found(shapes, ":t a em:EventType ; rdfs:subClassOf :u .")


def test_what_rests_on_ended_law_is_listed_until_it_ends_itself(shapes: ShapesGraph) -> None:
    duty = ":new a em:ActVersion . :new-1 em:partOf :new . :d em:article :new-1 ; em:cites :old-1 ."
    ended = ':new em:inForceUntil "2025-01-01"^^xsd:date .'

    assert "RestsOnEndedText" in _found(shapes, ENDED + duty)
    assert "RestsOnEndedText" in _found(shapes, ENDED + ":new a em:ActVersion ; em:implements :old .")
    assert "RestsOnEndedText" not in _found(shapes, ENDED + duty + ended)


@pytest.mark.parametrize(
    ("first", "second", "is_found"),
    [
        ("", "", True),
        ('em:until "2018-03-01"^^xsd:date', 'em:from "2018-03-01"^^xsd:date', False),
        ('em:until "2018-03-02"^^xsd:date', 'em:from "2018-03-01"^^xsd:date', True),
        ('em:from "2018-03-01"^^xsd:date', 'em:until "2018-03-01"^^xsd:date', False),
        ('em:from "2018-03-01"^^xsd:date', "", True),
    ],
)
def test_an_exclusive_office_has_one_incumbent_at_a_time(
    shapes: ShapesGraph, first: str, second: str, is_found: bool
) -> None:
    both = f""":i em:body :a ; em:office :o ; em:level :l {first and ";" + first} .
        :j em:body :b ; em:office :o ; em:level :l {second and ";" + second} ."""

    assert ("ExclusiveOffice" in _found(shapes, ":o em:isExclusive true ." + both)) is is_found
    assert "ExclusiveOffice" not in _found(shapes, both)


def test_an_exclusive_office_may_have_an_incumbent_at_each_level(shapes: ShapesGraph) -> None:
    both = ":i em:body :a ; em:office :o ; em:level :l . :j em:body :b ; em:office :o ; em:level :m ."

    assert "ExclusiveOffice" not in _found(shapes, ":o em:isExclusive true ." + both)

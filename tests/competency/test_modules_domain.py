"""The modules of the domain: what they keep apart, and the sources of their facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.ontology import load_ontology
from emkg.rdf import IRI
from emkg.vocabulary import EM, OWL

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ontology import Ontology

CODE, SOURCE = "https://w3id.org/emkg/code/", "http://purl.org/dc/terms/source"


@pytest.fixture(scope="module")
def ontology(checkout: Path) -> Ontology:
    return load_ontology(checkout / "ontology")


def _objects(ontology: Ontology, subject: str, predicate: str) -> set[str]:
    return {
        quad.object.value
        for quad in ontology.quads
        if quad.subject == IRI(subject) and quad.predicate.value == predicate
    }


def _members(ontology: Ontology, name: str) -> set[str]:
    return {iri for iri, term in ontology.terms.items() if EM + name in term.types}


def test_response_level_severity_and_warning_grade_are_three_things(ontology: Ontology) -> None:
    disjoint = OWL + "disjointWith"

    assert _objects(ontology, EM + "ResponseLevel", disjoint) == {EM + "Grade", EM + "SeverityGrade"}
    assert EM + "Grade" in _objects(ontology, EM + "SeverityGrade", disjoint)
    assert len(_members(ontology, "ResponseLevel")) == 4


@pytest.mark.parametrize(
    "name",
    [
        "DataQualityNote",
        "Enablement",
        "FieldProblem",
        "Platform",
        "SeverityScale",
        "SharingClass",
        "UseLimit",
    ],
)
def test_every_fact_of_the_domain_modules_has_a_source(ontology: Ontology, name: str) -> None:
    members = _members(ontology, name)

    assert members
    assert [each for each in members if not _objects(ontology, each, SOURCE)] == []


def test_each_point_where_paper_and_law_differ_is_a_note_with_its_treatment(ontology: Ontology) -> None:
    notes = _members(ontology, "DataQualityNote")

    assert len(notes) == 7
    for note in notes:
        assert len(_objects(ontology, note, EM + "paperStatement")) == 2
        assert len(_objects(ontology, note, EM + "treatment")) == 2
        assert _objects(ontology, note, EM + "concerns")


def test_a_limit_of_use_names_duties_that_lay_it_down(ontology: Ontology) -> None:
    duties = _objects(ontology, CODE + "use-limit/purpose", EM + "laidDownBy")

    assert {duty.rpartition("/")[2] for duty in duties} >= {"erl-2024-85-1", "sh-data-16-3", "sh-data-40-3"}

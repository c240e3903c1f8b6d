from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from emkg.ontology import load_ontology
from emkg.rdf import IRI, Literal, parse_text
from emkg.reasoning import consistency
from emkg.reasoning.consistency import Consistency, Judgement, judge_consistency
from emkg.reasoning.consistency_input import for_hermit

if TYPE_CHECKING:
    from pathlib import Path

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")
PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLASSES = ":Body a owl:Class . :Event a owl:Class ; owl:disjointWith :Body .\n"


def _judge(turtle: str, timeout_s: float = 120) -> Consistency:
    return judge_consistency(parse_text(PREFIXES + turtle, "turtle"), timeout_s=timeout_s)


@needs_java
def test_an_ontology_in_order_is_consistent_and_coherent() -> None:
    verdict = _judge(CLASSES + ":e a owl:NamedIndividual , :Event .")

    assert verdict.is_judged
    assert verdict.is_consistent
    assert verdict.is_coherent
    assert verdict.seconds > 0


@needs_java
def test_a_class_within_two_that_exclude_each_other_is_unsatisfiable() -> None:
    verdict = _judge(CLASSES + ":Both a owl:Class ; rdfs:subClassOf :Body , :Event .")

    assert verdict.is_consistent
    assert not verdict.is_coherent
    assert verdict.unsatisfiable == ("https://example.org/Both",)


@needs_java
def test_an_individual_in_two_classes_that_exclude_each_other_is_inconsistent() -> None:
    verdict = _judge(CLASSES + ":e a owl:NamedIndividual , :Event , :Body .")

    assert verdict.judgement is Judgement.INCONSISTENT
    assert not verdict.is_coherent


@needs_java
def test_dates_years_and_durations_do_not_stop_the_reasoner() -> None:
    verdict = _judge(
        ":from a owl:DatatypeProperty ; rdfs:range xsd:date . :year a owl:DatatypeProperty ; rdfs:range xsd:gYear ."
        ' :e a owl:NamedIndividual , owl:Thing ; :from "2024-01-01"^^xsd:date ; :year "2024"^^xsd:gYear .'
    )

    assert verdict.judgement is Judgement.CONSISTENT


@needs_java
def test_a_reasoner_that_does_not_end_is_stopped() -> None:
    verdict = _judge(CLASSES, timeout_s=0.05)

    assert verdict.judgement is Judgement.TIMEOUT
    assert not verdict.is_judged


@needs_java
def test_a_reasoner_that_fails_says_why() -> None:
    verdict = _judge(':p a owl:DatatypeProperty . :e a owl:NamedIndividual ; :p "x"^^xsd:integer .')

    assert verdict.judgement is Judgement.FAILED
    assert verdict.detail


@needs_java
def test_the_modules_are_consistent_and_coherent(checkout: Path) -> None:
    verdict = judge_consistency(load_ontology(checkout / "ontology").quads)

    assert verdict.judgement is Judgement.CONSISTENT
    assert verdict.unsatisfiable == ()


def test_without_java_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    verdict = _judge(CLASSES)

    assert verdict.judgement is Judgement.NO_JAVA
    assert not verdict.is_consistent


def test_without_the_extra_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consistency, "find_spec", lambda _: None)

    verdict = _judge(CLASSES)

    assert verdict.judgement is Judgement.NO_EXTRA
    assert not verdict.is_coherent


def test_what_hermit_refuses_is_retyped_and_imports_are_left_out() -> None:
    quads = parse_text(
        PREFIXES + ':o owl:imports :p . :from rdfs:range xsd:date . :e :from "2024-01-01"^^xsd:date .',
        "turtle",
    )

    triples = list(for_hermit(quads))

    assert [each.object for each in triples] == [
        IRI("http://www.w3.org/2000/01/rdf-schema#Literal"),
        Literal("2024-01-01"),
    ]

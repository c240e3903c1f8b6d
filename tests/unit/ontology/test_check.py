from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.ontology import check_ontology

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.ontology import Ontology

    Make: TypeAlias = Callable[[str], Ontology]

MODULE = "rdfs:isDefinedBy <https://w3id.org/emkg/ontology/module>"
TEXTS = f'rdfs:label "x"@en , "某"@zh ; skos:definition "X."@en , "某。"@zh ; {MODULE}'


def _found(ontology: Ontology) -> list[tuple[str, int | None, str]]:
    """Problem, line and message of each finding."""
    findings = check_ontology(ontology)
    assert all(each.location and PurePath(each.location.file).name == "module.ttl" for each in findings)
    assert all(each.message_zh for each in findings)
    return [(each.problem, each.location.line if each.location else None, each.message) for each in findings]


def _problems(ontology: Ontology, iri_end: str) -> set[str]:
    return {each.problem for each in check_ontology(ontology) if each.iri.endswith(iri_end)}


def test_a_module_in_order_has_no_findings(ontology_of: Make) -> None:
    assert _found(ontology_of("")) == []


def test_every_missing_label_definition_and_module_is_one_finding(ontology_of: Make, first_line: int) -> None:
    found = _found(
        ontology_of(
            'em:Post a owl:Class ; rdfs:subClassOf em:Thing ; rdfs:label "P"@en ; skos:definition "岗位。"@zh .'
        )
    )

    assert found == [
        ("missing-definition", first_line, "em:Post has no skos:definition in en"),
        ("missing-label", first_line, "em:Post has no rdfs:label in zh"),
        (
            "missing-module",
            first_line,
            "em:Post does not say which module defines it (rdfs:isDefinedBy)",
        ),
    ]


def test_a_term_of_a_module_that_is_not_its_own_is_found(ontology_of: Make, first_line: int) -> None:
    texts = TEXTS.replace("ontology/module>", "ontology/modul>")

    found = _found(ontology_of(f"em:Post a owl:Class ; rdfs:subClassOf em:Thing ;\n {texts} ."))

    assert [(problem, line) for problem, line, _ in found] == [("wrong-module", first_line + 1)]
    assert "which no file is" in found[0][2]


def test_a_misspelt_term_is_found_on_its_line_with_what_was_meant(ontology_of: Make, first_line: int) -> None:
    found = _found(ontology_of(f"em:Post a owl:Class ;\n rdfs:subClassOf em:Bodi ;\n {TEXTS} ."))

    undeclared = [each for each in found if each[0] == "undeclared-term"]
    assert undeclared == [
        ("undeclared-term", first_line + 1, "em:Bodi is used and not declared; did you mean em:Body?")
    ]


def test_a_removed_declaration_is_found_where_the_term_is_used(ontology_of: Make, first_line: int) -> None:
    found = _found(ontology_of("code:one a em:Zzzzzz ; rdfs:label 'one'@en , '一'@zh ;\n " + MODULE + " ."))

    assert ("undeclared-term", first_line, "em:Zzzzzz is used and not declared") in found


def test_a_term_tied_to_nothing_is_an_orphan(ontology_of: Make, first_line: int) -> None:
    found = _found(
        ontology_of(f"em:Lost a owl:Class ; {TEXTS} .\nem:lost a owl:DatatypeProperty ; {TEXTS} .")
    )

    assert [(problem, line) for problem, line, _ in found] == [
        ("orphan-term", first_line),
        ("orphan-term", first_line + 1),
    ]


def test_a_class_is_no_orphan_once_a_property_or_an_individual_names_it(ontology_of: Make) -> None:
    ontology = ontology_of(
        f"em:Used a owl:Class ; {TEXTS} .\nem:Kind a owl:Class ; {TEXTS} .\n"
        f"em:uses a owl:ObjectProperty ; rdfs:range em:Used ; {TEXTS} .\n"
        f"code:one a em:Kind ; rdfs:label 'one'@en , '一'@zh ; {MODULE} ."
    )

    assert _found(ontology) == []


def test_a_disjointness_that_clashes_names_the_class_and_the_statement(
    ontology_of: Make, first_line: int
) -> None:
    ontology = ontology_of(
        f"em:Both a owl:Class ; rdfs:subClassOf em:Crowd , em:Event ; {TEXTS} .\n"
        f"em:Crowd a owl:Class ; rdfs:subClassOf em:Body ;\n owl:disjointWith em:Event ; {TEXTS} ."
    )

    ((problem, line, message),) = _found(ontology)

    assert (problem, line) == ("unsatisfiable-class", first_line)
    assert message.startswith("em:Both can have no instance: em:Crowd and em:Event exclude each other")
    assert message.endswith(f"module.ttl:{first_line + 2})")


def test_all_classes_of_a_list_exclude_each_other(ontology_of: Make) -> None:
    ontology = ontology_of(
        "[] a owl:AllDisjointClasses ; owl:members ( em:Body em:Event ) .\n"
        f"em:Both a owl:Class ; rdfs:subClassOf em:Body ; owl:equivalentClass em:Event ; {TEXTS} ."
    )

    assert "unsatisfiable-class" in _problems(ontology, "#Both")


def test_an_individual_in_two_classes_that_exclude_each_other_is_found(
    ontology_of: Make, first_line: int
) -> None:
    label = f"rdfs:label 'x'@en , '某'@zh ; {MODULE}"
    ontology = ontology_of(
        f"em:Event owl:disjointWith em:Body .\ncode:e a em:Event ; em:callsOn code:f ; {label} .\n"
        f"code:f a em:Event ; {label} ."
    )

    found = _found(ontology)

    assert [(problem, line) for problem, line, _ in found] == [("contradiction", first_line + 2)]
    assert found[0][2].startswith("code:f is in both: em:Body and em:Event exclude each other")


@pytest.mark.parametrize(
    ("turtle", "problem", "offset"),
    [
        ("em:callsOn a owl:DatatypeProperty .", "forbidden-punning", None),
        ("em:Body a rdfs:Datatype .", "forbidden-punning", None),
        ("em:Body\n rdfs:subClasOf em:Thing .", "unknown-name", 1),
        ("em:Body a\n owl:Klass .", "unknown-name", 1),
        ("em:Body\n <https://example.org/says> em:Thing .", "undeclared-property", 1),
        ("em:Body rdfs:subClassOf\n <https://example.org/Other> .", "undeclared-class", 1),
        ("code:e em:callsOn\n 'text' .", "literal-of-object-property", 1),
        (f"em:says a owl:DatatypeProperty ; rdfs:domain em:Body ; {TEXTS} .\ncode:e em:says code:e .", "resource-of-datatype-property", 1),
        ("em:callsOn\n rdfs:range xsd:string .", "wrong-range", 1),
        (f"em:says a owl:DatatypeProperty ;\n rdfs:range em:Body ; {TEXTS} .", "wrong-range", 1),
        ("em:callsOn a owl:TransitiveProperty ,\n owl:FunctionalProperty .", "not-simple", 1),
        ("em:callsOn a owl:TransitiveProperty .\nem:Body rdfs:subClassOf [ a owl:Restriction ;\n owl:onProperty em:callsOn ; owl:maxCardinality 1 ] .", "not-simple", 2),
    ],
)  # fmt: skip
def test_what_owl_dl_forbids_is_found_on_its_line(
    ontology_of: Make, first_line: int, turtle: str, problem: str, offset: int | None
) -> None:
    found = _found(ontology_of(turtle))

    lines = [line for kind, line, _ in found if kind == problem]
    assert lines
    if offset is not None:
        assert lines[0] == first_line + offset


@pytest.mark.parametrize(
    "turtle",
    [
        "[ a owl:Restriction ; owl:onProperty em:callsOn ; owl:someValuesFrom em:Body ] rdfs:subClassOf em:Event .",
        "[ a owl:Class ; owl:unionOf ( em:Body em:Event ) ] rdfs:subClassOf em:Thing .",
        "em:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty em:callsOn ; owl:allValuesFrom em:Body ] .",
        "em:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty em:callsOn ; owl:maxCardinality 1 ] .",
        "em:Event owl:equivalentClass [ owl:intersectionOf ( em:Thing [ a owl:Restriction ; owl:onProperty em:callsOn ; owl:hasValue code:b ] ) ] .",
        "em:Event rdfs:subClassOf [ a owl:Class ; owl:complementOf em:Body ] .",
    ],
)
def test_what_owl_rl_has_rules_for_passes(ontology_of: Make, turtle: str) -> None:
    assert _found(ontology_of(turtle)) == []


@pytest.mark.parametrize(
    ("turtle", "construct"),
    [
        ("em:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty em:callsOn ; owl:someValuesFrom em:Body ] .", "owl:someValuesFrom"),
        ("em:Event rdfs:subClassOf [ a owl:Class ; owl:unionOf ( em:Body em:Event ) ] .", "owl:unionOf"),
        ("[ a owl:Restriction ; owl:onProperty em:callsOn ; owl:allValuesFrom em:Body ] rdfs:subClassOf em:Event .", "owl:allValuesFrom"),
        ("em:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty em:callsOn ; owl:maxCardinality 2 ] .", "owl:maxCardinality over 1"),
        ("em:Event rdfs:subClassOf [ a owl:Class ; owl:complementOf [ a owl:Restriction ; owl:onProperty em:callsOn ; owl:allValuesFrom em:Body ] ] .", "owl:allValuesFrom"),
        ("em:Event owl:equivalentClass [ a owl:Class ; owl:unionOf ( em:Body em:Event ) ] .", "owl:unionOf"),
        ("em:Event owl:equivalentClass owl:Thing .", "owl:Thing"),
        ("owl:Thing rdfs:subClassOf em:Thing .", "owl:Thing"),
        ("em:Thing owl:disjointUnionOf ( em:Body em:Event ) .", "owl:disjointUnionOf"),
        ("em:callsOn a owl:ReflexiveProperty .", "owl:ReflexiveProperty"),
        ("em:callsOn rdfs:range [ a owl:Class ; owl:unionOf ( em:Body em:Event ) ] .", "owl:unionOf"),
        ("code:e a [ a owl:Restriction ; owl:onProperty em:callsOn ; owl:someValuesFrom em:Body ] .", "owl:someValuesFrom"),
        ("[ a owl:Restriction ; owl:onProperty em:callsOn ; owl:allValuesFrom em:Body ] owl:disjointWith em:Event .", "owl:allValuesFrom"),
    ],
)  # fmt: skip
def test_what_owl_rl_has_no_rule_for_is_found_at_its_axiom(
    ontology_of: Make, first_line: int, turtle: str, construct: str
) -> None:
    found = [each for each in _found(ontology_of(turtle)) if each[0] == "outside-rl"]

    assert found
    assert all(line == first_line for _, line, _ in found)
    assert construct in found[0][2]

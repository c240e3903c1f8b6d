from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import InputError, RdfSyntaxError
from emkg.ontology import Ontology, TermKind, load_ontology
from emkg.ontology.term import shorten, split_iri
from emkg.vocabulary import CODE, EM

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ORGANISATIONS = """
em:Body a owl:Class ; rdfs:label "Body"@en , "机构"@zh ; skos:definition "A body."@en , "机构。"@zh ;
    rdfs:isDefinedBy <https://w3id.org/emkg/ontology/organisations> .
em:Command a owl:Class ; rdfs:subClassOf em:Board .
em:Board a owl:Class ; rdfs:subClassOf em:Body , em:Board .
em:from a owl:DatatypeProperty ; rdfs:domain em:Body ; rdfs:range xsd:date .
em:partOf a owl:ObjectProperty , owl:TransitiveProperty .
<https://w3id.org/emkg/code/kind/board> a em:Kind ; rdfs:label "Board"@en .
<https://example.org/other> a em:Kind .
<https://w3id.org/emkg/ontology/organisations> a owl:Ontology .
"""


@pytest.fixture
def ontology(tmp_path: Path) -> Ontology:
    (tmp_path / "organisations.ttl").write_text(PREFIXES + ORGANISATIONS, encoding="utf-8")
    return load_ontology(tmp_path)


def test_a_class_is_loaded_with_its_labels_definitions_and_module(ontology: Ontology) -> None:
    term = ontology.find(EM + "Body")

    assert term is not None
    assert (term.kind, term.file) == (TermKind.CLASS, "organisations.ttl")
    assert term.labels == {"zh": "机构", "en": "Body"}
    assert term.definitions["zh"] == "机构。"
    assert term.defined_by == "https://w3id.org/emkg/ontology/organisations"


def test_a_property_is_loaded_with_its_domain_and_range(ontology: Ontology) -> None:
    term = ontology.find(EM + "from")

    assert term is not None
    assert term.kind is TermKind.DATATYPE_PROPERTY
    assert term.kind.is_property
    assert term.domain == (EM + "Body",)
    assert term.range == ("http://www.w3.org/2001/XMLSchema#date",)


def test_only_our_own_namespaces_have_individuals(ontology: Ontology) -> None:
    board = ontology.find(CODE + "kind/board")

    assert board is not None
    assert board.kind is TermKind.INDIVIDUAL
    assert ontology.find("https://example.org/other") is None
    assert ontology.find("https://w3id.org/emkg/ontology/organisations") is None


def test_ancestors_end_even_where_classes_contain_each_other(ontology: Ontology) -> None:
    ancestors = ontology.ancestors(EM + "Command")

    assert ancestors == {EM + "Command", EM + "Board", EM + "Body"}


@pytest.mark.parametrize(
    ("written", "meant"), [("Comand", "Command"), ("froms", "from"), ("bodyBoard", "Board")]
)
def test_a_mistyped_term_finds_the_one_that_was_meant(ontology: Ontology, written: str, meant: str) -> None:
    proposals = ontology.did_you_mean(EM + written)

    assert EM + meant in proposals


def test_proposals_can_be_limited_to_properties(ontology: Ontology) -> None:
    properties = frozenset(kind for kind in TermKind if kind.is_property)

    assert ontology.did_you_mean(EM + "partof", properties) == (EM + "partOf",)
    assert ontology.did_you_mean(EM + "comand", properties) == ()


def test_nothing_is_proposed_for_another_namespace(ontology: Ontology) -> None:
    assert ontology.did_you_mean("https://example.org/Body") == ()


def test_a_term_of_two_modules_belongs_to_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(PREFIXES + "em:Body a owl:Class .", encoding="utf-8")
    (tmp_path / "b.ttl").write_text(
        PREFIXES + 'em:Body a owl:Class ; rdfs:label "Body"@en .', encoding="utf-8"
    )

    term = load_ontology(tmp_path).find(EM + "Body")

    assert term is not None
    assert (term.file, term.labels) == ("a.ttl", {"en": "Body"})


def test_a_module_that_does_not_parse_is_located(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(PREFIXES + "em:Body a .", encoding="utf-8")

    with pytest.raises(RdfSyntaxError, match=r"bad\.ttl:7"):
        load_ontology(tmp_path)


def test_a_folder_without_modules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ontology module"):
        load_ontology(tmp_path)


def test_iris_are_shortened_by_the_longest_known_prefix() -> None:
    assert shorten(EM + "Duty") == "em:Duty"
    assert shorten("https://example.org/x") == "https://example.org/x"
    assert split_iri("https://example.org/a#b") == ("https://example.org/a#", "b")

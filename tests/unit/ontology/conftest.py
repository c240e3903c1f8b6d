"""A small ontology in order, which each test breaks in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.ontology import load_ontology

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emkg.ontology import Ontology

PREFIXES = """\
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix code: <https://w3id.org/emkg/code/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SOUND = """
<https://w3id.org/emkg/ontology/module> a owl:Ontology .
skos:definition a owl:AnnotationProperty .
em:Thing a owl:Class ; rdfs:label "Thing"@en , "物"@zh ; skos:definition "A."@en , "甲"@zh ;
    rdfs:isDefinedBy <https://w3id.org/emkg/ontology/module> .
em:Body a owl:Class ; rdfs:subClassOf em:Thing ; rdfs:label "Body"@en , "机构"@zh ;
    skos:definition "B."@en , "乙"@zh ; rdfs:isDefinedBy <https://w3id.org/emkg/ontology/module> .
em:Event a owl:Class ; rdfs:subClassOf em:Thing ; rdfs:label "Event"@en , "事件"@zh ;
    skos:definition "C."@en , "丙"@zh ; rdfs:isDefinedBy <https://w3id.org/emkg/ontology/module> .
em:callsOn a owl:ObjectProperty ; rdfs:domain em:Event ; rdfs:range em:Body ; rdfs:label "calls on"@en , "要求"@zh ;
    skos:definition "D."@en , "丁"@zh ; rdfs:isDefinedBy <https://w3id.org/emkg/ontology/module> .
"""
FIRST_LINE = len((PREFIXES + SOUND).splitlines()) + 1


@pytest.fixture
def ontology_of(tmp_path: Path) -> Callable[[str], Ontology]:
    """The sound module with more Turtle behind it, which begins on `FIRST_LINE`."""

    def make(more: str = "") -> Ontology:
        (tmp_path / "module.ttl").write_text(PREFIXES + SOUND + more, encoding="utf-8")
        return load_ontology(tmp_path)

    return make


@pytest.fixture
def first_line() -> int:
    """The line on which what a test adds begins."""
    return FIRST_LINE

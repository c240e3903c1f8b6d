from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.ontology import check_ontology, load_ontology

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
em:Body a owl:Class ;
    rdfs:label "Body"@en , "机构"@zh ;
    skos:definition "A body."@en , "机构。"@zh ;
    rdfs:isDefinedBy <https://w3id.org/emkg/ontology/organisations> .
"""


def _findings(folder: Path, more: str) -> list[str]:
    (folder / "module.ttl").write_text(MODULE + more, encoding="utf-8")
    return [str(finding) for finding in check_ontology(load_ontology(folder))]


def test_a_module_in_order_has_no_findings(tmp_path: Path) -> None:
    assert _findings(tmp_path, "") == []


def test_every_missing_label_definition_and_module_is_one_finding(tmp_path: Path) -> None:
    findings = _findings(
        tmp_path, 'em:Post a owl:Class ; rdfs:label "Post"@en ; skos:definition "岗位。"@zh .'
    )

    assert findings == [
        "module.ttl: em:Post has no rdfs:label in zh",
        "module.ttl: em:Post has no skos:definition in en",
        "module.ttl: em:Post does not say which module defines it (rdfs:isDefinedBy)",
    ]


def test_an_undeclared_term_is_found_with_what_was_meant(tmp_path: Path) -> None:
    findings = _findings(tmp_path, "<https://example.org/x> a em:Bodi .")

    assert findings == ["em:Bodi is used and not declared; did you mean em:Body?"]


def test_an_undeclared_term_like_no_other_is_found_without_a_proposal(tmp_path: Path) -> None:
    findings = _findings(tmp_path, "<https://example.org/x> a em:Zzzzzz .")

    assert findings == ["em:Zzzzzz is used and not declared"]

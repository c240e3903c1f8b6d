from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from emkg.ontology import compare, merge_modules, read_ontology
from emkg.ontology.axiom_count import count_axioms
from emkg.rdf import parse_text
from emkg.vocabulary import EM, OWL, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emkg.ontology import Difference, Ontology

    Make: TypeAlias = Callable[[str], Ontology]

PREFIXES = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
RESTRICTION = (
    "em:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty em:calls ; owl:allValuesFrom em:Body ] ."
)


def _difference(folder: Path, old: str, new: str) -> Difference:
    versions = []
    for name, text in (("old", old), ("new", new)):
        file = folder / f"{name}.ttl"
        file.write_text(PREFIXES + text, encoding="utf-8")
        versions.append(read_ontology([file]))
    return compare(*versions)


def test_terms_are_added_and_removed(tmp_path: Path) -> None:
    difference = _difference(
        tmp_path, "em:A a owl:Class . em:B a owl:Class .", "em:B a owl:Class . em:C a owl:Class ."
    )

    assert (difference.added, difference.removed) == ((EM + "C",), (EM + "A",))
    assert difference.changed == ()


def test_a_change_names_the_property_and_both_values(tmp_path: Path) -> None:
    difference = _difference(
        tmp_path, 'em:A a owl:Class ; rdfs:label "甲"@zh .', 'em:A a owl:Class ; rdfs:label "乙"@zh .'
    )

    (change,) = difference.changed
    assert (change.iri, change.predicate) == (EM + "A", RDFS + "label")
    assert (change.removed, change.added) == (('"甲"@zh',), ('"乙"@zh',))


def test_a_term_that_becomes_deprecated_is_listed(tmp_path: Path) -> None:
    difference = _difference(tmp_path, "em:A a owl:Class .", "em:A a owl:Class ; owl:deprecated true .")

    assert difference.deprecated == (EM + "A",)
    assert [change.predicate for change in difference.changed] == [OWL + "deprecated"]


def test_blank_nodes_and_order_make_no_difference(tmp_path: Path) -> None:
    old = f"em:Event a owl:Class . {RESTRICTION}"
    new = f"{RESTRICTION} em:Event a owl:Class ."

    assert _difference(tmp_path, old, new).is_empty


def test_a_change_within_a_restriction_or_list_is_seen(tmp_path: Path) -> None:
    difference = _difference(
        tmp_path,
        f"em:Event a owl:Class . {RESTRICTION} em:A a owl:Class ; owl:disjointUnionOf ( em:B em:C ) .",
        f"em:Event a owl:Class . {RESTRICTION.replace('em:Body', 'em:Post')} em:A a owl:Class ; owl:disjointUnionOf ( em:B em:D ) .",
    )

    values = {change.iri: change.added[0] for change in difference.changed}
    assert "owl:allValuesFrom em:Post" in values[EM + "Event"]
    assert values[EM + "A"] == "( em:B em:D )"


def test_merged_modules_are_one_ontology(checkout: Path) -> None:
    merged = merge_modules(read_ontology(sorted((checkout / "ontology").glob("*.ttl"))))

    headers = [quad.subject.value for quad in merged if quad.object.value == OWL + "Ontology"]
    assert headers == [EM.rstrip("#")]
    assert not [quad for quad in merged if quad.predicate.value == OWL + "imports"]
    assert len(merged) == len(set(merged))


def test_axioms_are_counted_without_annotations_and_parts_of_expressions() -> None:
    text = f"""em:Event a owl:Class ; rdfs:label "Event"@en . em:calls a owl:ObjectProperty . em:o a owl:Ontology .
        {RESTRICTION} [] a owl:AllDisjointClasses ; owl:members ( em:Event em:Body ) ."""

    assert count_axioms(parse_text(PREFIXES + text, "turtle")) == 4

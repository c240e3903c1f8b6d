from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import ShapesError
from emkg.plan import TriplePattern, Variable
from emkg.rdf import IRI
from emkg.reasoning import domain_rules
from emkg.vocabulary import EM, RDF_TYPE

if TYPE_CHECKING:
    from pathlib import Path

RULE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix em: <https://w3id.org/emkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
em:Shape a sh:NodeShape ; sh:targetClass em:Event ; sh:rule em:first .
em:prefixes owl:imports em:more .
em:more sh:declare [ sh:prefix "em" ; sh:namespace "https://w3id.org/emkg/ontology#" ] .

em:first a sh:SPARQLRule ;
    sh:prefixes em:prefixes ; rdfs:label "Short" ; rdfs:comment "What it says"@en , "规则说明"@zh ;
    sh:construct "CONSTRUCT { $this em:out ?x } WHERE { $this em:in ?x }" .
"""


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rules.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sparql_rule_holds_for_the_focus_nodes_of_its_shape(tmp_path: Path) -> None:
    (rule,) = domain_rules([_write(tmp_path, RULE)])

    this, x = Variable("this"), Variable("x")
    assert rule.head == (TriplePattern(this, IRI(EM + "out"), x),)
    assert set(rule.body.triples) == {
        TriplePattern(this, IRI(EM + "in"), x),
        TriplePattern(this, IRI(RDF_TYPE), IRI(EM + "Event")),
    }
    assert rule.documentation == {"": "Short", "en": "What it says", "zh": "规则说明"}
    assert str(rule.location).endswith("rules.ttl:7")


def test_rules_come_in_their_order_and_deactivated_ones_do_not(tmp_path: Path) -> None:
    more = """em:Shape sh:rule em:second , em:off . em:second a sh:SPARQLRule ; sh:order -1 ; sh:prefixes em:more ;
        sh:construct "CONSTRUCT { $this em:q ?x } WHERE { $this em:p ?x }" . em:off sh:deactivated true ."""
    _write(tmp_path, RULE + more)

    rules = domain_rules([tmp_path])

    assert [rule.name for rule in rules] == ["second", "first"]


def test_every_target_class_gets_its_rule(tmp_path: Path) -> None:
    path = _write(tmp_path, RULE.replace("em:Event", "em:Event , em:Warning"))

    assert [rule.name for rule in domain_rules([path])] == ["first", "first"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("$this em:in ?x }", "$this em:in ?x OPTIONAL { $this em:o ?y } }", "rules.ttl:7: rule first: a rule may hold"),
        ("{ $this em:in ?x }", "{ $this nope:in ?x }", "the prefix nope: is not declared"),
        ("WHERE {", "WHERE", "query:1:"),
        ("CONSTRUCT { $this em:out ?x }", "CONSTRUCT { $this em:out ?y }", "does not bind"),
        ("a sh:SPARQLRule", "a sh:TripleRule", "only sh:SPARQLRule"),
        ("sh:prefixes em:prefixes ;", "sh:prefixes em:prefixes ; sh:condition em:Other ;", "sh:condition is not compiled"),
        ("sh:targetClass em:Event", "sh:targetNode em:e", "may have sh:targetClass only"),
        ("sh:targetClass em:Event ;", "", "would hold for nothing"),
    ],
)  # fmt: skip
def test_what_is_not_compiled_is_refused_where_it_stands(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in RULE
    path = _write(tmp_path, RULE.replace(old, new))

    with pytest.raises(ShapesError) as caught:
        domain_rules([path])

    assert said in str(caught.value)
    assert caught.value.message_zh
    assert caught.value.location is not None


def test_the_project_s_own_rules_are_documented_in_both_languages(checkout: Path) -> None:
    rules = domain_rules([checkout / "shapes" / "rules"])

    assert [rule.name for rule in rules] == ["callsForDuty", "callsOn"]
    assert all({"en", "zh"} <= set(rule.documentation) for rule in rules)

"""The duty rule on a small law: what it derives on which day, and how that is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.errors import ShapesError, StatementNotFoundError
from emkg.ledger import Activity, Ledger
from emkg.plan import Pattern, TriplePattern, Variable
from emkg.rdf import IRI, Literal, Quad, Triple, parse_text
from emkg.reasoning import INFERRED_RULES, Explanation, Rule, axiom_rules, domain_rules, explain, infer
from emkg.vocabulary import CODE, EM, GRAPH, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIXES = """@prefix em: <https://w3id.org/emkg/ontology#> . @prefix code: <https://w3id.org/emkg/code/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix ex: <http://ex/> .
"""
LAW = """
<https://w3id.org/emkg/code/event/haze> a em:EventType ; rdfs:subClassOf <https://w3id.org/emkg/code/event/weather> .
<https://w3id.org/emkg/code/event/weather> a em:EventType .
ex:city em:within ex:city , ex:country . ex:country em:within ex:country .
ex:old em:heldFrom "2018-10-26"^^xsd:date ; em:inForceUntil "2026-08-15"^^xsd:date ; em:bindsIn ex:country .
ex:new em:heldFrom "2026-08-15"^^xsd:date ; em:bindsIn ex:country .
ex:local em:heldFrom "2018-10-26"^^xsd:date ; em:bindsIn ex:otherCity .
ex:article-old em:partOf ex:old . ex:article-new em:partOf ex:new . ex:article-local em:partOf ex:local .
ex:duty-old em:article ex:article-old ; em:eventType <https://w3id.org/emkg/code/event/weather> ; em:level ex:cityLevel ; em:bearer ex:office .
ex:duty-new em:article ex:article-new ; em:eventType <https://w3id.org/emkg/code/event/haze> ; em:level ex:cityLevel , ex:countyLevel ; em:bearer ex:office .
ex:duty-county em:article ex:article-old ; em:eventType <https://w3id.org/emkg/code/event/haze> ; em:level ex:countyLevel ; em:bearer ex:office .
ex:duty-local em:article ex:article-local ; em:eventType <https://w3id.org/emkg/code/event/haze> ; em:level ex:cityLevel ; em:bearer ex:office .
ex:in-office em:office ex:office ; em:body ex:bureau ; em:level ex:cityLevel .
ex:was-in-office em:office ex:office ; em:body ex:former ; em:level ex:cityLevel ; em:until "2019-01-01"^^xsd:date .
ex:will-be em:office ex:office ; em:body ex:later ; em:level ex:cityLevel ; em:from "2027-01-01"^^xsd:date .
ex:ministry em:office ex:office ; em:body ex:national ; em:level ex:nationalLevel .
"""
EVENT = """ex:{name} a em:Event ; em:eventType <https://w3id.org/emkg/code/event/haze> ; em:startDate "{date}"^^xsd:date ;
  em:jurisdiction ex:city ; em:handledAt ex:cityLevel .
"""
AXIOMS = "em:within a owl:TransitiveProperty . em:callsOn rdfs:domain em:Event ."


@pytest.fixture(scope="module")
def rules(checkout: Path) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    return axiom_rules(_quads(AXIOMS)), domain_rules([checkout / "shapes" / "rules"])


@pytest.fixture(scope="module")
def ledger(rules: tuple[tuple[Rule, ...], tuple[Rule, ...]]) -> Iterator[Ledger]:
    days = {"before": "2018-10-25", "first": "2018-10-26", "last": "2026-08-14", "code": "2026-08-15"}
    events = "".join(EVENT.format(name=name, date=date) for name, date in days.items())
    with Ledger.open(None) as opened:
        graphs = {
            GRAPH + "law": _table(LAW),
            GRAPH + "events": _table(events),
            GRAPH + "ontology": _table(AXIOMS),
        }
        with opened.stage(graphs) as staged:
            staged.commit(Activity("test"))
        infer(opened, *rules)
        yield opened


def _quads(turtle: str) -> list[Quad]:
    return list(parse_text(PREFIXES + turtle, "turtle"))


def _table(turtle: str) -> pa.Table:
    rows = [(str(q.subject), str(q.predicate), str(q.object)) for q in _quads(turtle)]
    return pa.table(dict(zip("spo", map(list, zip(*rows, strict=True)), strict=True)))


def _objects(ledger: Ledger, subject: str, predicate: str) -> set[str]:
    rows = ledger.statements(graphs=[INFERRED_RULES], predicates=[EM + predicate]).read_all().to_pylist()
    return {row["o"].removeprefix("<http://ex/")[:-1] for row in rows if row["s"] == f"<http://ex/{subject}>"}


@pytest.mark.parametrize(
    ("event", "duties", "bodies"),
    [
        ("before", set(), set()),  # the version is not held yet: no answer is given from it
        ("first", {"duty-old"}, {"bureau", "former"}),
        ("last", {"duty-old"}, {"bureau"}),
        ("code", {"duty-new"}, {"bureau"}),
    ],
)
def test_the_duties_are_those_in_force_on_the_event_s_first_day(
    ledger: Ledger, event: str, duties: set[str], bodies: set[str]
) -> None:
    assert _objects(ledger, event, "callsForDuty") == duties
    assert _objects(ledger, event, "callsOn") == bodies


def _explain(
    ledger: Ledger, rules: tuple[tuple[Rule, ...], tuple[Rule, ...]], subject: str, predicate: str, value: str
) -> Explanation:
    statement = Triple(IRI(f"http://ex/{subject}"), IRI(EM + predicate), IRI(f"http://ex/{value}"))
    return explain(statement, [*rules[0], *rules[1]], ledger)


def test_an_inferred_statement_is_explained_down_to_asserted_facts(
    ledger: Ledger, rules: tuple[tuple[Rule, ...], tuple[Rule, ...]]
) -> None:
    explanation = _explain(ledger, rules, "last", "callsOn", "bureau")

    assert explanation.rule is not None
    assert explanation.rule.name == "callsOn"
    assert explanation.graphs == (INFERRED_RULES,)
    (duty,) = [premise for premise in explanation.premises if not premise.is_asserted]
    assert duty.rule is not None
    assert duty.rule.name == "callsForDuty"
    assert {str(comparison) for comparison in duty.comparisons} == {
        '"2018-10-26"^^<http://www.w3.org/2001/XMLSchema#date> <= "2026-08-14"^^<http://www.w3.org/2001/XMLSchema#date>'
    }
    assert "<http://ex/old> <https://w3id.org/emkg/ontology#inForceUntil> ?until" in str(duty.absences[0])
    facts = {fact.statement: fact.graphs for fact in explanation.facts()}
    assert facts[Triple(IRI("http://ex/in-office"), IRI(EM + "body"), IRI("http://ex/bureau"))] == (
        GRAPH + "law",
    )
    assert Triple(IRI("http://ex/article-old"), IRI(EM + "partOf"), IRI("http://ex/old")) in facts


def test_an_asserted_statement_is_its_own_explanation(
    ledger: Ledger, rules: tuple[tuple[Rule, ...], tuple[Rule, ...]]
) -> None:
    explanation = _explain(ledger, rules, "city", "within", "country")

    assert explanation.is_asserted
    assert explanation.graphs == (GRAPH + "law",)
    assert list(explanation.facts()) == [explanation]


def test_an_axiom_is_among_the_premises(
    ledger: Ledger, rules: tuple[tuple[Rule, ...], tuple[Rule, ...]]
) -> None:
    haze, axiom = IRI(CODE + "event/haze"), IRI(RDFS + "subClassOf")

    explanation = explain(Triple(haze, axiom, haze), rules[0], ledger)

    assert explanation.rule is not None
    assert explanation.rule.name == "event-type-reflexive"
    domain = next(rule for rule in rules[0] if rule.name == "transitive")
    assert domain.axioms[0].predicate.value.endswith("#type")


def test_what_is_neither_asserted_nor_inferred_is_not_found(
    ledger: Ledger, rules: tuple[tuple[Rule, ...], tuple[Rule, ...]]
) -> None:
    with pytest.raises(StatementNotFoundError, match="neither asserted nor inferred"):
        _explain(ledger, rules, "last", "callsOn", "former")


def test_an_inferred_statement_that_the_rules_do_not_give_says_so(
    ledger: Ledger, rules: tuple[tuple[Rule, ...], tuple[Rule, ...]]
) -> None:
    with pytest.raises(StatementNotFoundError, match="materialise again"):
        _explain(ledger, (rules[0], ()), "last", "callsOn", "bureau")


X, P, Q = Variable("x"), IRI("http://ex/p"), IRI("http://ex/q")


def test_a_rule_that_depends_on_its_own_negation_is_refused() -> None:
    body = Pattern((TriplePattern(X, P, X),), (), (Pattern((TriplePattern(X, Q, X),)),))
    with Ledger.open(None) as ledger, pytest.raises(ShapesError, match="its own negation"):
        infer(ledger, [], [Rule("paradox", body, (TriplePattern(X, Q, X),))])


def test_what_a_rule_negates_is_derived_before_it() -> None:
    first = Rule(
        "first", Pattern((TriplePattern(X, P, Literal("1")),)), (TriplePattern(X, Q, Literal("known")),)
    )
    negated = Pattern((TriplePattern(X, Q, Literal("known")),))
    second = Rule("second", Pattern((TriplePattern(X, P, Variable("y")),), (), (negated,)), (TriplePattern(X, Q, Literal("unknown")),))  # fmt: skip
    with Ledger.open(None) as ledger:
        with ledger.stage({"http://ex/g": _table('ex:a ex:p "1" , "2" . ex:b ex:p "2" .')}) as staged:
            staged.commit(Activity("test"))

        infer(ledger, [], [second, first])

        rows = ledger.statements(graphs=[INFERRED_RULES]).read_all().to_pylist()
        assert {(row["s"], row["o"]) for row in rows} == {
            ("<http://ex/a>", '"known"'),
            ("<http://ex/b>", '"unknown"'),
        }


def test_a_head_that_the_body_does_not_bind_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\?y is not bound by the body"):
        Rule("loose", Pattern((TriplePattern(X, P, X),)), (TriplePattern(X, Q, Variable("y")),))

"""An inferred graph brought up to date holds what computing it anew gives."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from emkg.ledger import Activity, Ledger
from emkg.plan import Pattern, TriplePattern, Variable
from emkg.rdf import IRI, parse_text
from emkg.reasoning import INFERRED_ONTOLOGY, INFERRED_RULES, Rule, axiom_rules, infer, update

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXAMPLES = int(os.environ.get("EMKG_RANDOM_CHANGES", "4"))
ONTOLOGY = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <http://ex/> .
ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:E . ex:E rdfs:subClassOf ex:D .
ex:p rdfs:subPropertyOf ex:q ; rdfs:domain ex:C ; owl:inverseOf ex:r .
ex:q a owl:TransitiveProperty ; rdfs:range ex:D . ex:s a owl:SymmetricProperty .
ex:t owl:propertyChainAxiom ( ex:q ex:s ) .
"""
AXIOMS = axiom_rules(list(parse_text(ONTOLOGY, "turtle")))
X, Y = Variable("x"), Variable("y")
TYPE = IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def ex(name: str) -> IRI:
    return IRI(f"http://ex/{name}")


# Whatever has a t and is no E is alone.
ALONE = Rule(
    "alone",
    Pattern((TriplePattern(X, ex("t"), Y),), (), (Pattern((TriplePattern(X, TYPE, ex("E")),)),)),
    (TriplePattern(X, TYPE, ex("Alone")),),
)
GRAPHS = ("http://ex/one", "http://ex/two")
Fact = tuple[str, str, str]


def put(ledger: Ledger, graph: str, facts: Iterable[Fact]) -> None:
    texts = [tuple(str(TYPE) if part == "a" else str(ex(part)) for part in fact) for fact in facts]
    columns = list(zip(*texts, strict=True)) or [(), (), ()]
    table = pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip("spo", columns, strict=True)}
    )
    with ledger.stage({graph: table}) as staged:
        staged.commit(Activity(graph))


def inferred(ledger: Ledger) -> dict[str, set[tuple[str, ...]]]:
    graphs = (INFERRED_ONTOLOGY, INFERRED_RULES)
    rows = {graph: ledger.statements(graphs=[graph]).read_all().to_pylist() for graph in graphs}
    return {graph: {(row["s"], row["p"], row["o"]) for row in own} for graph, own in rows.items()}


nodes = st.sampled_from([*"klmn"])
facts = st.one_of(
    st.tuples(nodes, st.sampled_from([*"pqrs"]), nodes),
    st.tuples(nodes, st.just("a"), st.sampled_from([*"CDEF"])),
)
states = st.tuples(*(st.lists(facts, max_size=7) for _ in GRAPHS))


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,)
)
@given(st.lists(states, min_size=2, max_size=4))
@pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")
def test_up_to_date_is_computed_anew(moments: Sequence[tuple[list[Fact], ...]]) -> None:
    with Ledger.open(None) as followed, Ledger.open(None) as anew:
        since = None
        for moment in moments:
            for ledger in (followed, anew):
                for graph, own in zip(GRAPHS, moment, strict=True):
                    put(ledger, graph, own)
            first = infer(followed, AXIOMS, [ALONE], since=since)
            second = infer(anew, AXIOMS, [ALONE])
            assert inferred(followed) == inferred(anew)
            assert [one.derived for one in first] == [one.derived for one in second]
            since = followed.generation
        assert followed.check().is_sound


def test_what_no_rule_reads_costs_no_generation() -> None:
    with Ledger.open(None) as ledger:
        put(ledger, GRAPHS[0], [("k", "p", "l")])
        infer(ledger, AXIOMS, [ALONE])
        since = ledger.generation
        put(ledger, GRAPHS[1], [("k", "unknown", "l")])
        found = infer(ledger, AXIOMS, [ALONE], since=since)
        assert [(one.rounds, one.commit.is_empty) for one in found] == [(0, True), (0, True)]
        assert ledger.generation == since + 1


def test_too_much_and_what_is_negated_are_computed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(None) as ledger:
        put(ledger, GRAPHS[0], [("k", "t", "l")])
        infer(ledger, AXIOMS, [ALONE])
        since = ledger.generation
        put(ledger, GRAPHS[1], [("k", "a", "E")])
        assert update(ledger, [ALONE], INFERRED_RULES, since) is None
        monkeypatch.setattr("emkg.reasoning.incremental._MOST", 0)
        assert update(ledger, AXIOMS, INFERRED_ONTOLOGY, since) is None

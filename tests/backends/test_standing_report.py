"""A standing report equals a full judgement after any sequence of changes, for every kind of constraint and path."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.ledger import Ledger
from emkg.plan import Dataset, Updater
from emkg.rdf import parse_text
from emkg.validation import CompiledValidator, ShapesGraph, StandingReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.validation import ValidationResult

ROUNDS = int(os.environ.get("EMKG_RANDOM_CHANGES", "8"))
GRAPH = "http://e/graph"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A a sh:NodeShape ; sh:targetClass :C ;
  sh:property [ sh:path :p ; sh:minCount 1 ; sh:maxCount 2 ; sh:class :D ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path ( :p :q ) ; sh:maxCount 1 ; sh:in ( :a :b 1 ) ] ;
  sh:property [ sh:path [ sh:inversePath :q ] ; sh:maxCount 1 ; sh:hasValue :a ] ;
  sh:property [ sh:path [ sh:oneOrMorePath :q ] ; sh:disjoint :p ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path ( [ sh:zeroOrMorePath :p ] [ sh:inversePath :q ] ) ; sh:maxCount 2 ] ;
  sh:property [ sh:path [ sh:alternativePath ( :p [ sh:zeroOrOnePath :q ] ) ] ; sh:maxCount 2 ] ;
  sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ] ; sh:node :N ] .
:N a sh:NodeShape ; sh:property [ sh:path :q ; sh:maxCount 1 ; sh:datatype xsd:integer ] .
:B a sh:NodeShape ; sh:targetSubjectsOf :q ; sh:closed true ; sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
  sh:property [ sh:path :q ; sh:lessThan :r ; sh:uniqueLang true ; sh:minLength 2 ] ;
  sh:property [ sh:path :p ; sh:equals :r ] ;
  sh:not [ sh:path :p ; sh:hasValue :b ] ;
  sh:or ( [ sh:path :q ; sh:minCount 2 ] [ sh:path ( :p :p ) ; sh:minCount 1 ] ) ;
  sh:xone ( [ sh:class :C ] [ sh:path :r ; sh:minCount 1 ] ) .
:O a sh:NodeShape ; sh:targetObjectsOf :p ; sh:targetNode :a , :z ;
  sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
  sh:and ( [ sh:nodeKind sh:IRI ] [ sh:property [ sh:path :r ; sh:maxCount 0 ] ] ) .
:Z a sh:NodeShape ; sh:targetObjectsOf :p ; sh:targetNode :z ; sh:nodeKind sh:BlankNode .
:T a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this <http://e/r> ?x . ?x <http://e/p> ?y }" ] ;
  sh:property [ sh:path :q ; sh:minCount 1 ] .
:D a sh:NodeShape , rdfs:Class ;
  sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://e/p> ?x . ?x <http://e/q> ?value . FILTER NOT EXISTS { ?value <http://e/p> $this } }" ] ;
  sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/q> ?n OPTIONAL { ?n <http://e/r> ?m } FILTER(!BOUND(?m)) }" ] ;
  sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/p> ?x . { SELECT $this (COUNT(?o) AS ?n) WHERE { ?s <http://e/r> ?o . $this <http://e/q> ?any } GROUP BY $this } FILTER(?n > 1) }" ] ;
  sh:sparql [ sh:select "SELECT $this WHERE { { $this <http://e/r> ?x } UNION { ?x <http://e/r> $this } ?x <http://e/q> ?y }" ] .
"""
NODES = [f"<http://e/{name}>" for name in "abcdz"]
PREDICATES = [f"<http://e/{name}>" for name in "pqr"]
TYPE, SUBCLASS = (
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
    "<http://www.w3.org/2000/01/rdf-schema#subClassOf>",
)
CLASSES = ["<http://e/C>", "<http://e/D>", "<http://e/S>"]
LITERALS = ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"x"@zh', '"ab"', '"zz"@zh']

_triples = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from([*NODES, *NODES, *LITERALS])),
    st.tuples(st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES)),
    st.tuples(st.sampled_from(CLASSES), st.just(SUBCLASS), st.sampled_from(CLASSES)),
).map(" ".join)  # fmt: skip
_changes = st.tuples(st.lists(_triples, max_size=3), st.lists(_triples, max_size=3))


@dataclass(frozen=True)
class World:
    """A ledger, and two reports that follow it; making their plans takes longer than judging."""

    ledger: Ledger
    followed: StandingReport
    full: StandingReport


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    shapes = ShapesGraph(tuple(parse_text(SHAPES, "turtle")))
    with Ledger.open(None) as ledger:
        reports = [StandingReport(ledger, shapes, Dataset((GRAPH,), ())) for _ in range(2)]
        yield World(ledger, *reports)


@pytest.mark.parametrize("most", [20_000, 6], ids=["few statements", "too many statements"])
# the compiler raises the limit once and for good
@pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")
@given(st.lists(_triples, min_size=3, max_size=14), st.lists(_changes, min_size=1, max_size=6))
@settings(max_examples=ROUNDS, deadline=None)
def test_after_any_changes_it_is_what_a_full_judgement_says(
    world: World, most: int, start: list[str], changes: list[tuple[list[str], list[str]]]
) -> None:
    updater = Updater(world.ledger)
    updater.run(f"CLEAR SILENT GRAPH <{GRAPH}>")
    _insert(updater, start)
    world.followed.refresh(everything=True)
    with patch("emkg.validation.standing._MOST", most):
        for removed, added in changes:
            earlier = _counted(world.followed)
            for triple in removed:
                updater.run(f"DELETE DATA {{ GRAPH <{GRAPH}> {{ {triple} }} }}")
            _insert(updater, added)

            changed = world.followed.refresh()
            world.full.refresh(everything=True)

            now = _counted(world.followed)
            assert now == _counted(world.full)
            assert now == earlier - Counter(map(repr, changed.removed)) + Counter(map(repr, changed.added))


def test_a_full_judgement_says_what_the_validator_says(world: World) -> None:
    updater = Updater(world.ledger)
    updater.run(f"CLEAR SILENT GRAPH <{GRAPH}>")
    triples = [f"{s} {p} {o}" for s in NODES for p in PREDICATES for o in (*NODES[:3], *LITERALS)]
    _insert(updater, [*triples, *(f"{node} {TYPE} {one}" for node in NODES[:3] for one in CLASSES)])

    world.full.refresh(everything=True)

    data = world.ledger.statements(graphs=[GRAPH]).read_all()
    shapes = ShapesGraph(tuple(parse_text(SHAPES, "turtle")))
    told = Counter(_key(one) for one in world.full.report.results)
    assert told == Counter(_key(one) for one in CompiledValidator().validate(data, shapes).results)
    assert len({one.component for one in world.full.report.results}) > 15


def _insert(updater: Updater, triples: list[str]) -> None:
    if triples:
        updater.run(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {' . '.join(triples)} }} }}")


def _counted(report: StandingReport) -> Counter[str]:
    return Counter(map(repr, report.report.results))


def _key(result: ValidationResult) -> tuple[str, ...]:
    """What tells a result from others, without the names of nameless shapes."""
    return str(result.focus_node), str(result.path), str(result.value), str(result.component)

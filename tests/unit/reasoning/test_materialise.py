from __future__ import annotations

from typing import TYPE_CHECKING

import owlrl
import pyarrow as pa
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.ledger import Activity, Ledger
from emkg.rdf import IRI, Quad, parse_text
from emkg.reasoning import INFERRED_ONTOLOGY, axiom_rules, materialise
from emkg.vocabulary import OWL, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PREFIXES = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix em: <https://w3id.org/emkg/ontology#> . @prefix ex: <http://ex/> .
"""


@pytest.fixture(scope="module")
def shared_ledger() -> Iterator[Ledger]:
    """One ledger for the examples of a property: each of them replaces its graphs."""
    with Ledger.open(None) as opened:
        yield opened


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.open(None) as opened:
        yield opened


def _quads(turtle: str) -> list[Quad]:
    return list(parse_text(PREFIXES + turtle, "turtle"))


def _load(ledger: Ledger, graph: str, quads: Iterable[Quad]) -> None:
    rows = [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    table = pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip("spo", columns, strict=True)}
    )
    with ledger.stage({graph: table}) as staged:
        staged.commit(Activity(graph))


def _inferred(ledger: Ledger) -> set[str]:
    rows = ledger.statements(graphs=[INFERRED_ONTOLOGY]).read_all().to_pylist()
    return {f"{row['s']} {row['p']} {row['o']}" for row in rows}


def _infer(ledger: Ledger, axioms: str, data: str) -> set[str]:
    ontology = _quads(axioms)
    _load(ledger, "http://ex/ontology", ontology)
    _load(ledger, "http://ex/data", _quads(data))
    materialise(ledger, axiom_rules(ontology), INFERRED_ONTOLOGY)
    return _inferred(ledger)


@pytest.mark.parametrize(
    ("axioms", "data", "expected"),
    [
        ("ex:C rdfs:subClassOf ex:D .", "ex:a a ex:C .", "ex:a a ex:D ."),
        ("ex:p rdfs:subPropertyOf ex:q .", 'ex:a ex:p "x"@zh .', 'ex:a ex:q "x"@zh .'),
        ("ex:p rdfs:domain ex:C .", "ex:a ex:p 7 .", "ex:a a ex:C ."),
        ("ex:p rdfs:range ex:C .", "ex:a ex:p ex:b .", "ex:b a ex:C ."),
        ("ex:p owl:inverseOf ex:q .", "ex:a ex:p ex:b . ex:c ex:q ex:d .", "ex:b ex:q ex:a . ex:d ex:p ex:c ."),
        ("ex:p owl:inverseOf ex:p .", "ex:a ex:p ex:b .", "ex:b ex:p ex:a ."),
        ("ex:p a owl:SymmetricProperty .", "ex:a ex:p ex:b .", "ex:b ex:p ex:a ."),
        (
            "ex:p a owl:TransitiveProperty .",
            "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:d .",
            "ex:a ex:p ex:c , ex:d . ex:b ex:p ex:d .",
        ),
        ("ex:g owl:propertyChainAxiom ( ex:p ex:q ex:p ) .", "ex:a ex:p ex:b . ex:b ex:q ex:c . ex:c ex:p ex:d .", "ex:a ex:g ex:d ."),
        ("", "ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:E .", "ex:C rdfs:subClassOf ex:E ."),
        ("", "ex:haze a em:EventType .", "ex:haze rdfs:subClassOf ex:haze ."),
    ],
)  # fmt: skip
def test_an_axiom_derives_what_owl_2_rl_says(ledger: Ledger, axioms: str, data: str, expected: str) -> None:
    found = _infer(ledger, axioms, data)

    assert found == {str(quad)[:-2] for quad in _quads(expected)}


@pytest.mark.parametrize(
    ("axioms", "data"),
    [
        ("ex:p rdfs:range xsd:date .", 'ex:a ex:p "2024-01-01"^^xsd:date .'),  # says nothing about a thing
        ("ex:p rdfs:range ex:C .", "ex:a ex:p 7 ."),  # a literal is no subject
        ("ex:p a owl:SymmetricProperty .", "ex:a ex:p 7 ."),
        ("ex:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ] .", "ex:a a ex:C ."),
        ("ex:C rdfs:subClassOf owl:Thing .", "ex:a a ex:C ."),
        ("ex:p rdfs:domain ex:C .", "ex:a ex:p ex:b ; a ex:C ."),  # asserted already
    ],
)
def test_nothing_is_derived_that_is_no_statement_or_no_news(ledger: Ledger, axioms: str, data: str) -> None:
    assert _infer(ledger, axioms, data) == set()


def test_a_run_that_changes_nothing_makes_no_generation(ledger: Ledger) -> None:
    ontology = _quads("ex:C rdfs:subClassOf ex:D .")
    _load(ledger, "http://ex/data", _quads("ex:a a ex:C . ex:b a ex:C ."))
    first = materialise(ledger, axiom_rules(ontology), INFERRED_ONTOLOGY)

    second = materialise(ledger, axiom_rules(ontology), INFERRED_ONTOLOGY)

    assert (first.commit.added, first.derived, first.rounds) == (2, 2, 2)
    assert second.commit.is_empty
    assert second.commit.generation == first.commit.generation


def test_what_its_premise_loses_the_inferred_graph_loses(ledger: Ledger) -> None:
    rules = axiom_rules(_quads("ex:C rdfs:subClassOf ex:D ."))
    _load(ledger, "http://ex/data", _quads("ex:a a ex:C . ex:b a ex:C ."))
    materialise(ledger, rules, INFERRED_ONTOLOGY)
    _load(ledger, "http://ex/data", _quads("ex:b a ex:C ."))

    result = materialise(ledger, rules, INFERRED_ONTOLOGY)

    assert (result.commit.added, result.commit.removed) == (0, 1)
    assert _inferred(ledger) == {f"<http://ex/b> <{RDF_TYPE}> <http://ex/D>"}


def test_without_rules_the_graph_becomes_empty(ledger: Ledger) -> None:
    _load(ledger, "http://ex/data", _quads("ex:a a ex:C ."))
    materialise(ledger, axiom_rules(_quads("ex:C rdfs:subClassOf ex:D .")), INFERRED_ONTOLOGY)

    result = materialise(ledger, [], INFERRED_ONTOLOGY)

    assert (result.derived, result.rounds, result.commit.removed) == (0, 0, 1)


CLASSES, PROPERTIES, THINGS = ("C", "D", "E"), ("p", "q", "r"), ("a", "b", "c", "d")
_AXIOMS = st.one_of(
    st.tuples(st.sampled_from(CLASSES), st.just(RDFS + "subClassOf"), st.sampled_from(CLASSES)),
    st.tuples(st.sampled_from(PROPERTIES), st.just(RDFS + "subPropertyOf"), st.sampled_from(PROPERTIES)),
    st.tuples(st.sampled_from(PROPERTIES), st.just(OWL + "inverseOf"), st.sampled_from(PROPERTIES)),
    st.tuples(
        st.sampled_from(PROPERTIES),
        st.sampled_from([RDFS + "domain", RDFS + "range"]),
        st.sampled_from(CLASSES),
    ),
    st.tuples(
        st.sampled_from(PROPERTIES),
        st.just(RDF_TYPE),
        st.sampled_from([OWL + "SymmetricProperty", OWL + "TransitiveProperty"]),
    ),
)
_FACTS = st.one_of(
    st.tuples(st.sampled_from(THINGS), st.sampled_from(PROPERTIES), st.sampled_from(THINGS)),
    st.tuples(st.sampled_from(THINGS), st.just(RDF_TYPE), st.sampled_from(CLASSES)),
)


def _iri(name: str) -> IRI:
    return IRI(name if ":" in name else f"http://ex/{name}")


def _statements(rows: Iterable[tuple[str, str, str]]) -> list[Quad]:
    return [Quad(*map(_iri, row)) for row in rows]


def _by_owlrl(quads: Iterable[Quad]) -> set[str]:
    graph = rdflib.Graph()
    for quad in quads:
        graph.add(
            tuple(rdflib.URIRef(str(term)[1:-1]) for term in (quad.subject, quad.predicate, quad.object))
        )
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    things = {str(_iri(name)) for name in THINGS}
    known = {str(_iri(name)) for name in (*THINGS, *CLASSES)}
    lines = (tuple(term.n3() for term in triple) for triple in graph)
    return {
        " ".join(line) for line in lines if line[0] in things and line[2] in known and "owl#" not in line[1]
    }


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(axioms=st.lists(_AXIOMS, max_size=5), facts=st.lists(_FACTS, min_size=1, max_size=6))
def test_facts_about_things_are_those_that_owlrl_derives(
    shared_ledger: Ledger, axioms: list[tuple[str, str, str]], facts: list[tuple[str, str, str]]
) -> None:
    ontology, data = _statements(axioms), _statements(facts)
    _load(shared_ledger, "http://ex/all", [*ontology, *data])

    materialise(shared_ledger, axiom_rules(ontology), INFERRED_ONTOLOGY)

    about_things = {
        line for line in _inferred(shared_ledger) if line[:12] in {f"<http://ex/{t}" for t in THINGS}
    }
    assert about_things | {str(quad)[:-2] for quad in data} == _by_owlrl([*ontology, *data])

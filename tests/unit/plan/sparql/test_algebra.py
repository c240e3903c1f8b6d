"""What a text becomes: the examples of SPARQL 1.1 Query, section 18.2, and what the grammar's notes forbid."""

from __future__ import annotations

import pytest

from emkg.errors import QuerySyntaxError
from emkg.plan import TriplePattern, Variable
from emkg.plan import algebra as a
from emkg.plan.function import AggregateFunction, Function
from emkg.plan.path import Alternative, Link, PathPattern, Repeated, Repetition
from emkg.plan.request import AskQuery, ConstructQuery, DescribeQuery, Modify, SelectQuery, TransferGraph
from emkg.plan.sparql import parse_query, parse_update
from emkg.rdf import IRI, Literal
from emkg.vocabulary import XSD

PREFIXES = {"": "http://e/"}
S, VALUE, V = (Variable(name) for name in "sov")


def _iri(name: str) -> IRI:
    return IRI(f"http://e/{name}")


def _group(text: str) -> a.Algebra:
    query = parse_query(f"SELECT * {text}", prefixes=PREFIXES)
    assert isinstance(query, SelectQuery)
    assert isinstance(query.pattern, a.Project)
    return query.pattern.pattern


def _triple(subject: str, predicate: str, value: str) -> a.BasicPattern:
    return a.BasicPattern((TriplePattern(Variable(subject), _iri(predicate), Variable(value)),))


def test_triples_that_only_a_filter_parts_are_one_pattern() -> None:
    found = _group("{ ?s :p ?o . FILTER(?o > 1) ?o :q ?v }")

    condition = a.Call(Function.GREATER, (VALUE, Literal("1", XSD + "integer")))
    triples = (*_triple("s", "p", "o").triples, *_triple("o", "q", "v").triples)
    assert found == a.Filter(a.BasicPattern(triples), condition)


def test_the_filter_of_an_optional_group_is_its_condition() -> None:
    found = _group("{ ?s :p ?o OPTIONAL { ?s :q ?v FILTER(?v = ?o) } }")

    assert found == a.LeftJoin(
        _triple("s", "p", "o"), _triple("s", "q", "v"), a.Call(Function.EQUAL, (V, VALUE))
    )


def test_a_union_beside_triples_is_joined() -> None:
    found = _group("{ ?s :p ?o { ?s :q ?v } UNION { ?s :r ?v } }")

    assert found == a.Join(_triple("s", "p", "o"), a.Union(_triple("s", "q", "v"), _triple("s", "r", "v")))


def test_a_bind_extends_what_stands_before_it() -> None:
    found = _group("{ ?s :p ?o BIND(?o + 1 AS ?v) ?s :q ?v }")

    extended = a.Extend(
        _triple("s", "p", "o"), V, a.Call(Function.ADD, (VALUE, Literal("1", XSD + "integer")))
    )
    assert found == a.Join(extended, _triple("s", "q", "v"))


def test_a_path_that_is_none_becomes_triples() -> None:
    found = _group("{ ?s :p/^:q ?o }")

    assert isinstance(found, a.BasicPattern)
    first, second = found.triples
    assert isinstance(first, TriplePattern)
    assert isinstance(second, TriplePattern)
    assert (first.predicate, second.predicate) == (_iri("p"), _iri("q"))
    assert first.object == second.object
    assert second.subject == VALUE


def test_a_path_that_repeats_keeps_its_shape() -> None:
    found = _group("{ ?s (:p|:q)* ?o }")

    path = Repeated(Alternative(Link(_iri("p")), Link(_iri("q"))), Repetition.ZERO_OR_MORE)
    assert found == a.BasicPattern((PathPattern(S, path, VALUE),))


def test_set_functions_are_lifted_into_the_group() -> None:
    query = parse_query(
        "SELECT ?s (COUNT(?o) + 1 AS ?n) { ?s :p ?o } GROUP BY ?s HAVING(COUNT(?o) > 2)", prefixes=PREFIXES
    )

    assert isinstance(query, SelectQuery)
    assert isinstance(query.pattern, a.Project)
    extended = query.pattern.pattern
    assert isinstance(extended, a.Extend)
    assert isinstance(extended.pattern, a.Filter)
    group = extended.pattern.pattern
    assert isinstance(group, a.Group)
    assert group.keys == (S,)
    assert [aggregate for _, aggregate in group.aggregates] == [a.Aggregate(AggregateFunction.COUNT, VALUE)]


def test_values_at_the_end_join_the_solutions() -> None:
    found = _group("{ ?s :p ?o } VALUES ?o { 1 UNDEF }")

    assert found == a.Join(
        _triple("s", "p", "o"), a.Values((VALUE,), ((Literal("1", XSD + "integer"),), (None,)))
    )


def test_the_forms_of_a_query_are_told_apart() -> None:
    texts = {
        AskQuery: "ASK { }",
        ConstructQuery: "CONSTRUCT WHERE { ?s :p ?o }",
        DescribeQuery: "DESCRIBE :x",
        SelectQuery: "SELECT * { }",
    }
    assert all(isinstance(parse_query(text, prefixes=PREFIXES), form) for form, text in texts.items())


def test_blank_nodes_are_variables_in_a_pattern_and_terms_in_a_template() -> None:
    query = parse_query("CONSTRUCT { [] :p _:b } WHERE { _:b :p [] }", prefixes=PREFIXES)

    assert isinstance(query, ConstructQuery)
    assert not any(isinstance(slot, Variable) for triple in query.template for slot in triple.slots)
    assert isinstance(query.pattern, a.BasicPattern)
    assert all(isinstance(triple.subject, Variable) for triple in query.pattern.triples)


def test_relative_iris_are_resolved() -> None:
    query = parse_query("BASE <http://e/a/b> SELECT * { <c> <../d> <#f> }")

    assert isinstance(query, SelectQuery)
    assert isinstance(query.pattern, a.Project)
    assert query.pattern.pattern == a.BasicPattern(
        (TriplePattern(IRI("http://e/a/c"), IRI("http://e/d"), IRI("http://e/a/b#f")),)
    )


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("SELECT ?s { ?s :p }", "1:19", "expected"),
        ("SELECT ?s { ?s no:p ?o }", "1:16", "the prefix no: is not declared"),
        (
            "SELECT ?s { ?s rdfs:label ?o }",
            "1:16",
            "add PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>",
        ),
        ("SELECT ?s { ?s :p ?o BIND(1 AS ?o) }", "1:32", "bound already"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s :p ?o }", "1:8", "neither a key of GROUP BY"),
        ("SELECT * { ?s :p ?o } GROUP BY ?s", "1:8", "GROUP BY"),
        ("SELECT * { ?s :p 'open }", "1:18", "not closed"),
        ("SELCT * { ?s :p ?o }", "1:1", "did you mean SELECT?"),
        ("SELECT * { ?s :p ?o FILTER(COUNT(?o) > 1) }", "1:28", "COUNT cannot stand here"),
        ("SELECT * { ?s :p ?o FILTER(STRLEN(?o, 2) > 1) }", "1:28", "STRLEN takes 1 arguments, not 2"),
        ("SELECT * { _:a :p ?o OPTIONAL { _:a :q ?o } }", "1:33", "two graph patterns"),
        ("SELECT * { VALUES (?a ?b) { (1) } }", "1:29", "1 values for 2 variables"),
        ("ASK { } extra", "1:9", "expected the end of the query"),
    ],
)
def test_what_does_not_parse_is_located_and_explained(text: str, place: str, said: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text, prefixes=PREFIXES)

    assert str(caught.value).startswith(f"query:{place}: ")
    assert said in caught.value.message
    assert caught.value.message_zh


def test_updates_become_operations() -> None:
    update = parse_update(
        "PREFIX : <http://e/> WITH :g DELETE { ?s :p ?o } WHERE { ?s :p ?o } ; COPY :a TO DEFAULT"
    )

    change, copy = update.operations
    assert isinstance(change, Modify)
    assert change.graph == _iri("g")
    assert isinstance(copy, TransferGraph)
    assert (copy.source, copy.target) == (_iri("a"), None)

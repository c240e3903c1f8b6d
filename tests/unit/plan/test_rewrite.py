"""Equal patterns: what is moved, and what stays where a solution could change."""

from __future__ import annotations

from emkg.plan import TriplePattern, Variable
from emkg.plan import algebra as a
from emkg.plan.function import Function
from emkg.plan.request import SelectQuery
from emkg.plan.rewrite import rewritten
from emkg.plan.sparql import parse_query
from emkg.rdf import IRI

PREFIXES = {"": "http://e/"}


def _rewritten(text: str) -> a.Algebra:
    query = parse_query(f"SELECT * {text}", prefixes=PREFIXES)
    assert isinstance(query, SelectQuery)
    found = rewritten(query.pattern)
    assert isinstance(found, a.Project)
    return found.pattern


def _triple(subject: str, predicate: str, value: str) -> TriplePattern:
    return TriplePattern(Variable(subject), IRI(f"http://e/{predicate}"), Variable(value))


def test_triples_around_an_optional_are_gathered_before_it() -> None:
    found = _rewritten("{ ?s :p ?o OPTIONAL { ?s :q ?v } ?o :r ?w }")

    assert isinstance(found, a.LeftJoin)
    assert found.left == a.BasicPattern((_triple("s", "p", "o"), _triple("o", "r", "w")))


def test_what_shares_no_variable_is_joined_last() -> None:
    found = _rewritten("{ ?s :p ?o . ?t :p ?w VALUES ?t { :a :b } VALUES ?s { :c :d } }")

    def part(name: str, terms: str, value: str) -> a.Algebra:
        rows = tuple((IRI(f"http://e/{one}"),) for one in terms)
        return a.Join(a.Values((Variable(name),), rows), a.BasicPattern((_triple(name, "p", value),)))

    assert found == a.Join(part("s", "cd", "o"), part("t", "ab", "w"))


def test_an_optional_whose_variable_is_read_later_stays() -> None:
    found = _rewritten("{ ?s :p ?o OPTIONAL { ?s :q ?v } ?v :r ?w }")

    assert isinstance(found, a.Join)


def test_a_filter_stands_where_its_variables_are_bound() -> None:
    found = _rewritten("{ ?s :p ?o OPTIONAL { ?s :q ?v } FILTER(?o > 1) }")

    assert isinstance(found, a.LeftJoin)
    assert isinstance(found.left, a.Filter)


def test_a_filter_on_what_is_optional_stays_above_it() -> None:
    found = _rewritten("{ ?s :p ?o OPTIONAL { ?s :q ?v } FILTER(!BOUND(?v)) }")

    assert isinstance(found, a.Filter)
    assert isinstance(found.pattern, a.LeftJoin)


def test_exists_comes_after_other_conditions() -> None:
    found = _rewritten("{ ?s :p ?o FILTER EXISTS { ?s :q ?v } FILTER(?o > 1) }")

    assert isinstance(found, a.Filter)
    assert isinstance(found.condition, a.Exists)
    assert isinstance(found.pattern, a.Filter)


def test_the_one_term_of_values_is_put_in_the_place_of_its_variable() -> None:
    found = _rewritten("{ VALUES ?s { :x } ?s :p ?o FILTER(?s != ?o) }")

    term = IRI("http://e/x")
    inner = a.Join(
        a.Values((Variable("s"),), ((term,),)),
        a.Filter(
            a.BasicPattern((TriplePattern(term, IRI("http://e/p"), Variable("o")),)),
            a.Call(Function.NOT_EQUAL, (term, Variable("o"))),
        ),
    )
    outer = a.Filter(
        a.Join(inner.left, inner.right.pattern),  # type: ignore[union-attr]  # a Filter, see above
        a.Call(Function.NOT_EQUAL, (term, Variable("o"))),
    )
    assert found in {inner, outer}


def test_several_terms_stay_a_join() -> None:
    found = _rewritten("{ VALUES ?s { :x :y } ?s :p ?o }")

    assert isinstance(found, a.Join)
    assert found.right == a.BasicPattern((_triple("s", "p", "o"),))


def test_a_path_that_may_be_empty_keeps_a_variable_that_nothing_else_holds() -> None:
    held = _rewritten("{ VALUES ?s { :x } ?s :q* ?o . ?s :p ?w }")
    loose = _rewritten("{ VALUES ?s { :x } ?s :q* ?o }")

    assert isinstance(held, a.Join)
    assert isinstance(loose, a.Join)
    assert held.right.triples[0].subject == IRI("http://e/x")  # type: ignore[union-attr]  # a basic pattern
    assert loose.right.triples[0].subject == Variable("s")  # type: ignore[union-attr]  # a basic pattern

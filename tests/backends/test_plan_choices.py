"""Where a plan takes a shorter way, and where it must not: the answers are Oxigraph's, whatever the pattern is made of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyoxigraph as ox
import pytest

from emkg.ledger import Activity, Ledger
from emkg.plan import Evaluator, FallbackEvaluator, PoolLimits, QueryLimits
from emkg.plan.sql.basic_pattern import MOST_FEW
from emkg.rdf.relation import STATEMENTS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NODES = 40_000
_PREFIXES = "PREFIX : <http://e/> "
_NUMBER = '"{}"^^<http://www.w3.org/2001/XMLSchema#integer>'


def _statements() -> list[tuple[str, str, str, str]]:
    """Departments, of which three are of kind `rare`; tasks that name them, some of them twice; what comes after a task."""

    def iri(name: str) -> str:
        return f"<http://e/{name}>"

    rows = []
    for number in range(40):
        department = iri(f"d{number}")
        rows.append((department, iri("kind"), iri("rare" if number < 3 else "common"), iri("g1")))
        rows += [(department, iri("label"), f'"{number}"', iri("g1"))] * (number % 2)
        rows.append((iri(f"t{number}"), iri("by"), department, iri("g1")))
        rows.append((iri(f"t{number}"), iri("by"), iri(f"d{number // 2}"), iri("g2")))
        rows.append((iri(f"t{number}"), iri("after"), iri(f"t{number + 1}"), iri("g1")))
        rows.append((iri(f"t{number}"), iri("hours"), _NUMBER.format(number % 5), iri("g2")))
    return sorted(set(rows))


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[Evaluator, ox.Store]]:
    rows = _statements()
    store = ox.Store()
    lines = {f"{s} {p} {o} ." for s, p, o, _ in rows} | {f"{s} {p} {o} {g} ." for s, p, o, g in rows}
    store.load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    with Ledger.open(None) as ledger:
        for graph in ("http://e/g1", "http://e/g2"):
            own = [(s, p, o, None) for s, p, o, g in rows if g == f"<{graph}>"]
            columns = [pa.array(column, pa.string()) for column in zip(*own, strict=True)]
            table = pa.table(columns, schema=STATEMENTS_SCHEMA)
            with ledger.stage({graph: table.to_reader()}) as staged:
                staged.commit(Activity("test"))
        limits = QueryLimits(timeout_s=60, max_rows=100_000)
        evaluator = Evaluator(ledger, FallbackEvaluator(ledger, limits, PoolLimits()), limits)
        yield evaluator, store
        evaluator.close()


# What extends few solutions is looked up for them alone.
_LOOKED_UP = [
    "?d :kind :rare OPTIONAL { ?t :by ?d }",
    "?d :kind :rare OPTIONAL { ?t :by ?d ; :after ?n . ?n :by ?other }",
    "?d :kind :rare OPTIONAL { ?t :by ?d FILTER(?t != :t1) }",
    "?d :kind :rare ; :label ?l OPTIONAL { ?t :by ?d ; :hours ?h FILTER(?h > 1 && ?l != '7') }",
    "?d :kind :rare OPTIONAL { ?t :by ?d OPTIONAL { ?t :hours ?h . ?n :after ?t } }",
    "?d :kind :rare OPTIONAL { ?d :label ?l } OPTIONAL { ?t :by ?d ; :hours ?l }",
    "?d :kind :rare OPTIONAL { ?d :label ?l } OPTIONAL { ?d :missing ?l } OPTIONAL { ?t :by ?d }",
    "?d :kind :rare OPTIONAL { { ?t :by ?d } UNION { ?d :label ?l } UNION { :t7 :by ?o } }",
    "?d :kind :rare OPTIONAL { GRAPH :g2 { ?t :by ?d } }",
    "?d :kind :rare OPTIONAL { ?t :by ?d BIND(CONCAT('at ', STR(?t)) AS ?said) }",
    "?d :kind :rare OPTIONAL { ?t :by ?d . ?t :after+ ?n }",
    "?d :kind :rare OPTIONAL { ?n ^:after*/:by ?d }",
    "?d :kind :rare OPTIONAL { ?d ?p ?v }",
    "?d :kind :rare OPTIONAL { ?t :by ?d . ?x :label '11' }",
    "?d :kind :rare OPTIONAL { ?t :by ?d FILTER EXISTS { ?t :hours ?h . ?d :label ?l } }",
    "?d :kind :rare . ?t :by ?d OPTIONAL { ?t :by ?other ; :hours ?h }",
    "GRAPH :g1 { ?d :kind :rare OPTIONAL { ?t :by ?d } }",
    # DuckDB plans what is shared within what is shared three times over at each level: this one would take most of an hour.
    "?d :kind :rare " + " ".join(f"OPTIONAL {{ ?d :label ?l{n} FILTER(?l{n} != '{n}') }}" for n in range(14)),
]
# Were these parts narrowed, something would appear that is no solution; or there is nothing that could be looked up.
_NOT_LOOKED_UP = [
    "?d :kind :rare OPTIONAL { SELECT ?d (COUNT(?t) AS ?n) { ?t :by ?d } GROUP BY ?d }",
    "?d :kind :rare OPTIONAL { SELECT ?d ?t { ?t :by ?d } ORDER BY ?t ?d LIMIT 2 }",
    "?d :kind :rare OPTIONAL { VALUES ?d { :d1 :d20 } }",
    "?d :kind :rare OPTIONAL { ?t :hours ?h }",
    "GRAPH ?g { ?d :kind :rare OPTIONAL { ?t :by ?d } }",
]


# An IRI or a blank node equals nothing but itself: the terms need not be read.
_BY_ID = [
    "?t :by :d1 . ?u :by :d1 FILTER(?t != ?u)",
    "?t :by ?d . ?d :kind :rare . ?u :by ?e FILTER(?d = ?e)",
    "?t ?p :d1 . ?t ?q ?d . ?d :kind :rare FILTER(?p != ?q || ?d = :d0)",
    "?t :by :d1 OPTIONAL { ?u :after ?t } FILTER(!BOUND(?u) || ?u != :t1)",
    "{ ?t :by :d1 } UNION { ?t :by :d2 } ?u :by :d1 FILTER(?t != ?u)",
    "GRAPH ?g { ?t :by :d1 } GRAPH ?h { ?u :by :d1 } FILTER(?g != ?h)",
    "{ SELECT ?d (COUNT(?t) AS ?n) { ?t :by ?d . ?d :kind ?k } GROUP BY ?d } ?e :kind :rare FILTER(?d != ?e)",
]
_BY_VALUE = [
    "?t :by :d1 ; :hours ?h . ?u :hours ?i FILTER(?h != ?i)",
    "?t :hours ?h . ?u :hours ?i . ?t :by :d1 . ?u :by :d1 FILTER(?h = ?i)",
    "?t :after ?n . ?d :label ?l FILTER(?n != ?l)",
]


# Four and more patterns are taken one after the other from the rarest on, as long as the solutions stay few.
_FROM_THE_RAREST = [
    "?t :by ?d ; :hours ?h ; :after ?n . ?d :kind :rare",
    "?n :by ?e . ?t :after ?n ; :by ?d . ?d :kind :rare . ?e :kind :common",
    "?t :after+ ?n . ?t :by ?d ; :hours ?h . ?d :kind :rare",
    "?d :kind :rare ; :label ?l . ?t :by ?d . ?x :label '11' . ?x :kind ?k",
    "?t :by :d1 . ?t :hours ?h . ?t ?p ?d . ?d :kind ?k . ?d :label ?l FILTER(?h > 0)",
    "GRAPH :g1 { ?t :by ?d ; :after ?n . ?n :by ?e . ?d :kind :rare }",
    "?t :by ?d ; :hours ?h ; :after ?n . ?d :kind :rare MINUS { ?d :label ?l } FILTER NOT EXISTS { ?n :hours ?h }",
    "?x :hours ?h FILTER EXISTS { ?t :by ?d ; :after ?x ; :hours ?i . ?d :kind :rare }",
    "?x :hours ?h BIND(EXISTS { ?t :by ?d ; :after ?x ; :hours ?i . ?d :kind :rare } AS ?b)",
    "?x :hours ?h MINUS { ?t :by ?d ; :after ?x ; :hours ?i . ?d :kind :rare }",
    "?x :hours ?h . { ?t :by ?d ; :after ?x ; :hours ?i . ?d :kind :rare } UNION { ?x :by :d2 ; :after ?y ; :by ?d . ?y :hours ?h }",
    "{ SELECT ?x (COUNT(*) AS ?n) { ?t :by ?d ; :after ?x ; :hours ?i . ?d :kind :rare } GROUP BY ?x } ?x :hours ?h",
    "?d :kind :rare ; :kind ?k . ?t :by ?d ; :after ?n OPTIONAL { ?n :hours ?h ; :by ?e . ?e :kind ?f ; :label ?m }",
]
# What shares no variable is multiplied last, when each part has found what it can.
_APART = [
    "VALUES ?d { :d1 :d20 } VALUES ?e { :d0 :d3 } ?t :by ?d . ?u :by ?e FILTER(STR(?d) < STR(?e))",
    "VALUES ?d { :d0 } ?d :kind ?k . ?t :by :d1 . ?u :hours ?h FILTER(?h > 3)",
    "GRAPH ?g { ?t :by :d1 . ?d :kind :rare }",
    "?t :by :d1 . ?d :kind :rare OPTIONAL { ?t :hours ?h . ?d :label ?l }",
]


# Where a variable may be unbound on either side, each case is joined by itself; only what leaves nothing to look up by.
_BY_CASE = [
    "?d :kind :rare . { ?t :by ?d } UNION { ?x :kind ?k }",
    "?t :by ?d ; :hours ?h . ?d :kind :rare . { ?d :label ?l } UNION { ?t :after ?n } UNION { ?l :kind :rare }",
    "?d :kind :rare OPTIONAL { ?d :label ?l } ?t :by ?d OPTIONAL { ?e :label ?l ; :kind ?k }",
    "?d :kind :rare OPTIONAL { ?d :label ?l } { SELECT ?l ?e { ?e :label ?l . ?e :kind :rare } }",
    "VALUES (?d ?t) { (:d1 UNDEF) (UNDEF :t2) (:d2 :t2) (UNDEF UNDEF) } { ?t :by ?d } UNION { ?d :kind :rare }",
    "?d :kind :rare OPTIONAL { ?d :label ?l } MINUS { VALUES (?l ?d) { ('1' UNDEF) (UNDEF :d2) } }",
    "?d :kind ?k OPTIONAL { ?d :label ?l } MINUS { ?e :kind :rare OPTIONAL { ?e :label ?l } }",
    "{ ?d :kind :rare } UNION { ?t :by :d1 } MINUS { { ?d :label '1' } UNION { ?t :hours 1 } }",
    "{ ?d :label ?l } UNION { ?t :by :d2 } OPTIONAL { { ?d :kind :rare } UNION { ?t :hours ?h } }",
    "{ ?d :label ?l } UNION { ?t :by :d2 } OPTIONAL { { ?d :kind :rare } UNION { ?t :hours ?h } FILTER(!BOUND(?h) || ?h > 1) }",
    "GRAPH ?g { ?d :kind :rare OPTIONAL { ?d :label ?l } { ?d :label ?l } UNION { ?l :kind ?k } }",
    "?d :kind :rare FILTER EXISTS { { ?d :label ?l } UNION { ?t :by :d1 } { ?t :hours 1 } UNION { ?d :kind ?k } }",
]
# What stands together in OPTIONAL because of what is outside it alone.
_HELD_TOGETHER = [
    "?t :by ?d ; :after ?n OPTIONAL { ?d :label ?l . ?n :hours ?h }",
    "?t :by ?d ; :after ?n OPTIONAL { ?d :label ?l . ?n :hours ?h FILTER(?h > 1 && ?l != '7') OPTIONAL { ?n :by ?e } }",
    "?t :by ?d ; :after ?n OPTIONAL { ?d :label ?l OPTIONAL { ?n :hours ?h } }",
    "?t :by ?d ; :after ?n OPTIONAL { ?d :label ?l OPTIONAL { ?n :missing ?h } }",
    "?t :by ?d ; :after ?n OPTIONAL { ?d :label ?l OPTIONAL { ?n :hours 4 OPTIONAL { ?t :missing ?m } } }",
    "?t :by ?d ; :after ?n OPTIONAL { GRAPH :g2 { ?n :hours ?h . ?t :hours ?i } }",
    "?t :by ?d VALUES ?h { UNDEF 2 } OPTIONAL { ?d :kind :rare . ?y :label ?h } ?t :hours ?h",
    "?t :by ?d OPTIONAL { { VALUES ?h { UNDEF 2 } ?d :kind ?k } OPTIONAL { ?y :label ?h } OPTIONAL { ?t :hours ?h } }",
    "?t :by ?d ; :after ?n OPTIONAL { GRAPH :g1 { ?d :label ?l OPTIONAL { ?n :hours ?h } } }",
    "?t :by ?d ; :after ?n OPTIONAL { GRAPH ?g { ?d :label ?l OPTIONAL { ?n :hours ?h } } }",
    "?t :by ?d ; :after ?n OPTIONAL { GRAPH ?g { ?d :label ?l . ?n :after ?m } }",
    "?t :by ?d OPTIONAL { ?n :after ?t } OPTIONAL { ?d :label ?l . ?n :hours ?h }",
]
# EXISTS of what only the solution outside holds together is EXISTS of each.
_EACH_EXISTS = [
    "?t :by ?d ; :after ?n FILTER EXISTS { ?d :label ?l . ?n :hours ?h }",
    "?t :by ?d ; :after ?n FILTER NOT EXISTS { ?d :label ?l . ?n :hours ?h }",
    "?t :by ?d ; :after ?n FILTER NOT EXISTS { ?d :kind :rare . ?e :by ?d . ?n :missing ?h }",
    "?t :by ?d ; :after ?n FILTER(?d = :d1 || NOT EXISTS { ?d :label ?l . ?m :label ?l . ?n :hours 3 })",
    "?t :by ?d OPTIONAL { ?d :label ?l } FILTER EXISTS { ?e :label ?l . ?t :hours ?h . ?d :kind ?k }",
    "?t :by ?d ; :after ?n FILTER EXISTS { ?d :kind ?k . ?n :after+ ?m . ?t :hours ?h }",
    "?t :by ?d ; :after ?n FILTER NOT EXISTS { { ?d :label ?l } UNION { ?d :kind :rare } ?n :hours ?h }",
    "GRAPH ?g { ?t :by ?d ; :after ?n FILTER NOT EXISTS { ?d :label ?l . ?n :by ?d } }",
    "?t :by ?d OPTIONAL { ?t :after ?n FILTER EXISTS { ?d :kind :rare . ?n :hours ?h . ?x :by ?e } }",
]
# A copied variable holds together what is written on either side of BIND.
_COPIED = [
    "?d :kind :rare BIND(?d AS ?e) ?t :by ?e . ?d :kind ?k",
    "VALUES ?d { :d1 :d2 } BIND(?d AS ?e) ?t :by ?e ; :after ?n . ?d :label ?l OPTIONAL { ?e :kind ?k . ?d :label ?m }",
]


# What is shared, and MINUS, within what is evaluated for each solution or graph.
_WITHIN = [
    "GRAPH :g2 { SELECT ?d (SUM(?h) AS ?n) { ?t :by ?d OPTIONAL { ?t :hours ?h } FILTER(!BOUND(?h) || ?h > 1) } GROUP BY ?d }",
    "?t :by :d1 FILTER NOT EXISTS { SELECT ?t (COUNT(?n) AS ?c) { ?t :after ?n MINUS { ?n :hours 2 } } GROUP BY ?t HAVING(?c > 1) }",
    "?t :by :d1 FILTER EXISTS { ?t :after+ ?n MINUS { ?n :hours ?h FILTER NOT EXISTS { ?n :by ?t MINUS { ?n :by :d3 } } } }",
    "GRAPH ?g { ?t :by ?d MINUS { ?t :hours ?h MINUS { ?t :by :d1 } } }",
    "?t :by :d1 OPTIONAL { ?t :after ?n MINUS { ?n :hours ?h FILTER(?h = 2) } }",
    "?t :by ?d . ?d :kind :rare MINUS { ?t :hours ?h OPTIONAL { ?t :after ?n FILTER EXISTS { ?n :hours ?i FILTER(?i > ?h) } } FILTER(BOUND(?n)) }",
    "?t :by :d1 OPTIONAL { ?t :hours ?h } FILTER(!BOUND(?h) || ?h > 0) FILTER EXISTS { ?t :after* ?n MINUS { ?n :hours ?h } }",
    "?d :kind :rare OPTIONAL { ?t :by ?d } BIND(EXISTS { ?t :after+ ?n OPTIONAL { ?n :by ?d } } AS ?b) FILTER(?b || ?t = :t0)",
]


def _counted(rows: Iterable[Iterable[object]]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(map(str, row)) for row in rows)


def _assert_same(stores: tuple[Evaluator, ox.Store], pattern: str) -> str:
    """The text of a query whose solutions are the same on both, and not none."""
    evaluator, store = stores
    text = f"{_PREFIXES}SELECT * {{ {pattern} }}"
    found = evaluator.select(text)
    expected = store.query(text)
    assert isinstance(expected, ox.QuerySolutions)
    names = [variable.value for variable in expected.variables]
    assert _counted([row.get(name) for name in names] for row in found.rows) == _counted(expected)
    assert found.rows
    return text


@pytest.mark.parametrize("pattern", [*_LOOKED_UP, *_NOT_LOOKED_UP])
def test_few_solutions_are_extended_by_look_ups(stores: tuple[Evaluator, ox.Store], pattern: str) -> None:
    text = _assert_same(stores, pattern)
    assert ("keys$" in stores[0].explain(text)) is (pattern in _LOOKED_UP)


def test_many_solutions_are_joined_at_once(stores: tuple[Evaluator, ox.Store]) -> None:
    evaluator, _ = stores
    many = "?a ?b ?c . ?d ?e ?f"  # 200 squared
    assert MOST_FEW < 200 * 200
    assert "keys$" not in evaluator.explain(f"{_PREFIXES}SELECT * {{ {many} OPTIONAL {{ ?t :by ?d }} }}")


@pytest.mark.parametrize(
    "pattern",
    [
        "?t :by ?d OPTIONAL { ?t :hours ?h } FILTER(!BOUND(?h) || ?h > 9)",
        "?d :kind :rare OPTIONAL { ?d :label ?l } OPTIONAL { ?t :by ?d ; :hours ?h FILTER(?h > 9 && ?l = '1') } FILTER(BOUND(?h))",
        "?t :hours ?h MINUS { ?t :by ?d }",
    ],
)
def test_a_group_of_no_solutions_is_one_in_each_graph(
    stores: tuple[Evaluator, ox.Store], pattern: str
) -> None:
    """Section 18.6: GRAPH ?g is evaluated in each graph. Oxigraph has one group for all of them."""
    text = (
        f"{_PREFIXES}SELECT * {{ GRAPH ?g {{ SELECT (COUNT(?h) AS ?n) (SUM(?h) AS ?s) {{ {pattern} }} }} }}"
    )
    rows = stores[0].select(text).rows
    graphs = stores[0].select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").rows
    assert {str(row.get("g")) for row in rows} == {str(row.get("g")) for row in graphs}
    assert len(rows) == len(graphs)


def test_a_pattern_that_reads_the_solution_outside_is_evaluated_for_each(
    stores: tuple[Evaluator, ox.Store],
) -> None:
    inner = "?t :by ?d ; :after ?x ; :hours ?i . ?d :kind :rare FILTER(?i != ?h)"
    text = _assert_same(stores, f"?x :hours ?h FILTER NOT EXISTS {{ {inner} }}")
    assert "step$" not in stores[0].explain(text)


@pytest.mark.parametrize("pattern", _FROM_THE_RAREST)
def test_many_patterns_begin_at_the_rarest(stores: tuple[Evaluator, ox.Store], pattern: str) -> None:
    text = _assert_same(stores, pattern)
    assert "step$" in stores[0].explain(text)


@pytest.mark.parametrize("pattern", [*_APART, *_WITHIN, *_BY_CASE, *_HELD_TOGETHER, *_EACH_EXISTS, *_COPIED])
def test_parts_without_a_common_variable_are_multiplied(
    stores: tuple[Evaluator, ox.Store], pattern: str
) -> None:
    _assert_same(stores, pattern)


@pytest.fixture(scope="module")
def many_nodes() -> Iterator[Evaluator]:
    """Forty thousand nodes in a tree, each of them with a label, and with a kind that most of them share."""
    nodes = [f"<http://e/{number}>" for number in range(_NODES)]
    rows = [(node, "<http://e/up>", nodes[number // 7], None) for number, node in enumerate(nodes)]
    rows += [
        (node, "<http://e/label>", f'"{number % (_NODES // 4)}"', None) for number, node in enumerate(nodes)
    ]
    rows += [(node, "<http://e/kind>", "<http://e/common>", None) for node in nodes[7:]]
    table = pa.table(
        [pa.array(column, pa.string()) for column in zip(*rows, strict=True)], schema=STATEMENTS_SCHEMA
    )
    with Ledger.open(None) as ledger:
        with ledger.stage({"http://e/g": table}) as staged:
            staged.commit(Activity("test"))
        ledger.statistics()
        limits = QueryLimits(timeout_s=10, max_rows=100_000)
        evaluator = Evaluator(ledger, FallbackEvaluator(ledger, limits, PoolLimits()), limits)
        yield evaluator
        evaluator.close()


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("?x :up ?y . { ?y :label '5' } UNION { ?x :kind ?k }", 40_000),
        (
            "?x :up ?y OPTIONAL { { ?y :label '5' } UNION { ?x :kind ?k } FILTER(!BOUND(?k) || isIRI(?k)) }",
            40_007,
        ),
        ("?x :up ?y MINUS { { ?y :label '5' } UNION { ?x :kind ?k } }", 7),
        (
            "?x :label '5' ; :up ?y . { ?z :up ?y } UNION { ?x :label ?l } OPTIONAL { ?x :kind ?k . ?y :label ?m }",
            32,
        ),
        (
            "?x :label ?l ; :up ?y FILTER(?l = '5') OPTIONAL { ?x :kind ?k . ?y :kind ?m FILTER(isIRI(?x)) }",
            4,
        ),
        ("?x :label '5' ; :up ?y FILTER NOT EXISTS { ?x :kind ?k . ?y :kind ?l }", 1),
        ("?x :label '5' ; :kind ?k FILTER EXISTS { ?y :kind ?k . ?z :kind ?k }", 3),
        ("?x :label '5' BIND(?x AS ?y) ?z :up ?y . ?x :label ?l", 7),
    ],
)
def test_solutions_of_many_statements_are_found_in_time(
    many_nodes: Evaluator, pattern: str, count: int
) -> None:
    """Each of them tried a thousand million pairs of statements, and reached its limit."""
    assert len(many_nodes.select(f"{_PREFIXES}SELECT * {{ {pattern} }}").rows) == count


def test_what_a_set_function_is_made_of_is_computed_once(stores: tuple[Evaluator, ox.Store]) -> None:
    """Each macro that DuckDB expands takes it a millisecond and more to plan: an average took 0.17 s with eight of them."""
    text = _assert_same(stores, "{ SELECT (AVG(?h) AS ?a) (SUM(?h) AS ?s) (MAX(?h) AS ?m) { ?t :hours ?h } }")
    assert stores[0].explain(text).lower().count("quotient(") == 1


@pytest.mark.parametrize("pattern", [*_BY_ID, *_BY_VALUE])
def test_resources_are_compared_without_their_terms(stores: tuple[Evaluator, ox.Store], pattern: str) -> None:
    text = _assert_same(stores, pattern)
    assert ('"term"' in stores[0].explain(text)) is (pattern in _BY_VALUE)

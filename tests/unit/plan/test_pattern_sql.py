from __future__ import annotations

import pytest
import sqlglot

from emkg.errors import QueryRefusedError
from emkg.ledger import term_id
from emkg.plan import (
    Comparison,
    Constants,
    Counts,
    Operator,
    Pattern,
    Relations,
    Statistics,
    TriplePattern,
    Variable,
    derivations_sql,
    solutions_sql,
)
from emkg.plan.pattern_order import join_order
from emkg.rdf import IRI, Literal
from emkg.vocabulary import XSD

X, Y, Z, D = Variable("x"), Variable("y"), Variable("z"), Variable("日期")
TYPE, PART, DATE = IRI("http://ex/type"), IRI("http://ex/part"), IRI("http://ex/date")


def _named(sql: str) -> str:
    """The SQL with names for ids, a clause a line."""
    for term in (TYPE, PART, DATE, IRI("http://ex/School")):
        sql = sql.replace(f"CAST({term_id(str(term))} AS UBIGINT)", term.value.rpartition("/")[2].upper())
    return sqlglot.parse_one(sql, dialect="duckdb").sql(dialect="duckdb", pretty=True)


def test_a_triple_pattern_is_one_scan() -> None:
    pattern = Pattern((TriplePattern(X, TYPE, IRI("http://ex/School")),))

    sql = solutions_sql(pattern, [X])

    assert _named(sql) == (
        'SELECT DISTINCT\n  t0.s AS "x"\nFROM quad AS t0\nWHERE\n  t0.p = TYPE AND t0.o = SCHOOL'
    )


def test_a_join_is_a_step_that_keeps_what_is_needed_later() -> None:
    pattern = Pattern((TriplePattern(X, PART, Y), TriplePattern(Y, PART, Z)))

    sql = derivations_sql(pattern, TriplePattern(X, PART, Z), Relations("fact", "changed", 1))

    assert _named(sql) == (
        'WITH b0 AS MATERIALIZED (\n  SELECT\n    t1.s AS "y",\n    t1.o AS "z"\n  FROM changed AS t1\n'
        "  WHERE\n    t1.p = PART\n)\n"
        'SELECT DISTINCT\n  t0.s AS "s",\n  PART AS "p",\n  "b"."z" AS "o"\nFROM b0 AS b\nCROSS JOIN fact AS t0\n'
        'WHERE\n  t0.p = PART AND t0.o = "b"."y"'
    )


def test_a_variable_nobody_needs_is_dropped_with_the_duplicates_it_made() -> None:
    statistics = Statistics({TYPE: Counts(10, 10, 2), PART: Counts(1000, 100, 10)})
    pattern = Pattern((TriplePattern(X, TYPE, Y), TriplePattern(X, PART, Z)))

    sql = solutions_sql(pattern, [Z], Relations(statistics=statistics))

    assert sql.startswith('WITH b0 AS MATERIALIZED (SELECT DISTINCT t0.s AS "x" FROM quad AS t0')


def test_the_same_variable_twice_is_an_equality() -> None:
    sql = solutions_sql(Pattern((TriplePattern(X, PART, X),)), [X])

    assert _named(sql).endswith("WHERE\n  t0.p = PART AND t0.o = t0.s")


def test_rules_of_one_form_are_one_plan_over_their_constants() -> None:
    pattern = Pattern((TriplePattern(X, Y, Z),))
    constants = Constants((Y, D), ((1, 2), (3, 4)))

    sql = derivations_sql(pattern, TriplePattern(Z, D, X), Relations("fact"), constants)

    assert "CAST(3 AS UBIGINT), CAST(4 AS UBIGINT)" in sql
    assert "t0.p = k.y" in sql


def test_a_comparison_reads_the_typed_columns_of_the_term() -> None:
    newer = Comparison(D, Operator.GREATER_OR_EQUAL, Literal("2024-11-01", XSD + "date"))

    sql = solutions_sql(Pattern((TriplePattern(X, DATE, D),), (newer,)), [X])

    assert _named(sql).endswith(
        "  t0.p = DATE\n  AND t0_v0.id = t0.o\n  AND CASE\n    WHEN NOT t0_v0.instant IS NULL\n"
        "    AND t0_v0.datatype = 'http://www.w3.org/2001/XMLSchema#date'\n    AND t0_v0.has_zone = FALSE\n"
        "    THEN t0_v0.instant >= CAST('2024-11-01 00:00:00' AS TIMESTAMP)\n  END"
    )


def test_a_negated_group_sees_the_outer_variables() -> None:
    gone = Pattern((TriplePattern(X, PART, Y),), (), (Pattern((TriplePattern(Y, PART, X),)),))

    sql = solutions_sql(Pattern((TriplePattern(X, TYPE, Z),), (), (gone,)), [X], limit=5)

    assert "NOT EXISTS(SELECT 1" in sql
    assert "t0_n1_0.s = t0.s" in sql
    assert sql.endswith("LIMIT 5")


def test_what_no_triple_pattern_binds_is_refused() -> None:
    one = TriplePattern(X, TYPE, Y)
    with pytest.raises(QueryRefusedError, match=r"\?z is not bound"):
        solutions_sql(Pattern((one,)), [Z])
    with pytest.raises(QueryRefusedError, match=r"\?z is not bound"):
        solutions_sql(Pattern((one,), (Comparison(Z, Operator.LESS, Y),)), [X])
    with pytest.raises(QueryRefusedError, match="without a triple pattern"):
        solutions_sql(Pattern(()), [])


def test_the_selective_pattern_comes_first_and_filters_as_early_as_they_can() -> None:
    event, duty = IRI("http://ex/Event"), IRI("http://ex/duty")
    statistics = Statistics(
        {TYPE: Counts(100_000, 100_000, 50), duty: Counts(9000, 7000, 170), DATE: Counts(20, 20, 10)},
        {(TYPE, event): 20},
    )
    triples = (
        TriplePattern(Z, duty, Y),
        TriplePattern(X, PART, Y),
        TriplePattern(X, DATE, D),
        TriplePattern(X, TYPE, event),
    )

    assert join_order(triples, statistics)[-1] == 0
    assert join_order(triples, statistics, first=0)[0] == 0


def test_a_pattern_prints_as_sparql() -> None:
    pattern = Pattern(
        (TriplePattern(X, PART, Y),),
        (Comparison(X, Operator.NOT_EQUAL, Y),),
        (Pattern((TriplePattern(Y, PART, X),)),),
    )

    assert str(pattern) == (
        "{ ?x <http://ex/part> ?y . FILTER ( ?x != ?y ) FILTER NOT EXISTS { ?y <http://ex/part> ?x . } }"
    )
    assert str(pattern.bind({X: TYPE})).count("<http://ex/type>") == 3

"""Compiled patterns have the solutions that Oxigraph's SPARQL engine finds, on random data and patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.ledger import Activity, Ledger, term_id
from emkg.plan import Comparison, Operator, Pattern, Relations, TriplePattern, Variable, solutions_sql
from emkg.rdf import IRI, Literal
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.rdf import Term

GRAPH = IRI("http://ex/graph")
THINGS = [IRI(f"http://ex/{name}") for name in "abc"]
PREDICATES = [IRI(f"http://ex/{name}") for name in "pq"]
# In canonical form: Oxigraph rewrites others. No IRI is compared by order: Oxigraph takes ?x <= ?x for true. A case has
# numbers or dates: of a date and a number Oxigraph says that they differ, where RDFterm-equal (section 17.4.1.7) is a type
# error for two literals that no operator compares.
NUMBERS: list[Term] = [
    Literal("1", XSD + "integer"),
    Literal("2", XSD + "integer"),
    Literal("1.5", XSD + "decimal"),
]
DATES: list[Term] = [Literal("2024-10-31", XSD + "date"), Literal("2024-11-01", XSD + "date")]
VARIABLES = [Variable(name) for name in "wxyz"]

_Statement = tuple[IRI, IRI, "Term"]


@st.composite
def _triples(draw: st.DrawFn, statements: list[_Statement]) -> TriplePattern:
    """A statement with variables for some of its terms, so that there is something to find."""
    subject, predicate, value = draw(st.sampled_from(statements))
    variables = st.sampled_from(VARIABLES)
    return TriplePattern(
        draw(st.one_of(variables, variables, st.just(subject))),
        draw(st.one_of(st.just(predicate), st.just(predicate), variables)),
        draw(st.one_of(variables, variables, st.just(value))),
    )


@st.composite
def _cases(draw: st.DrawFn) -> tuple[list[_Statement], Pattern]:
    values = draw(st.sampled_from([NUMBERS, DATES]))
    one = st.tuples(st.sampled_from(THINGS), st.sampled_from(PREDICATES), st.sampled_from([*THINGS, *values]))
    statements = draw(st.lists(one, min_size=6, max_size=20, unique=True))
    triples = tuple(draw(st.lists(_triples(statements), min_size=1, max_size=4)))
    bound = st.sampled_from(
        sorted({variable for triple in triples for variable in triple.variables} or VARIABLES[:1])
    )
    comparisons = st.builds(Comparison, bound, st.sampled_from(list(Operator)), st.sampled_from(values))
    between = st.builds(Comparison, bound, st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL]), bound)
    filters = st.lists(st.one_of(comparisons, between), max_size=1).map(tuple)
    inner = st.lists(_triples(statements), min_size=1, max_size=2).map(tuple)
    is_bound = any(triple.variables for triple in triples)
    negated = st.builds(Pattern, inner, filters if is_bound else st.just(()))
    return statements, Pattern(
        triples, draw(filters) if is_bound else (), tuple(draw(st.lists(negated, max_size=1)))
    )


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    with Ledger.open(None) as opened:
        yield opened


def _compiled(ledger: Ledger, pattern: Pattern, variables: list[Variable]) -> set[tuple[str, ...]]:
    with ledger.workbench() as workbench:
        workbench.create("fact", f"SELECT s, p, o FROM quad WHERE g = {term_id(str(GRAPH))}")  # noqa: S608 - an id
        table = workbench.select(solutions_sql(pattern, variables, Relations("fact"))).read_all()
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    if not variables:
        return {()} if rows else set()
    terms = ledger.terms({number for row in rows for number in row})
    return {tuple(str(terms[number]) for number in row) for row in rows}


def _by_oxigraph(lines: list[str], pattern: Pattern, variables: list[Variable]) -> set[tuple[str, ...]]:
    store = ox.Store()
    store.load("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
    names = " ".join(str(variable) for variable in variables) or "*"
    solutions = store.query(f"SELECT DISTINCT {names} WHERE {pattern}")
    assert isinstance(solutions, ox.QuerySolutions)
    return {tuple(str(solution[variable.name]) for variable in variables) for solution in solutions}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=_cases())
def test_the_solutions_are_oxigraph_s(ledger: Ledger, case: tuple[list[_Statement], Pattern]) -> None:
    statements, pattern = case
    lines = [" ".join(map(str, statement)) + " ." for statement in statements]
    columns = {name: [str(row[at]) for row in statements] for at, name in enumerate("spo")}
    with ledger.stage({GRAPH.value: pa.table(columns)}) as staged:
        staged.commit(Activity("test"))
    variables = sorted(pattern.variables)

    assert _compiled(ledger, pattern, variables) == _by_oxigraph(lines, pattern, variables)


def test_a_date_is_neither_equal_to_a_number_nor_different_from_it(ledger: Ledger) -> None:
    columns = {"s": ["<http://ex/a>"] * 2, "p": ["<http://ex/p>"] * 2, "o": [str(DATES[0]), str(NUMBERS[1])]}
    with ledger.stage({GRAPH.value: pa.table(columns)}) as staged:
        staged.commit(Activity("test"))
    value = Variable("w")

    for operator, expected in ((Operator.NOT_EQUAL, {(str(NUMBERS[1]),)}), (Operator.EQUAL, set())):
        pattern = Pattern(
            (TriplePattern(THINGS[0], PREDICATES[0], value),), (Comparison(value, operator, NUMBERS[0]),), ()
        )
        assert _compiled(ledger, pattern, [value]) == expected

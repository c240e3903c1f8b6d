"""Query forms to SQL: SELECT, ASK, CONSTRUCT and DESCRIBE (SPARQL 1.1 Query, section 16)."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.plan.pattern import TriplePattern, Variable
from emkg.plan.request import AskQuery, ConstructQuery, DescribeQuery, Query, SelectQuery
from emkg.plan.rewrite import rewritten
from emkg.plan.sql.column import (
    cast,
    column,
    column_name,
    derived,
    equal,
    named,
    number,
    select,
    table,
    term_literal,
    united,
    where,
    with_shared,
)
from emkg.plan.sql.inline import term_cells
from emkg.plan.sql.join import id_of, union
from emkg.plan.sql.modifier import distinct, ordered, project
from emkg.plan.sql.not_compiled import NotCompiled
from emkg.plan.sql.pattern import compile_pattern
from emkg.plan.sql.relation import (
    MIXED,
    PARTS,
    STORED,
    Binding,
    Made,
    Mixed,
    Relation,
    names_of,
    stored_as_mixed,
)
from emkg.plan.sql.shared import with_one_list
from emkg.plan.sql.source import DEFAULT, TERMS
from emkg.plan.sql.text import sql_text
from emkg.rdf import BlankNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.pattern import Slot
    from emkg.plan.sql.context import Context

_TRIPLE: Final = (Variable(".s"), Variable(".p"), Variable(".o"))
_BLANK: Final = 0
_FRAMES: Final = 20_000
_MAX_TEXT: Final = 150_000


class Layout(Enum):
    """How a variable stands in the columns of an answer: `<n>` its id; `<n>.kind` and so on its parts."""

    UNBOUND = "unbound"
    STORED = "id"
    MIXED = "id and parts"
    MADE = "parts"


@dataclass(frozen=True)
class Plan:
    """A query as SQL.

    Attributes:
        sql: One SELECT.
        variables: The columns of the answer, in order; of a graph, its subjects, predicates and objects.
        layouts: How each of them stands in the columns of the SELECT, which are named by its number.
    """

    sql: str
    variables: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()


def compile_query(query: Query, context: Context, *, max_rows: int | None = None) -> Plan:
    """The plan of a query; it yields at most one row more than `max_rows`.

    Raises:
        QueryRefusedError: It asks another server.
        NotCompiled: It has something that has no plan.
    """
    query = replace(query, pattern=rewritten(query.pattern))
    if isinstance(query, SelectQuery):
        return _plan(compile_pattern(query.pattern, context), query.variables, max_rows)
    if isinstance(query, AskQuery):
        relation = compile_pattern(query.pattern, context)
        return Plan(_text(select([], derived(relation.query)).limit(1, copy=False)))
    if isinstance(query, ConstructQuery):
        return _plan(_constructed(query, context), _TRIPLE, max_rows)
    return _plan(_described(query, context), _TRIPLE, max_rows)


def _plan(relation: Relation, variables: Sequence[Variable], max_rows: int | None) -> Plan:
    columns: list[exp.Expression] = []
    layouts = []
    for place, variable in enumerate(variables):
        layout, found = _output(place, variable, relation.bindings.get(variable))
        layouts.append(layout)
        columns += found
    query = ordered(select(columns, derived(relation.query)), relation.order)
    if max_rows is not None:
        query = query.limit(number(max_rows + 1), copy=False)
    return Plan(_text(query), tuple(variable.name for variable in variables), tuple(layouts))


def _output(place: int, variable: Variable, binding: Binding | None) -> tuple[Layout, list[exp.Expression]]:
    if binding is None:
        return Layout.UNBOUND, []
    if isinstance(binding, Made):
        value = binding.value
        parts = zip(PARTS, (value.kind, value.lexical, value.datatype, value.language), strict=True)
        return Layout.MADE, [named(expression.copy(), f"{place}.{part}") for part, expression in parts]
    names = names_of(variable, binding)
    columns = [named(column(name), f"{place}{name.removeprefix(names[0])}") for name in names]
    return (Layout.MIXED if isinstance(binding, Mixed) else Layout.STORED), columns


def _constructed(query: ConstructQuery, context: Context) -> Relation:
    """The distinct triples that the template has for the solutions; those that are none are left to the reader."""
    solutions = compile_pattern(query.pattern, context)
    name, row = context.names.new("solutions"), context.names.new("row")
    numbered: list[exp.Expression] = [exp.Star()]
    if any(isinstance(slot, BlankNode) for triple in query.template for slot in triple.slots):
        numbered.append(named(exp.Window(this=exp.RowNumber()), row))
    cte = ordered(select(numbered, derived(solutions.query)), ())
    triples = [_instances(triple, solutions, name, row) for triple in query.template]
    bound = [triple for triple in triples if triple is not None]
    if not bound:
        return Relation(where(select([]), [exp.false()]))
    found = distinct(union(bound))
    return replace(found, query=with_shared(found.query, name, cte))


def _instances(triple: TriplePattern, solutions: Relation, name: str, row: str) -> Relation | None:
    columns: list[exp.Expression] = []
    for slot, target in zip(triple.slots, _TRIPLE, strict=True):
        found = _instance(slot, target, solutions, row)
        if found is None:
            return None
        columns += found
    return Relation(select(columns, table(name)), dict.fromkeys(_TRIPLE, MIXED))


def _instance(slot: Slot, target: Variable, solutions: Relation, row: str) -> list[exp.Expression] | None:
    name = column_name(target)
    labels = [name, *(f"{name}.{part}" for part in PARTS)]
    if isinstance(slot, BlankNode):
        label = exp.DPipe(this=exp.Literal.string(f"{slot.value}-"), expression=cast(column(row), "VARCHAR"))
        identifier = exp.Anonymous(this="hash", expressions=[label.copy()])
        cells: list[exp.Expression] = [
            identifier,
            cast(number(_BLANK), "UTINYINT"),
            label,
            *(cast(exp.Null(), "VARCHAR") for _ in "dl"),
        ]
    elif not isinstance(slot, Variable):
        cells = term_cells(slot)
    elif slot in solutions.bindings:
        cells = [cell.this for cell in stored_as_mixed(slot, solutions.bindings[slot])]
    else:
        return None
    return [named(cell, label) for cell, label in zip(cells, labels, strict=True)]


def _described(query: DescribeQuery, context: Context) -> Relation:
    """Every triple of the subjects, and of the blank nodes that these reach."""
    seeds: list[exp.Select] = [
        select([named(term_literal(subject), "n")])
        for subject in query.subjects
        if not isinstance(subject, Variable)
    ]
    variables = [subject for subject in query.subjects if isinstance(subject, Variable)]
    if variables:
        relation = project(compile_pattern(query.pattern, context), variables)
        seeds += [
            select([named(id_of(relation, variable, ""), "n")], derived(relation.query.copy()))
            for variable in relation.bindings
        ]
    if not seeds:
        return Relation(where(select([]), [exp.false()]))
    first = seeds[0]
    for seed in seeds[1:]:
        first = select([exp.Star()], derived(united(first, seed, distinct=True)))
    name, links = context.names.new("described"), context.names.new("links")
    scan, conditions = context.source.scan(DEFAULT, {}, "q")
    blank = [equal(column("id", "t"), column("o", "q")), equal(column("kind", "t"), number(_BLANK))]
    linked = where(
        select([column("s", "q"), column("o", "q")], scan, table(TERMS, "t")), [*conditions, *blank]
    )
    reached = where(
        select([named(column("o", "q"), "n")], table(name, "d"), table(links, "q")),
        [equal(column("s", "q"), column("n", "d"))],
    )
    closure = united(first, reached, distinct=True)
    places = zip("spo", _TRIPLE, strict=True)
    columns = [named(column(place, "q"), column_name(variable)) for place, variable in places]
    again, limits = context.source.scan(DEFAULT, {}, "q")
    triples = where(
        select(columns, table(name, "d"), again), [*limits, equal(column("s", "q"), column("n", "d"))]
    )
    triples = with_shared(triples.distinct(copy=False), links, linked)  # a table: see `path._closure`
    triples = with_shared(triples, name, closure, recursive=True)
    return Relation(triples, dict.fromkeys(_TRIPLE, STORED), frozenset(_TRIPLE))


def _text(query: exp.Select) -> str:
    """The SQL; sqlglot walks the tree by recursion, some twenty frames for each query within a query."""
    if sys.getrecursionlimit() < _FRAMES:
        sys.setrecursionlimit(_FRAMES)  # for good: other threads may be compiling too
    text = sql_text(with_one_list(query), copy=False)  # nobody reads the tree after its text was made
    if len(text) > _MAX_TEXT:  # DuckDB's optimiser needs a gigabyte and more for such
        raise NotCompiled(f"the plan has more than {_MAX_TEXT} characters")
    return text

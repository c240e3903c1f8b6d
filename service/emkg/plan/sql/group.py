"""Groups and their set functions (SPARQL 1.1 Query, sections 11 and 18.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from emkg.plan.sql.aggregate import compile_aggregate
from emkg.plan.sql.column import column, column_name, derived, equal, named, select, united, where
from emkg.plan.sql.join import id_of
from emkg.plan.sql.lets import Lets
from emkg.plan.sql.relation import PARTS, Binding, Mixed, Relation, as_computed, made_columns, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from emkg.plan import algebra as a
    from emkg.plan.pattern import Variable
    from emkg.plan.sql.context import Context
    from emkg.plan.sql.row_scope import RowScope
    from emkg.plan.sql.value import Value


class GroupRows:
    """The rows of the groups as the scope of set functions."""

    def __init__(self, rows: RowScope, context: Context) -> None:
        self._rows = rows
        self._context = context
        self.columns: dict[str, exp.Expression] = {}
        self.groups = Lets()

    @property
    def now(self) -> datetime:
        """The instant of NOW()."""
        return self._rows.now

    def value(self, variable: Variable) -> Value | None:
        """The term that a variable is bound to in a row."""
        return self._rows.value(variable)

    def let(self, expression: exp.Expression) -> exp.Expression:
        """A column of the rows."""
        return self._rows.let(expression)

    def exists(self, exists: a.Exists) -> exp.Expression:
        """Whether a pattern has a solution with a row put into it."""
        return self._rows.exists(exists)

    def aggregate(self, expression: exp.Expression) -> exp.Expression:
        """A column of the groups."""
        name = self._context.names.new("set")
        self.columns[name] = expression
        return column(name)

    def solution(self) -> exp.Expression:
        """All ids of a row."""
        relation = self._rows.relation
        ids = [id_of(relation, variable, "") for variable in sorted(relation.variables)]
        return exp.Anonymous(this="row", expressions=ids or [exp.Literal.number(1)])


def group(
    rows: RowScope,
    keys: Sequence[Variable],
    aggregates: Sequence[tuple[Variable, a.Aggregate]],
    context: Context,
) -> Relation:
    """One solution for each group of the rows: its keys and the values of its set functions."""
    relation = rows.relation
    bound = [key for key in dict.fromkeys(keys) if key in relation.bindings]
    scope = GroupRows(rows, context)
    values = {variable: compile_aggregate(aggregate, scope) for variable, aggregate in aggregates}
    by, beside = _keys(relation, bound)
    by += [column(name) for name in relation.hidden]
    sets = [named(expression, name) for name, expression in scope.columns.items()]
    query = rows.select([*by, *beside, *sets])
    if by:
        query = query.group_by(*(key.copy() for key in by), copy=False)
    elif keys:  # grouped by what no solution binds: one group of what there is
        query = query.having(
            exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0)), copy=False
        )
    if relation.hidden and not keys:
        query = _with_empty_groups(query, rows, sets, relation, context)
    bindings: dict[Variable, Binding] = {key: relation.bindings[key] for key in bound}
    columns = [column(name) for key in bound for name in names_of(key, bindings[key])]
    for variable, value in values.items():
        bindings[variable], made = made_columns(variable, as_computed(value))
        columns += made
    columns += [column(name) for name in relation.hidden]
    certain = relation.certain & frozenset(bound)
    query = scope.groups.over(query)
    return Relation(select(columns, derived(query)), bindings, certain, relation.hidden)


def _keys(relation: Relation, keys: Sequence[Variable]) -> tuple[list[exp.Expression], list[exp.Expression]]:
    """What is grouped by, and what is the same within a group."""
    by: list[exp.Expression] = []
    beside: list[exp.Expression] = []
    for key in keys:
        binding, name = relation.bindings[key], column_name(key)
        if isinstance(binding, Mixed):
            by.append(column(name))
            parts = [f"{name}.{part}" for part in PARTS]
            beside += [named(exp.AnyValue(this=column(part)), part) for part in parts]
        else:
            by += [column(label) for label in names_of(key, binding)]
    return by, beside


def _with_empty_groups(
    query: exp.Select, rows: RowScope, sets: Sequence[exp.Expression], relation: Relation, context: Context
) -> exp.Select:
    """Without keys there is one group in each context, also where no solution is."""
    empty = rows.select([item.copy() for item in sets], [exp.false()])
    unit = context.unit()
    columns = [column(name, "u") for name in relation.hidden]
    agrees = [equal(column(name, "u"), column(name, "g")) for name in relation.hidden]
    present = where(select([], derived(query, "g")), agrees)
    missing = where(
        select(
            [*columns, *(column(item.alias, "z") for item in sets)],
            derived(unit.query, "u"),
            derived(empty, "z"),
        ),
        [exp.Not(this=exp.Exists(this=present))],
    )
    names = [*relation.hidden, *(item.alias for item in sets)]
    found = select([column(name) for name in names], derived(query.copy()))
    return select([exp.Star()], derived(united(found, missing, distinct=False), "z"))

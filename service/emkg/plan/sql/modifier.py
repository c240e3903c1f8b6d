"""Solution modifiers: projection, distinct solutions, order, and slices (SPARQL 1.1 Query, section 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from emkg.plan.sql.column import column, column_name, derived, named, number, select, where
from emkg.plan.sql.expression import compile_value
from emkg.plan.sql.order_key import order_keys
from emkg.plan.sql.relation import PARTS, Mixed, OrderKey, Relation, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.algebra import OrderCondition
    from emkg.plan.pattern import Variable
    from emkg.plan.sql.context import Context
    from emkg.plan.sql.row_scope import RowScope


def project(relation: Relation, variables: Sequence[Variable]) -> Relation:
    """Only these variables."""
    bindings = {
        variable: relation.bindings[variable] for variable in variables if variable in relation.bindings
    }
    query = select(relation.columns_of(bindings), derived(relation.query))
    return Relation(query, bindings, relation.certain & frozenset(bindings), relation.hidden, relation.order)


def distinct(relation: Relation) -> Relation:
    """Each solution once; in order of the first, where solutions that are the same stand in several places."""
    has_parts = any(isinstance(binding, Mixed) for binding in relation.bindings.values())
    if not has_parts and not relation.order:
        query = select(relation.columns_of(relation.bindings), derived(relation.query)).distinct(copy=False)
        return Relation(query, relation.bindings, relation.certain, relation.hidden)
    keys = [column(name) for name in relation.hidden]
    columns: list[exp.Expression] = []
    for variable, binding in sorted(relation.bindings.items()):
        name = column_name(variable)
        if isinstance(binding, Mixed):
            keys.append(column(name))
            columns += [_any(f"{name}.{part}") for part in PARTS]
        else:
            keys += [column(label) for label in names_of(variable, binding)]
    first = [named(_first(key), key.name) for key in relation.order]
    query = select([*(key.copy() for key in keys), *columns, *first], derived(relation.query))
    query = query.group_by(*keys, copy=False) if keys else query.limit(1, copy=False)
    return Relation(query, relation.bindings, relation.certain, relation.hidden, relation.order)


def order_by(
    relation: Relation, conditions: Sequence[OrderCondition], scope: RowScope, context: Context
) -> Relation:
    """The solutions with the columns that they are to be ordered by."""
    order, columns = [], []
    for condition in conditions:
        for key in order_keys(compile_value(condition.expression, scope)):
            name = context.names.new("key")
            order.append(OrderKey(name, condition.descending))
            columns.append(named(key.copy(), name))
    query = scope.select([*relation.columns_of(relation.bindings), *columns])
    return Relation(query, relation.bindings, relation.certain, relation.hidden, (*order, *relation.order))


def slice_of(relation: Relation, offset: int, limit: int | None, context: Context) -> Relation:
    """The solutions from `offset` on, at most `limit`; of each context."""
    columns = relation.columns_of(relation.bindings)
    if relation.hidden:
        query = _sliced_by_context(relation, offset, limit, context)
    else:
        query = ordered(select(columns, derived(relation.query)), relation.order)
        query = query.limit(number(limit), copy=False) if limit is not None else query
        query = query.offset(number(offset), copy=False) if offset else query
    return Relation(query, relation.bindings, relation.certain, relation.hidden, relation.order)


def ordered(query: exp.Select, order: Sequence[OrderKey]) -> exp.Select:
    """The query in an order: what is not bound comes first, and last where the order descends."""
    return query.order_by(*map(_ordered, order), copy=False) if order else query


def _ordered(key: OrderKey) -> exp.Expression:
    return exp.Ordered(this=column(key.name), desc=key.descending, nulls_first=not key.descending)


def _sliced_by_context(relation: Relation, offset: int, limit: int | None, context: Context) -> exp.Select:
    row = context.names.new("row")
    window = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column(name) for name in relation.hidden],
        order=exp.Order(expressions=list(map(_ordered, relation.order))) if relation.order else None,
    )
    numbered = select([exp.Star(), named(window, row)], derived(relation.query))
    conditions: list[exp.Expression] = [exp.GT(this=column(row), expression=number(offset))]
    if limit is not None:
        conditions.append(exp.LTE(this=column(row), expression=number(offset + limit)))
    return where(select(relation.columns_of(relation.bindings), derived(numbered)), conditions)


def _any(name: str) -> exp.Expression:
    return named(exp.AnyValue(this=column(name)), name)


def _first(key: OrderKey) -> exp.Expression:
    function = exp.Max if key.descending else exp.Min
    return function(this=column(key.name))

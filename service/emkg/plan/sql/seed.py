"""Outer solutions put into a pattern: the relation that is joined at its leaves, and the columns that tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.plan.sql.column import coalesce, column, column_name, id_literal, named, select, table
from emkg.plan.sql.join import id_of
from emkg.plan.sql.relation import MIXED, Relation, Stored, stored_as_mixed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlglot import exp

    from emkg.plan.pattern import Variable
    from emkg.plan.sql.context import Context


@dataclass(frozen=True)
class Seeds:
    """Attributes: `relation`, one row for each distinct outer solution; `keys`, the hidden column of each variable."""

    relation: Relation
    keys: dict[Variable, str]


def seeds_of(outer: Relation, variables: Iterable[Variable], shared_name: str, context: Context) -> Seeds:
    """The distinct solutions of a relation that stands under a name, as far as these variables go."""
    keys = {variable: context.names.new(column_name(variable)) for variable in sorted(variables)}
    columns: list[exp.Expression] = []
    for variable, key in keys.items():
        columns.append(named(seed_key(outer, variable, ""), key))
        binding = outer.bindings[variable]
        is_stored = isinstance(binding, Stored)
        columns += [column(column_name(variable))] if is_stored else stored_as_mixed(variable, binding)
    columns += [column(name) for name in outer.hidden]
    bindings = {v: outer.bindings[v] if isinstance(outer.bindings[v], Stored) else MIXED for v in keys}
    query = select(columns, table(shared_name)).distinct(copy=False)
    hidden = (*keys.values(), *outer.hidden)
    return Seeds(Relation(query, bindings, outer.certain & frozenset(keys), hidden), keys)


def seed_key(outer: Relation, variable: Variable, table_name: str) -> exp.Expression:
    """What tells outer solutions apart: the id, or 0 where the variable is unbound, so that it can be joined on."""
    identifier = id_of(outer, variable, table_name)
    return identifier if variable in outer.certain else coalesce(identifier, id_literal(0))

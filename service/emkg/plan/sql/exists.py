"""EXISTS: a correlated subquery, or, where the pattern reads a solution in its depth, one evaluation for each of them.

A pattern that is made of triples, joins, unions and filters over its own variables has a solution with a row put into
it exactly when one of its own solutions is compatible with the row. Anything else (OPTIONAL, MINUS, subqueries, BIND, a
filter that reads an outer variable) is evaluated within a context: the distinct outer solutions are joined at its leaves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import (
    certain_variables,
    expressions_of,
    has_exists,
    mentioned,
    mentioned_in,
    parts_of,
)
from emkg.plan.sql.column import ROW, column, derived, equal, select, where
from emkg.plan.sql.join import compatible
from emkg.plan.sql.seed import seed_key, seeds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from emkg.plan.pattern import Variable
    from emkg.plan.sql.context import Context
    from emkg.plan.sql.relation import Relation
    from emkg.plan.sql.row_scope import RowScope

    Compile: TypeAlias = Callable[[a.Algebra, Context], Relation]

_INNER = "e"


def exists_sql(
    exists: a.Exists, scope: RowScope, context: Context, compile_pattern: Compile
) -> exp.Expression:
    """A condition on a row of the scope's relation."""
    outer = scope.relation
    shared = mentioned_in(exists.pattern) & outer.variables
    if shared and not _is_plain(exists.pattern):
        found = _by_solution(exists, shared, scope, context, compile_pattern)
    else:
        inner = compile_pattern(exists.pattern, replace(context, outside=None))
        found = where(select([], derived(inner.query, _INNER)), compatible(outer, inner, (ROW, _INNER)))
    condition = exp.Exists(this=found)
    return exp.Not(this=condition) if exists.negated else condition


def _is_plain(pattern: a.Algebra) -> bool:
    if not isinstance(pattern, a.BasicPattern | a.Join | a.Union | a.Filter | a.GraphPattern | a.Values):
        return False
    if not all(map(_is_plain, parts_of(pattern))):
        return False
    if isinstance(pattern, a.Filter):
        own = certain_variables(pattern.pattern)
        return all(
            mentioned(condition) <= own and not has_exists(condition) for condition in expressions_of(pattern)
        )
    return True


def _by_solution(
    exists: a.Exists, shared: Iterable[Variable], scope: RowScope, context: Context, compile_pattern: Compile
) -> exp.Select:
    """The rows of the pattern evaluated for each distinct outer solution, as far as the pattern mentions it."""
    outer = scope.relation
    seeds = seeds_of(outer, shared, scope.share(), context)
    inner = compile_pattern(exists.pattern, replace(context, outside=seeds.relation))
    agrees = [
        equal(seed_key(outer, variable, ROW), column(key, _INNER)) for variable, key in seeds.keys.items()
    ]
    agrees += [equal(column(name, ROW), column(name, _INNER)) for name in outer.hidden]
    return where(select([], derived(inner.query, _INNER)), agrees)

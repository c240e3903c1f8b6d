"""Graph patterns to relations: every operator of the algebra, dispatched by its type."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.errors import QueryRefusedError
from emkg.ledger import term_id
from emkg.plan import algebra as a
from emkg.plan.algebra_walk import has_exists, is_product, mentioned, variables_of
from emkg.plan.pattern import Variable
from emkg.plan.sql.basic_pattern import MOST_FEW, basic_pattern
from emkg.plan.sql.column import (
    any_of,
    column,
    column_name,
    derived,
    equal,
    is_null,
    named,
    select,
    table,
    where,
    with_shared,
)
from emkg.plan.sql.constant import Constant, is_known_null
from emkg.plan.sql.context import Context, Few
from emkg.plan.sql.exists import exists_sql
from emkg.plan.sql.expression import compile_condition, compile_value
from emkg.plan.sql.group import group
from emkg.plan.sql.inline import inline_rows
from emkg.plan.sql.join import cases, id_of, join, join_by_case, left_join, minus, union
from emkg.plan.sql.modifier import distinct, order_by, project, slice_of
from emkg.plan.sql.relation import (
    STORED,
    STORED_RESOURCE,
    Made,
    Relation,
    Stored,
    as_computed,
    is_constant,
    made_columns,
    names_of,
)
from emkg.plan.sql.row_scope import RowScope
from emkg.plan.sql.seed import seeds_of
from emkg.plan.sql.source import DEFAULT, EachGraph, OneGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emkg.plan.sql.relation import Binding
    from emkg.rdf import Term


_UNKNOWN: Final = 1e12  # solutions: more than are looked up one pattern after the other


def compile_pattern(pattern: a.Algebra, context: Context) -> Relation:
    """The solutions of a pattern within a context.

    Raises:
        QueryRefusedError: It asks another server.
        NotCompiled: It has something that has no plan.
    """
    if context.few and not isinstance(pattern, _EXTENDING):
        context = replace(context, few=None)
    return _OPERATORS[type(pattern)](pattern, context)


def row_scope(relation: Relation, context: Context) -> RowScope:
    """The rows of a relation as the scope of expressions."""
    inside = replace(context, few=None)
    return RowScope(
        relation, context, lambda exists, scope: exists_sql(exists, scope, inside, compile_pattern)
    )


def _basic(pattern: a.BasicPattern, context: Context) -> Relation:
    return basic_pattern(pattern.triples, context)


def _join(pattern: a.Join, context: Context) -> Relation:
    left = compile_pattern(pattern.left, context)
    few = None
    if context.few is None and isinstance(pattern.right, _LOOKED_UP):
        few = _few(left, pattern.right, context)
    if few is not None:
        right = compile_pattern(pattern.right, replace(context, few=few))
        found = _joined(_named(left, few), right, context)
        return replace(found, query=_beside(found, few, left), size=right.size)
    right = compile_pattern(pattern.right, context)
    if context.few and not left.variables & right.variables:  # what holds them together is what they extend
        keys = context.few.keys(left.certain | right.certain)  # nothing else may be bound before its time
        left = left if keys is None else join(keys, left)
    return _joined(left, right, context)


def _joined(left: Relation, right: Relation, context: Context) -> Relation:
    return join_by_case(left, right, (context.names.new("left"), context.names.new("right")))


def _left_join(pattern: a.LeftJoin, context: Context) -> Relation:
    left = compile_pattern(pattern.left, context)
    few = _few(left, pattern.right, context)
    right = compile_pattern(pattern.right, replace(context, few=few))
    if few is None:
        is_plain = pattern.condition is None and not left.hidden
        if context.few and is_plain and not left.variables & right.variables:
            return _multiplied(left, right, context.few, context)
        return _extended(left, right, pattern.condition, context)
    found = _extended(_named(left, few), right, pattern.condition, context)
    size = None if right.size is None else max(few.size, right.size)
    return replace(found, query=_beside(found, few, left), size=size)


def _multiplied(left: Relation, right: Relation, few: Few, context: Context) -> Relation:
    """Each of both with each, as far as they extend few solutions together; the left ones alone where there are no right ones."""
    name = context.names.new("right")
    keys = few.keys(left.certain | right.certain) or Relation(select([]))
    both = join(join(keys, left), replace(right, query=select([exp.Star()], table(name))))
    is_none = exp.Not(this=exp.Exists(this=select([], table(name))))
    alone = where(select(left.columns_of(left.bindings), derived(left.query)), [is_none])
    found = union([both, replace(left, query=alone)])
    return replace(found, query=with_shared(found.query, name, right.query))


def _few(left: Relation, right: a.Algebra, context: Context) -> Few | None:
    """The left solutions, where the right ones had better be looked up for them: they are few, or all that holds these together."""
    if context.outside or isinstance(context.graph, EachGraph):
        return None
    if (left.size is None or left.size > MOST_FEW) and not is_product(right):
        return None
    stored = {
        variable: binding
        for variable, binding in left.bindings.items()
        if variable in left.certain and isinstance(binding, Stored)
    }
    if not stored.keys() & variables_of(right):
        return None
    return Few(context.names.new("few"), stored, _UNKNOWN if left.size is None else left.size)


def _named(left: Relation, few: Few) -> Relation:
    return replace(left, query=select([exp.Star()], table(few.name)))


def _beside(found: Relation, few: Few, left: Relation) -> exp.Select:
    """What reads the few solutions, with them."""
    return with_shared(select([exp.Star()], derived(found.query)), few.name, left.query)


def _extended(left: Relation, right: Relation, condition: a.Expression | None, context: Context) -> Relation:
    if condition is not None:
        if has_exists(condition) or mentioned(condition) & (left.variables - right.certain):
            return _left_join_by_row(left, right, condition, context)
        right = _filtered(right, condition, context)
    is_keyed = len(cases(left, right)) == 1
    return left_join(left, right) if is_keyed else _left_join_by_row(left, right, None, context)


def _left_join_by_row(
    left: Relation, right: Relation, condition: a.Expression | None, context: Context
) -> Relation:
    """Where the condition reads both sides, or they are joined by cases: left rows are numbered, and pairs that pass are kept for their number."""
    row, name = context.names.new("row"), context.names.new("left")
    numbered = named(exp.Window(this=exp.RowNumber()), row)
    cte = select([*left.columns_of(left.bindings), numbered], derived(left.query))
    reference = Relation(select([exp.Star()], table(name)), left.bindings, left.certain, (*left.hidden, row))
    passed = _joined(reference, right, context)
    passed = passed if condition is None else _filtered(passed, condition, context)
    joined = left_join(reference, passed)
    bare = replace(joined, hidden=left.hidden)
    query = select(bare.columns_of(bare.bindings), derived(joined.query))
    return replace(bare, query=with_shared(query, name, cte))


def _filter(pattern: a.Filter, context: Context) -> Relation:
    return _filtered(compile_pattern(pattern.pattern, context), pattern.condition, context)


def _filtered(relation: Relation, condition: a.Expression, context: Context) -> Relation:
    scope = row_scope(relation, context)
    passes = compile_condition(condition, scope)
    query = scope.select(relation.columns_of(relation.bindings), [passes])
    return replace(relation, query=query)


def _union(pattern: a.Union, context: Context) -> Relation:
    members: list[a.Algebra] = []
    waiting: list[a.Algebra] = [pattern]
    while waiting:
        one = waiting.pop()
        if isinstance(one, a.Union):
            waiting += [one.right, one.left]
        else:
            members.append(one)
    return union([compile_pattern(member, context) for member in members])


def _minus(pattern: a.Minus, context: Context) -> Relation:
    left, right = compile_pattern(pattern.left, context), compile_pattern(pattern.right, context)
    return minus(left, right, context.names.new("right"), is_within=context.outside is not None)


def _graph(pattern: a.GraphPattern, context: Context) -> Relation:
    if not isinstance(pattern.name, Variable):
        return compile_pattern(pattern.pattern, context.in_graph(OneGraph(term_id(str(pattern.name)))))
    graph = context.names.new("graph")
    relation = compile_pattern(pattern.pattern, context.in_graph(EachGraph(graph)))
    variable, conditions = pattern.name, []
    if variable in relation.bindings:
        bound = id_of(relation, variable, "")
        conditions = [any_of([equal(bound, column(graph)), is_null(bound.copy())])]
    rest = {other: binding for other, binding in relation.bindings.items() if other != variable}
    hidden = tuple(name for name in relation.hidden if name != graph)
    bare = replace(relation, bindings=rest, hidden=hidden)
    columns = [*bare.columns_of(rest), named(column(graph), column_name(variable))]
    query = where(select(columns, derived(relation.query)), conditions)
    bindings = {**rest, variable: STORED_RESOURCE}
    return replace(bare, query=query, bindings=bindings, certain=relation.certain | {variable})


def _extend(pattern: a.Extend, context: Context) -> Relation:
    """A run of expressions is one SELECT: each may read what those before it made."""
    if isinstance(pattern.expression, Variable):
        return _copied(compile_pattern(pattern.pattern, context), pattern.variable, pattern.expression)
    run, inner = _run_of(pattern)
    relation = compile_pattern(inner, context)
    scope = row_scope(relation, context)
    bindings, certain, columns = dict(relation.bindings), set(relation.certain), []
    for variable, expression in run:
        value = as_computed(compile_value(expression, scope))
        scope.made[variable] = value
        binding, made = made_columns(variable, value)
        bindings[variable] = binding
        columns += made
        if is_constant(binding.value.kind) and not is_known_null(binding.value.kind):
            certain.add(variable)
    query = scope.select([*relation.columns_of(relation.bindings), *columns])
    return replace(relation, query=query, bindings=bindings, certain=frozenset(certain))


def _run_of(pattern: a.Extend) -> tuple[list[tuple[Variable, a.Expression]], a.Algebra]:
    """The expressions on top of a pattern, innermost first, and the pattern; EXISTS sees only what is below its run."""
    run = [(pattern.variable, pattern.expression)]
    inner = pattern.pattern
    is_open = not has_exists(pattern.expression)
    while is_open and isinstance(inner, a.Extend) and not isinstance(inner.expression, Variable):
        run.append((inner.variable, inner.expression))
        is_open = not has_exists(inner.expression)
        inner = inner.pattern
    return run[::-1], inner


def _copied(relation: Relation, variable: Variable, original: Variable) -> Relation:
    binding = relation.bindings.get(original)
    if binding is None:
        return relation
    if isinstance(binding, Made):
        binding, columns = made_columns(variable, binding.value)
    else:
        names = zip(names_of(original, binding), names_of(variable, binding), strict=True)
        columns = [named(column(old), new) for old, new in names]
    query = select([*relation.columns_of(relation.bindings), *columns], derived(relation.query))
    certain = relation.certain | {variable} if original in relation.certain else relation.certain
    return replace(relation, query=query, bindings={**relation.bindings, variable: binding}, certain=certain)


def _values(pattern: a.Values, context: Context) -> Relation:
    if len(pattern.rows) == 1:
        rows = _constants(dict(zip(pattern.variables, pattern.rows[0], strict=True)))
    else:
        rows = inline_rows(pattern.variables, pattern.rows)
    unit = context.unit()
    return join(unit, rows) if unit.hidden or context.graph != DEFAULT else rows


def _constants(terms: Mapping[Variable, Term | None]) -> Relation:
    """One solution of constants, which take no columns; what it leaves unbound nobody binds."""
    bindings: dict[Variable, Binding] = {
        variable: made_columns(variable, as_computed(Constant(term)))[0]
        for variable, term in terms.items()
        if term is not None
    }
    return Relation(select([]), bindings, frozenset(bindings))


def _given(pattern: a.Given, context: Context) -> Relation:
    query = select([named(column("id", "t"), column_name(pattern.variable))], table(pattern.relation, "t"))
    given = Relation(query, {pattern.variable: STORED}, frozenset({pattern.variable}))
    unit = context.unit()
    return join(unit, given) if unit.hidden or context.graph != DEFAULT else given


def _service(pattern: a.Service, _: Context) -> Relation:
    raise QueryRefusedError(
        f"SERVICE {pattern.name} would ask another server; federation is switched off here",
        message_zh="SERVICE 会访问其他服务器；此处不允许联邦查询",
    )


def _group(pattern: a.Group, context: Context) -> Relation:
    rows = row_scope(compile_pattern(pattern.pattern, context), context)
    return group(rows, pattern.keys, pattern.aggregates, context)


def _for_each(pattern: a.ForEach, context: Context) -> Relation:
    outer = compile_pattern(pattern.outer, context)
    name = context.names.new("outer")
    seeds = seeds_of(outer, outer.variables, name, context)
    inner = compile_pattern(pattern.pattern, replace(context, outside=seeds.relation))
    given = join(seeds.relation, inner)
    bare = replace(given, hidden=outer.hidden)
    query = select(bare.columns_of(bare.bindings), derived(given.query))
    return replace(bare, query=with_shared(query, name, outer.query))


def _order_by(pattern: a.OrderBy, context: Context) -> Relation:
    relation = compile_pattern(pattern.pattern, context)
    return order_by(relation, pattern.conditions, row_scope(relation, context), context)


def _project(pattern: a.Project, context: Context) -> Relation:
    return project(compile_pattern(pattern.pattern, context), pattern.variables)


def _distinct(pattern: a.Distinct, context: Context) -> Relation:
    return distinct(compile_pattern(pattern.pattern, context))


def _reduced(pattern: a.Reduced, context: Context) -> Relation:
    return compile_pattern(pattern.pattern, context)


def _slice(pattern: a.Slice, context: Context) -> Relation:
    return slice_of(compile_pattern(pattern.pattern, context), pattern.offset, pattern.limit, context)


# What may leave out solutions of its parts that extend none of those wanted, without another one of its own appearing
_EXTENDING: Final = (a.BasicPattern, a.Join, a.LeftJoin, a.Filter, a.Union, a.GraphPattern, a.Extend)
_LOOKED_UP: Final = _EXTENDING[1:]  # for the few it is joined with; DuckDB orders the joins of plain triples
_OPERATORS: Mapping[type, Callable[..., Relation]] = MappingProxyType(
    {
        a.BasicPattern: _basic,
        a.Join: _join,
        a.LeftJoin: _left_join,
        a.Filter: _filter,
        a.Union: _union,
        a.Minus: _minus,
        a.GraphPattern: _graph,
        a.Extend: _extend,
        a.Values: _values,
        a.Given: _given,
        a.Service: _service,
        a.Group: _group,
        a.ForEach: _for_each,
        a.OrderBy: _order_by,
        a.Project: _project,
        a.Distinct: _distinct,
        a.Reduced: _reduced,
        a.Slice: _slice,
    }
)

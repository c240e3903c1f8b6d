"""Relations put together: join, left join, difference and union (SPARQL 1.1 Query, section 18.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from emkg.plan.pattern import Variable
from emkg.plan.sql.column import (
    any_of,
    coalesce,
    column,
    column_name,
    derived,
    equal,
    is_null,
    joined,
    named,
    select,
    united,
    where,
)
from emkg.plan.sql.relation import (
    MIXED,
    PARTS,
    STORED,
    STORED_RESOURCE,
    Binding,
    Made,
    Mixed,
    Relation,
    Stored,
    names_of,
    qualified,
    stored_as_mixed,
    unbound_columns,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


LEFT = "l"
RIGHT = "r"


def id_of(relation: Relation, variable: Variable, table: str) -> exp.Expression:
    """The id that a variable has in a row."""
    binding = relation.bindings[variable]
    if isinstance(binding, Made):
        return qualified(binding.value, table).id.copy()
    return column(column_name(variable), table)


def compatible(left: Relation, right: Relation, tables: tuple[str, str]) -> list[exp.Expression]:
    """The conditions under which two rows are compatible, and within one context."""
    conditions = [
        equal(column(name, tables[0]), column(name, tables[1]))
        for name in left.hidden
        if name in right.hidden
    ]
    for variable in sorted(left.variables & right.variables):
        ids = id_of(left, variable, tables[0]), id_of(right, variable, tables[1])
        loose = [
            is_null(identifier.copy())
            for identifier, relation in zip(ids, (left, right), strict=True)
            if variable not in relation.certain
        ]
        conditions.append(any_of([equal(*ids), *loose]) if loose else equal(*ids))
    return conditions


def join(left: Relation, right: Relation) -> Relation:
    """Compatible solutions of both."""
    columns, bindings = _merged(left, right)
    tables = derived(left.query, LEFT), derived(right.query, RIGHT)
    query = where(select(columns, *tables), compatible(left, right, (LEFT, RIGHT)))
    return Relation(query, bindings, left.certain | right.certain, _hidden(left, right))


def left_join(left: Relation, right: Relation) -> Relation:
    """The left solutions, extended by each compatible right one where there is any."""
    right = as_mixed(right)  # the constants of a term that is made would be there without a right row
    columns, bindings = _merged(left, right, keeps_left=True)
    conditions = compatible(left, right, (LEFT, RIGHT))
    condition = exp.and_(*conditions, copy=False) if conditions else exp.true()
    query = exp.Select(expressions=columns or select([]).expressions).from_(
        derived(left.query, LEFT), copy=False
    )
    query = joined(query, derived(right.query, RIGHT), side="LEFT", on=condition)
    return Relation(query, bindings, left.certain, left.hidden)


def minus(left: Relation, right: Relation, *, is_within: bool = False) -> Relation:
    """The left solutions without those that are compatible with a right one that binds a variable they bind.

    `is_within` EXISTS, where DuckDB knows no anti join; elsewhere it carries the left rows into the joins of the right
    side where it reads NOT EXISTS.
    """
    shared = sorted(left.variables & right.variables)
    if not shared:
        return left
    conditions = compatible(left, right, (LEFT, RIGHT))
    if not any(variable in left.certain & right.certain for variable in shared):
        pairs = [(id_of(left, variable, LEFT), id_of(right, variable, RIGHT)) for variable in shared]
        conditions.append(any_of([equal(*pair) for pair in pairs]))
    columns = left.columns_of(left.bindings, LEFT)
    query, other = select(columns, derived(left.query, LEFT)), derived(right.query, RIGHT)
    if is_within:
        query = where(query, [exp.Not(this=exp.Exists(this=where(select([], other), conditions)))])
    else:
        query = joined(query, other, kind="ANTI", on=exp.and_(*conditions, copy=False))
    return Relation(query, left.bindings, left.certain, left.hidden, left.order)


def union(members: Sequence[Relation]) -> Relation:
    """The solutions of all, as a bag."""
    first = members[0]
    variables = sorted(frozenset[Variable]().union(*(member.variables for member in members)))
    bindings: dict[Variable, Binding] = {
        variable: _common([member.bindings.get(variable) for member in members]) for variable in variables
    }
    sides = [_as(replace(member, hidden=first.hidden, order=()), bindings) for member in members]
    query = select([exp.Star()], derived(united(*sides, distinct=False)))
    certain = first.certain.intersection(*(member.certain for member in members))
    return Relation(query, bindings, certain, first.hidden)


def as_mixed(relation: Relation) -> Relation:
    """The same solutions, every term that the query made with an id beside its parts."""
    if not any(isinstance(binding, Made) for binding in relation.bindings.values()):
        return relation
    bindings = {v: MIXED if isinstance(b, Made) else b for v, b in relation.bindings.items()}
    return Relation(_as(relation, bindings), bindings, relation.certain, relation.hidden, relation.order)


def _as(relation: Relation, bindings: Mapping[Variable, Binding]) -> exp.Select:
    columns: list[exp.Expression] = []
    for variable, binding in bindings.items():
        given = relation.bindings.get(variable)
        if given is None:
            columns += unbound_columns(variable, binding)
        elif isinstance(binding, Mixed):
            columns += stored_as_mixed(variable, given)
        else:
            columns.append(column(column_name(variable)))
    columns += [column(name) for name in (*relation.hidden, *(key.name for key in relation.order))]
    return select(columns, derived(relation.query))


def _common(bindings: Sequence[Binding | None]) -> Binding:
    bound = [binding for binding in bindings if binding is not None]
    if not all(isinstance(binding, Stored) for binding in bound):
        return MIXED
    return STORED_RESOURCE if all(binding == STORED_RESOURCE for binding in bound) else STORED


def _hidden(left: Relation, right: Relation) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left.hidden, *right.hidden)))


def _merged(
    left: Relation, right: Relation, *, keeps_left: bool = False
) -> tuple[list[exp.Expression], dict[Variable, Binding]]:
    """The columns of a pair of rows, and what they say of each variable."""
    columns: list[exp.Expression] = []
    bindings: dict[Variable, Binding] = {}
    for variable in sorted(left.variables | right.variables):
        found, binding = _side(variable, left, right, keeps_left=keeps_left)
        columns += found
        bindings[variable] = binding
    hidden = [column(name, LEFT) for name in left.hidden]
    hidden += [column(name, RIGHT) for name in right.hidden if name not in left.hidden and not keeps_left]
    return columns + hidden, bindings


def _side(
    variable: Variable, left: Relation, right: Relation, *, keeps_left: bool
) -> tuple[list[exp.Expression], Binding]:
    ours, theirs = left.bindings.get(variable), right.bindings.get(variable)
    if theirs is None and ours is not None:
        return _columns(variable, ours, LEFT), ours
    if ours is None and theirs is not None:
        return _columns(variable, theirs, RIGHT), theirs
    assert ours is not None  # noqa: S101 - the variable is of one of the sides
    assert theirs is not None  # noqa: S101
    if variable in left.certain or (variable in right.certain and not keeps_left):
        choices = [(ours, LEFT)] if variable in left.certain else []
        choices += [(theirs, RIGHT)] if variable in right.certain and not keeps_left else []
        binding, table = min(choices, key=lambda choice: _preference(choice[0]))
        return _columns(variable, binding, table), binding
    return _either(variable, ours, theirs)


def _preference(binding: Binding) -> tuple[bool, bool]:
    """What tells most of a term, in the fewest columns, comes first."""
    return not isinstance(binding, Stored), binding != STORED_RESOURCE


def _columns(variable: Variable, binding: Binding, table: str) -> list[exp.Expression]:
    return [column(name, table) for name in names_of(variable, binding)]


def _either(variable: Variable, ours: Binding, theirs: Binding) -> tuple[list[exp.Expression], Binding]:
    name = column_name(variable)
    if isinstance(ours, Stored) and isinstance(theirs, Stored):
        columns = [named(coalesce(column(name, LEFT), column(name, RIGHT)), name)]
        return columns, _common([ours, theirs])
    sides = [
        {item.alias: item.this for item in stored_as_mixed(variable, binding, table)}
        for binding, table in ((ours, LEFT), (theirs, RIGHT))
    ]
    is_bound = exp.Not(this=is_null(sides[0][name].copy()))
    parts = [f"{name}.{part}" for part in PARTS]
    columns = [named(coalesce(sides[0][name], sides[1][name]), name)]
    columns += [
        named(exp.If(this=is_bound.copy(), true=sides[0][part], false=sides[1][part]), part) for part in parts
    ]
    return columns, MIXED

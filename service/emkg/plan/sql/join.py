"""Relations put together: join, left join, difference and union (SPARQL 1.1 Query, section 18.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

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
    table,
    united,
    where,
    with_shared,
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
_MOST_LOOSE: Final = 3  # variables: three cases each where both sides may leave them unbound


def id_of(relation: Relation, variable: Variable, table: str) -> exp.Expression:
    """The id that a variable has in a row."""
    binding = relation.bindings[variable]
    if isinstance(binding, Made):
        return qualified(binding.value, table).id.copy()
    return column(column_name(variable), table)


def compatible(left: Relation, right: Relation, tables: tuple[str, str]) -> list[exp.Expression]:
    """The conditions under which two rows are compatible, and within one context."""
    conditions = _same_context(left, right, tables)
    for ids, unbound in _shared(left, right, tables):
        conditions.append(any_of([equal(*ids), *map(is_null, unbound)]) if unbound else equal(*ids))
    return conditions


def cases(left: Relation, right: Relation) -> list[list[exp.Expression]]:
    """The same of `LEFT` and `RIGHT` as cases of which a pair of rows meets one at most; one case where that serves.

    Where every variable that both have may be unbound, DuckDB finds no key for a hash table in `l = r OR l IS NULL` and
    tries each pair; each case by itself has keys, or reads unbound rows only.
    """
    tables = LEFT, RIGHT
    shared = _shared(left, right, tables)
    is_keyed = not all(unbound for _, unbound in shared) or _same_context(left, right, tables)
    if not shared or is_keyed or len(shared) > _MOST_LOOSE:
        return [compatible(left, right, tables)]
    found: list[list[exp.Expression]] = [[]]
    for ids, unbound in shared:
        ways: list[list[exp.Expression]] = [[equal(*ids)]]
        bound: list[exp.Expression] = []
        for identifier in unbound:
            ways.append([*bound, is_null(identifier)])
            bound.append(exp.Not(this=is_null(identifier)))
        found = [[*case, *way] for case in found for way in ways]
    return [[condition.copy() for condition in case] for case in found]


def _same_context(left: Relation, right: Relation, tables: tuple[str, str]) -> list[exp.Expression]:
    return [
        equal(column(name, tables[0]), column(name, tables[1]))
        for name in left.hidden
        if name in right.hidden
    ]


def _shared(
    left: Relation, right: Relation, tables: tuple[str, str]
) -> list[tuple[tuple[exp.Expression, exp.Expression], list[exp.Expression]]]:
    """The two ids of each variable of both, and copies of those that may be unbound."""
    found = []
    for variable in sorted(left.variables & right.variables):
        ids = id_of(left, variable, tables[0]), id_of(right, variable, tables[1])
        sides = zip(ids, (left, right), strict=True)
        unbound = [identifier.copy() for identifier, side in sides if variable not in side.certain]
        found.append((ids, unbound))
    return found


def join(left: Relation, right: Relation) -> Relation:
    """Compatible solutions of both."""
    columns, bindings = _merged(left, right)
    tables = derived(left.query, LEFT), derived(right.query, RIGHT)
    query = where(select(columns, *tables), compatible(left, right, (LEFT, RIGHT)))
    return Relation(query, bindings, left.certain | right.certain, _hidden(left, right))


def join_by_case(left: Relation, right: Relation, names: tuple[str, str]) -> Relation:
    """The same, each of the `cases` by itself; the names are for common table expressions."""
    ways = cases(left, right)
    if len(ways) == 1:
        return join(left, right)
    columns, bindings = _merged(left, right)
    sides = [
        where(select([one.copy() for one in columns], table(names[0], LEFT), table(names[1], RIGHT)), way)
        for way in ways
    ]
    query = select([exp.Star()], derived(united(*sides, distinct=False)))
    query = with_shared(with_shared(query, names[0], left.query), names[1], right.query)
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


def minus(left: Relation, right: Relation, name: str, *, is_within: bool = False) -> Relation:
    """The left solutions without those that are compatible with a right one that binds a variable they bind.

    `is_within` EXISTS, where DuckDB knows no anti join; elsewhere it carries the left rows into the joins of the right
    side where it reads NOT EXISTS. The name is for a common table expression.
    """
    shared = sorted(left.variables & right.variables)
    if not shared:
        return left
    ways = cases(left, right)
    if not is_within and len(ways) > 1:
        return _minus_by_case(left, right, [way for way in ways if _binds(way)], name)
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


def _minus_by_case(
    left: Relation, right: Relation, ways: Sequence[Sequence[exp.Expression]], name: str
) -> Relation:
    query = left.query
    for way in ways:
        columns = left.columns_of(left.bindings, LEFT)
        query = joined(
            select(columns, derived(query, LEFT)),
            table(name, RIGHT),
            kind="ANTI",
            on=exp.and_(*way, copy=False),
        )
    return replace(left, query=with_shared(query, name, right.query), size=None)


def _binds(way: Sequence[exp.Expression]) -> bool:
    """Whether the rows of a case have a variable in common that both bind."""
    return any(isinstance(condition, exp.EQ) for condition in way)


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

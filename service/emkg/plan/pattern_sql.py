"""Patterns to DuckDB SQL over relations of ids (columns s, p, o) and the ledger's `term`.

A pattern becomes a chain of steps, each joining one more triple pattern: a comparison or a negated group is
applied at the first step that knows its variables, and a variable nobody needs any more is dropped there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.errors import QueryRefusedError
from emkg.ledger import term_id
from emkg.plan.pattern import Comparison, Pattern, Slot, TriplePattern, Variable
from emkg.plan.pattern_compare import Side, column_side, compared_variables, comparison_sql, term_side
from emkg.plan.pattern_order import Statistics, join_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from emkg.rdf import Term

_COLUMNS: Final = ("s", "p", "o")


@dataclass(frozen=True)
class Relations:
    """What patterns read: a relation with columns s, p, o for every triple pattern, or another for one of them.

    Attributes:
        fact: The relation of all statements.
        changed: The relation that the triple pattern number `changed_at` reads instead; it is joined first.
        changed_at: Its number, from 0; None for no such.
        term: The relation of terms, with the ledger's typed value columns.
        statistics: What is known of `fact`.
    """

    fact: str = "quad"
    changed: str = ""
    changed_at: int | None = None
    term: str = "term"
    statistics: Statistics = field(default_factory=Statistics)

    def of(self, number: int) -> str:
        """The relation that triple pattern `number` reads."""
        return self.changed if number == self.changed_at else self.fact


@dataclass(frozen=True)
class Constants:
    """Variables with given values: many rules that differ only in their constants are one plan."""

    variables: tuple[Variable, ...] = ()
    rows: tuple[tuple[int, ...], ...] = ()


def solutions_sql(
    pattern: Pattern,
    variables: Sequence[Variable],
    relations: Relations | None = None,
    limit: int | None = None,
) -> str:
    """A SELECT of the distinct solutions, one column of ids per variable, named as the variable.

    Without variables it has one row when there is a solution, and none otherwise. With a limit the solutions
    are in the order of their ids, so that the same ones come each time.

    Raises:
        QueryRefusedError: The pattern has no triple pattern, or a variable is bound by none of them.
    """
    outputs: dict[str, Slot | None] = {variable.name: variable for variable in variables}
    query = _chain(pattern, outputs or {"one": None}, relations or Relations(), Constants())
    if limit and outputs:
        query = query.order_by(*(exp.column(name, quoted=True) for name in outputs)).limit(limit)
    return query.sql(dialect="duckdb")


def derivations_sql(
    pattern: Pattern, head: TriplePattern, relations: Relations, constants: Constants | None = None
) -> str:
    """A SELECT of the distinct statements (s, p, o) that a head has for the solutions of a pattern.

    Raises:
        QueryRefusedError: As `solutions_sql`.
    """
    outputs: dict[str, Slot | None] = dict(zip(_COLUMNS, head.slots, strict=True))
    return _chain(pattern, outputs, relations, constants or Constants()).sql(dialect="duckdb")


def id_literal(term: Term) -> exp.Expression:
    """The id of a term as SQL; hash ids need no look-up."""
    return _id(term_id(str(term)))


def _id(number: int) -> exp.Expression:
    return exp.Cast(this=exp.Literal.number(number), to=exp.DataType(this=exp.DataType.Type.UBIGINT))


def _chain(
    pattern: Pattern, outputs: Mapping[str, Slot | None], relations: Relations, constants: Constants
) -> exp.Select:
    if not pattern.triples:
        raise QueryRefusedError(
            "a group without a triple pattern is not compiled", message_zh="不支持没有三元组模式的组"
        )
    seeds = frozenset(constants.variables)
    order = join_order(pattern.triples, relations.statistics, seeds, relations.changed_at)
    waiting = _Waiting(pattern)
    ctes: list[tuple[str, exp.Select]] = []
    bound: tuple[Variable, ...] = ()
    for place, number in enumerate(order):
        step = _Step(relations, f"t{number}")
        if place:
            step.add_solutions(ctes[-1][0], bound)
        else:
            step.add_constants(constants)
        step.add_triple(pattern.triples[number], relations.of(number))
        waiting.apply(step)
        if place == len(order) - 1:
            break
        needed = waiting.variables(pattern, order[place + 1 :]) | _variables(outputs.values())
        dropped, bound = step.known - needed, tuple(sorted(step.known & needed))
        columns: dict[str, Slot | None] = {variable.name: variable for variable in bound}
        query = step.select(columns or {"one": None})
        ctes.append((f"b{place}", query.distinct(copy=False) if dropped else query))
    waiting.check(step)
    query = step.select(outputs).distinct(copy=False)
    for name, cte in ctes:
        query = query.with_(name, as_=cte, materialized=True, copy=False)
    return query


def _variables(slots: Iterable[Slot | None]) -> frozenset[Variable]:
    return frozenset(slot for slot in slots if isinstance(slot, Variable))


class _Waiting:
    """The comparisons and negated groups that no step has applied yet."""

    def __init__(self, pattern: Pattern) -> None:
        self._comparisons = list(pattern.comparisons)
        self._negated = list(pattern.negated)
        self._outer = pattern.variables

    def apply(self, step: _Step) -> None:
        """Hand the step whatever it knows all variables of."""
        for comparison in [c for c in self._comparisons if compared_variables((c,)) <= step.known]:
            self._comparisons.remove(comparison)
            step.add_comparisons((comparison,))
        for group in [g for g in self._negated if self._seen(g) <= step.known]:
            self._negated.remove(group)
            step.add_negated(group)

    def variables(self, pattern: Pattern, numbers: Sequence[int]) -> frozenset[Variable]:
        """What later steps need: the variables of their triple patterns and of what still waits."""
        triples = [pattern.triples[number].variables for number in numbers]
        groups = [self._seen(group) for group in self._negated]
        return compared_variables(tuple(self._comparisons)).union(*triples, *groups)

    def check(self, step: _Step) -> None:
        """Refuse what no step could apply."""
        for comparison in self._comparisons:
            for variable in sorted(compared_variables((comparison,)) - step.known):
                raise _unbound(variable)

    def _seen(self, group: Pattern) -> frozenset[Variable]:
        return group.all_variables & self._outer


class _Step:
    """The tables, columns and conditions of one SELECT as they are gathered."""

    def __init__(self, relations: Relations, alias: str, outer: _Step | None = None) -> None:
        self._relations = relations
        self._alias = alias
        self._outer = outer
        self._tables: list[exp.Expression] = []
        self._conditions: list[exp.Expression] = []
        self._columns: dict[Variable, exp.Expression] = {}
        self._sides: dict[Slot, Side] = {}

    @property
    def known(self) -> frozenset[Variable]:
        """The variables that have a column, here or outside."""
        return frozenset(self._columns) | (self._outer.known if self._outer else frozenset())

    def add_solutions(self, name: str, variables: Sequence[Variable]) -> None:
        self._tables.append(exp.alias_(exp.to_table(name), "b", table=True, copy=False))
        self._columns |= {v: exp.column(v.name, table="b", quoted=True) for v in variables}

    def add_constants(self, constants: Constants) -> None:
        if constants.variables:
            names = [variable.name for variable in constants.variables]
            rows = [tuple(_id(item) for item in row) for row in constants.rows]
            self._tables.append(exp.values(rows, alias="k", columns=names))
            self._columns |= {v: exp.column(v.name, table="k") for v in constants.variables}

    def add_triple(self, triple: TriplePattern, relation: str, alias: str = "") -> None:
        alias = alias or self._alias
        self._tables.append(exp.alias_(exp.to_table(relation), alias, table=True, copy=False))
        for slot, name in zip(triple.slots, _COLUMNS, strict=True):
            column = exp.column(name, table=alias)
            if isinstance(slot, Variable) and slot not in self.known:
                self._columns[slot] = column
            else:
                self._conditions.append(exp.EQ(this=column, expression=self.value(slot)))

    def add_comparisons(self, comparisons: Sequence[Comparison]) -> None:
        self._conditions += [comparison_sql(comparison, self._side) for comparison in comparisons]

    def add_negated(self, group: Pattern) -> None:
        inner = _Step(self._relations, f"{self._alias}_n{len(self._conditions)}", self)
        for number, triple in enumerate(group.triples):
            inner.add_triple(triple, self._relations.fact, f"{inner._alias}_{number}")
        inner.add_comparisons(group.comparisons)
        for deeper in group.negated:
            inner.add_negated(deeper)
        self._conditions.append(exp.not_(exp.Exists(this=inner.select({"one": None})), copy=False))

    def value(self, slot: Slot) -> exp.Expression:
        """The id of a variable or a term."""
        if not isinstance(slot, Variable):
            return id_literal(slot)
        if slot in self._columns:
            return self._columns[slot].copy()
        if self._outer is None:
            raise _unbound(slot)
        return self._outer.value(slot)

    def select(self, outputs: Mapping[str, Slot | None]) -> exp.Select:
        """The SELECT of these columns; None stands for a column that nobody reads."""
        columns = [
            exp.alias_(
                exp.Literal.number(1) if slot is None else self.value(slot), name, quoted=True, copy=False
            )
            for name, slot in outputs.items()
        ]
        query = exp.Select(expressions=columns).from_(self._tables[0], copy=False)
        for table in self._tables[1:]:
            query = query.join(table, join_type="cross", copy=False)
        return query.where(*self._conditions, copy=False) if self._conditions else query

    def _side(self, slot: Slot) -> Side:
        if not isinstance(slot, Variable):
            return term_side(slot, id_literal(slot))
        if slot not in self._sides:
            alias, column = f"{self._alias}_v{len(self._sides)}", self.value(slot)
            self._tables.append(exp.alias_(exp.to_table(self._relations.term), alias, table=True, copy=False))
            self._conditions.append(exp.EQ(this=exp.column("id", table=alias), expression=column))
            self._sides[slot] = column_side(alias, column.copy())
        return self._sides[slot]


def _unbound(variable: Variable) -> QueryRefusedError:
    return QueryRefusedError(
        f"{variable} is not bound by a triple pattern", message_zh=f"变量 {variable} 未被任何三元组模式绑定"
    )

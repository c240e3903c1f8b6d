"""Patterns to DuckDB SQL over relations of ids (columns s, p, o) and the ledger's `term`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.errors import QueryRefusedError
from emkg.ledger import term_id
from emkg.plan.pattern import Pattern, Slot, TriplePattern, Variable
from emkg.plan.pattern_compare import Side, column_side, compared_variables, comparison_sql, term_side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_COLUMNS: Final = ("s", "p", "o")
_CONSTANTS: Final = "k"


@dataclass(frozen=True)
class Relations:
    """What patterns read: a relation with columns s, p, o for every triple pattern, or another for one of them.

    Attributes:
        fact: The relation of all statements.
        changed: The relation that the triple pattern number `changed_at` reads instead.
        changed_at: Its number, from 0; None for no such.
        term: The relation of terms, with the ledger's typed value columns.
    """

    fact: str = "quad"
    changed: str = ""
    changed_at: int | None = None
    term: str = "term"

    def of(self, number: int) -> str:
        """The relation that triple pattern `number` reads."""
        return self.changed if number == self.changed_at else self.fact


def term_literal(term: Slot) -> exp.Expression:
    """The id of a term as SQL; hash ids need no look-up."""
    if isinstance(term, Variable):
        raise TypeError(f"{term} is a variable and has no id")
    return exp.cast(exp.Literal.number(term_id(str(term))), exp.DataType.Type.UBIGINT)


def solutions_sql(
    pattern: Pattern,
    variables: Sequence[Variable],
    relations: Relations = Relations(),
    limit: int | None = None,
) -> str:
    """A SELECT of the distinct solutions, one column of ids per variable, named as the variable.

    Raises:
        QueryRefusedError: The pattern has no triple pattern, or a variable is bound by none of them.
    """
    scope = _Scope(relations, term_literal)
    scope.add_triples(pattern.triples)
    query = scope.select(
        pattern, [exp.alias_(scope.column(name), name.name, quoted=True) for name in variables]
    )
    return (query.limit(limit) if limit else query).sql(dialect="duckdb")


def derivations_sql(
    pattern: Pattern,
    head: TriplePattern,
    relations: Relations,
    constants: Mapping[Variable, int] | None = None,
    rows: Sequence[Sequence[int]] = (),
) -> str:
    """A SELECT of the distinct statements (s, p, o) that a head has for the solutions of a pattern.

    `constants` are variables that stand for a column (its number) of `rows`, a relation of ids: many rules that
    differ only in their constants are one plan.
    """
    scope = _Scope(relations, term_literal)
    if constants:
        scope.add_constants(constants, rows)
    scope.add_triples(pattern.triples)
    columns = [exp.alias_(scope.value(slot), name) for slot, name in zip(head.slots, _COLUMNS, strict=True)]
    return scope.select(pattern, columns).sql(dialect="duckdb")


class _Scope:
    """The tables and conditions of one SELECT as they are gathered; used up by `select`."""

    def __init__(
        self,
        relations: Relations,
        literal: Callable[[Slot], exp.Expression],
        outer: _Scope | None = None,
        prefix: str = "t",
    ) -> None:
        self._relations = relations
        self._literal = literal
        self._outer = outer
        self._prefix = prefix
        self._tables: list[exp.Expression] = []
        self._conditions: list[exp.Expression] = []
        self._columns: dict[Variable, exp.Expression] = {}

    def column(self, variable: Variable) -> exp.Expression:
        found = self._find(variable)
        if found is None:
            raise QueryRefusedError(
                f"{variable} is not bound by a triple pattern",
                message_zh=f"变量 {variable} 未被任何三元组模式绑定",
            )
        return found

    def value(self, slot: Slot) -> exp.Expression:
        return self.column(slot) if isinstance(slot, Variable) else self._literal(slot)

    def add_constants(self, constants: Mapping[Variable, int], rows: Sequence[Sequence[int]]) -> None:
        names = [f"c{number}" for number in range(len(constants))]
        self._tables.append(
            exp.values(
                [tuple(exp.Literal.number(item) for item in row) for row in rows],
                alias=_CONSTANTS,
                columns=names,
            )
        )
        for variable, number in constants.items():
            column = exp.cast(exp.column(names[number], table=_CONSTANTS), exp.DataType.Type.UBIGINT)
            self._columns[variable] = column

    def add_triples(self, triples: Sequence[TriplePattern]) -> None:
        for number, triple in enumerate(triples):
            alias = f"{self._prefix}{number}"
            relation = self._relations.of(number) if self._outer is None else self._relations.fact
            self._tables.append(exp.alias_(exp.to_table(relation), alias, table=True))
            for slot, name in zip(triple.slots, _COLUMNS, strict=True):
                self._restrict(slot, exp.column(name, table=alias))

    def _restrict(self, slot: Slot, column: exp.Expression) -> None:
        known = self._find(slot) if isinstance(slot, Variable) else self._literal(slot)
        if known is not None:
            self._conditions.append(exp.EQ(this=column, expression=known))
        elif isinstance(slot, Variable):
            self._columns[slot] = column

    def _find(self, variable: Variable) -> exp.Expression | None:
        found = self._columns.get(variable)
        if found is not None:
            return found.copy()
        return self._outer._find(variable) if self._outer else None  # noqa: SLF001 - a scope and its outer scope

    def select(self, pattern: Pattern, columns: Sequence[exp.Expression]) -> exp.Select:
        if not self._tables:
            raise QueryRefusedError(
                "a group without a triple pattern is not compiled", message_zh="不支持没有三元组模式的组"
            )
        self._add_comparisons(pattern)
        for number, group in enumerate(pattern.negated):
            self._conditions.append(exp.not_(self._exists(group, f"{self._prefix}{number}_")))
        query = exp.select(*columns).from_(self._tables[0])
        for table in self._tables[1:]:
            query = query.join(table, join_type="cross")
        query = query.where(*self._conditions) if self._conditions else query
        return query.distinct() if self._outer is None else query

    def _exists(self, group: Pattern, prefix: str) -> exp.Expression:
        inner = _Scope(self._relations, self._literal, self, prefix)
        inner.add_triples(group.triples)
        return exp.Exists(this=inner.select(group, [exp.Literal.number(1)]))

    def _add_comparisons(self, pattern: Pattern) -> None:
        rows: dict[Slot, Side] = {}
        for number, variable in enumerate(compared_variables(pattern.comparisons)):
            alias, column = f"{self._prefix}v{number}", self.column(variable)
            self._tables.append(exp.alias_(exp.to_table(self._relations.term), alias, table=True))
            self._conditions.append(exp.EQ(this=exp.column("id", table=alias), expression=column))
            rows[variable] = column_side(alias, column.copy())

        def side(slot: Slot) -> Side:
            return rows[slot] if isinstance(slot, Variable) else term_side(slot, self._literal(slot))

        self._conditions += [comparison_sql(comparison, side) for comparison in pattern.comparisons]

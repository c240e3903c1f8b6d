"""Solution modifiers and the SELECT clause of a query's text, translated to algebra (sections 18.2.4 and 18.2.5)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import in_scope, mentioned
from emkg.plan.sparql.group import GroupReader

if TYPE_CHECKING:
    from emkg.plan.algebra import Expression
    from emkg.plan.pattern import Variable
    from emkg.plan.sparql_tokens import Token


@dataclass
class Item:
    """An item of a SELECT or GROUP BY clause: a variable, or an expression with the variable that it gets."""

    variable: Variable | None
    expression: Expression | None
    token: Token | None


@dataclass
class Modifiers:
    """What follows the pattern of a query."""

    keys: list[Item] = field(default_factory=list)
    having: list[Expression] = field(default_factory=list)
    order: list[a.OrderCondition] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0
    values: a.Values | None = None


class ModifierReader(GroupReader):
    """Reads solution modifiers."""

    def modifiers(self) -> Modifiers:
        """GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, VALUES."""
        found = Modifiers()
        self.takes_aggregates = True
        if self.accept_word("GROUP"):
            self.expect_word("BY")
            found.keys = self._keys()
        if self.accept_word("HAVING"):
            found.having.append(self.constraint())
            while self.at_mark("(") or self.at_iri() or self.at_built_in():
                found.having.append(self.constraint())
        if self.accept_word("ORDER"):
            self.expect_word("BY")
            found.order = self._order()
        self.takes_aggregates = False
        self._slice(found)
        if self.accept_word("VALUES"):
            found.values = self.inline_data()
        return found

    def _keys(self) -> list[Item]:
        self.takes_aggregates = False
        keys = [self._key()]
        while self.at_mark("(") or self.at("variable") or self.at_iri() or self.at_built_in():
            keys.append(self._key())
        self.takes_aggregates = True
        return keys

    def _key(self) -> Item:
        token = self.here
        if self.at("variable"):
            return Item(self.variable(), None, token)
        if not self.accept_mark("("):
            return Item(None, self.constraint(), token)
        expression = self.expression()
        variable = self.variable() if self.accept_word("AS") else None
        self.expect_mark(")")
        return Item(variable, expression, token)

    def _order(self) -> list[a.OrderCondition]:
        conditions = [self._order_condition()]
        while (
            self.at_word("ASC", "DESC")
            or self.at_mark("(")
            or self.at("variable")
            or self.at_iri()
            or self.at_built_in()
        ):
            conditions.append(self._order_condition())
        return conditions

    def _order_condition(self) -> a.OrderCondition:
        if self.at_word("ASC", "DESC"):
            descending = self.take().text.upper() == "DESC"
            return a.OrderCondition(self.bracketted(), descending)
        if self.at("variable"):
            return a.OrderCondition(self.variable())
        return a.OrderCondition(self.constraint())

    def _slice(self, found: Modifiers) -> None:
        seen: set[str] = set()
        while self.at_word("LIMIT", "OFFSET"):
            word = self.take().text.upper()
            if word in seen:
                self.place -= 1
                self.fail("the end of the query")
            seen.add(word)
            token = self.here
            if token is None or token.kind != "number" or not token.text.isdecimal():
                self.fail("a whole number")
            self.place += 1
            if word == "LIMIT":
                found.limit = int(token.text)
            else:
                found.offset = int(token.text)

    # --------------------------------------------------------------------------------------------------- translation

    def translated(
        self, pattern: a.Algebra, items: list[Item] | None, modifiers: Modifiers
    ) -> tuple[a.Algebra, tuple[Variable, ...]]:
        """The pattern with grouping, conditions, expressions and order, and the variables of its SELECT clause.

        `items` is None for `*` and for forms that select nothing.
        """
        known = in_scope(pattern)
        groups = _Groups(self)
        chosen = [replace(item, expression=groups.lifted(item.expression)) for item in items or []]
        having = [groups.lifted(condition) for condition in modifiers.having]
        order = [a.OrderCondition(groups.lifted(one.expression), one.descending) for one in modifiers.order]
        if modifiers.keys or groups.sets or modifiers.having:
            pattern, keys = groups.grouped(pattern, modifiers.keys)
            self._check_grouped(items, chosen, keys)
        for condition in having:
            pattern = a.Filter(pattern, condition)
        if modifiers.values is not None:
            pattern = a.Join(pattern, modifiers.values)
        variables = (
            in_scope(pattern)
            if items is None
            else tuple(dict.fromkeys(v for v in (i.variable for i in chosen) if v))
        )
        taken = {*known, *in_scope(pattern)}
        for item in chosen:
            if item.expression is None or item.variable is None:
                continue
            if item.variable in taken:
                self.wrong(f"{item.variable} is bound already", f"{item.variable} 已绑定", item.token)
            taken.add(item.variable)
            pattern = a.Extend(pattern, item.variable, item.expression)
        return (a.OrderBy(pattern, tuple(order)) if order else pattern), variables

    def _check_grouped(self, items: list[Item] | None, chosen: list[Item], keys: list[Variable]) -> None:
        if items is None:
            return
        known = set(keys)
        for item in chosen:
            named = {item.variable} if item.expression is None else mentioned(item.expression)
            for variable in sorted(v for v in named if v and not v.name.startswith(".")):
                if variable not in known:
                    self.wrong(
                        f"{variable} is neither a key of GROUP BY nor within a set function",
                        f"{variable} 既不是 GROUP BY 的键，也不在聚合函数中",
                        item.token,
                    )
            if item.variable:
                known.add(item.variable)

    @staticmethod
    def sliced(pattern: a.Algebra, modifiers: Modifiers) -> a.Algebra:
        """The solutions that LIMIT and OFFSET leave."""
        if modifiers.limit is None and not modifiers.offset:
            return pattern
        return a.Slice(pattern, modifiers.offset, modifiers.limit)


class _Groups:
    """The set functions of one query level, each with the variable that stands for it."""

    def __init__(self, reader: ModifierReader) -> None:
        self._reader = reader
        self.sets: dict[a.Aggregate, Variable] = {}

    def lifted(self, expression: Expression | None) -> Expression:
        """The expression with variables in place of its set functions; None stays None."""
        if isinstance(expression, a.Aggregate):
            if expression not in self.sets:
                self.sets[expression] = self._reader.new_variable()
            return self.sets[expression]
        if isinstance(expression, a.Call):
            return replace(expression, arguments=tuple(map(self.lifted, expression.arguments)))
        return expression  # type: ignore[return-value]  # None stands for no expression

    def grouped(self, pattern: a.Algebra, items: list[Item]) -> tuple[a.Algebra, list[Variable]]:
        """The pattern grouped by the keys."""
        keys: list[Variable] = []
        for item in items:
            variable = item.variable or self._reader.new_variable()
            if item.expression is not None:
                if variable in in_scope(pattern):
                    self._reader.wrong(f"{variable} is bound already", f"{variable} 已绑定", item.token)
                pattern = a.Extend(pattern, variable, item.expression)
            keys.append(variable)
        sets = tuple((variable, aggregate) for aggregate, variable in self.sets.items())
        return a.Group(pattern, tuple(keys), sets), keys

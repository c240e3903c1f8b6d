"""Group graph patterns of a query's text, translated as they are read (section 18.2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import in_scope
from emkg.plan.function import Function
from emkg.plan.sparql.expression import ExpressionReader

if TYPE_CHECKING:
    from emkg.plan.pattern import Variable
    from emkg.rdf import Term


class GroupReader(ExpressionReader):
    """Reads group graph patterns."""

    def sub_select(self) -> a.Algebra:
        """A query within a group."""
        raise NotImplementedError

    def group_graph_pattern(self) -> a.Algebra:
        """What stands in braces."""
        self.enter()
        outer, self.takes_aggregates = self.takes_aggregates, False
        number = self.pattern_number
        self.expect_mark("{")
        found = self.sub_select() if self.at_word("SELECT") else self._group()
        self.expect_mark("}")
        self.takes_aggregates, self.pattern_number = outer, number
        self.leave()
        return found

    def _group(self) -> a.Algebra:
        found: a.Algebra = a.BasicPattern()
        known: set[Variable] = (
            set()
        )  # in scope of `found`; kept, since asking it anew for each BIND is quadratic
        filters: list[a.Expression] = []
        self._next_pattern()
        while not self.at_mark("}"):
            if self.accept_word("FILTER"):
                filters.append(self.constraint())
            elif self._at_subject():
                triples = a.BasicPattern(tuple(self.triples()))
                known.update(in_scope(triples))
                found = _joined(found, triples)
                if self._at_subject():
                    self.fail("'.' between triples")
                continue
            else:
                found = self._element(found, known)
                self._next_pattern()
            self.accept_mark(".")
        if not filters:
            return found
        return a.Filter(found, filters[0] if len(filters) == 1 else a.Call(Function.AND, tuple(filters)))

    def _next_pattern(self) -> None:
        """A blank node's label belongs to one basic graph pattern."""
        self.pattern_number = self.fresh = self.fresh + 1

    def _element(self, found: a.Algebra, known: set[Variable]) -> a.Algebra:
        """What is no triple and no filter, put to what comes before it in the group."""
        if self.accept_word("OPTIONAL"):
            inner = self.group_graph_pattern()
            known.update(in_scope(inner))
            if isinstance(inner, a.Filter):
                return a.LeftJoin(found, inner.pattern, inner.condition)
            return a.LeftJoin(found, inner)
        if self.accept_word("MINUS"):
            return a.Minus(found, self.group_graph_pattern())
        if self.accept_word("BIND"):
            return self._bind(found, known)
        inner = self._joined_element()
        known.update(in_scope(inner))
        return _joined(found, inner)

    def _joined_element(self) -> a.Algebra:
        """What is joined to what comes before it."""
        if self.accept_word("GRAPH"):
            return a.GraphPattern(self.variable_or_iri(), self.group_graph_pattern())
        if self.accept_word("SERVICE"):
            silent = self.accept_word("SILENT")
            name = self.variable_or_iri()
            return a.Service(name, self.group_graph_pattern(), silent)
        if self.accept_word("VALUES"):
            return self.inline_data()
        if not self.at_mark("{"):
            self.fail("a graph pattern or '}'")
        inner = self.group_graph_pattern()
        while self.accept_word("UNION"):
            inner = a.Union(inner, self.group_graph_pattern())
        return inner

    def _bind(self, found: a.Algebra, known: set[Variable]) -> a.Algebra:
        self.expect_mark("(")
        expression = self.expression()
        self.expect_word("AS")
        token = self.here
        variable = self.variable()
        if variable in known:
            self.wrong(f"{variable} is bound already in this group", f"{variable} 在本组中已绑定", token)
        known.add(variable)
        self.expect_mark(")")
        return a.Extend(found, variable, expression)

    def constraint(self) -> a.Expression:
        """What FILTER and HAVING take: parentheses, or a call."""
        if self.at_mark("("):
            return self.bracketted()
        if self.at_iri():
            found = self.iri_or_call()
            if not isinstance(found, a.Call):
                self.fail("the arguments of the function")
            return found
        if not self.at_built_in():
            self.fail("a condition")
        return self.built_in()

    def inline_data(self) -> a.Values:
        """The block of VALUES."""
        if not self.at_mark("("):
            variables: tuple[Variable, ...] = (self.variable(),)
            self.expect_mark("{")
            rows: list[tuple[Term | None, ...]] = []
            while not self.accept_mark("}"):
                rows.append((self._data_value(),))
            return a.Values(variables, tuple(rows))
        self.place += 1
        names: list[Variable] = []
        while not self.accept_mark(")"):
            names.append(self.variable())
        self.expect_mark("{")
        rows = []
        while not self.accept_mark("}"):
            rows.append(self._row(len(names)))
        return a.Values(tuple(names), tuple(rows))

    def _row(self, size: int) -> tuple[Term | None, ...]:
        token = self.here
        self.expect_mark("(")
        row: list[Term | None] = []
        while not self.accept_mark(")"):
            row.append(self._data_value())
        if len(row) != size:
            self.wrong(
                f"a row of VALUES has {len(row)} values for {size} variables",
                "VALUES 的行与变量数目不符",
                token,
            )
        return tuple(row)

    def _data_value(self) -> Term | None:
        if self.accept_word("UNDEF"):
            return None
        if self.at_iri():
            return self.iri()
        if self.at_literal():
            return self.literal()
        return self.fail("an IRI, a literal or UNDEF")


def _joined(left: a.Algebra, right: a.Algebra) -> a.Algebra:
    """Their join; triples that only filters stand between are one basic graph pattern."""
    if isinstance(left, a.BasicPattern) and isinstance(right, a.BasicPattern):
        return a.BasicPattern((*left.triples, *right.triples))
    if isinstance(left, a.BasicPattern) and not left.triples:
        return right
    if (
        isinstance(left, a.Join)
        and isinstance(left.right, a.BasicPattern)
        and isinstance(right, a.BasicPattern)
    ):
        return a.Join(left.left, a.BasicPattern((*left.right.triples, *right.triples)))
    return a.Join(left, right)

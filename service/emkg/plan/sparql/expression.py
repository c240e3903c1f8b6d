"""Expressions of a query's text (grammar rules 110 to 128)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.plan import algebra as a
from emkg.plan.function import AggregateFunction, Function
from emkg.plan.sparql.triple import TripleReader

if TYPE_CHECKING:
    from emkg.plan.algebra import Expression

_COMPARISONS: Final = {
    "=": Function.EQUAL,
    "!=": Function.NOT_EQUAL,
    "<": Function.LESS,
    ">": Function.GREATER,
    "<=": Function.LESS_OR_EQUAL,
    ">=": Function.GREATER_OR_EQUAL,
}
_UNARY: Final = {"!": Function.NOT, "+": Function.UNARY_PLUS, "-": Function.UNARY_MINUS}
_MANY: Final = 1 << 30
_ARGUMENTS: Final = {
    Function.IF: (3, 3),
    Function.COALESCE: (0, _MANY),
    Function.CONCAT: (0, _MANY),
    Function.BNODE: (0, 1),
    Function.REGEX: (2, 3),
    Function.SUBSTR: (2, 3),
    Function.REPLACE: (3, 4),
    **dict.fromkeys((Function.RAND, Function.NOW, Function.UUID, Function.STRUUID), (0, 0)),
    **dict.fromkeys(
        (
            Function.SAME_TERM,
            Function.LANG_MATCHES,
            Function.CONTAINS,
            Function.STRSTARTS,
            Function.STRENDS,
            Function.STRBEFORE,
            Function.STRAFTER,
            Function.STRLANG,
            Function.STRDT,
        ),
        (2, 2),
    ),
}
_NO_CALLS: Final = (
    frozenset({"IN", "NOT IN", "||", "&&", "!", "unary +", "unary -"})
    | frozenset("=<>+-*/")
    | {"!=", "<=", ">="}
)
_BUILT_IN: Final = {each.value.upper(): each for each in Function if each.value not in _NO_CALLS} | {
    "URI": Function.IRI,
    "ISURI": Function.IS_IRI,
}
_AGGREGATES: Final = {each.value: each for each in AggregateFunction}


class ExpressionReader(TripleReader):
    """Reads expressions; set functions only where `takes_aggregates` says so."""

    takes_aggregates = False

    def group_graph_pattern(self) -> a.Algebra:
        """A group graph pattern, for EXISTS."""
        raise NotImplementedError

    def expression(self) -> Expression:
        """An expression."""
        self.enter()
        found = self._chain(Function.OR, self._conjunction)
        self.leave()
        return found

    def _conjunction(self) -> Expression:
        return self._chain(Function.AND, self._relation)

    def _chain(self, function: Function, read: object) -> Expression:
        operands = [read()]  # type: ignore[operator]  # a bound method
        while self.accept_mark(function.value):
            operands.append(read())  # type: ignore[operator]
        return operands[0] if len(operands) == 1 else a.Call(function, tuple(operands))

    def _relation(self) -> Expression:
        left = self._sum()
        operator = self._comparison()
        if operator:
            return a.Call(operator, (left, self._sum()))
        if self.accept_word("IN"):
            return a.Call(Function.IN, (left, *self._listed()))
        following = self.ahead()
        if self.at_word("NOT") and following is not None and following.is_word("IN"):
            self.place += 2
            return a.Call(Function.NOT_IN, (left, *self._listed()))
        return left

    def _comparison(self) -> Function | None:
        if not self.at_mark("=", "!", "<", ">"):
            return None
        text = self.take().text
        if self.at_mark("=") and self.adjoins() and text != "=":
            self.place += 1
            text += "="
        if text not in _COMPARISONS:
            self.place -= 1
            self.fail("an operator")
        return _COMPARISONS[text]

    def _listed(self) -> tuple[Expression, ...]:
        self.expect_mark("(")
        found: list[Expression] = []
        if self.accept_mark(")"):
            return ()
        found.append(self.expression())
        while self.accept_mark(","):
            found.append(self.expression())
        self.expect_mark(")")
        return tuple(found)

    def _sum(self) -> Expression:
        left = self._product(self._unary())
        while True:
            if self.at_mark("+", "-"):
                function = Function.ADD if self.take().text == "+" else Function.SUBTRACT
                left = a.Call(function, (left, self._product(self._unary())))
            elif self._at_signed_number():  # `?x -1` has no operator of its own (rule 116)
                left = a.Call(Function.ADD, (left, self._product(self.literal())))
            else:
                return left

    def _at_signed_number(self) -> bool:
        token = self.here
        return token is not None and token.kind == "number" and token.text[0] in "+-"

    def _product(self, left: Expression) -> Expression:
        while self.at_mark("*", "/"):
            function = Function.MULTIPLY if self.take().text == "*" else Function.DIVIDE
            left = a.Call(function, (left, self._unary()))
        return left

    def _unary(self) -> Expression:
        if self.at_mark(*_UNARY):
            self.enter()
            function = _UNARY[self.take().text]
            operand = self._unary() if function is Function.NOT else self._primary()
            self.leave()
            return a.Call(function, (operand,))
        return self._primary()

    def _primary(self) -> Expression:
        if self.at_mark("("):
            return self.bracketted()
        if self.at("variable"):
            return self.variable()
        if self.at_literal():
            return self.literal()
        if self.at_iri():
            return self.iri_or_call()
        if self.at("word"):
            return self.built_in()
        return self.fail("an expression")

    def bracketted(self) -> Expression:
        """An expression in parentheses."""
        self.expect_mark("(")
        found = self.expression()
        self.expect_mark(")")
        return found

    def iri_or_call(self) -> Expression:
        """An IRI, or the call of the function that it names."""
        iri = self.iri()
        if not self.at_mark("("):
            return iri
        following = self.ahead()
        if following is not None and following.is_word("DISTINCT"):
            self.place += 1
            self.fail("an expression; a function that an IRI names takes no DISTINCT here")
        return a.Call(iri, self._listed())

    def at_built_in(self) -> bool:
        """Whether a built-in function, EXISTS or a set function comes next."""
        token = self.here
        if token is None or token.kind != "word":
            return False
        word = token.text.upper()
        return word in _BUILT_IN or word in _AGGREGATES or word in {"EXISTS", "NOT"}

    def built_in(self) -> Expression:
        """A call of a built-in function, EXISTS, or a set function."""
        if self.accept_word("EXISTS"):
            return a.Exists(self.group_graph_pattern())
        if self.at_word("NOT"):
            self.place += 1
            self.expect_word("EXISTS")
            return a.Exists(self.group_graph_pattern(), negated=True)
        token = self.take()
        word = token.text.upper()
        if word in _AGGREGATES:
            if not self.takes_aggregates:
                self.wrong(f"{word} cannot stand here", f"{word} 不能用在此处", token)
            return self._aggregate(_AGGREGATES[word])
        function = _BUILT_IN.get(word)
        if function is None:
            self.place -= 1
            self.fail("an expression")
        return self._built_in_call(function, token)

    def _built_in_call(self, function: Function, token: object) -> Expression:
        if function is Function.BOUND:
            self.expect_mark("(")
            variable = self.variable()
            self.expect_mark(")")
            return a.Call(function, (variable,))
        arguments = self._listed()
        least, most = _ARGUMENTS.get(function, (1, 1))
        if not least <= len(arguments) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            self.wrong(
                f"{function.value} takes {count} arguments, not {len(arguments)}",
                f"{function.value} 应有 {count} 个参数，实有 {len(arguments)} 个",
                token,  # type: ignore[arg-type]  # a token
            )
        return a.Call(function, arguments, self.base if function is Function.IRI else "")

    def _aggregate(self, function: AggregateFunction) -> Expression:
        self.expect_mark("(")
        distinct = self.accept_word("DISTINCT")
        outer, self.takes_aggregates = self.takes_aggregates, False
        if function is AggregateFunction.COUNT and self.accept_mark("*"):
            expression = None
        else:
            expression = self.expression()
        self.takes_aggregates = outer
        separator = " "
        if function is AggregateFunction.GROUP_CONCAT and self.accept_mark(";"):
            self.expect_word("SEPARATOR")
            self.expect_mark("=")
            separator = self.string()
        self.expect_mark(")")
        return a.Aggregate(function, expression, distinct, separator)

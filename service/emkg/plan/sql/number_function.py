"""Arithmetic and numeric functions (SPARQL 1.1 Query, sections 17.3 and 17.4.4).

Integers and decimals are exact as far as DECIMAL(38, 10) and HUGEINT hold them, and an error beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan.function import Function
from emkg.plan.sql.made import number, rank_of
from emkg.plan.sql.template import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

_EXACT = {
    Function.ADD: "TRY(:a + :b)",
    Function.SUBTRACT: "TRY(:a - :b)",
    Function.MULTIPLY: "TRY(fn.product(:a, :b))",
    Function.DIVIDE: "CASE WHEN :b <> 0 THEN TRY(fn.quotient(:a, :b)) END",
}
_INEXACT = {
    Function.ADD: ":a + :b",
    Function.SUBTRACT: ":a - :b",
    Function.MULTIPLY: ":a * :b",
    Function.DIVIDE: "fn.ieee_quotient(:a, :b)",
}


def rank(value: Value, scope: Scope) -> exp.Expression:
    """The rank of a value's datatype: integer, decimal, float, double; NULL where it is no number."""
    return scope.let(rank_of(value.datatype, value.number))


def arithmetic(function: Function, values: Sequence[Value], scope: Scope) -> Value:
    """`+ - * /` of two values, promoted to the higher of their types; a quotient of integers is a decimal."""
    left, right = values
    ranks = rank(left, scope), rank(right, scope)
    lowest = 1 if function is Function.DIVIDE else 0
    common = scope.let(
        sql(
            "CASE WHEN :a IS NOT NULL AND :b IS NOT NULL THEN greatest(:a, :b, :l) END",
            a=ranks[0],
            b=ranks[1],
            l=lowest,
        )
    )
    a, b = scope.let(left.exact), scope.let(right.exact)
    x, y = scope.let(left.number), scope.let(right.number)
    return number(common, sql(_EXACT[function], a=a, b=b), sql(_INEXACT[function], a=x, b=y), scope)


def unary(exact: str, inexact: str, values: Sequence[Value], scope: Scope) -> Value:
    """A function of one number that keeps its datatype."""
    (value,) = values
    a, x = scope.let(value.exact), scope.let(value.number)
    return number(rank(value, scope), sql(exact, a=a), sql(inexact, a=x), scope)

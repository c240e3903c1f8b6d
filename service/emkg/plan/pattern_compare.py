"""SPARQL's comparison of two terms (section 17.3) as a SQL expression over rows of `term`.

NULL stands for SPARQL's error, so that a WHERE drops it and NOT keeps it an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.plan.pattern import Comparison, Operator, Slot, Variable
from emkg.rdf import IRI, XSD_STRING, BlankNode, Literal
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

_SQL: Final[dict[Operator, type[exp.Binary]]] = {
    Operator.EQUAL: exp.EQ,
    Operator.NOT_EQUAL: exp.NEQ,
    Operator.LESS: exp.LT,
    Operator.LESS_OR_EQUAL: exp.LTE,
    Operator.GREATER: exp.GT,
    Operator.GREATER_OR_EQUAL: exp.GTE,
}
_EXACT_DATATYPES = frozenset(
    XSD + name
    for name in [
        "integer",
        "decimal",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "byte",
        "short",
        "int",
        "long",
        "unsignedByte",
        "unsignedShort",
        "unsignedInt",
        "unsignedLong",
    ]
)
_INSTANT_DATATYPES = frozenset({XSD + "date", XSD + "dateTime", XSD + "dateTimeStamp"})
_Branch = tuple[exp.Expression, exp.Expression]
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")
_DECIMAL_PLACES = 10


@dataclass(frozen=True)
class Side:
    """One side of a comparison: an expression per column of `term`; None where it is known to be NULL."""

    id: exp.Expression
    kind: exp.Expression
    lexical: exp.Expression | None
    datatype: exp.Expression | None
    number: exp.Expression | None
    exact: exp.Expression | None
    instant: exp.Expression | None
    has_zone: exp.Expression | None
    truth: exp.Expression | None


def comparison_sql(comparison: Comparison, side: Callable[[Slot], Side]) -> exp.Expression:
    """The comparison as a SQL condition; `side` gives the columns of a variable or a term."""
    left, right = side(comparison.left), side(comparison.right)
    if comparison.operator is Operator.EQUAL:
        return _equal(left, right)
    if comparison.operator is Operator.NOT_EQUAL:
        return exp.Not(this=exp.paren(_equal(left, right)))
    return _case(_value_branches(left, right, comparison.operator))


def column_side(table: str, id_column: exp.Expression) -> Side:
    """The side of a variable whose row of `term` is `table`."""
    names = ("kind", "lexical", "datatype", "number", "exact", "instant", "has_zone", "truth")
    return Side(id_column, *(exp.column(name, table=table) for name in names))


def term_side(term: IRI | BlankNode | Literal, id_literal: exp.Expression) -> Side:
    """The side of a constant, its value worked out here: the ledger need not know the term."""
    if not isinstance(term, Literal):
        kind = 1 if isinstance(term, IRI) else 0
        return Side(id_literal, exp.Literal.number(kind), exp.Literal.string(term.value), *[None] * 6)
    number = _decimal(term)
    zone = _ZONE.search(term.value) is not None
    instant = _instant(term)
    return Side(
        id=id_literal,
        kind=exp.Literal.number(2),
        lexical=exp.Literal.string(term.value),
        datatype=exp.Literal.string(term.datatype),
        number=None if number is None else exp.cast(exp.Literal.string(str(number)), "DOUBLE"),
        exact=_exact(number),
        instant=instant,
        has_zone=None if instant is None else exp.convert(zone),
        truth={"true": exp.true(), "1": exp.true(), "false": exp.false(), "0": exp.false()}.get(term.value)
        if term.datatype == XSD + "boolean"
        else None,
    )


def _equal(left: Side, right: Side) -> exp.Expression:
    """Equal values, or the same term (NaN is not equal to itself); two unlike literals of unknown value are an error."""
    literal = exp.and_(exp.EQ(this=left.kind, expression=exp.Literal.number(2)), exp.EQ(this=right.kind, expression=exp.Literal.number(2)))  # fmt: skip
    same = exp.EQ(this=left.id, expression=right.id)
    return _case(
        [*_value_branches(left, right, Operator.EQUAL), (same, exp.true()), (exp.not_(literal), exp.false())]
    )


def _value_branches(left: Side, right: Side, operator: Operator) -> list[_Branch]:
    """(both have such a value, how those compare), the most exact first."""
    branches: list[_Branch] = []
    for name in ("exact", "number", "instant", "truth"):
        first, second = getattr(left, name), getattr(right, name)
        if first is None or second is None:
            continue
        conditions = [_known(value) for value in (first, second) if value.find(exp.Column)]
        if name == "instant":
            conditions += [_same(left.datatype, right.datatype), _same(left.has_zone, right.has_zone)]
        outcome: exp.Expression = _SQL[operator](this=first.copy(), expression=second.copy())
        if name == "number":
            outcome = exp.and_(outcome, _is_a_number(first), _is_a_number(second), copy=False)
        branches.append((exp.and_(*conditions, copy=False) if conditions else exp.true(), outcome))
    if left.lexical and right.lexical and _may_be_string(left.datatype) and _may_be_string(right.datatype):
        strings = exp.and_(_is_string(left.datatype), _is_string(right.datatype), copy=False)
        branches.append((strings, _SQL[operator](this=left.lexical.copy(), expression=right.lexical.copy())))
    return branches


def _case(branches: list[_Branch]) -> exp.Expression:
    if not branches:
        return exp.null()
    case = exp.Case()
    for condition, outcome in branches:
        case = case.when(condition, outcome, copy=False)
    return case


def _known(value: exp.Expression) -> exp.Expression:
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.null()))


def _same(left: exp.Expression | None, right: exp.Expression | None) -> exp.Expression:
    return exp.false() if left is None or right is None else exp.EQ(this=left.copy(), expression=right.copy())


def _is_a_number(value: exp.Expression) -> exp.Expression:
    """DuckDB holds NaN equal to itself and above all numbers; IEEE 754, and SPARQL with it, does not."""
    return exp.not_(exp.func("isnan", value.copy()))


def _may_be_string(datatype: exp.Expression | None) -> bool:
    return datatype is not None and (not datatype.is_string or datatype.name == XSD_STRING)


def _is_string(datatype: exp.Expression | None) -> exp.Expression:
    return _same(datatype, exp.Literal.string(XSD_STRING))


def _decimal(term: Literal) -> Decimal | None:
    if term.datatype not in _EXACT_DATATYPES and term.datatype not in {XSD + "double", XSD + "float"}:
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def _exact(number: Decimal | None) -> exp.Expression | None:
    if number is None or not number.is_finite():
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= _DECIMAL_PLACES and abs(number) < Decimal(10) ** 28:
        return exp.cast(exp.Literal.string(f"{number:f}"), "DECIMAL(38, 10)")
    return None


def _instant(term: Literal) -> exp.Expression | None:
    if term.datatype not in _INSTANT_DATATYPES:
        return None
    text = term.value
    if term.datatype == XSD + "date":
        text = f"{text[:10]}T00:00:00{text[10:]}"
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    naive = instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
    return exp.cast(exp.Literal.string(naive.isoformat(sep=" ")), "TIMESTAMP")


def compared_variables(comparisons: tuple[Comparison, ...]) -> frozenset[Variable]:
    """The variables whose row of `term` the comparisons need."""
    slots = {slot for comparison in comparisons for slot in (comparison.left, comparison.right)}
    return frozenset(slot for slot in slots if isinstance(slot, Variable))

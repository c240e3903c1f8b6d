"""Comparison of two values (SPARQL 1.1 Query, section 17.3): numbers, strings, booleans, instants, durations by value.

NULL is an error. Dates and durations are compared too, which section 17.3 leaves to implementations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.plan.function import Function
from emkg.plan.sql.column import cast, equal
from emkg.plan.sql.constant import Constant, is_known_null
from emkg.plan.sql.template import sql
from emkg.plan.sql.value import Computed
from emkg.rdf import Literal
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

OPERATORS: Final[dict[Function, type[exp.Binary]]] = {
    Function.EQUAL: exp.EQ,
    Function.NOT_EQUAL: exp.NEQ,
    Function.LESS: exp.LT,
    Function.LESS_OR_EQUAL: exp.LTE,
    Function.GREATER: exp.GT,
    Function.GREATER_OR_EQUAL: exp.GTE,
}
_STRING: Final = XSD + "string"
_DURATIONS: Final = tuple(XSD + name for name in ("duration", "dayTimeDuration", "yearMonthDuration"))


def compare(operator: Function, left: Value, right: Value, scope: Scope) -> exp.Expression:
    """BOOLEAN: how two values compare."""
    if operator is Function.NOT_EQUAL:
        return exp.Not(this=exp.paren(compare(Function.EQUAL, left, right, scope), copy=False))
    if operator is Function.EQUAL and (left.is_resource or right.is_resource):
        return same_term(
            left, right
        )  # an IRI or blank node equals nothing but itself, and nothing of it is an error
    branches = _branches(operator, left, right, scope)
    if operator is Function.EQUAL:
        branches.append((same_term(left, right), exp.true()))
        unlike = sql(
            "(:a <> 2 AND :b IS NOT NULL) OR (:b <> 2 AND :a IS NOT NULL)", a=left.kind, b=right.kind
        )
        branches.append((unlike, exp.false()))
    return _case(branches)


def same_term(left: Value, right: Value) -> exp.Expression:
    """BOOLEAN: whether two values are the same term; language tags are compared as they are written."""
    if not isinstance(left, Computed) and not isinstance(right, Computed):
        return equal(left.id.copy(), right.id.copy())
    return sql(
        """CASE WHEN :k IS NOT NULL AND :m IS NOT NULL THEN :k = :m AND :l = :n AND :d IS NOT DISTINCT FROM :e
           AND lower(coalesce(:g, '')) = lower(coalesce(:h, '')) END""",
        k=left.kind,
        m=right.kind,
        l=left.lexical,
        n=right.lexical,
        d=left.datatype,
        e=right.datatype,
        g=left.language,
        h=right.language,
    )


def _branches(
    operator: Function, left: Value, right: Value, scope: Scope
) -> list[tuple[exp.Expression, exp.Expression]]:
    """(both have such a value, how those compare), the most exact first."""
    branches: list[tuple[exp.Expression, exp.Expression]] = []
    of = OPERATORS[operator]
    kinds = _possible(left) & _possible(right)
    if "number" in kinds:
        branches.append(
            (_known(left.exact, right.exact), of(this=left.exact.copy(), expression=right.exact.copy()))
        )
        a, b = scope.let(left.number), scope.let(right.number)
        ordered = sql(":c AND NOT isnan(:a) AND NOT isnan(:b)", c=of(this=a, expression=b), a=a, b=b)
        branches.append((_known(a, b), ordered))
    if "string" in kinds:
        both = sql(":a = :s AND :b = :s", a=left.datatype, b=right.datatype, s=_STRING)
        branches.append((both, of(this=left.lexical.copy(), expression=right.lexical.copy())))
    if "truth" in kinds:
        branches.append(
            (_known(left.truth, right.truth), of(this=left.truth.copy(), expression=right.truth.copy()))
        )
    if "instant" in kinds:
        branches.append(_instants(of, left, right, scope))
    if "duration" in kinds:
        branches += _durations(operator, left, right, scope)
    return [branch for branch in branches if not isinstance(branch[0], exp.Boolean) or branch[0].this]


def _possible(value: Value) -> set[str]:
    """The kinds of values that it may have."""
    if not isinstance(value, Constant):
        return {"number", "string", "truth", "instant", "duration"}
    found = {name for name in ("number", "truth", "instant") if not is_known_null(getattr(value, name))}
    if isinstance(value.term, Literal):
        found |= {"string"} if value.term.datatype == _STRING else set()
        found |= {"duration"} if value.term.datatype in _DURATIONS else set()
    return found


def _known(*expressions: exp.Expression) -> exp.Expression:
    if any(map(is_known_null, expressions)):
        return exp.false()
    tests = [sql(":a IS NOT NULL", a=one) for one in expressions if one.find(exp.Column)]
    return exp.and_(*tests, copy=False) if tests else exp.true()


def _instants(
    of: type[exp.Binary], left: Value, right: Value, scope: Scope
) -> tuple[exp.Expression, exp.Expression]:
    """Without a zone on one side only, the order is known from 14 hours on (XPath, op:dateTime-less-than)."""
    a, b = scope.let(left.instant), scope.let(right.instant)
    condition = sql(
        ":k AND (:d = :date) = (:e = :date)",
        k=_known(a, b),
        d=left.datatype,
        e=right.datatype,
        date=XSD + "date",
    )
    outcome = sql(
        "CASE WHEN :z = :y OR abs(epoch_us(:a) - epoch_us(:b)) > 50400000000 THEN :c END",
        z=left.has_zone,
        y=right.has_zone,
        a=a,
        b=b,
        c=of(this=a, expression=b),
    )
    return condition, outcome


def _durations(
    operator: Function, left: Value, right: Value, scope: Scope
) -> list[tuple[exp.Expression, exp.Expression]]:
    """Months and seconds are compared where one of them decides."""
    parts = [
        scope.let(sql(f"fn.{part}_of(:l, :d)", l=value.lexical, d=value.datatype))
        for value in (left, right)
        for part in ("months", "seconds")
    ]
    months, seconds, other_months, other_seconds = parts
    if operator is Function.EQUAL:
        outcome = sql(":m = :n AND :s = :t", m=months, n=other_months, s=seconds, t=other_seconds)
    else:
        of = OPERATORS[operator]
        outcome = sql(
            "CASE WHEN :m = :n THEN :x WHEN :s = :t THEN :y END",
            m=months,
            n=other_months,
            s=seconds,
            t=other_seconds,
            x=of(this=seconds, expression=other_seconds),
            y=of(this=months, expression=other_months),
        )
    return [(_known(months, other_months), outcome)]


def _case(branches: list[tuple[exp.Expression, exp.Expression]]) -> exp.Expression:
    if not branches:
        return cast(exp.Null(), "BOOLEAN")
    case = exp.Case()
    for condition, outcome in branches:
        case = case.when(condition, outcome, copy=False)
    return case

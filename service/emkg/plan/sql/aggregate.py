"""Set functions (SPARQL 1.1 Query, sections 11 and 18.5.1): an error in a member is an error of all but COUNT and SAMPLE."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from emkg.plan.function import AggregateFunction
from emkg.plan.sql.expression import compile_value
from emkg.plan.sql.made import integer, number, rank_of, string
from emkg.plan.sql.template import sql
from emkg.plan.sql.value import Computed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlglot import exp

    from emkg.plan.algebra import Aggregate, Expression
    from emkg.plan.sql.scope import GroupScope
    from emkg.plan.sql.value import Value


def compile_aggregate(aggregate: Aggregate, group: GroupScope) -> Value:
    """The value of a set function over each group.

    Raises:
        NotCompiled: A function in its expression has no plan.
    """
    return _FUNCTIONS[aggregate.function](aggregate, group)


def _count(aggregate: Aggregate, group: GroupScope) -> Value:
    if aggregate.expression is None:
        counted = sql("count(DISTINCT :s)", s=group.solution()) if aggregate.distinct else sql("count(*)")
    else:
        value = compile_value(aggregate.expression, group)
        identity = _identity(value) if aggregate.distinct else _presence(value)
        counted = sql("count(DISTINCT :i)" if aggregate.distinct else "count(:i)", i=identity)
    return integer(group.aggregate(counted), group.groups)


def _sum(aggregate: Aggregate, group: GroupScope) -> Value:
    total = _Total.of(aggregate, group)
    return number(total.rank(0), total.exact, total.inexact, group.groups)


def _average(aggregate: Aggregate, group: GroupScope) -> Value:
    total = _Total.of(aggregate, group)
    rank = sql("CASE WHEN :c = 0 THEN 0 ELSE :r END", c=total.count, r=total.rank(1))
    exact = sql(
        "CASE WHEN :c = 0 THEN 0 ELSE TRY(fn.quotient(:s, CAST(:c AS DECIMAL(38, 10)))) END",
        c=total.count,
        s=total.exact,
    )
    return number(rank, exact, sql(":s / :c", s=total.inexact, c=total.count), group.groups)


@dataclass(frozen=True)
class _Total:
    """The sum of a group's members; `faults` are members that are no number, or none that a decimal holds."""

    exact: exp.Expression
    inexact: exp.Expression
    highest: exp.Expression
    faults: exp.Expression
    count: exp.Expression

    @classmethod
    def of(cls, aggregate: Aggregate, group: GroupScope) -> _Total:
        value = compile_value(_expression(aggregate), group)
        exact, inexact = group.let(value.exact), group.let(value.number)
        rank = group.let(rank_of(value.datatype, inexact))
        fault = group.let(sql("(:r IS NULL OR (:r <= 1 AND :e IS NULL))", r=rank, e=exact))
        if aggregate.distinct:
            return cls._of_distinct(value, (exact, inexact, rank, fault), group)
        return cls(
            group.aggregate(sql("coalesce(sum(:e), 0)", e=exact)),
            group.aggregate(sql("coalesce(sum(:n), 0)", n=inexact)),
            group.aggregate(sql("max(:r)", r=rank)),
            group.aggregate(sql("count(CASE WHEN :f THEN 1 END)", f=fault)),
            group.aggregate(sql("count(*)")),
        )

    @classmethod
    def _of_distinct(cls, value: Value, columns: tuple[exp.Expression, ...], group: GroupScope) -> _Total:
        exact, inexact, rank, fault = columns
        members = group.aggregate(
            sql(
                "list(DISTINCT struct_pack(i := :i, e := :e, n := :n, r := :r, f := :f))",
                i=_identity(value),
                e=exact,
                n=inexact,
                r=rank,
                f=fault,
            )
        )
        return cls(
            sql("coalesce(list_sum(list_transform(:m, lambda x: x.e)), 0)", m=members),
            sql("coalesce(list_sum(list_transform(:m, lambda x: x.n)), 0)", m=members),
            sql("list_max(list_transform(:m, lambda x: x.r))", m=members),
            sql("len(list_filter(:m, lambda x: x.f))", m=members),
            sql("len(:m)", m=members),
        )

    def rank(self, lowest: int) -> exp.Expression:
        return sql(
            "CASE WHEN :f = 0 THEN greatest(coalesce(:h, 0), :l) END", f=self.faults, h=self.highest, l=lowest
        )


def _extreme(function: str, aggregate: Aggregate, group: GroupScope) -> Value:
    value = compile_value(_expression(aggregate), group)
    key = sql(
        """struct_pack(k := :k, n := coalesce(:n, CAST('nan' AS DOUBLE)), i := coalesce(:i, CAST('9999-12-31' AS TIMESTAMP)),
           l := :l)""",
        k=value.kind,
        n=value.number,
        i=value.instant,
        l=value.lexical,
    )
    found = group.aggregate(sql(f"{function}(:v, :k)", v=_packed(value), k=key))
    faults = group.aggregate(sql("count(*) - count(:k)", k=value.kind))
    return _unpacked(group.groups.let(sql("CASE WHEN :f = 0 THEN :v END", f=faults, v=found)))


def _sample(aggregate: Aggregate, group: GroupScope) -> Value:
    value = compile_value(_expression(aggregate), group)
    return _unpacked(
        group.aggregate(
            sql("any_value(CASE WHEN :k IS NOT NULL THEN :v END)", k=value.kind, v=_packed(value))
        )
    )


def _concatenated(aggregate: Aggregate, group: GroupScope) -> Value:
    value = compile_value(_expression(aggregate), group)
    text = group.let(sql("CASE WHEN :k > 0 THEN :l END", k=value.kind, l=value.lexical))
    template = (
        "coalesce(string_agg(DISTINCT :t, :s ORDER BY :t), '')"
        if aggregate.distinct
        else "coalesce(string_agg(:t, :s ORDER BY :t), '')"
    )
    joined = group.aggregate(sql(template, t=text, s=aggregate.separator))
    faults = group.aggregate(sql("count(*) - count(:t)", t=text))
    return string(sql("CASE WHEN :f = 0 THEN :j END", f=faults, j=joined), group.groups)


def _expression(aggregate: Aggregate) -> Expression:
    if aggregate.expression is None:
        raise TypeError(f"{aggregate.function.value} is of an expression")
    return aggregate.expression


def _packed(value: Value) -> exp.Expression:
    return sql(
        "struct_pack(k := :k, l := :l, d := :d, g := :g)",
        k=value.kind,
        l=value.lexical,
        d=value.datatype,
        g=value.language,
    )


def _unpacked(packed: exp.Expression) -> Computed:
    return Computed(*(sql("struct_extract(:p, :n)", p=packed, n=name) for name in "kldg"))


def _presence(value: Value) -> exp.Expression:
    return value.kind if isinstance(value, Computed) else value.id


def _identity(value: Value) -> exp.Expression:
    """What tells one term from another."""
    if not isinstance(value, Computed):
        return value.id
    return sql("CASE WHEN :k IS NOT NULL THEN :r END", k=value.kind, r=_packed(value))


_FUNCTIONS: Final[Mapping[AggregateFunction, Callable[[Aggregate, GroupScope], Value]]] = MappingProxyType(
    {
        AggregateFunction.COUNT: _count,
        AggregateFunction.SUM: _sum,
        AggregateFunction.AVG: _average,
        AggregateFunction.MIN: lambda aggregate, group: _extreme("arg_min", aggregate, group),
        AggregateFunction.MAX: lambda aggregate, group: _extreme("arg_max", aggregate, group),
        AggregateFunction.SAMPLE: _sample,
        AggregateFunction.GROUP_CONCAT: _concatenated,
    }
)

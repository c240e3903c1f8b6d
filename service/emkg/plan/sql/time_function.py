"""Functions on dates and times (SPARQL 1.1 Query, section 17.4.5): they read the lexical form, in its own zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.plan.sql.made import decimal, integer, literal, string
from emkg.plan.sql.template import sql
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

_PLACES: Final = {"year": (1, 4), "month": (6, 2), "day": (9, 2), "hours": (12, 2), "minutes": (15, 2)}
_OF_DATES: Final = frozenset({"year", "month", "day"})
_ZONE: Final = r"(Z|[+-][0-9]{2}:[0-9]{2})$"


def part(name: str, values: Sequence[Value], scope: Scope) -> Value:
    """YEAR, MONTH, DAY of a dateTime or date; HOURS, MINUTES of a dateTime."""
    start, size = _PLACES[name]
    found = sql(
        "CASE WHEN :i IS NOT NULL THEN TRY_CAST(substr(:l, :s, :n) AS BIGINT) END",
        i=_instant(values[0], dates=name in _OF_DATES),
        l=values[0].lexical,
        s=start,
        n=size,
    )
    return integer(found, scope)


def seconds(values: Sequence[Value], scope: Scope) -> Value:
    """SECONDS: a decimal."""
    found = sql(
        r"CASE WHEN :i IS NOT NULL THEN TRY_CAST(regexp_extract(:l, 'T..:..:([0-9.]+)', 1) AS DECIMAL(38, 10)) END",
        i=_instant(values[0], dates=False),
        l=values[0].lexical,
    )
    return decimal(found, scope)


def zone(values: Sequence[Value], scope: Scope) -> Value:
    """TZ: as it is written, '' for none."""
    found = sql(
        "CASE WHEN :i IS NOT NULL THEN regexp_extract(:l, :z, 0) END",
        i=_instant(values[0], dates=True),
        l=values[0].lexical,
        z=_ZONE,
    )
    return string(found, scope)


def offset(values: Sequence[Value], scope: Scope) -> Value:
    """TIMEZONE: an xsd:dayTimeDuration; an error where there is no zone."""
    written = scope.let(zone(values, scope).lexical)
    hours = scope.let(sql("TRY_CAST(substr(:z, 2, 2) AS INTEGER)", z=written))
    minutes = scope.let(sql("TRY_CAST(substr(:z, 5, 2) AS INTEGER)", z=written))
    found = sql(
        """CASE WHEN :z = 'Z' OR (:h = 0 AND :m = 0) THEN 'PT0S' WHEN :z <> '' THEN
          CASE WHEN starts_with(:z, '-') THEN '-PT' ELSE 'PT' END
          || CASE WHEN :h > 0 THEN CAST(:h AS VARCHAR) || 'H' ELSE '' END
          || CASE WHEN :m > 0 THEN CAST(:m AS VARCHAR) || 'M' ELSE '' END END""",
        z=written,
        h=hours,
        m=minutes,
    )
    return literal(scope.let(found), XSD + "dayTimeDuration")


def now(_: Sequence[Value], scope: Scope) -> Value:
    """NOW: the same for the whole query."""
    written = scope.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return literal(exp.Literal.string(written), XSD + "dateTime")


def _instant(value: Value, *, dates: bool) -> exp.Expression:
    if dates:
        return value.instant
    return sql("CASE WHEN :d <> :date THEN :i END", d=value.datatype, i=value.instant, date=XSD + "date")

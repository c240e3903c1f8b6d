"""What solutions are ordered by (SPARQL 1.1 Query, section 15.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan.sql.template import sql

if TYPE_CHECKING:
    from sqlglot import exp

    from emkg.plan.sql.value import Value


def order_keys(value: Value) -> tuple[exp.Expression, ...]:
    """Ascending keys: unbound, blank nodes, IRIs, literals; numbers, then instants, by value, the rest by its text.

    NULL sorts first ascending, and last descending.
    """
    if value.is_resource:
        return value.kind, value.lexical
    return (
        value.kind,
        sql("CASE WHEN :n IS NULL THEN NULL ELSE :n END", n=value.number),
        value.exact,
        value.instant,
        value.lexical,
    )

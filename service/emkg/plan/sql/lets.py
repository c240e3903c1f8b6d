"""Intermediate columns over a query: what is read more than once is computed once, and the SQL does not grow with every use."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from emkg.plan.sql.column import column, derived, named
from emkg.plan.sql.relation import is_constant
from emkg.plan.sql.text import sql_text

_FRESH: Final = ("UUID()", "RANDOM()")


class Lets:
    """Columns in layers, innermost first: one SELECT for each depth of columns that read each other."""

    def __init__(self) -> None:
        self._layers: list[list[exp.Expression]] = []
        self._depths: dict[str, int] = {}
        self._known: dict[str, exp.Expression] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is no such column."""
        return not self._layers

    def let(self, expression: exp.Expression) -> exp.Expression:
        """A column that holds the expression; the same expression again is the same column, unless it is another each time."""
        if isinstance(expression, exp.Column) or is_constant(expression):
            return expression.copy()
        text = sql_text(expression)
        if text in self._known and any(function in text for function in _FRESH):
            text = f"{text} -- {len(self._known)}"
        if text not in self._known:
            depth = max(
                (self._depths.get(item.name, 0) for item in expression.find_all(exp.Column)), default=0
            )
            name = f"let${len(self._known)}"
            while len(self._layers) <= depth:
                self._layers.append([])
            self._layers[depth].append(named(expression.copy(), name))
            self._depths[name] = depth + 1
            self._known[text] = column(name)
        return self._known[text].copy()

    def over(self, query: exp.Select) -> exp.Select:
        """The query with these columns beside its own."""
        for layer in self._layers:
            query = exp.Select(expressions=[exp.Star(), *layer]).from_(derived(query), copy=False)
        return query

"""Basic graph patterns: one scan of the statements for each triple pattern, one table for each path, joined on equal ids.

A path that is walked an unknown number of times begins at the nodes that one other triple pattern allows at one of its
ends: the one that has the fewest, as the ledger counts them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from emkg.ledger import term_id
from emkg.plan.path import Link, PathPattern
from emkg.plan.pattern import TriplePattern, Variable
from emkg.plan.sql.column import column, column_name, derived, equal, named, select, term_literal, where
from emkg.plan.sql.path import Anchor, path_query, repeats, simplified
from emkg.plan.sql.relation import STORED, Made, Relation
from emkg.plan.sql.source import EachGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from emkg.plan.pattern import Slot
    from emkg.plan.sql.context import Context

_PLACES: Final = ("s", "p", "o")


def basic_pattern(triples: Sequence[TriplePattern | PathPattern], context: Context) -> Relation:
    """The solutions of triple and path patterns that all must hold in the active graph."""
    if not triples:
        return context.unit()
    plain = [triple for triple in triples if not isinstance(triple, PathPattern)]
    scans = _Scans(context)
    for triple in triples:
        if isinstance(triple, PathPattern):
            scans.add_path(triple, plain)
        else:
            scans.add_triple(triple)
    return context.within(scans.relation())


class _Scans:
    """The tables, conditions and columns of one SELECT as they are gathered."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tables: list[exp.Expression] = []
        self._conditions: list[exp.Expression] = []
        self._columns: dict[Variable, exp.Expression] = {}

    def add_triple(self, triple: TriplePattern) -> None:
        """One more triple pattern."""
        alias = self._alias()
        scan, conditions = self._context.source.scan(self._context.graph, _constants(triple), alias)
        self._add(scan, conditions, alias)
        for place, slot in zip(_PLACES, triple.slots, strict=True):
            if isinstance(slot, Variable):
                self._bind(slot, column(place, alias))

    def add_path(self, pattern: PathPattern, others: Sequence[TriplePattern]) -> None:
        """One more path pattern."""
        path = simplified(pattern.path, self._context.source)
        if isinstance(path, Link):
            self.add_triple(TriplePattern(pattern.subject, path.predicate, pattern.object))
            return
        alias = self._alias()
        start, end = _anchors(replace(pattern, path=path), others, self._context)
        pairs = path_query(path, self._context, start, end)
        self._add(derived(pairs, alias), [], alias)
        for place, slot in (("s", pattern.subject), ("o", pattern.object)):
            if isinstance(slot, Variable):
                self._bind(slot, column(place, alias))
            else:
                self._conditions.append(equal(column(place, alias), term_literal(slot)))

    def relation(self) -> Relation:
        """The solutions."""
        columns = [named(place.copy(), column_name(variable)) for variable, place in self._columns.items()]
        graph = self._context.graph
        hidden = (graph.column,) if isinstance(graph, EachGraph) else ()
        columns += [named(column("g", "t0"), name) for name in hidden]
        query = where(select(columns, *self._tables), self._conditions)
        return Relation(query, dict.fromkeys(self._columns, STORED), frozenset(self._columns), hidden)

    def _alias(self) -> str:
        return f"t{len(self._tables)}"

    def _add(self, table: exp.Expression, conditions: Sequence[exp.Expression], alias: str) -> None:
        if self._tables and isinstance(self._context.graph, EachGraph):
            self._conditions.append(equal(column("g", "t0"), column("g", alias)))
        self._tables.append(table)
        self._conditions += conditions

    def _bind(self, variable: Variable, place: exp.Expression) -> None:
        if variable in self._columns:
            self._conditions.append(equal(self._columns[variable].copy(), place))
        else:
            self._columns[variable] = place


def _constants(triple: TriplePattern) -> dict[str, int]:
    slots = zip(_PLACES, triple.slots, strict=True)
    return {place: term_id(str(slot)) for place, slot in slots if not isinstance(slot, Variable)}


def _anchors(
    pattern: PathPattern, others: Sequence[TriplePattern], context: Context
) -> tuple[Anchor | None, Anchor | None]:
    """Where the path can begin and end: constants, else the end that has the fewer nodes, if either is known."""
    start, end = _constant(pattern.subject), _constant(pattern.object)
    if start or end or not repeats(pattern.path):
        return start, end
    choices = [
        (context.source.estimate(_constants(triple)), place, triple, slot)
        for place, slot in (("start", pattern.subject), ("end", pattern.object))
        for triple in others
        if slot in triple.slots
    ]
    if choices:
        _, place, triple, slot = min(choices, key=lambda choice: choice[:2])
        anchor = Anchor(query=_nodes(triple, slot, context))
        return (anchor, None) if place == "start" else (None, anchor)
    start = _outside(pattern.subject, context)
    return start, None if start else _outside(pattern.object, context)


def _constant(slot: Slot) -> Anchor | None:
    return None if isinstance(slot, Variable) else Anchor(node=term_id(str(slot)))


def _nodes(triple: TriplePattern, slot: Slot, context: Context) -> exp.Select:
    """The nodes that a triple pattern allows for a variable."""
    scan, conditions = context.source.scan(context.graph, _constants(triple), "q")
    columns = [named(column(_PLACES[triple.slots.index(slot)], "q"), "n")]
    if isinstance(context.graph, EachGraph):
        columns.append(column("g", "q"))
    return where(select(columns, scan), conditions).distinct(copy=False)


def _outside(slot: Slot, context: Context) -> Anchor | None:
    """The nodes that the solutions outside have for a variable."""
    known = context.outside
    if known is None or not isinstance(slot, Variable) or slot not in known.certain:
        return None
    if isinstance(known.bindings[slot], Made) or isinstance(context.graph, EachGraph):
        return None
    columns = [named(column(column_name(slot)), "n")]
    return Anchor(query=select(columns, derived(known.query.copy())).distinct(copy=False))

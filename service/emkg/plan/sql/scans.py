"""One SELECT for a group of patterns: a scan of the statements for each triple pattern, a table for each path.

A path that is walked an unknown number of times begins at the nodes that are known for one of its ends: those of the
solutions before, of one other triple pattern, the one that has the fewest as the ledger counts them, or of those outside.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emkg.ledger import term_id
from emkg.plan.path import Link, PathPattern
from emkg.plan.pattern import TriplePattern, Variable
from emkg.plan.sql.column import (
    column,
    column_name,
    derived,
    equal,
    named,
    select,
    table,
    term_literal,
    where,
)
from emkg.plan.sql.estimate import PLACES, constants_in
from emkg.plan.sql.path import Anchor, path_query, repeats, simplified
from emkg.plan.sql.relation import STORED, STORED_RESOURCE, Made, Relation
from emkg.plan.sql.source import EachGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from emkg.plan.pattern import Slot
    from emkg.plan.sql.context import Context, Few
    from emkg.plan.sql.estimate import TripleOrPath
    from emkg.plan.sql.relation import Binding


class Scans:
    """The tables, conditions and columns of one SELECT as they are gathered.

    Args:
        context: Where the patterns stand.
        few: Solutions that are to be extended; there is no other column of a graph then.
    """

    def __init__(self, context: Context, few: Few | None = None) -> None:
        self._context = context
        self._few = few
        self._tables: list[exp.Expression] = []
        self._conditions: list[exp.Expression] = []
        self._columns: dict[Variable, exp.Expression] = {}
        self._resources: set[Variable] = set()
        if few:
            alias = self._alias()
            self._add(table(few.name, alias), [], alias)
            for variable, binding in few.bindings.items():
                self._bind(
                    variable, column(column_name(variable), alias), is_resource=binding == STORED_RESOURCE
                )

    def add(self, patterns: Sequence[TripleOrPath]) -> None:
        """More patterns; a path among them may begin where another of them ends."""
        plain = [one for one in patterns if not isinstance(one, PathPattern)]
        for one in patterns:
            if isinstance(one, PathPattern):
                self._add_path(one, plain)
            else:
                self._add_triple(one)

    def _add_triple(self, triple: TriplePattern) -> None:
        alias = self._alias()
        scan, conditions = self._context.source.scan(self._context.graph, constants_in(triple), alias)
        self._add(scan, conditions, alias)
        for place, slot in zip(PLACES, triple.slots, strict=True):
            if isinstance(slot, Variable):
                self._bind(slot, column(place, alias), is_resource=place != "o")

    def _add_path(self, pattern: PathPattern, others: Sequence[TriplePattern]) -> None:
        path = simplified(pattern.path, self._context.source)
        if isinstance(path, Link):
            self._add_triple(TriplePattern(pattern.subject, path.predicate, pattern.object))
            return
        alias = self._alias()
        start, end = self._anchors(replace(pattern, path=path), others)
        pairs = path_query(path, self._context, start, end)
        self._add(derived(pairs, alias), [], alias)
        for place, slot in (("s", pattern.subject), ("o", pattern.object)):
            if isinstance(slot, Variable):
                self._bind(slot, column(place, alias), is_resource=False)
            else:
                self._conditions.append(equal(column(place, alias), term_literal(slot)))

    def relation(self) -> Relation:
        """The solutions."""
        columns = [named(place.copy(), column_name(variable)) for variable, place in self._columns.items()]
        graph = self._context.graph
        hidden = (graph.column,) if isinstance(graph, EachGraph) else ()
        columns += [named(column("g", "t0"), name) for name in hidden]
        query = where(select(columns, *self._tables), self._conditions)
        bindings: dict[Variable, Binding] = {
            variable: STORED_RESOURCE if variable in self._resources else STORED for variable in self._columns
        }
        return Relation(query, bindings, frozenset(bindings), hidden)

    def _alias(self) -> str:
        return f"t{len(self._tables)}"

    def _add(self, table: exp.Expression, conditions: Sequence[exp.Expression], alias: str) -> None:
        if self._tables and isinstance(self._context.graph, EachGraph):
            self._conditions.append(equal(column("g", "t0"), column("g", alias)))
        self._tables.append(table)
        self._conditions += conditions

    def _bind(self, variable: Variable, place: exp.Expression, *, is_resource: bool) -> None:
        if is_resource:
            self._resources.add(variable)
        if variable in self._columns:
            self._conditions.append(equal(self._columns[variable].copy(), place))
        else:
            self._columns[variable] = place

    def _anchors(
        self, pattern: PathPattern, others: Sequence[TriplePattern]
    ) -> tuple[Anchor | None, Anchor | None]:
        """Where the path can begin and end: constants, else the end that has the fewer nodes, if either is known."""
        start, end = _constant(pattern.subject), _constant(pattern.object)
        if start or end or not repeats(pattern.path):
            return start, end
        context = self._context
        start, end = self._before(pattern.subject), self._before(pattern.object)
        if start or end:
            return start, None if start else end
        choices = [
            (context.source.estimate(constants_in(triple)), place, triple, slot)
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

    def _before(self, slot: Slot) -> Anchor | None:
        """The nodes that the solutions to be extended have for a variable."""
        if self._few is None or not isinstance(slot, Variable) or slot not in self._few.bindings:
            return None
        columns = [named(column(column_name(slot)), "n")]
        return Anchor(query=select(columns, table(self._few.name)).distinct(copy=False))


def _constant(slot: Slot) -> Anchor | None:
    return None if isinstance(slot, Variable) else Anchor(node=term_id(str(slot)))


def _nodes(triple: TriplePattern, slot: Slot, context: Context) -> exp.Select:
    """The nodes that a triple pattern allows for a variable."""
    scan, conditions = context.source.scan(context.graph, constants_in(triple), "q")
    columns = [named(column(PLACES[triple.slots.index(slot)], "q"), "n")]
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

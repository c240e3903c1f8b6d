"""Basic graph patterns: one scan of the statements for each triple pattern, joined on equal ids; then the paths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.ledger import term_id
from emkg.plan.path import PathPattern
from emkg.plan.pattern import Variable
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
    with_shared,
)
from emkg.plan.sql.join import join
from emkg.plan.sql.path import Anchor, path_query, repeats
from emkg.plan.sql.relation import STORED, Made, Relation
from emkg.plan.sql.source import EachGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.pattern import Slot, TriplePattern
    from emkg.plan.sql.context import Context

_PLACES: Final = ("s", "p", "o")


def basic_pattern(triples: Sequence[TriplePattern | PathPattern], context: Context) -> Relation:
    """The solutions of triple and path patterns that all must hold in the active graph."""
    paths = [triple for triple in triples if isinstance(triple, PathPattern)]
    scans = _Scans(context)
    for triple in triples:
        if not isinstance(triple, PathPattern):
            scans.add_triple(triple)
    found = scans.relation()
    known = (
        context.outside
        if found is None and paths
        else context.unit()
        if found is None
        else context.within(found)
    )
    while paths:
        path = max(paths, key=lambda path: _anchor_count(path, known))
        paths.remove(path)
        known = _with_path(known, path, context)
    return known or context.unit()


class _Scans:
    """The tables, conditions and columns of one SELECT as they are gathered."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tables: list[exp.Expression] = []
        self._conditions: list[exp.Expression] = []
        self._columns: dict[Variable, exp.Expression] = {}

    def add_triple(self, triple: TriplePattern) -> None:
        """One more triple pattern."""
        alias = f"t{len(self._tables)}"
        slots = dict(zip(_PLACES, triple.slots, strict=True))
        constants = {p: term_id(str(slot)) for p, slot in slots.items() if not isinstance(slot, Variable)}
        scan, conditions = self._context.source.scan(self._context.graph, constants, alias)
        if self._tables and isinstance(self._context.graph, EachGraph):
            conditions.append(equal(column("g", "t0"), column("g", alias)))
        self._tables.append(scan)
        self._conditions += conditions
        for place, slot in slots.items():
            if isinstance(slot, Variable):
                self._bind(slot, column(place, alias))

    def relation(self) -> Relation | None:
        """The solutions; None where nothing was added."""
        if not self._tables:
            return None
        columns = [named(place.copy(), column_name(variable)) for variable, place in self._columns.items()]
        graph = self._context.graph
        hidden = (graph.column,) if isinstance(graph, EachGraph) else ()
        columns += [named(column("g", "t0"), name) for name in hidden]
        query = where(select(columns, *self._tables), self._conditions)
        return Relation(query, dict.fromkeys(self._columns, STORED), frozenset(self._columns), hidden)

    def _bind(self, variable: Variable, place: exp.Expression) -> None:
        if variable in self._columns:
            self._conditions.append(equal(self._columns[variable].copy(), place))
        else:
            self._columns[variable] = place


def _with_path(known: Relation | None, pattern: PathPattern, context: Context) -> Relation:
    """The solutions that a path connects too; what is known already says where it can begin or end."""
    name = context.names.new("known")
    start, end = (
        _anchor(slot, known, name, context)
        if repeats(pattern.path) or not isinstance(slot, Variable)
        else None
        for slot in (pattern.subject, pattern.object)
    )
    connected = _connected(pattern, path_query(pattern.path, context, start, end), context)
    if known is None:
        return connected
    joined = join(replace(known, query=select([exp.Star()], table(name))), connected)
    return replace(joined, query=with_shared(joined.query, name, known.query))


def _connected(pattern: PathPattern, pairs: exp.Select, context: Context) -> Relation:
    """The pairs of a path as solutions of its ends."""
    ends: dict[Variable, str] = {}
    conditions: list[exp.Expression] = []
    for slot, place in ((pattern.subject, "s"), (pattern.object, "o")):
        if not isinstance(slot, Variable):
            conditions.append(equal(column(place, "p"), term_literal(slot)))
        elif slot in ends:
            conditions.append(equal(column("s", "p"), column("o", "p")))
        else:
            ends[slot] = place
    columns = [named(column(place, "p"), column_name(variable)) for variable, place in ends.items()]
    hidden = (context.graph.column,) if isinstance(context.graph, EachGraph) else ()
    columns += [named(column("g", "p"), name) for name in hidden]
    query = where(select(columns, derived(pairs, "p")), conditions)
    return Relation(query, dict.fromkeys(ends, STORED), frozenset(ends), hidden)


def _anchor(slot: Slot, known: Relation | None, name: str, context: Context) -> Anchor | None:
    if not isinstance(slot, Variable):
        return Anchor(node=term_id(str(slot)))
    if known is None or not _is_known(slot, known):
        return None
    columns = [named(column(column_name(slot)), "n")]
    if isinstance(context.graph, EachGraph):
        if context.graph.column not in known.hidden:
            return None
        columns.append(named(column(context.graph.column), "g"))
    return Anchor(query=select(columns, table(name)).distinct(copy=False))


def _is_known(slot: Variable, known: Relation) -> bool:
    return slot in known.certain and not isinstance(known.bindings.get(slot), Made | None)


def _anchor_count(pattern: PathPattern, known: Relation | None) -> int:
    slots = (pattern.subject, pattern.object)
    return sum(
        not isinstance(slot, Variable) or (known is not None and _is_known(slot, known)) for slot in slots
    )

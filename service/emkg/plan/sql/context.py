"""What a pattern is evaluated for: the active graph, and the solutions outside that it is evaluated once for each of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from emkg.plan.sql.column import column, column_name, derived, named, select, table
from emkg.plan.sql.join import join
from emkg.plan.sql.relation import Relation
from emkg.plan.sql.source import DEFAULT, ActiveGraph, EachGraph, OneGraph, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from emkg.plan.pattern import Variable
    from emkg.plan.sql.relation import Binding


class Names:
    """Names that no other column, table or common table expression of the query has."""

    def __init__(self) -> None:
        self._count = 0

    def new(self, prefix: str) -> str:
        """The next name; a variable cannot have it."""
        self._count += 1
        return f"{prefix}${self._count}"


@dataclass(frozen=True)
class Few:
    """Solutions of which each one of a pattern has to extend one: the pattern's triples are looked up for them.

    They are few, or what alone holds the pattern together.

    Attributes:
        name: The table or common table expression that holds them.
        bindings: The variables that each of them binds, to terms that the ledger knows.
        size: About how many they are.
    """

    name: str
    bindings: Mapping[Variable, Binding]
    size: float

    def keys(self, variables: Collection[Variable]) -> Relation | None:
        """What they bind of these variables, each once; None where that is nothing."""
        used = sorted(self.bindings.keys() & set(variables))
        if not used:
            return None
        columns = [column(column_name(variable)) for variable in used]
        query = select(columns, table(self.name)).distinct(copy=False)
        return Relation(query, {variable: self.bindings[variable] for variable in used}, frozenset(used))


@dataclass(frozen=True)
class Context:
    """Where a pattern stands.

    Attributes:
        source: What is read.
        now: The instant of NOW().
        graph: The active graph.
        outside: One row for each solution outside, with the variables that it binds and the hidden columns that tell
            it from others; None where nothing outside matters.
        few: Solutions that the pattern's have to extend; other ones may be left out, and need not be.
        names: Where new names come from.
    """

    source: Source
    now: datetime
    graph: ActiveGraph = DEFAULT
    outside: Relation | None = None
    few: Few | None = None
    names: Names = field(default_factory=Names)

    def unit(self) -> Relation:
        """The solutions of the empty pattern: one that binds nothing, for each active graph and solution outside."""
        if isinstance(self.graph, EachGraph):
            graphs = named(column("g", "n"), self.graph.column)
            query = select([graphs], derived(self.source.graphs(), "n"))
            return self.within(Relation(query, hidden=(self.graph.column,)))
        query = select([])
        if isinstance(self.graph, OneGraph):
            scan, conditions = self.source.scan(self.graph, {}, "q")
            query = select([], scan).where(*conditions, copy=False).limit(1, copy=False)
        return self.within(Relation(query))

    def within(self, relation: Relation) -> Relation:
        """The solutions that agree with those outside."""
        return relation if self.outside is None else join(self.outside, relation)

    def in_graph(self, graph: ActiveGraph) -> Context:
        """The same with another active graph."""
        return replace(self, graph=graph)

"""Property paths: relations of the pairs of nodes that a path connects (SPARQL 1.1 Query, section 18.4).

A relation has the columns s and o, and g where each graph is active. `*`, `+` and `?` give each pair once; what they
may begin at is an anchor: without one, every node of the graph is followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from emkg.ledger import term_id
from emkg.plan.path import Alternative, Inverse, Link, NegatedSet, Path, Repeated, Repetition, Sequence
from emkg.plan.sql.column import (
    column,
    derived,
    equal,
    id_literal,
    is_in,
    named,
    select,
    table,
    united,
    where,
    with_shared,
)
from emkg.plan.sql.source import EachGraph

if TYPE_CHECKING:
    from collections.abc import Sequence as SequenceOf

    from emkg.plan.sql.context import Context
    from emkg.plan.sql.source import Source
    from emkg.rdf import IRI


@dataclass(frozen=True)
class Anchor:
    """The nodes that a path can begin or end at: one, or those of a query's column n (with g where it matters)."""

    node: int | None = None
    query: exp.Select | None = None


def path_query(path: Path, context: Context, start: Anchor | None, end: Anchor | None) -> exp.Select:
    """The pairs that a path connects, at least those that begin and end at the anchors."""
    return _Paths(context).query(path, start, end)


def simplified(path: Path, source: Source) -> Path:
    """The path without steps of a sequence that certainly lead nowhere but to where they begin."""
    if not isinstance(path, Sequence):
        return path
    left, right = simplified(path.left, source), simplified(path.right, source)
    if _stays(left, source):
        return right
    return left if _stays(right, source) else Sequence(left, right)


def _stays(path: Path, source: Source) -> bool:
    """Whether the path has length zero, for want of statements that could be walked."""
    if not isinstance(path, Repeated) or path.repetition is Repetition.ONE_OR_MORE:
        return False
    link = path.path.path if isinstance(path.path, Inverse) else path.path
    return isinstance(link, Link) and source.absent(term_id(str(link.predicate)))


def repeats(path: Path) -> bool:
    """Whether a part of the path is walked an unknown number of times."""
    match path:
        case Repeated():
            return True
        case Inverse(inner):
            return repeats(inner)
        case Sequence(left, right) | Alternative(left, right):
            return repeats(left) or repeats(right)
        case _:
            return False


class _Paths:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._source = context.source
        self._graph = context.graph
        self._has_graphs = isinstance(context.graph, EachGraph)

    def query(self, path: Path, start: Anchor | None, end: Anchor | None) -> exp.Select:  # noqa: PLR0911  (one for each kind of path)
        match path:  # one case for each kind of path
            case Link(predicate):
                return self._scan({"p": term_id(str(predicate))})
            case Inverse(inner):
                return self._swapped(self.query(inner, end, start))
            case Sequence(left, right):
                return self._sequence(self.query(left, start, None), self.query(right, None, end))
            case Alternative(left, right):
                return _union(self.query(left, start, end), self.query(right, start, end), distinct=False)
            case NegatedSet(forward, inverse):
                return self._negated(forward, inverse)
            case Repeated(inner, repetition) if start is None and end is not None:
                return self._swapped(self._repeated(Inverse(inner), repetition, end))
            case Repeated(inner, repetition):
                return self._repeated(inner, repetition, start)

    def _scan(self, constants: dict[str, int]) -> exp.Select:
        table, conditions = self._source.scan(self._graph, constants, "q")
        return where(select(self._columns("q"), table), conditions)

    def _columns(self, table: str, names: tuple[str, str] = ("s", "o")) -> list[exp.Expression]:
        columns = [named(column(name, table), label) for name, label in zip(names, ("s", "o"), strict=True)]
        return [*columns, column("g", table)] if self._has_graphs else columns

    def _swapped(self, pairs: exp.Select) -> exp.Select:
        return select(self._columns("q", ("o", "s")), derived(pairs, "q"))

    def _sequence(self, left: exp.Select, right: exp.Select) -> exp.Select:
        columns = [column("s", "a"), column("o", "b"), *([column("g", "a")] if self._has_graphs else [])]
        conditions = [equal(column("o", "a"), column("s", "b")), *self._same_graph("a", "b")]
        return where(select(columns, derived(left, "a"), derived(right, "b")), conditions)

    def _same_graph(self, left: str, right: str) -> list[exp.Expression]:
        return [equal(column("g", left), column("g", right))] if self._has_graphs else []

    def _negated(self, forward: SequenceOf[IRI] | None, inverse: SequenceOf[IRI] | None) -> exp.Select:
        ways = [self._without(forward)] if forward is not None else []
        ways += [self._swapped(self._without(inverse))] if inverse is not None else []
        return ways[0] if len(ways) == 1 else _union(*ways, distinct=False)

    def _without(self, predicates: SequenceOf[IRI]) -> exp.Select:
        excluded = [term_id(str(predicate)) for predicate in predicates]
        query = self._scan({})
        return query.where(exp.Not(this=is_in(column("p", "q"), excluded)), copy=False) if excluded else query

    def _repeated(self, path: Path, repetition: Repetition, start: Anchor | None) -> exp.Select:
        if _stays(Repeated(path, repetition), self._source):
            return self._nowhere(start)
        step = self.query(path, None, None)
        if repetition is Repetition.ZERO_OR_ONE:
            walked = self._anchored(select(self._columns("t"), derived(step, "t")), start)
        else:
            walked = self._closure(step, start)
        if repetition is Repetition.ONE_OR_MORE:
            return walked
        return _union(self._nowhere(start), walked, distinct=True)

    def _closure(self, step: exp.Select, start: Anchor | None) -> exp.Select:
        """Pairs connected by one step or more: rows that are there already are not walked again.

        The steps are a table: where the recursion joins scans, DuckDB keeps the filters that it made of the first round's
        rows for some of the later ones, and loses rows (1.4, with two threads and more).
        """
        name, steps = self._context.names.new("walk"), self._context.names.new("steps")
        first = self._anchored(select(self._columns("t"), table(steps, "t")), start)
        columns = [column("s", "w"), column("o", "t"), *([column("g", "w")] if self._has_graphs else [])]
        conditions = [equal(column("o", "w"), column("s", "t")), *self._same_graph("w", "t")]
        further = where(select(columns, table(name, "w"), table(steps, "t")), conditions)
        both = united(first, further, distinct=True)
        walked = with_shared(select(self._columns("w"), table(name, "w")), steps, step)
        return with_shared(walked, name, both, recursive=True)

    def _anchored(self, pairs: exp.Select, start: Anchor | None) -> exp.Select:
        if start is None:
            return pairs
        if start.query is None:
            return where(pairs, [equal(column("s", "t"), id_literal(start.node or 0))])
        nodes = select([column("n", "n")], derived(start.query.copy(), "n"))
        place: exp.Expression = column("s", "t")
        if self._has_graphs:
            nodes = select([column("n", "n"), column("g", "n")], derived(start.query.copy(), "n"))
            place = exp.Tuple(expressions=[column("s", "t"), column("g", "t")])
        return where(pairs, [exp.In(this=place, query=exp.Subquery(this=nodes))])

    def _nowhere(self, start: Anchor | None) -> exp.Select:
        """The pairs of a path of length zero: each node with itself, a constant even where no statement has it."""
        nodes = self._nodes() if start is None else start.query and start.query.copy()
        if nodes:
            return select(self._columns("n", ("n", "n")), derived(nodes, "n"))
        node = id_literal(start.node or 0) if start else exp.Null()
        columns = [named(node, "s"), named(node.copy(), "o")]
        if self._has_graphs:
            return select([*columns, column("g", "n")], derived(self._source.graphs(), "n"))
        return select(columns)

    def _nodes(self) -> exp.Select:
        sides = []
        for place in ("s", "o"):
            table, conditions = self._source.scan(self._graph, {}, "q")
            columns = [named(column(place, "q"), "n"), *([column("g", "q")] if self._has_graphs else [])]
            sides.append(where(select(columns, table), conditions))
        return _union(*sides, distinct=True)


def _union(left: exp.Select, right: exp.Select, *, distinct: bool) -> exp.Select:
    return select([exp.Star()], derived(united(left, right, distinct=distinct), "u"))

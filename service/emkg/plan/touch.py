"""What a query can read, from its algebra: the fallback's store is filled with that and no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import exists_in, expressions_of, parts_of
from emkg.plan.path import (
    Alternative,
    Inverse,
    Link,
    NegatedSet,
    Path,
    PathPattern,
    Repeated,
    Sequence,
    can_be_empty,
)
from emkg.plan.pattern import Variable
from emkg.plan.request import DescribeQuery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.plan.pattern import Slot, TriplePattern
    from emkg.plan.request import Query
    from emkg.rdf import IRI


@dataclass(frozen=True)
class Touched:
    """The predicates and named graphs (IRIs) that a query can read; None means all of them."""

    predicates: frozenset[str] | None
    graphs: frozenset[str] | None

    def covers(self, other: Touched) -> bool:
        """Whether everything the other can read is among what this can read."""
        return _covers(self.predicates, other.predicates) and _covers(self.graphs, other.graphs)

    def __or__(self, other: Touched) -> Touched:
        """What either can read."""
        return Touched(_union(self.predicates, other.predicates), _union(self.graphs, other.graphs))


def touched_by(query: Query) -> Touched:
    """What a query can read; never too little."""
    reader = _Reader()
    reader.read(query.pattern, None)
    if isinstance(query, DescribeQuery):
        reader.reads_all_predicates = reader.reads_all_graphs = True
    predicates = None if reader.reads_all_predicates else frozenset(reader.predicates)
    if query.dataset.is_given:
        graphs = frozenset(iri.value for iri in (*query.dataset.default, *query.dataset.named))
        return Touched(predicates, graphs)
    return Touched(predicates, None if reader.reads_all_graphs else frozenset(reader.graphs))


@dataclass
class _Reader:
    predicates: set[str] = field(default_factory=set)
    graphs: set[str] = field(default_factory=set)
    reads_all_predicates: bool = False
    reads_all_graphs: bool = False

    def read(self, pattern: a.Algebra, graph: Variable | IRI | None) -> None:
        """One pattern, with those that it is made of."""
        if isinstance(pattern, a.GraphPattern):
            graph = pattern.name
        if isinstance(pattern, a.BasicPattern):
            self._read_basic(pattern, graph)
        for expression in expressions_of(pattern):
            for inner in exists_in(expression):
                self.read(inner, graph)
        for part in parts_of(pattern):
            self.read(part, graph)

    def _read_basic(self, pattern: a.BasicPattern, graph: Variable | IRI | None) -> None:
        if graph is None or isinstance(graph, Variable):
            self.reads_all_graphs |= bool(pattern.triples) or graph is not None
        else:
            self.graphs.add(graph.value)
        self.reads_all_predicates |= not pattern.triples and graph is not None  # which graphs there are
        plain = [triple for triple in pattern.triples if not isinstance(triple, PathPattern)]
        for triple in plain:
            self._read_predicate(triple.predicate)
        for path in (triple for triple in pattern.triples if isinstance(triple, PathPattern)):
            self._read_path(path.path)
            self.reads_all_predicates |= can_be_empty(path.path) and not _is_held(path, plain)

    def _read_predicate(self, predicate: Slot) -> None:
        if isinstance(predicate, Variable):
            self.reads_all_predicates = True
        else:
            self.predicates.add(str(predicate.value))

    def _read_path(self, path: Path) -> None:
        match path:
            case Link(predicate):
                self.predicates.add(predicate.value)
            case Inverse(inner) | Repeated(inner):
                self._read_path(inner)
            case Sequence(left, right) | Alternative(left, right):
                self._read_path(left)
                self._read_path(right)
            case NegatedSet():
                self.reads_all_predicates = True


def _is_held(path: PathPattern, plain: Iterable[TriplePattern]) -> bool:
    """Whether an end of the path is a constant or in a triple: else a path of length zero is at every node there is."""
    nodes = {slot for triple in plain for slot in (triple.subject, triple.object)}
    return any(not isinstance(end, Variable) or end in nodes for end in (path.subject, path.object))


def _covers(wide: frozenset[str] | None, narrow: frozenset[str] | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)


def _union(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other

"""The statements around some nodes of a ledger, as far as ways lead: few enough to be walked one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa

from emkg.arrow import id_array
from emkg.ledger import term_id
from emkg.plan.path import Alternative, Inverse, Link, NegatedSet, Repeated, Repetition, Sequence
from emkg.validation.value_check import INSTANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from emkg.plan.path import Path
    from emkg.plan.reads import Read, Way
    from emkg.rdf import IRI, Term
    from emkg.validation.shape import Shape, Shapes

Nodes: TypeAlias = frozenset[int]
Statement: TypeAlias = tuple[int, int, int, int]

_SCHEMA: Final = pa.schema([(name, pa.uint64()) for name in "gspo"])
_IDS_PER_QUERY: Final = 1_000


class TooManyError(Exception):
    """More statements would have to be looked at than it is worth."""


class Neighbourhood:
    """What was looked at so far.

    Args:
        select: Reads the rows of a SELECT over the ledger.
        graphs: The ids of the graphs that are looked at; None for all.
        most: Statements at most.
    """

    def __init__(
        self, select: Callable[[str], pa.RecordBatchReader], graphs: tuple[int, ...] | None, most: int
    ) -> None:
        self._select = select
        self._within = "" if graphs is None else f" AND g IN ({', '.join(map(str, graphs)) or 'NULL'})"
        self._most = most
        self._from: dict[int, list[Statement]] = {}
        self._to: dict[tuple[int, int | None], list[Statement]] = {}
        self._loaded = 0
        self._read: set[Statement] = set()
        self._is_looking = False
        self._is_over = False  # from then on it is not known what was looked at and what was not

    @property
    def quads(self) -> pa.Table:
        """Every statement that was looked at, and those on the way to it, as ids g, s, p, o."""
        columns = list(zip(*self._read, strict=True)) or [()] * len(_SCHEMA)
        return pa.table([id_array(column) for column in columns], schema=_SCHEMA)

    def follow(self, nodes: Nodes, way: Way, *, is_inverse: bool = False) -> Nodes:
        """Where a way leads from nodes, or back.

        Raises:
            TooManyError: Along too many statements.
        """
        return nodes if way is None else self._walk(nodes, way, is_inverse=is_inverse)

    def look(self, nodes: Nodes, read: Read) -> None:
        """Look at what a check reads of these nodes.

        Raises:
            TooManyError: It is too much.
        """
        self._is_looking = True
        try:
            reached = self.follow(nodes, read.way)
            self._step(reached, _number(read.predicate), is_inverse=not read.is_subject)
        finally:
            self._is_looking = False

    def has(self, nodes: Nodes, predicate: int, *, is_subject: bool) -> bool:
        """Whether a statement of a predicate has one of the nodes as its subject, or its object."""
        return bool(self._step(nodes, predicate, is_inverse=not is_subject))

    def _walk(self, nodes: Nodes, path: Path, *, is_inverse: bool) -> Nodes:
        match path:
            case Link(predicate):
                return self._step(nodes, _number(predicate), is_inverse=is_inverse)
            case NegatedSet(forward, inverse):  # any link, which is more than it says and does no harm
                found = frozenset[int]()
                if forward is not None:
                    found |= self._step(nodes, None, is_inverse=is_inverse)
                if inverse is not None:
                    found |= self._step(nodes, None, is_inverse=not is_inverse)
                return found
            case Inverse(inner):
                return self._walk(nodes, inner, is_inverse=not is_inverse)
            case Alternative(left, right):
                return self._walk(nodes, left, is_inverse=is_inverse) | self._walk(
                    nodes, right, is_inverse=is_inverse
                )
            case Sequence(left, right):
                first, second = (right, left) if is_inverse else (left, right)
                return self._walk(
                    self._walk(nodes, first, is_inverse=is_inverse), second, is_inverse=is_inverse
                )
            case Repeated(inner, repetition):
                return self._repeat(nodes, inner, repetition, is_inverse=is_inverse)

    def _repeat(self, nodes: Nodes, path: Path, repetition: Repetition, *, is_inverse: bool) -> Nodes:
        start = frozenset() if repetition is Repetition.ONE_OR_MORE else nodes
        reached = start | self._walk(nodes, path, is_inverse=is_inverse)
        news = reached - nodes if repetition is not Repetition.ZERO_OR_ONE else frozenset()
        while news:
            further = self._walk(news, path, is_inverse=is_inverse)
            news = further - reached
            reached |= further
        return reached

    def _step(self, nodes: Nodes, predicate: int | None, *, is_inverse: bool) -> Nodes:
        if self._is_over:
            raise TooManyError
        if is_inverse:
            self._load_to(nodes, predicate)
            found = [one for node in nodes for one in self._to[node, predicate]]
        else:
            self._load_from(nodes)
            leaving = (one for node in nodes for one in self._from[node])
            found = [one for one in leaving if predicate is None or one[2] == predicate]
        if self._is_looking:
            self._read.update(found)
        return frozenset(s if is_inverse else o for _, s, _, o in found)

    def _load_from(self, nodes: Nodes) -> None:
        """Every statement of these subjects: few, and most of them are asked for sooner or later."""
        fresh = [node for node in nodes if node not in self._from]
        self._from.update({node: [] for node in fresh})
        for statement in self._rows("quad_by_subject", "s", fresh, None):
            self._from[statement[1]].append(statement)

    def _load_to(self, nodes: Nodes, predicate: int | None) -> None:
        fresh = [node for node in nodes if (node, predicate) not in self._to]
        self._to.update({(node, predicate): [] for node in fresh})
        for statement in self._rows("quad_by_object", "o", fresh, predicate):
            self._to[statement[3], predicate].append(statement)

    def _rows(self, table: str, end: str, nodes: list[int], predicate: int | None) -> Iterator[Statement]:
        link = "" if predicate is None else f" AND p = {predicate}"
        for start in range(0, len(nodes), _IDS_PER_QUERY):
            ids = ", ".join(map(str, nodes[start : start + _IDS_PER_QUERY]))
            sql = f"SELECT g, s, p, o FROM {table} WHERE {end} IN ({ids}){link}{self._within} LIMIT {self._most + 1}"  # noqa: S608 - ids
            rows = self._select(sql).read_all()
            found = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
            self._loaded += len(found)
            if self._loaded > self._most:
                self._is_over = True
                raise TooManyError
            yield from found


@dataclass(frozen=True)
class Targets:
    """Which nodes a shape judges, as ids."""

    nodes: Nodes
    classes: Nodes
    subjects_of: Nodes
    objects_of: Nodes

    @classmethod
    def of(cls, shape: Shape, shapes: Shapes) -> Targets:
        """Those of a shape whose targets are no queries."""
        return cls(
            _ids(shape.all("targetNode")),
            _ids(shapes.target_classes(shape)),
            _ids(shape.all("targetSubjectsOf")),
            _ids(shape.all("targetObjectsOf")),
        )

    def among(self, nodes: Nodes, around: Neighbourhood) -> Nodes:
        """Those of some nodes that are judged.

        Raises:
            TooManyError: Too much would have to be looked at.
        """
        self._has(nodes, around)  # what each is asked is read at once
        return frozenset(node for node in nodes if self._has(frozenset({node}), around))

    def _has(self, node: Nodes, around: Neighbourhood) -> bool:
        return (
            not self.nodes.isdisjoint(node)
            or (bool(self.classes) and not self.classes.isdisjoint(around.follow(node, INSTANCE)))
            or any(around.has(node, predicate, is_subject=True) for predicate in self.subjects_of)
            or any(around.has(node, predicate, is_subject=False) for predicate in self.objects_of)
        )


def _ids(terms: Iterable[Term]) -> Nodes:
    return frozenset(term_id(str(term)) for term in terms)


def _number(predicate: IRI | None) -> int | None:
    return None if predicate is None else term_id(str(predicate))


def ends_of(changed: Iterable[tuple[int, int, int]], read: Read) -> Nodes:
    """The ends, of changed statements (s, p, o) that a check reads, to which its ways lead."""
    predicate = _number(read.predicate)
    return frozenset(
        s if read.is_subject else o for s, p, o in changed if predicate is None or p == predicate
    )

"""Shapes as values, read from a shapes graph: targets, path, parameters, the shapes that they refer to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from emkg.errors import ShapesError
from emkg.plan.path import Alternative, Inverse, Link, Path, Repeated, Repetition, Sequence
from emkg.rdf import IRI, BlankNode, Literal, Subject, Term
from emkg.validation.report import VIOLATION
from emkg.vocabulary import OWL, RDF, RDF_TYPE, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from emkg.rdf import Quad

_NIL: Final = IRI(RDF + "nil")
_TRUE: Final = Literal("true", "http://www.w3.org/2001/XMLSchema#boolean")
_TARGETS: Final = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target")
_REPETITIONS: Final = {
    "zeroOrMorePath": Repetition.ZERO_OR_MORE,
    "oneOrMorePath": Repetition.ONE_OR_MORE,
    "zeroOrOnePath": Repetition.ZERO_OR_ONE,
}


@dataclass(frozen=True)
class Shape:
    """A node shape, or a property shape where it has a path.

    `parameters` maps the local name of a SHACL property, or the IRI of another, to its values.
    """

    node: Subject
    parameters: Mapping[str, tuple[Term, ...]]
    path: Path | None = None

    def all(self, name: str) -> tuple[Term, ...]:
        """The values of a property of the shape."""
        return self.parameters.get(name, ())

    def one(self, name: str) -> Term | None:
        """Its only value, or the first."""
        return next(iter(self.all(name)), None)

    def is_set(self, name: str) -> bool:
        """Whether a flag is the term `true`."""
        return _TRUE in self.all(name)

    @property
    def severity(self) -> IRI:
        """The severity of its results."""
        found = self.one("severity")
        return found if isinstance(found, IRI) else VIOLATION

    @property
    def has_target(self) -> bool:
        """Whether it says itself which nodes it judges."""
        return any(self.all(name) for name in _TARGETS)


class Shapes:
    """The shapes of a shapes graph, read as they are asked for."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            values = self._values[quad.subject][quad.predicate.value]
            if quad.object not in values:
                values.append(quad.object)
        self._shapes: dict[Term, Shape] = {}

    def shape(self, node: Term) -> Shape:
        """The shape of a node.

        Raises:
            ShapesError: It is a literal, or its path is none.
        """
        if isinstance(node, Literal):
            raise ShapesError(f"{node} is no shape", message_zh=f"{node} 不是形状")
        if node not in self._shapes:
            found = self._values.get(node, {})
            parameters = {predicate.removeprefix(SH): tuple(values) for predicate, values in found.items()}
            paths = parameters.get("path", ())
            path = self.path(paths[0]) if paths else None
            self._shapes[node] = Shape(node, parameters, path)
        return self._shapes[node]

    @cached_property
    def judging(self) -> tuple[Shape, ...]:
        """The shapes that have targets, or are classes and so the target of their instances; in order."""
        shapes = [self.shape(node) for node in sorted(self._values, key=str) if not isinstance(node, Literal)]
        return tuple(shape for shape in shapes if shape.has_target or self.is_class(shape.node))

    def is_class(self, node: Term) -> bool:
        """Whether a shape is a class too."""
        is_shape = self.types(node) & {SH + "NodeShape", SH + "PropertyShape"}
        return bool(is_shape) and bool(self.types(node) & {RDFS + "Class", OWL + "Class"})

    def target_classes(self, shape: Shape) -> tuple[Term, ...]:
        """The classes whose instances a shape judges."""
        return (*shape.all("targetClass"), *([shape.node] if self.is_class(shape.node) else []))

    def types(self, node: Term) -> frozenset[str]:
        """The classes of a node, with those above them as far as the shapes graph says."""
        reached: set[str] = set()
        waiting = [term for term in self.values(node, RDF_TYPE) if isinstance(term, IRI)]
        while waiting:
            one = waiting.pop()
            if one.value not in reached:
                reached.add(one.value)
                waiting += [term for term in self.values(one, RDFS + "subClassOf") if isinstance(term, IRI)]
        return frozenset(reached)

    def instances(self, class_iri: str) -> Iterator[Term]:
        """The nodes of a class, or of one below it."""
        return (node for node in sorted(self._values, key=str) if class_iri in self.types(node))

    def values(self, node: Term, predicate: str) -> tuple[Term, ...]:
        """What the shapes graph says of a node."""
        return tuple(self._values.get(node, {}).get(predicate, ()))

    def one(self, node: Term, predicate: str) -> Term | None:
        """The first value."""
        return next(iter(self.values(node, predicate)), None)

    def items(self, head: Term) -> tuple[Term, ...]:
        """The members of an RDF list."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL and head not in seen:
            seen.add(head)
            found += self.values(head, RDF + "first")
            head = self.one(head, RDF + "rest") or _NIL
        return tuple(found)

    def holders(self, node: Term, predicate: str) -> tuple[Term, ...]:
        """The nodes that have `node` as a value of a property."""
        return tuple(holder for holder, values in self._values.items() if node in values.get(predicate, ()))

    def path(self, node: Term) -> Path:
        """A property path (SHACL, section 2.3.1).

        Raises:
            ShapesError: The node is none.
        """
        if isinstance(node, IRI):
            return Link(node)
        if isinstance(node, BlankNode) and self.values(node, RDF + "first"):
            return self._folded(self.items(node), Sequence)
        if isinstance(node, BlankNode):
            inverse = self.one(node, SH + "inversePath")
            if inverse is not None:
                return Inverse(self.path(inverse))
            for name, repetition in _REPETITIONS.items():
                inner = self.one(node, SH + name)
                if inner is not None:
                    return Repeated(self.path(inner), repetition)
            alternative = self.one(node, SH + "alternativePath")
            members = () if alternative is None else self.items(alternative)
            if members:
                return self._folded(members, Alternative)
        raise ShapesError(f"{node} is not a property path", message_zh=f"{node} 不是属性路径")

    def _folded(self, members: tuple[Term, ...], kind: type[Sequence | Alternative]) -> Path:
        path = self.path(members[0])
        for member in members[1:]:
            path = kind(path, self.path(member))
        return path


def path_text_of(path: Path) -> str:
    """The path in SPARQL's syntax with full IRIs; compound parts in parentheses."""
    match path:
        case Link(predicate):
            return str(predicate)
        case Inverse(inner):
            return f"^{_part(inner)}"
        case Repeated(inner, repetition):
            return f"{_part(inner)}{repetition.value}"
        case Alternative():
            return "|".join(map(_part, _members(path, Alternative)))
        case Sequence():
            return "/".join(map(_part, _members(path, Sequence)))
        case _:
            raise TypeError(f"SHACL has no path of the kind {path!r}")


def _part(path: Path) -> str:
    text = path_text_of(path)
    return text if isinstance(path, Link) else f"({text})"


def _members(path: Path, kind: type[Sequence | Alternative]) -> list[Path]:
    if isinstance(path, kind):
        return [*_members(path.left, kind), path.right]
    return [path]

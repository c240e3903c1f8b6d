"""An RML document as resources that know their properties and their line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import Location, MappingError, RdfSyntaxError
from emkg.rdf import IRI, BlankNode, Literal, parse_text
from emkg.rdf.location import PLACE, with_places
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh
from emkg.vocabulary import RDF_TYPE, RML

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from emkg.rdf import Subject, Term

Properties = dict["Subject", dict[str, list["Term"]]]


@dataclass(frozen=True)
class Graph:
    """The statements of one document by subject and predicate, objects in document order."""

    path: Path
    properties: Properties
    places: dict[Subject, tuple[int, int]]

    def resources(self) -> Iterable[Resource]:
        """Every subject, in document order."""
        return (
            Resource(term, self, self.location(term))
            for term in sorted(self.places, key=self.places.__getitem__)
        )

    def location(self, term: Subject, default: Location | None = None) -> Location:
        """The place of a subject; `default` for a term that is none."""
        place = self.places.get(term)
        if place is None:
            return default or Location(str(self.path))
        return Location(str(self.path), *place)


@dataclass(frozen=True)
class Resource:
    """One subject or object, with the place to name in errors (its own, or that of the node that holds it)."""

    term: Term
    graph: Graph
    location: Location

    def all(self, name: str) -> list[Resource]:
        """The values of a property; `name` is an rml: local name or a whole IRI."""
        if isinstance(self.term, Literal):
            return []
        values = self.graph.properties.get(self.term, {}).get(_iri(name), [])
        made = [self._value(value) for value in values]
        return sorted(made, key=lambda each: (each.location.line or 0, each.location.column or 0))

    def one(self, name: str) -> Resource | None:
        """The only value of a property, or None.

        Raises:
            MappingError: There are several.
        """
        values = self.all(name)
        if len(values) > 1:
            raise self.fault(
                f"{_short(name)} stands {len(values)} times, and one is allowed",
                f"{_short(name)} 只能出现一次",
            )
        return values[0] if values else None

    def check_properties(self, what: str, allowed: Iterable[str]) -> None:
        """Refuse properties of the RML vocabulary that `what` does not have.

        Raises:
            MappingError: There is one; with what may have been meant.
        """
        names = {_iri(name) for name in allowed}
        found = self.graph.properties.get(self.term, {}) if not isinstance(self.term, Literal) else {}
        for name in found:
            if name.startswith(RML) and name not in names:
                known = sorted(_short(each) for each in names)
                word = _short(name)
                message = f"{what} has no property {word}{did_you_mean(word, known) or '; known: ' + ', '.join(known)}"
                raise self.fault(message, f"{what} 没有属性 {word}{did_you_mean_zh(word, known)}")

    def iri(self, what: str) -> str:
        """The IRI it is; `what` names it in the error for anything else."""
        if not isinstance(self.term, IRI):
            raise self.fault(f"{what} must be an IRI, not {self.term}", f"{what} 应为 IRI")
        return self.term.value

    def text(self, what: str) -> str:
        """The lexical form of the literal it is."""
        if not isinstance(self.term, Literal):
            raise self.fault(f"{what} must be a literal, not {self.term}", f"{what} 应为字面量")
        return self.term.value

    def has_type(self, iri: str) -> bool:
        """Whether it is stated to be of this class."""
        return any(each.term == IRI(_iri(iri)) for each in self.all(RDF_TYPE))

    def fault(self, message: str, message_zh: str = "") -> MappingError:
        """The error to raise for what stands here."""
        return MappingError(message, message_zh=message_zh, location=self.location)

    def _value(self, term: Term) -> Resource:
        place = self.location if isinstance(term, Literal) else self.graph.location(term, self.location)
        return Resource(term, self.graph, place)


def read_graph(path: Path, base: str) -> Graph:
    """Read a Turtle document with the place of every subject.

    Raises:
        MappingError: The file cannot be read, or is no Turtle; located by line and column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        for _ in parse_text(text, "turtle", base):
            pass
        quads = parse_text(with_places(text), "turtle", base)
    except OSError as error:
        raise MappingError(
            f"cannot be read: {error.strerror}", message_zh="无法读取映射文件", location=Location(str(path))
        ) from error
    except UnicodeDecodeError as error:
        raise MappingError(
            "is not UTF-8 text", message_zh="不是 UTF-8 文本", location=Location(str(path))
        ) from error
    except RdfSyntaxError as error:
        place = Location(str(path), error.location.line, error.location.column) if error.location else None
        raise MappingError(
            f"not Turtle: {error.message}", message_zh="Turtle 语法有误", location=place
        ) from error
    properties: Properties = defaultdict(lambda: defaultdict(list))
    places: dict[Subject, tuple[int, int]] = {}
    for quad in quads:
        if quad.predicate.value == PLACE:
            line, _, column = _lexical(quad.object).partition(":")
            places.setdefault(quad.subject, (int(line), int(column)))
        elif "\0" in quad.object.value:
            raise MappingError(
                "the mapping holds a null character, which no text of a mapping may hold",
                message_zh="映射中含有空字符",
                location=Location(str(path), *places.get(quad.subject, (1, 1))),
            )
        else:
            properties[quad.subject][quad.predicate.value].append(quad.object)
    return Graph(path, {subject: dict(values) for subject, values in properties.items()}, places)


def _lexical(term: Term) -> str:
    return term.value


def _iri(name: str) -> str:
    return name if ":" in name else RML + name


def _short(name: str) -> str:
    iri = _iri(name)
    return f"rml:{iri.removeprefix(RML)}" if iri.startswith(RML) else f"<{iri}>"


def is_node(resource: Resource) -> bool:
    """Whether it can have properties."""
    return isinstance(resource.term, IRI | BlankNode)

"""One Turtle module: its statements, and where each of them stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.rdf import IRI, BlankNode, Literal, parse_file, parse_text
from emkg.rdf.location import PLACE, with_places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emkg.rdf import Quad, Subject, Term

_TURTLE = ".ttl"


@dataclass(frozen=True)
class Module:
    """A module as it was read.

    Attributes:
        path: Its file.
        quads: Its statements in document order.
        places: The places (line, column) at which blocks of a subject begin, in document order.
        lines: Its text, for finding a term within a block.
    """

    path: Path
    quads: tuple[Quad, ...]
    places: Mapping[Subject, tuple[tuple[int, int], ...]]
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def location(self, subject: Subject, *mentioned: Term) -> Location:
        """Where the module speaks of the subject: the line that mentions the terms, else where its block begins.

        In a format other than Turtle, and for a subject that is none here, only the file is known.
        """
        blocks = self.places.get(subject, ())
        for line, _ in blocks:
            if mentioned and (found := self._line_of(line, mentioned)):
                return Location(str(self.path), found)
        return Location(str(self.path), *blocks[0]) if blocks else Location(str(self.path))

    def locate(self, quad: Quad) -> Location:
        """Where a statement stands: the line of its object or of its predicate, in its subject's block."""
        if isinstance(quad.object, BlankNode) and quad.object in self.places:
            return self.location(quad.object)
        block = self.location(quad.subject)
        for terms in ((quad.predicate, quad.object), (quad.object,), (quad.predicate,)):
            found = self.location(quad.subject, *terms)
            if found != block:
                return found
        return block

    def _line_of(self, start: int, terms: tuple[Term, ...]) -> int | None:
        """The first line from `start` on, until a block ends, on which each of the terms is written."""
        patterns = [_written(term) for term in terms]
        for number, line in enumerate(self.lines[start - 1 :], start):
            if all(pattern.search(line) for pattern in patterns):
                return number
            if line.rstrip().endswith("."):
                return None
        return None


def read_module(path: Path) -> Module:
    """The module in a file, whatever its RDF format; places are known in Turtle only.

    Raises:
        InputError: There is no such file, or its extension names no RDF format.
        RdfSyntaxError: It does not parse; located by file, line and column.
    """
    base = path.resolve().as_uri()
    quads = tuple(parse_file(path, base=base))
    if path.suffix != _TURTLE:
        return Module(path, quads, {}, ())
    text = path.read_text(encoding="utf-8-sig")
    placed: list[Quad] = []
    places: dict[Subject, list[tuple[int, int]]] = {}
    for quad in parse_text(with_places(text), "turtle", base):
        if quad.predicate.value == PLACE:
            line, _, column = (quad.object.value).partition(":")
            places.setdefault(quad.subject, []).append((int(line), int(column)))
        else:
            placed.append(quad)
    found = {subject: tuple(sorted(each)) for subject, each in places.items()}
    return Module(path, tuple(placed), found, tuple(text.splitlines()))


def _written(term: Term) -> re.Pattern[str]:
    if isinstance(term, IRI):
        name = re.escape(re.split(r"[#/]", term.value)[-1])
        return re.compile(rf"<{re.escape(term.value)}>|:(\S*/)?{name}(?![\w-])")
    value = term.value if isinstance(term, Literal) else f"_:{term.value}"
    return re.compile(re.escape(value))

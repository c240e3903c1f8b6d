"""A mapping's text, to find the line and column of what the model places only by the node around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from emkg.errors import Location, MappingError
from emkg.mapping.yarrrml.node import Node, read_document
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TURTLE_PREFIX = re.compile(r"@?prefix\s+([\w.\-]*):\s*<([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Declared:
    """A declared name, what it stands for, and where."""

    name: str
    value: str
    location: Location


@dataclass(frozen=True)
class MappingText:
    """The lines of one mapping file."""

    path: Path
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> MappingText:
        """The text of a file that a parser has read already."""
        return cls(path, tuple(path.read_text(encoding="utf-8-sig").splitlines()))

    @property
    def is_yarrrml(self) -> bool:
        """Whether it is YAML, and not Turtle."""
        return self.path.suffix.lower() != ".ttl"

    @cached_property
    def prefixes(self) -> tuple[Declared, ...]:
        """The prefixes that the document declares itself."""
        if self.is_yarrrml:
            return tuple(
                Declared(str(key.raw.value), str(value.raw.value), key.location)
                for key, value in self.section("prefixes")
            )
        return tuple(
            Declared(match[1], match[2], Location(str(self.path), number, match.start(1) + 1))
            for number, line in enumerate(self.lines, start=1)
            for match in _TURTLE_PREFIX.finditer(line)
        )

    def section(self, name: str) -> list[tuple[Node, Node]]:
        """The names and nodes of a top-level key of a YARRRML document; none where there is no such key."""
        if not self.is_yarrrml:
            return []
        try:
            root = read_document(self.path)
            return next(
                (value.pairs(name) for key, value in root.pairs("the document") if key.raw.value == name), []
            )
        except MappingError:
            return []

    def find(self, start: Location, *sought: str, until: Location | None = None) -> Location:
        """The place of the first of `sought` texts at or after `start` (and before `until`); else `start`."""
        for text in sought:
            for number, column in self.places(text):
                place = (number, column)
                is_before_end = until is None or place < (until.line or 1, until.column or 1)
                if place >= (start.line or 1, start.column or 1) and is_before_end:
                    return Location(start.file, number, column)
        return start

    def find_iri(self, start: Location, iri: str, until: Location | None = None) -> Location:
        """The place of an IRI, whole or with any of its prefixes."""
        spaces = {**PREFIXES, **{one.name: one.value for one in self.prefixes}}
        short = [
            f"{name}:{iri.removeprefix(space)}" for name, space in spaces.items() if iri.startswith(space)
        ]
        return self.find(start, *short, iri, until=until)

    def find_reference(self, start: Location, reference: str, until: Location | None = None) -> Location:
        """The place of a reference to a column or path."""
        shapes = ("$({})", "{{{}}}", '"{}"', "'{}'")
        return self.find(start, *(shape.format(reference) for shape in shapes), until=until)

    def places(self, sought: str) -> Iterator[tuple[int, int]]:
        """Line and column, both from 1, of every occurrence that is not part of a longer name."""
        pattern = re.compile(rf"(?<![\w-]){re.escape(sought)}(?![\w-])")
        if not sought[:1].isalnum():
            pattern = re.compile(re.escape(sought))
        for number, line in enumerate(self.lines, start=1):
            for match in pattern.finditer(line):
                yield number, match.start() + 1

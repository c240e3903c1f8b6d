"""Where an RDF document states something: the line on which its subject's block begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.rdf import IRI, Triple, parse_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Documents:
    """RDF documents to look statements up in; each is parsed once."""

    def __init__(self) -> None:
        self._statements: dict[Path, frozenset[Triple]] = {}

    def places(self, files: Iterable[Path], statement: Triple) -> tuple[Location, ...]:
        """The places in Turtle documents that hold the statement; none for statements of blank nodes.

        The line is the first that begins with the subject, None where no line does.

        Raises:
            InputError: A file is missing; RdfSyntaxError where one does not parse.
        """
        subject = statement.subject
        if not isinstance(subject, IRI):
            return ()
        holding = (file for file in files if statement in self._parsed(file))
        return tuple(Location(str(file), _line_of(file, subject.value)) for file in holding)

    def _parsed(self, file: Path) -> frozenset[Triple]:
        if file not in self._statements:
            quads = parse_file(file, base=file.resolve().as_uri())
            self._statements[file] = frozenset(quad.triple for quad in quads)
        return self._statements[file]


def _line_of(file: Path, iri: str) -> int | None:
    name = re.escape(re.split(r"[#/]", iri)[-1])
    start = re.compile(rf"(<{re.escape(iri)}>|[\w.-]*:(\S*/)?{name})(\s|$)")
    with file.open(encoding="utf-8") as lines:
        return next((number for number, line in enumerate(lines, start=1) if start.match(line)), None)

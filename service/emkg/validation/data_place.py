"""Where in its file the data of a validation result stands."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urljoin

from emkg.errors import Location
from emkg.rdf import BlankNode, RdfFormat, format_of, parse_text
from emkg.rdf.location import PLACE, predicate_places, prefixes_of, with_places
from emkg.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from emkg.rdf import Term
    from emkg.validation.report import ValidationResult

# Predicate, object (both in N-Triples form; empty where it is not known) and place of a statement.
_Statement: TypeAlias = "tuple[str, str, tuple[int, int]]"

_LINES: Final = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})
_LINE: Final = re.compile(r"\s*(?P<s>\S+)\s+(?P<p>\S+)\s+(?P<o>.*?)\s*\.\s*(#.*)?$")
_ESCAPED: Final = re.compile(r"\\(.)")
_MOST_BYTES: Final = 50_000_000  # of a Turtle file; beyond it no place is looked for


class DataPlaces:
    """The places of statements in data files.

    Args:
        files: The files, in the order in which they were judged: blank nodes of the n-th have `dn` before their labels.
        nodes: The focus nodes that are asked for.
    """

    def __init__(self, files: Sequence[Path], nodes: Iterable[Term]) -> None:
        wanted = frozenset(nodes)
        self._files = [_File(path, f"d{number}", wanted) for number, path in enumerate(files)]

    def of(self, result: ValidationResult) -> Location | None:
        """The statement at fault, else one of its property, else the first of the focus node; None where there is none."""
        path = result.path or ""
        value = "" if result.value is None else str(result.value)
        for file in self._files:
            statements = file.statements(result.focus_node)
            if statements:
                of_path = [one for one in statements if one[0] == path]
                exact = [one for one in of_path if one[1] == value]
                return Location(str(file.path), *(exact or of_path or statements)[0][2])
        return None


class _File:
    def __init__(self, path: Path, scope: str, nodes: frozenset[Term]) -> None:
        self.path = path
        self._scope = scope
        self._wanted = frozenset(filter(None, map(self._name, nodes)))

    def _name(self, node: Term) -> str:
        """A node as the file calls it; empty for a blank node of another file."""
        if not isinstance(node, BlankNode):
            return str(node)
        is_own = node.value.startswith(self._scope)
        return f"_:{node.value.removeprefix(self._scope)}" if is_own else ""

    def statements(self, subject: Term) -> list[_Statement]:
        """What the file says of a subject, in its order."""
        return self._index.get(self._name(subject), [])

    @cached_property
    def _index(self) -> dict[str, list[_Statement]]:
        form = format_of(self.path)
        found: dict[str, list[_Statement]] = {}
        said: Iterator[tuple[str, _Statement]] = iter(())
        if form in _LINES:
            said = self._lines()
        elif form is RdfFormat.TURTLE and self.path.stat().st_size <= _MOST_BYTES:
            said = self._turtle()
        for subject, statement in said:
            if subject in self._wanted:
                found.setdefault(subject, []).append(statement)
        return found

    def _lines(self) -> Iterator[tuple[str, _Statement]]:
        with self.path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                match = _LINE.match(line)
                if match:
                    yield match["s"], (match["p"], match["o"], (number, match.start("p") + 1))

    def _turtle(self) -> Iterator[tuple[str, _Statement]]:
        text = self.path.read_text(encoding="utf-8-sig")
        base = self.path.resolve().as_uri()
        predicates, prefixes = predicate_places(text), prefixes_of(text)
        for quad in parse_text(with_places(text), "turtle", base):
            if quad.predicate.value == PLACE:
                place = quad.object.value
                yield str(quad.subject), ("", "", _numbers(place))
                for word, at in predicates.get(place, ()):
                    yield str(quad.subject), (_predicate(word, prefixes, base), "", _numbers(at))


def _predicate(word: str, prefixes: dict[str, str], base: str) -> str:
    if word == "a":
        return f"<{RDF_TYPE}>"
    if word.startswith("<"):
        return f"<{urljoin(base, word[1:-1])}>"
    prefix, _, local = word.partition(":")
    name = _ESCAPED.sub(lambda found: found[1], local)
    return f"<{prefixes.get(prefix + ':', '')}{name}>"


def _numbers(place: str) -> tuple[int, int]:
    line, _, column = place.partition(":")
    return int(line), int(column)

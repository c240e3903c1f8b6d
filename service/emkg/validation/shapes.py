"""Shapes graphs as values, linted when they are loaded: a typo in a shape conforms silently in any engine."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from emkg.errors import Location, ShapesError
from emkg.rdf import IRI, BlankNode, Quad, Subject, Term, parse_file
from emkg.validation.lint import lint_shapes
from emkg.vocabulary import RDF, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from emkg.validation.lint_finding import ShapesFinding

_ADVANCED = frozenset(SH + name for name in ("target", "expression"))
_ADVANCED_CLASSES = frozenset(SH + name for name in ("SPARQLFunction", "SPARQLTargetType"))
_COMPARING = frozenset(SH + name for name in ("lessThan", "lessThanOrEquals", "equals", "disjoint"))
_AnyTerm = TypeVar("_AnyTerm", bound=Term)


@dataclass(frozen=True)
class ShapesGraph:
    """The statements of one or more shapes files, blank nodes kept apart."""

    quads: tuple[Quad, ...]

    @cached_property
    def is_advanced(self) -> bool:
        """Whether judging it needs SHACL Advanced Features: SPARQL targets, functions, node expressions.

        Rules (`sh:rule`) do not count: they are the business of reasoning, not of validation.
        """
        return any(
            quad.predicate.value in _ADVANCED
            or (isinstance(quad.object, IRI) and quad.object.value in _ADVANCED_CLASSES)
            for quad in self.quads
        )

    @cached_property
    def first_values(self) -> dict[tuple[Term, str], Term]:
        """(shape, IRI of a SHACL property) -> its value, for messages; any one where there are several."""
        return {
            (quad.subject, quad.predicate.value): quad.object
            for quad in self.quads
            if quad.predicate.value.startswith((SH, RDF))
        }

    @cached_property
    def compared(self) -> dict[Term, IRI]:
        """Shape -> the property that its values are compared with (sh:lessThan, sh:equals and their like)."""
        return {
            quad.subject: quad.object
            for quad in self.quads
            if quad.predicate.value in _COMPARING and isinstance(quad.object, IRI)
        }


def load_shapes(paths: Sequence[Path]) -> ShapesGraph:
    """The shapes of files, and of all `*.ttl` below folders, after a lint that finds nothing.

    Raises:
        InputError: A file is missing, or nothing was named.
        RdfSyntaxError: A file does not parse.
        ShapesError: The lint found something; located by file and, where the text shows it, line. The message
            names every finding, a line each.
    """
    quads: list[Quad] = []
    findings: list[tuple[Path, ShapesFinding]] = []
    for number, path in enumerate(_files(paths)):
        own = tuple(apart(parse_file(path, base=path.resolve().as_uri()), f"f{number}"))
        findings += [(path, finding) for finding in lint_shapes(own)]
        quads += own
    if findings:
        raise _error(findings)
    return ShapesGraph(tuple(quads))


def apart(quads: Iterable[Quad], prefix: str) -> Iterator[Quad]:
    """The quads with blank nodes renamed, so that two files' `_:b` do not become one."""

    def rename(term: _AnyTerm) -> _AnyTerm:
        return replace(term, value=f"{prefix}{term.value}") if isinstance(term, BlankNode) else term

    for quad in quads:
        subject: Subject = rename(quad.subject)
        yield replace(quad, subject=subject, object=rename(quad.object))


def _files(paths: Sequence[Path]) -> list[Path]:
    files = [file for path in paths for file in (sorted(path.rglob("*.ttl")) if path.is_dir() else [path])]
    if not files:
        raise ShapesError(
            "no shapes file was named, or the folder holds no *.ttl; nothing would be checked",
            message_zh="没有指定形状文件，或目录中没有 *.ttl 文件；这样等于什么都不校验",
        )
    return files


def _error(findings: list[tuple[Path, ShapesFinding]]) -> ShapesError:
    located = [(Location(str(path), _line_of(path, finding.sought)), finding) for path, finding in findings]
    location, first = located[0]
    rest = "".join(f"\n{place}: {finding.message}" for place, finding in located[1:])
    rest_zh = "".join(f"\n{place}：{finding.message_zh}" for place, finding in located[1:])
    return ShapesError(first.message + rest, message_zh=first.message_zh + rest_zh, location=location)


def _line_of(path: Path, sought: str) -> int | None:
    pattern = re.compile(re.escape(sought) + r"(?![\w-])")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if pattern.search(line):
            return number
    return None

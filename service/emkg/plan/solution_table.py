"""The answer of a plan as terms: each distinct term once, and for each variable which of them every solution has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from emkg.plan.sql.query import Layout
from emkg.plan.sql.value import BLANK_NODE, LITERAL, RESOURCE
from emkg.rdf import IRI, BlankNode, Literal, Term, parse_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.plan.sql.query import Plan

_PARTS = ("kind", "lexical", "datatype", "language")


class Dictionary(Protocol):
    """What knows the terms of ids."""

    def decode(self, ids: Iterable[int]) -> dict[int, str]:
        """The N-Triples forms of those ids that are known."""
        ...


@dataclass(frozen=True)
class TermColumn:
    """A variable: the number of its term in `terms` for each solution, null where it is unbound."""

    name: str
    numbers: pa.Array
    terms: tuple[Term, ...]

    def values(self) -> Iterator[Term | None]:
        """The term of each solution."""
        return (None if number is None else self.terms[number] for number in self.numbers.to_pylist())

    def texts(self) -> pa.Array:
        """The N-Triples form of each solution's term, null where it is unbound."""
        return pa.array(map(str, self.terms), pa.string()).take(self.numbers)


def term_columns(plan: Plan, answer: pa.Table, dictionary: Dictionary) -> tuple[TermColumn, ...]:
    """The terms of an answer; ids of all variables are looked up at once."""
    answer = answer.combine_chunks()
    stored = [
        _column(answer, str(place))
        for place, layout in enumerate(plan.layouts)
        if layout in {Layout.STORED, Layout.MIXED}
    ]
    ids = {
        identifier
        for array in stored
        for identifier in pc.unique(array).to_pylist()
        if identifier is not None
    }
    texts = dictionary.decode(ids) if ids else {}
    known = {identifier: parse_term(text) for identifier, text in texts.items()}
    readers = {
        Layout.UNBOUND: _unbound,
        Layout.STORED: _stored,
        Layout.MIXED: _mixed,
        Layout.MADE: _made,
    }
    return tuple(
        readers[layout](name, str(place), answer, known)
        for place, (name, layout) in enumerate(zip(plan.variables, plan.layouts, strict=True))
    )


def _column(answer: pa.Table, name: str) -> pa.Array:
    column = answer.column(name)
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _unbound(name: str, _: str, answer: pa.Table, __: dict[int, Term]) -> TermColumn:
    return TermColumn(name, pa.nulls(answer.num_rows, pa.int32()), ())


def _stored(name: str, place: str, answer: pa.Table, known: dict[int, Term]) -> TermColumn:
    encoded = _column(answer, place).dictionary_encode()
    return TermColumn(
        name, encoded.indices, tuple(known[number] for number in encoded.dictionary.to_pylist())
    )


def _made(name: str, place: str, answer: pa.Table, _: dict[int, Term]) -> TermColumn:
    rows = zip(*(_column(answer, f"{place}.{part}").to_pylist() for part in _PARTS), strict=True)
    return _numbered(name, (None if row[0] is None else _term(row) for row in rows))


def _mixed(name: str, place: str, answer: pa.Table, known: dict[int, Term]) -> TermColumn:
    ids = _column(answer, place).to_pylist()
    rows = zip(*(_column(answer, f"{place}.{part}").to_pylist() for part in _PARTS), strict=True)
    terms = (
        None if identifier is None else known[identifier] if row[0] is None else _term(row)
        for identifier, row in zip(ids, rows, strict=True)
    )
    return _numbered(name, terms)


def _numbered(name: str, terms: Iterable[Term | None]) -> TermColumn:
    numbers: dict[Term, int] = {}
    places = [None if term is None else numbers.setdefault(term, len(numbers)) for term in terms]
    return TermColumn(name, pa.array(places, pa.int32()), tuple(numbers))


def _term(row: tuple[int, str, str | None, str | None]) -> Term:
    kind, lexical, datatype, language = row
    if kind == RESOURCE:
        return IRI(lexical)
    if kind == BLANK_NODE:
        return BlankNode(lexical)
    if kind == LITERAL:
        return Literal(lexical, datatype or "", language or "")
    raise ValueError(f"no kind of term has the number {kind}")

"""The answer of a plan as terms: each distinct term once, and for each variable which of them every solution has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from emkg.arrow import id_array, number_scalar, text_array, text_scalar
from emkg.plan.sql.query import Layout
from emkg.plan.sql.value import BLANK_NODE, LITERAL, RESOURCE
from emkg.plan.text_column import joined
from emkg.rdf import IRI, BlankNode, Literal, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.plan.sql.query import Plan

_PARTS: Final = ("kind", "datatype", "language", "lexical")
_BETWEEN: Final = "\x1f"  # in no datatype and in no language tag


class Dictionary(Protocol):
    """What knows the terms of ids."""

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of those ids that are known."""
        ...


@dataclass(frozen=True)
class TermColumn:
    """A variable: the number of its term in `terms` for each solution, null where it is unbound.

    Variables whose terms were all read from the ledger share one tuple of them.
    """

    name: str
    numbers: pa.Array
    terms: tuple[Term, ...]

    def values(self) -> Iterator[Term | None]:
        """The term of each solution."""
        return (None if number is None else self.terms[number] for number in self.numbers.to_pylist())

    def texts(self) -> pa.Array:
        """The N-Triples form of each solution's term, null where it is unbound."""
        return text_array(list(map(str, self.terms))).take(self.numbers)


def term_columns(plan: Plan, answer: pa.Table, dictionary: Dictionary) -> tuple[TermColumn, ...]:
    """The terms of an answer; ids of all variables are looked up at once."""
    answer = answer.combine_chunks()
    known = _Known.of(plan, answer, dictionary)
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


@dataclass(frozen=True)
class _Known:
    """The terms read from the ledger for an answer, and their ids, in one order."""

    ids: pa.Array
    terms: tuple[Term, ...]

    @classmethod
    def of(cls, plan: Plan, answer: pa.Table, dictionary: Dictionary) -> _Known:
        stored = [
            _column(answer, str(place))
            for place, layout in enumerate(plan.layouts)
            if layout in {Layout.STORED, Layout.MIXED}
        ]
        ids = pc.unique(pa.chunked_array(stored, pa.uint64())).drop_null().to_pylist()
        terms = dictionary.terms(ids) if ids else {}
        return cls(id_array(terms), tuple(terms.values()))

    def numbers(self, column: pa.Array) -> pa.Array:
        """The place in `terms` of each id; null for null, and for the id of a term that the ledger does not hold."""
        return pc.index_in(column, value_set=self.ids)


def _column(answer: pa.Table, name: str) -> pa.Array:
    column = answer.column(name)
    return column.chunk(0) if column.num_chunks else pa.nulls(0, column.type)


def _unbound(name: str, _: str, answer: pa.Table, __: _Known) -> TermColumn:
    return TermColumn(name, pa.nulls(answer.num_rows, pa.int32()), ())


def _stored(name: str, place: str, answer: pa.Table, known: _Known) -> TermColumn:
    column = _column(answer, place)
    numbers = known.numbers(column)
    if numbers.null_count != column.null_count:
        raise LookupError(f"?{name} has an id that the ledger has no term for")
    return TermColumn(name, numbers, known.terms)


def _made(name: str, place: str, answer: pa.Table, _: _Known) -> TermColumn:
    numbers, terms = _made_terms(place, answer)
    return TermColumn(name, numbers, terms)


def _mixed(name: str, place: str, answer: pa.Table, known: _Known) -> TermColumn:
    column = _column(answer, place)
    numbers, terms = _made_terms(place, answer)
    numbers = pc.if_else(
        pc.is_valid(numbers), pc.add(numbers, number_scalar(len(known.terms))), known.numbers(column)
    )
    numbers = pc.if_else(pc.is_valid(column), numbers, pa.nulls(1, pa.int32())[0]).dictionary_encode()
    every = known.terms + terms
    return TermColumn(
        name, numbers.indices, tuple(every[number] for number in numbers.dictionary.to_pylist())
    )


def _made_terms(place: str, answer: pa.Table) -> tuple[pa.Array, tuple[Term, ...]]:
    """The distinct terms that the plan made, and the number of the one that each solution has."""
    kind, *parts, lexical = (_column(answer, f"{place}.{part}") for part in _PARTS)
    texts = joined(
        [kind.cast(pa.string()), *(pc.fill_null(part, text_scalar("")) for part in parts), lexical], _BETWEEN
    )
    encoded = texts.dictionary_encode()
    return encoded.indices, tuple(_term(*text.split(_BETWEEN, 3)) for text in encoded.dictionary.to_pylist())


def _term(kind: str, datatype: str, language: str, lexical: str) -> Term:
    if int(kind) == RESOURCE:
        return IRI(lexical)
    if int(kind) == BLANK_NODE:
        return BlankNode(lexical)
    if int(kind) == LITERAL:
        return Literal(lexical, datatype, language)
    raise ValueError(f"no kind of term has the number {kind}")

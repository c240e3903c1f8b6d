"""From ids back to terms: the few of a small answer by the index, and those asked for often without asking the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

from emkg.ledger.dictionary import BLANK_NODE
from emkg.ledger.dictionary import IRI as IRI_KIND
from emkg.rdf import IRI, BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emkg.ledger.binding import Parameters
    from emkg.ledger.cursor import Row
    from emkg.rdf import Term

# An id is made of its term's text, so what is kept here never goes stale.
_KEPT: Final = 20_000
_SQL: Final = "SELECT id, kind, lexical, datatype, language FROM term"
# A look-up takes 40 microseconds, a scan of 600,000 terms 20 milliseconds: up to so many are looked up.
LOOKED_UP: Final = 500


class Reader(Protocol):
    """What answers a SELECT."""

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """All rows of a small answer."""
        ...


class Decoder:
    """Terms by id; the text column of `term` is not read, since planning its expression takes longer than a look-up."""

    def __init__(self, readers: Reader) -> None:
        self._readers = readers
        self._kept: dict[int, Term] = {}

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of those ids that the ledger knows."""
        kept, wanted = self._kept, dict.fromkeys(ids)
        found = {number: kept[number] for number in wanted if number in kept}
        fresh = dict(self._read([number for number in wanted if number not in found]))
        if len(kept) + len(fresh) > _KEPT:
            self._kept = kept = {}
        if len(fresh) <= _KEPT:
            kept.update(fresh)
        return found | fresh

    def _read(self, ids: Sequence[int]) -> Iterator[tuple[int, Term]]:
        if not ids:
            return iter(())
        if len(ids) <= LOOKED_UP:
            numbers = ", ".join(str(int(number)) for number in ids)
            return map(_term, self._readers.rows(f"{_SQL} WHERE id IN ({numbers})"))
        wanted = "(SELECT unnest(string_split(?, ',')::UBIGINT[]) AS id)"  # a list of numbers takes ten times as long
        listed = ",".join(str(int(number)) for number in ids)
        return map(_term, self._readers.rows(f"{_SQL} SEMI JOIN {wanted} USING (id)", [listed]))


def _term(row: Row) -> tuple[int, Term]:
    number, kind, lexical, datatype, language = cast("tuple[int, int, str, str, str]", row)
    if kind == IRI_KIND:
        return number, IRI(lexical)
    return number, BlankNode(lexical) if kind == BLANK_NODE else Literal(lexical, datatype, language)

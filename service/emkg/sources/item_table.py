"""Items that may hold several values per reference, gathered into one source relation."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import ibis

from emkg.sources.relation import RowSink, SourceRelation, column_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.sources.fault import SourceFault

Values: TypeAlias = str | list[str] | None


class ItemTable:
    """Rows of values; a reference that ever gives several at once has lists of them from then on.

    Args:
        backend: Where the table is made.
        references: The references, each once.
        is_typed: Whether every value comes with its natural datatype.
    """

    def __init__(
        self, backend: ibis.BaseBackend, references: Sequence[str], *, is_typed: bool = False
    ) -> None:
        self._columns = column_names(references)
        self._types = {ref: f"t{name[1:]}" for ref, name in self._columns.items()} if is_typed else {}
        self._plain = (*self._columns.values(), *self._types.values())
        self._sink = RowSink(backend, self._plain)
        self._places: list[int] = []  # the places among the plain columns that have a column of lists too

    def append(self, row: int, values: Sequence[Values]) -> None:
        """Add one item: for every reference a value, a list of two and more, or None; then, where typed, its datatypes."""
        if list in map(type, values):
            self._widen(values)
        if self._places:
            values = (
                *(None if type(value) is list else value for value in values),
                *(values[place] if type(values[place]) is list else None for place in self._places),
            )
        self._sink.append(row, values)

    def _widen(self, values: Sequence[Values]) -> None:
        for place, value in enumerate(values):
            if type(value) is list and place not in self._places:
                self._places.append(place)
                self._sink.add_list_column(_listed(self._plain[place]))

    def finish(self, faults: Sequence[SourceFault], absent: frozenset[str]) -> SourceRelation:
        """The relation of all items."""
        table = self._sink.finish()
        listed = {self._plain[place] for place in self._places}
        many = {
            name: ibis.coalesce(
                table[_listed(name)],
                ibis.ifelse(table[name].isnull(), ibis.null(), ibis.array([table[name]])),
            )
            for name in self._plain
            if name in listed
        }
        return SourceRelation(
            table.mutate(**many).drop(*map(_listed, many)) if many else table,
            self._columns,
            multi=frozenset(reference for reference, name in self._columns.items() if name in listed),
            type_columns=self._types,
            faults=tuple(faults),
            absent=absent,
        )


def one_or_more(values: list[str]) -> Values:
    """The values of a reference as `ItemTable.append` takes them."""
    if len(values) == 1:
        return values[0]
    return values or None


def _listed(name: str) -> str:
    return f"{name}_list"

"""Items that may hold several values per reference, gathered into one source relation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.sources.relation import RowSink, SourceRelation, column_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis

    from emkg.sources.fault import SourceFault


class ItemTable:
    """Rows of value lists; what turns out to hold one value at most becomes plain text in the end.

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
        self._sink = RowSink(backend, [*self._columns.values(), *self._types.values()], is_list=True)
        self._many: set[str] = set()

    def append(self, row: int, values: Sequence[list[str]], types: Sequence[list[str]] = ()) -> None:
        """Add one item: a list of values, and where typed one of datatypes, for every reference in turn."""
        for reference, found in zip(self._columns, values, strict=True):
            if len(found) > 1:
                self._many.add(reference)
        self._sink.append(row, [found or None for found in (*values, *types)])

    def finish(self, faults: Sequence[SourceFault], absent: frozenset[str]) -> SourceRelation:
        """The relation of all items."""
        table = self._sink.finish()
        plain = {
            names[reference]: table[names[reference]][0]
            for names in (self._columns, self._types)
            for reference in names
            if reference not in self._many
        }
        return SourceRelation(
            table.mutate(**plain) if plain else table,
            self._columns,
            multi=frozenset(self._many),
            type_columns=self._types,
            faults=tuple(faults),
            absent=absent,
        )

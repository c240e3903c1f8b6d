"""Items that may hold several values per reference, gathered into one source relation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import ibis

from emkg.sources.relation import RowSink, SourceRelation, column_names
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.sources.fault import SourceFault

Values: TypeAlias = str | list[str] | None

STRING: Final = XSD + "string"
_BATCH_ITEMS: Final = 2_000
_LIST: Final = "_list"  # how the name of a column of lists ends


class ItemTable:
    """Rows of values, with a column for what there is and no other.

    A reference that ever gives several values at once has a column of lists too; one that ever gives another datatype than
    xsd:string has one of datatypes.

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
        self._sink = RowSink(backend, tuple(self._columns.values()))
        self._more: dict[
            str, int
        ] = {}  # columns beside those of the values, in their order, and whose place each is
        self._rows: list[int] = []
        self._items: list[Sequence[Values]] = []

    def append(self, row: int, values: Sequence[Values]) -> None:
        """Add one item: for every reference a value, a list of two and more, or None; then, where typed, its datatypes."""
        self._rows.append(row)
        self._items.append(values)
        if len(self._rows) >= _BATCH_ITEMS:
            self._flush()

    def extend(self, rows: Sequence[int], columns: Sequence[Sequence[Values]]) -> None:
        """Add items by their columns, each as `append` takes them item by item."""
        self._flush()
        several = [list in set(map(type, column)) for column in columns]
        for place, column in enumerate(columns):
            is_type = place >= len(self._columns)
            if several[place]:
                self._add(_listed(self._plain[place]), place, is_list=True)
            if is_type and (several[place] or not {None, STRING}.issuperset(column)):
                self._add(self._plain[place], place, is_list=False)
        own = range(len(self._columns))
        self._sink.extend(
            rows,
            [
                *(_single(columns[place]) if several[place] else columns[place] for place in own),
                *(
                    _several(columns[place]) if name.endswith(_LIST) else _single(columns[place])
                    for name, place in self._more.items()
                ),
            ],
        )

    def finish(self, faults: Sequence[SourceFault], absent: frozenset[str]) -> SourceRelation:
        """The relation of all items."""
        self._flush()
        table = self._sink.finish()
        typed = {ref: name for ref, name in self._types.items() if name in self._more}
        datatypes = {
            name: table[self._columns[ref]]
            .isnull()
            .ifelse(ibis.null("string"), table[name].fill_null(STRING))
            for ref, name in typed.items()
        }
        lists = [name for name in self._plain if _listed(name) in self._more]
        single = {**{name: table[name] for name in lists if name not in datatypes}, **datatypes}
        many = {
            name: ibis.coalesce(
                table[_listed(name)],
                ibis.ifelse(single[name].isnull(), ibis.null(), ibis.array([single[name]])),
            )
            for name in lists
        }
        made = {**datatypes, **many}
        return SourceRelation(
            table.mutate(**made).drop(*map(_listed, lists)) if made else table,
            self._columns,
            multi=frozenset(ref for ref, name in self._columns.items() if name in lists),
            type_columns=typed,
            faults=tuple(faults),
            absent=absent,
        )

    def _flush(self) -> None:
        if self._rows:
            rows, items = self._rows, self._items
            self._rows, self._items = [], []
            self.extend(rows, list(zip(*items, strict=True)))

    def _add(self, name: str, place: int, *, is_list: bool) -> None:
        if name not in self._more:
            self._more[name] = place
            self._sink.add_column(name, is_list=is_list)


def one_or_more(values: list[str]) -> Values:
    """The values of a reference as `ItemTable.append` takes them."""
    if len(values) == 1:
        return values[0]
    return values or None


def _single(values: Sequence[Values]) -> list[str | None]:
    return [None if type(value) is list else value for value in values]  # type: ignore[misc]  # no list is left


def _several(values: Sequence[Values]) -> list[list[str] | None]:
    return [value if type(value) is list else None for value in values]


def _listed(name: str) -> str:
    return name + _LIST

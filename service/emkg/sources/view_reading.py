"""Logical views as relations: rows of the fields, then what is joined to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import ibis

from emkg.sources.description import INDEX, ExpressionField, Formulation
from emkg.sources.item_table import STRING, ItemTable
from emkg.sources.json_document import json_items
from emkg.sources.json_lines import json_line_items
from emkg.sources.relation import SourceRelation
from emkg.sources.suggestion import missing_name
from emkg.sources.view_join import joined
from emkg.sources.view_record import INTEGER
from emkg.sources.view_rows import RowMaker
from emkg.sources.xml_document import xml_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from emkg.sources.description import Field, LogicalView, SourceDescription
    from emkg.sources.fault import SourceFault
    from emkg.sources.view_record import Pair

    Read: TypeAlias = Callable[[ibis.BaseBackend, SourceDescription, Sequence[str]], SourceRelation]

_ITERATION: Final = "\0"  # no field is called so: a mapping holds no null characters


def read_view(
    backend: ibis.BaseBackend, view: LogicalView, references: Sequence[str], read: Read
) -> SourceRelation:
    """The referenced keys of a view's rows; a row's number is that of the record it was made of.

    A view over a table whose fields are only columns stays a plan; of other sources each record is read in turn.

    Args:
        backend: Where the tables are made.
        view: The view.
        references: Keys of the view.
        read: Reads the source that is viewed, and the views that are joined.

    Raises:
        SourceError: A key is no field's; a source cannot be read; a record makes more than a million rows.
    """
    for reference in references:
        if reference not in view.keys:
            raise missing_name(view.source.path, ("field of the view", "视图字段"), reference, view.keys)
    conditions = (key for join in view.joins for child, _ in join.keys for key in child.references)
    asked = dict.fromkeys((*references, *conditions))
    wanted = [key for key in asked if key in view.own_keys]
    relation = _Reader(backend, view, wanted, read).relation()
    for number, join in enumerate(view.joins):
        parent_keys = (key for _, parent in join.keys for key in parent.references)
        field_keys = (key for field in join.fields for key in field.expression.references)
        parent = read(backend, join.parent, list(dict.fromkeys((*parent_keys, *field_keys))))
        relation = joined(relation, parent, join, number)
    return relation.narrowed(references)


@dataclass(frozen=True)
class _Reader:
    backend: ibis.BaseBackend
    view: LogicalView
    keys: Sequence[str]
    read: Read

    def relation(self) -> SourceRelation:
        """The rows before any join."""
        source = self.view.source
        if source.formulation in {Formulation.JSON, Formulation.JSON_LINES, Formulation.XML}:
            faults: list[SourceFault] = []
            return self._made(self._items(faults), faults, source.formulation)
        table = self.read(self.backend, source, list(dict.fromkeys(_references(self.view.fields))))
        if all(isinstance(field, ExpressionField) and not field.fields for field in self.view.fields):
            return self._planned(table)
        faults = list(table.faults)
        return self._made(_rows_of(table), faults, Formulation.CSV)

    def _items(self, faults: list[SourceFault]) -> Iterator[tuple[int, object]]:
        source = self.view.source
        if source.formulation is Formulation.JSON:
            yield from json_items(source)
        elif source.formulation is Formulation.JSON_LINES:
            yield from json_line_items(source, faults)
        else:
            yield from xml_items(source, list(_references(self.view.fields)))

    def _made(
        self, records: Iterator[tuple[int, object]], faults: list[SourceFault], formulation: Formulation
    ) -> SourceRelation:
        maker = RowMaker(self.view.source, faults)
        table = ItemTable(self.backend, [*self.keys, _ITERATION], is_typed=True)
        for position, (row, node) in enumerate(records):
            number = (str(position), INTEGER)
            for iteration, made in enumerate(maker.rows(row, node, self.view.fields, formulation), start=1):
                pairs: list[Pair | None] = [number if key == INDEX else made.get(key) for key in self.keys]
                pairs.append((str(iteration), INTEGER))
                texts = [pair[0] if pair else None for pair in pairs]
                table.append(row, [*texts, *(pair[1] if pair else None for pair in pairs)])
        relation = table.finish(faults, frozenset())
        column = relation.columns[_ITERATION]
        numbered = relation.table.mutate(**{column: relation.table[column].cast("int64")})
        return replace(relation.narrowed(self.keys), table=numbered, iteration=column)

    def _planned(self, source: SourceRelation) -> SourceRelation:
        """Fields that are columns: each row is a row of the view."""
        table = source.table
        texts = {INDEX: (ibis.row_number().over(order_by=table["row"])).cast("string")}
        types: dict[str, ibis.Value] = {INDEX: ibis.literal(INTEGER)}
        for field in self.view.fields:
            assert isinstance(field, ExpressionField)  # noqa: S101 - the caller looked
            texts[field.name], types[field.name] = source.text_of(field.expression.parts)
            texts[f"{field.name}.{INDEX}"] = texts[field.name].isnull().ifelse(None, "0")
            types[f"{field.name}.{INDEX}"] = ibis.literal(INTEGER)
        columns = {key: f"v{index}" for index, key in enumerate(self.keys)}
        kinds = {key: f"w{index}" for index, key in enumerate(self.keys)}
        made = table.select(
            "row",
            iteration=ibis.literal(1, type="int64"),
            **{columns[key]: texts[key] for key in self.keys},
            **{kinds[key]: types[key] for key in self.keys},
        )
        return SourceRelation(made, columns, type_columns=kinds, faults=source.faults, iteration="iteration")


def _references(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        if isinstance(field, ExpressionField):
            yield from field.expression.references
        else:
            yield field.iterator
            yield from _references(field.fields)


def _rows_of(relation: SourceRelation) -> Iterator[tuple[int, dict[str, Pair | None]]]:
    """A table's rows, whose cells are looked into one by one; the table is held in memory."""
    for one in relation.table.order_by("row").to_pyarrow().to_pylist():
        cells = {}
        for reference, column in relation.columns.items():
            text = one[column]
            kind = relation.type_columns.get(reference)
            datatype = one[kind] if kind else relation.datatypes.get(reference, STRING)
            cells[reference] = None if text is None else (text, datatype)
        yield one["row"], cells

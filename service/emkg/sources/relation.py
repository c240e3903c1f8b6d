"""A source as a relation of text cells, and the sink that row-wise readers fill in bounded memory."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import ibis
import pyarrow as pa

from emkg.arrow import Rows, text_array
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from emkg.sources.description import Key
    from emkg.sources.fault import SourceFault

Cell: TypeAlias = str | list[str] | None

_BATCH_ROWS = 20_000


@dataclass(frozen=True)
class SourceRelation:
    """The referenced columns of one logical source, on the back-end that will map them.

    Attributes:
        table: An int64 column `row` (as the file's reader would count it) and the columns named below.
        columns: Reference text to column name. Cells are text; NULL is "no value", null tokens applied.
        multi: References whose column is an array of text, because a row holds more than one value.
        datatypes: References of typed columns to the XSD datatype of the natural mapping.
        type_columns: References to the column with each value's natural datatype, of the value's shape.
        faults: What was withheld, in file order.
        absent: References that no item of a JSON or XML source has, which may be a spelling mistake.
        iteration: The column that tells rows of one `row` apart, counted from 1; empty where none share one.
    """

    table: ibis.Table
    columns: Mapping[str, str]
    multi: frozenset[str] = frozenset()
    datatypes: Mapping[str, str] = field(default_factory=dict)
    type_columns: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[SourceFault, ...] = ()
    absent: frozenset[str] = frozenset()
    iteration: str = ""

    def text_of(self, parts: Sequence[str | Key]) -> tuple[ibis.Value, ibis.Value]:
        """Texts and references put together, and the datatype of what comes out, as columns."""
        if len(parts) == 1 and not isinstance(parts[0], str):
            reference = parts[0].text
            kind = self.type_columns.get(reference)
            fixed = ibis.literal(self.datatypes.get(reference, XSD + "string"))
            return self.table[self.columns[reference]], self.table[kind] if kind else fixed
        pieces = [
            ibis.literal(part) if isinstance(part, str) else self.table[self.columns[part.text]]
            for part in parts
        ]
        return reduce(lambda one, other: one + other, pieces), ibis.literal(XSD + "string")

    def narrowed(self, references: Sequence[str]) -> SourceRelation:
        """What reading these references alone would have given."""
        own = frozenset(references)
        others = self.columns.keys() - own
        return SourceRelation(
            self.table,
            {name: column for name, column in self.columns.items() if name in own},
            self.multi & own,
            {name: datatype for name, datatype in self.datatypes.items() if name in own},
            {name: column for name, column in self.type_columns.items() if name in own},
            # a short row is named by the first column it lacks, but it is the row that is at fault
            tuple(
                fault for fault in self.faults if fault.column not in others or fault.reason == "short-row"
            ),
            self.absent & own,
            self.iteration,
        )


def column_names(references: Sequence[str]) -> dict[str, str]:
    """Every reference, once, with a column name that has nothing of its text."""
    return {reference: f"c{index}" for index, reference in enumerate(dict.fromkeys(references))}


class RowSink:
    """A temporary table of the back-end, filled batch by batch.

    Args:
        backend: Where the table is made; it goes when the connection does.
        names: The names of the text columns beside `row`.
    """

    def __init__(self, backend: ibis.BaseBackend, names: Sequence[str]) -> None:
        self._schema = pa.schema([("row", pa.int64()), *((name, pa.string()) for name in names)])
        self._backend = backend
        self._name = ibis.util.gen_name("emkg_source")
        self._rows: list[tuple[int, *tuple[Cell, ...]]] = []
        self._batches: list[pa.RecordBatch] = []
        backend.create_table(self._name, schema=ibis.Schema.from_pyarrow(self._schema), temp=True)

    def append(self, row: int, cells: Sequence[Cell]) -> None:
        """Add one row; `cells` in the order of the names."""
        self._rows.append((row, *cells))
        if len(self._rows) >= _BATCH_ROWS:
            self._flush()

    def extend(self, rows: Sequence[int], columns: Sequence[Sequence[Cell]]) -> None:
        """Add rows by their columns, in the order of the names."""
        self._gather()
        self._batches.append(self._batch(rows, columns))
        if sum(batch.num_rows for batch in self._batches) >= _BATCH_ROWS:
            self._flush()

    def add_column(self, name: str, *, is_list: bool) -> None:
        """Add a column of texts, or of lists of them, after the others; the rows so far have none."""
        self._flush()
        self._schema = self._schema.append(pa.field(name, pa.list_(pa.string()) if is_list else pa.string()))
        connection: duckdb.DuckDBPyConnection = self._backend.con
        kind = "VARCHAR[]" if is_list else "VARCHAR"
        connection.execute(f'ALTER TABLE "{self._name}" ADD COLUMN "{name}" {kind}')

    def finish(self) -> ibis.Table:
        """The table with every row appended."""
        self._flush()
        return self._backend.table(self._name)

    def _flush(self) -> None:
        self._gather()
        if self._batches:
            insert_rows(self._backend.con, self._name, pa.Table.from_batches(self._batches, self._schema))
            self._batches.clear()

    def _gather(self) -> None:
        if self._rows:
            rows, *columns = zip(*self._rows, strict=True)
            self._batches.append(self._batch(rows, columns))
            self._rows.clear()

    def _batch(self, rows: Sequence[int], columns: Sequence[Sequence[Cell]]) -> pa.RecordBatch:
        arrays = [_numbers(rows), *map(_cells, columns, self._schema.types[1:])]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)


def insert_rows(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Insert rows into a table of the same columns. Ibis's own way, and DuckDB's for Arrow's classes, would import pandas."""
    stream = ibis.util.gen_name("emkg_rows")
    connection.register(stream, Rows(rows))
    try:
        connection.execute(f'INSERT INTO "{name}" SELECT * FROM "{stream}"')  # noqa: S608 - names of our own
    finally:
        connection.unregister(stream)


def _numbers(values: Sequence[int]) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(array("q", values))])


def _cells(values: Sequence[Cell], kind: pa.DataType) -> pa.Array:
    return text_array(values) if pa.types.is_string(kind) else pa.array(values, kind)  # type: ignore[arg-type]  # texts

"""Arrow without pandas, which `pa.array`, `pa.scalar` and DuckDB import for themselves and which takes longer than a small file."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def text_array(values: Sequence[str | None]) -> pa.Array:
    """A column of texts."""
    builder = pa.lib.StringBuilder()
    builder.append_values(values)
    return builder.finish()


def text_scalar(value: str) -> pa.Scalar:
    """A text to be compared with a column, or joined to it."""
    return text_array([value])[0]


def id_array(values: Iterable[int]) -> pa.Array:
    """A column of ids."""
    numbers = array("Q", values)
    return pa.Array.from_buffers(pa.uint64(), len(numbers), [None, pa.py_buffer(numbers)])


def number_scalar(value: int) -> pa.Scalar:
    """A number of 32 bits, to be added to a column."""
    return pa.Array.from_buffers(pa.int32(), 1, [None, pa.py_buffer(array("i", [value]))])[0]


def empty_table(schema: pa.Schema) -> pa.Table:
    """A table without rows."""
    return pa.Table.from_batches([], schema)


class Rows:
    """A table as no more than a stream (Arrow's PyCapsule interface), for DuckDB's `register`; it is read once."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """See the Arrow PyCapsule interface."""
        return self._rows.__arrow_c_stream__(requested_schema)

"""Texts of many rows put together by Arrow, without a Python string for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from emkg.arrow import text_scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT: Final = pa.large_string()


def joined(columns: Sequence[pa.Array | str], separator: str = "") -> pa.Array:
    """The texts of each row, one after the other; a null makes the row's text null."""
    parts = [
        text_scalar(column).cast(TEXT) if isinstance(column, str) else column.cast(TEXT) for column in columns
    ]
    return pc.binary_join_element_wise(*parts, text_scalar(separator).cast(TEXT))


def all_text(column: pa.Array) -> memoryview:
    """The texts of all rows, one after the other: the value buffer of the array (texts, no nulls), not copied."""
    if not len(column):
        return memoryview(b"")
    _, offsets, data = column.buffers()
    ends = memoryview(offsets).cast("q")[column.offset : column.offset + len(column) + 1]
    return memoryview(data)[ends[0] : ends[-1]] if data else memoryview(b"")

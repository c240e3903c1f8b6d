"""Arrow without pandas, which `pa.array` and DuckDB import for themselves and which takes longer than a small file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence


def text_array(values: Sequence[str | None]) -> pa.Array:
    """A column of texts."""
    builder = pa.lib.StringBuilder()
    builder.append_values(values)
    return builder.finish()


class Rows:
    """A table as no more than a stream (Arrow's PyCapsule interface), for DuckDB's `register`; it is read once."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """See the Arrow PyCapsule interface."""
        return self._rows.__arrow_c_stream__(requested_schema)

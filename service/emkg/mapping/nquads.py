"""Statements of several runs as one sorted N-Quads file, without repeats and larger than memory if need be."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    import pyarrow as pa

_BATCH_ROWS: Final = 100_000
_LINE: Final = "concat(s, ' ', p, ' ', o, coalesce(' ' || g, ''), ' .')"


class QuadSorter:
    """Collects statement relations in a temporary database; a context manager, which drops it.

    Lines are in code point order, the same on every machine: two files of equal statements are equal bytes.
    """

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="emkg-nquads-", ignore_cleanup_errors=True)
        path = Path(self._directory.name)
        self._connection = duckdb.connect(path / "lines.duckdb")
        self._connection.execute("SET preserve_insertion_order = false")
        self._connection.execute("SET temp_directory = $path", {"path": str(path / "spill")})
        self._connection.execute("CREATE TABLE lines (line VARCHAR)")

    def add(self, statements: pa.RecordBatchReader) -> None:
        """Take in a relation with the columns s, p, o, g; a NULL graph is the default graph."""
        self._connection.register("statements", statements)
        self._connection.execute(f"INSERT INTO lines SELECT {_LINE} FROM statements")  # noqa: S608 - a constant of this module
        self._connection.unregister("statements")

    def lines(self) -> Iterator[list[str]]:
        """The distinct lines, sorted, without line ends, in batches."""
        result = self._connection.execute("SELECT DISTINCT line FROM lines ORDER BY line")
        while rows := result.fetchmany(_BATCH_ROWS):
            yield [line for (line,) in rows]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._directory.cleanup()

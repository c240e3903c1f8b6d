"""The database that a run works in: temporary, on disk, gone when closed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import ibis

from emkg.errors import MemoryLimitError
from emkg.sources.relation import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    import ibis.expr.types as ir
    import pyarrow as pa


MEMORY_MB: Final = 320
_BATCH_ROWS: Final = 100_000


class Engine:
    """A DuckDB database in a temporary directory, so that what does not fit into memory goes to disk.

    Args:
        memory_mb: What DuckDB may hold in memory, in MB; the process needs about 200 MB besides.
    """

    def __init__(self, memory_mb: int = MEMORY_MB) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="emkg-mapping-", ignore_cleanup_errors=True)
        path = Path(self._directory.name)
        self.backend: ibis.BaseBackend = ibis.duckdb.connect(
            path / "terms.duckdb",
            temp_directory=str(path / "spill"),
            memory_limit=f"{memory_mb}MB",
            preserve_insertion_order=False,
        )
        # the file is deleted, not read again: writing everything out at the end would be for nothing
        self.connection.execute("PRAGMA disable_checkpoint_on_shutdown")

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB's own connection, to interrupt it."""
        connection: duckdb.DuckDBPyConnection = self.backend.con
        return connection

    def keep(self, plan: ir.Table) -> ir.Table:
        """Run a plan; its rows as a table."""
        name = ibis.util.gen_name("emkg_kept")
        # a temporary table has no log; Ibis's own way would write the rows twice
        self.execute(f"CREATE TEMPORARY TABLE {name} AS {self.sql(plan)}")
        return self.backend.table(name)

    def take(self, rows: pa.Table) -> ir.Table:
        """Rows in memory as a table."""
        name = ibis.util.gen_name("emkg_taken")
        self.backend.create_table(name, schema=ibis.Schema.from_pyarrow(rows.schema), temp=True)
        insert_rows(self.connection, name, rows)
        return self.backend.table(name)

    def fetch(self, plan: ir.Table) -> pa.Table:
        """Run a plan of tables of this database; its rows in memory. Ibis's own way would import pandas first."""
        return self.execute(self.sql(plan)).fetch_arrow_table()

    def stream(self, plan: ir.Table) -> Iterator[pa.RecordBatch]:
        """Run a plan; its rows in batches as they are computed."""
        yield from self.connection.execute(self.sql(plan)).fetch_record_batch(_BATCH_ROWS)

    def write_lines(self, plan: ir.Table, path: Path, *, is_sorted: bool) -> int:
        """Write a plan's one column as lines, of which none holds a line end; the number of them.

        Sorting a large file takes longer than mapping it did, and has all the machine's memory but a fifth before it
        goes to disk.

        Raises:
            MemoryLimitError: What has to be held at once, on disk too, does not fit.
        """
        if is_sorted:
            self.connection.execute("RESET memory_limit")
        order = "ORDER BY 1" if is_sorted else ""
        # a line holds nothing that would have to be quoted, so nothing is looked for; a parameter would import pandas
        form = "(FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '')"
        lines = f"(SELECT * FROM ({self.sql(plan)}) {order})"  # noqa: S608 - a plan
        copied = self.execute(f"COPY {lines} TO {sql_literal(str(path))} {form}").fetchone()
        return int(copied[0]) if copied else 0

    def interrupt(self) -> None:
        """Stop what runs, from another thread; it ends with an error."""
        self.connection.interrupt()

    def execute(self, text: str) -> duckdb.DuckDBPyConnection:
        """Run a statement in the database's own text.

        Raises:
            MemoryLimitError: What has to be held at once, on disk too, does not fit.
        """
        try:
            return self.connection.execute(text)
        except duckdb.OutOfMemoryException as error:
            raise MemoryLimitError(
                "the statements do not fit into the memory that a run may use; allow it more (`emkg map run --memory`), or map the sources one at a time",
                message_zh="所需内存超过一次映射可用的上限；请调高上限（`emkg map run --memory`）或分次映射各数据源",
            ) from error

    def sql(self, plan: ir.Table) -> str:
        """A plan as the database's own text."""
        return str(self.backend.compile(plan))

    def close(self) -> None:
        """Drop the database; a second call does nothing."""
        self.backend.disconnect()
        self._directory.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def sql_literal(text: str) -> str:
    """A text as SQL: within single quotes DuckDB reads nothing but doubled ones."""
    return "'" + text.replace("'", "''") + "'"

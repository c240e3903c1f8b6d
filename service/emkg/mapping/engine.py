"""The database that a run works in: temporary, on disk, gone when closed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ibis

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import duckdb
    import ibis.expr.types as ir
    import pyarrow as pa


# beyond it DuckDB writes to the temporary directory, so memory does not grow with the input
_MEMORY_LIMIT: Final = "1GB"


class Engine:
    """A DuckDB database in a temporary directory, so that what does not fit into memory goes to disk."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="emkg-mapping-", ignore_cleanup_errors=True)
        path = Path(self._directory.name)
        self.backend: ibis.BaseBackend = ibis.duckdb.connect(
            path / "terms.duckdb",
            temp_directory=str(path / "spill"),
            memory_limit=_MEMORY_LIMIT,
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
        self.connection.execute(f"CREATE TEMPORARY TABLE {name} AS {self.sql(plan)}")
        return self.backend.table(name)

    def fetch(self, plan: ir.Table) -> pa.Table:
        """Run a plan of tables of this database; its rows in memory. Ibis's own way would import pandas first."""
        return self.connection.execute(self.sql(plan)).fetch_arrow_table()

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

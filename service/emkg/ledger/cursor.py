"""A DuckDB cursor that raises EMKG's errors."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeAlias

import duckdb
import pyarrow as pa

from emkg.arrow import Rows
from emkg.errors import LedgerError, QueryRefusedError
from emkg.ledger.binding import execute
from emkg.ledger.failure import translated_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ledger.binding import Parameter, Parameters

Row: TypeAlias = "tuple[Parameter, ...]"

ROWS_PER_BATCH: Final = 100_000
_STREAM: Final = "chunk"


class Cursor:
    """One transaction at a time, and its own temporary tables; `raw` is for this package only."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, file: str) -> None:
        self.raw = raw
        self.file = file
        raw.execute("SET enable_progress_bar = false")

    def run(self, sql: str, parameters: Parameters = ()) -> None:
        """Run one statement, or several that take no parameters."""
        with translated_errors(self.file):
            execute(self.raw, sql, parameters)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """All rows of a small answer."""
        with translated_errors(self.file):
            return execute(self.raw, sql, parameters).fetchall()

    @property
    def database(self) -> str:
        """The ledger's own catalogue and schema, for SQL that means its tables where temporary ones have their names."""
        name = str(self.rows("SELECT current_database()")[0][0]).replace('"', '""')
        return f'"{name}".main'

    def count(self, sql: str, parameters: Parameters = ()) -> int:
        """The one number a query yields, or a statement's number of rows."""
        number = self.rows(sql, parameters)[0][0]
        return int(number) if isinstance(number, int) else 0

    def stream(self, sql: str, parameters: Parameters = ()) -> pa.RecordBatchReader:
        """The rows in batches as they are computed; read them before the next call."""
        with translated_errors(self.file):
            reader = execute(self.raw, sql, parameters).fetch_record_batch(ROWS_PER_BATCH)
        return pa.RecordBatchReader.from_batches(reader.schema, self._batches(reader))

    def _batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        with translated_errors(self.file):
            yield from reader

    @contextmanager
    def streamed(self, relation: pa.Table) -> Iterator[None]:
        """Let statements inside the block read an Arrow table as `chunk`: each once, and without parameters."""
        try:
            # as a table, DuckDB would look for its kind in pyarrow.dataset, which imports pandas
            self.raw.register(_STREAM, Rows(relation))
            yield
        finally:
            self.raw.unregister(_STREAM)

    @contextmanager
    def registered(self, name: str, relation: pa.Table) -> Iterator[None]:
        """Let statements inside the block read a copy of an Arrow table by name."""
        with self.streamed(relation):
            self.run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {_STREAM}")
        yield
        self.run(f"DROP TABLE temp.{name}")  # after an error the transaction may take no statement

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: committed at the end, rolled back when anything raises."""
        self.run("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self.raw.rollback()
            raise
        self.run("COMMIT")

    def interrupt(self) -> None:
        """Stop the running statement, if there is one."""
        with suppress(duckdb.ConnectionException):  # closed in the meantime
            self.raw.interrupt()

    def close(self) -> None:
        """Drop the cursor and its temporary tables."""
        self.raw.close()


def check_select(sql: str) -> None:
    """Return when the text is one SELECT.

    Raises:
        QueryRefusedError: It is several statements, or one that would change something.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise LedgerError(f"the ledger cannot parse this plan: {error}") from error
    if [statement.type.name for statement in statements] != ["SELECT"]:
        raise QueryRefusedError("a plan is one SELECT statement", message_zh="查询计划只能是一条 SELECT 语句")

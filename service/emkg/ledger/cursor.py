"""A DuckDB cursor that raises EMKG's errors."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeAlias

import duckdb
import pyarrow as pa

from emkg.errors import LedgerError, QueryRefusedError
from emkg.ledger.failure import translated_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

Parameter: TypeAlias = (
    "str | int | float | bool | bytes | datetime | Decimal | Sequence[str] | Sequence[int] | None"
)
Parameters: TypeAlias = "Sequence[Parameter] | Mapping[str, Parameter]"
Row: TypeAlias = "tuple[Parameter, ...]"

ROWS_PER_BATCH: Final = 100_000


class Cursor:
    """One transaction at a time, and its own temporary tables; `raw` is for this package only."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, file: str) -> None:
        self.raw = raw
        self.file = file
        raw.execute("SET enable_progress_bar = false")

    def run(self, sql: str, parameters: Parameters = ()) -> None:
        """Run one statement, or several that take no parameters."""
        with translated_errors(self.file):
            self.raw.execute(sql, parameters or None)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """All rows of a small answer."""
        with translated_errors(self.file):
            return self.raw.execute(sql, parameters or None).fetchall()

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
            reader = self.raw.execute(sql, parameters or None).fetch_record_batch(ROWS_PER_BATCH)
        return pa.RecordBatchReader.from_batches(reader.schema, self._batches(reader))

    def _batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        with translated_errors(self.file):
            yield from reader

    @contextmanager
    def registered(self, relations: Mapping[str, pa.Table]) -> Iterator[None]:
        """Let statements inside the block read Arrow tables by name."""
        for name, relation in relations.items():
            self.raw.register(name, relation)
        try:
            yield
        finally:
            for name in relations:
                self.raw.unregister(name)

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

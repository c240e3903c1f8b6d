"""The one door to DuckDB: opening a file, a cursor per use, interrupts, limits, and its errors as ours."""

from __future__ import annotations

import threading
import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

import duckdb
import pyarrow as pa

from emkg.errors import (
    CancelledError,
    LedgerCorruptError,
    LedgerError,
    LedgerLockedError,
    MemoryLimitError,
    QueryRefusedError,
    QueryTimeoutError,
)
from emkg.ledger.macro import create_macros

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from pathlib import Path

Parameter: TypeAlias = (
    "str | int | float | bool | bytes | datetime | Decimal | Sequence[str] | Sequence[int] | None"
)
Parameters: TypeAlias = "Sequence[Parameter] | Mapping[str, Parameter]"
Config: TypeAlias = dict[str, str | bool | int | float | list[str]]

ROWS_PER_BATCH = 100_000
_ATTACHED = "ledger"
_ENGINE_ERRORS = (duckdb.Error, pa.ArrowException, OSError)


class Engine:
    """A DuckDB database with the ledger's settings; cursors of it may be used from any thread, one each."""

    def __init__(
        self, path: Path | None, *, memory_limit_mb: int, threads: int | None, read_only: bool
    ) -> None:
        self.path = path
        self.file = str(path) if path else "the ledger in memory"
        config: Config = {
            "memory_limit": f"{memory_limit_mb}MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
        if threads:
            config["threads"] = threads
        # DuckDB's own choice for a database in memory, and so for an attached file, is the current directory.
        config["temp_directory"] = f"{path}.tmp" if path else ""
        # A file opened read-only allows no catalogue in memory beside it; a database in memory that attaches it does.
        self._attached = path if read_only else None
        self._connection = _connect(path, read_only=read_only, config=config)
        create_macros(self._connection)
        # Compiled plans read tables, never files or the network.
        self._connection.execute("SET enable_external_access = false")
        self._live: weakref.WeakSet[Cursor] = weakref.WeakSet()
        self._lock = threading.Lock()

    def cursor(self) -> Cursor:
        """A new cursor with its own transaction and temporary tables; close it after use."""
        with self._lock, translated_errors(self.file):
            cursor = Cursor(self._connection.cursor(), self.file)
            if self._attached:
                cursor.raw.execute(f"USE {_ATTACHED}")
            self._live.add(cursor)
        return cursor

    def interrupt(self) -> None:
        """Stop what every cursor is doing now; each of them raises CancelledError. Idle ones are not affected."""
        with self._lock:
            live = list(self._live)
        for cursor in live:
            cursor.interrupt()

    def close(self) -> None:
        """Close the file; what is not committed is gone."""
        with self._lock:
            live = list(self._live)
        for cursor in live:
            cursor.close()
        self._connection.close()


class Cursor:
    """A DuckDB cursor that raises EMKG's errors; `raw` is for this package only."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, file: str) -> None:
        self.raw = raw
        self._file = file
        self._timed_out = False
        raw.execute("SET enable_progress_bar = false")

    def run(self, sql: str, parameters: Parameters = ()) -> None:
        """Run one statement, or several that take no parameters."""
        with translated_errors(self._file):
            self.raw.execute(sql, parameters or None)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Parameter, ...]]:
        """All rows of a small answer."""
        with translated_errors(self._file):
            return self.raw.execute(sql, parameters or None).fetchall()

    def count(self, sql: str, parameters: Parameters = ()) -> int:
        """The one number a query yields, or a statement's number of rows."""
        number = self.rows(sql, parameters)[0][0]
        return int(number) if isinstance(number, int) else 0

    def stream(
        self, sql: str, parameters: Parameters = (), *, close: bool = False, timeout_s: float | None = None
    ) -> pa.RecordBatchReader:
        """The rows in batches as they are computed; `close` closes the cursor after the last one.

        Raises:
            QueryTimeoutError: `timeout_s` seconds passed before the last batch; here, or while it is read.
        """
        timer = threading.Timer(timeout_s, self._time_out) if timeout_s is not None else None
        if timer:
            timer.daemon = True
            timer.start()
        try:
            with translated_errors(self._file, timed_out=lambda: self._timed_out):
                reader = self.raw.execute(sql, parameters or None).fetch_record_batch(ROWS_PER_BATCH)
        except BaseException:
            self._end(timer, close=close)
            raise
        return pa.RecordBatchReader.from_batches(reader.schema, self._batches(reader, timer, close=close))

    def _batches(
        self, reader: pa.RecordBatchReader, timer: threading.Timer | None, *, close: bool
    ) -> Iterator[pa.RecordBatch]:
        try:
            with translated_errors(self._file, timed_out=lambda: self._timed_out):
                yield from reader
        finally:
            self._end(timer, close=close)

    def _end(self, timer: threading.Timer | None, *, close: bool) -> None:
        if timer:
            timer.cancel()
        if close:
            self.close()

    def _time_out(self) -> None:
        self._timed_out = True
        self.interrupt()

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


def _connect(path: Path | None, *, read_only: bool, config: Config) -> duckdb.DuckDBPyConnection:
    target = str(path) if path else ":memory:"
    with translated_errors(target):
        try:
            if read_only and path is not None:
                return _attach(target, config)
            return duckdb.connect(target, config=config)
        except (duckdb.ConnectionException, duckdb.BinderException) as error:  # this process has it open
            raise _locked(target) from error
        except duckdb.IOException as error:
            raise _unopened(target, str(error)) from error


def _attach(file: str, config: Config) -> duckdb.DuckDBPyConnection:
    name = file.replace("'", "''")
    connection = duckdb.connect(":memory:", config=config)
    connection.execute(f"ATTACH '{name}' AS {_ATTACHED} (READ_ONLY)")
    return connection


def _unopened(file: str, text: str) -> LedgerError:
    if "lock" in text.lower():
        return _locked(file)
    if "valid DuckDB database" in text or "corrupt" in text.lower() or "checksum" in text.lower():
        return _corrupt(file, text)
    return LedgerError(f"{file} cannot be opened: {text}", message_zh=f"无法打开账本 {file}")


def _locked(file: str) -> LedgerLockedError:
    return LedgerLockedError(
        f"{file} is in use by another process; stop it, or ask the running service instead",
        message_zh=f"账本 {file} 正被另一进程使用；请先停止该进程，或改为访问正在运行的服务",
    )


def _corrupt(file: str, text: str) -> LedgerCorruptError:
    return LedgerCorruptError(
        f"{file} is damaged or not a ledger ({text}); restore a backup or ingest into a new file",
        message_zh=f"账本 {file} 已损坏或不是账本；请恢复备份，或导入到新文件",
    )


@contextmanager
def translated_errors(file: str, *, timed_out: TimedOut = lambda: False) -> Iterator[None]:
    """Raise EMKG's errors for DuckDB's, also for those that Arrow wrapped while it pulled a batch."""
    try:
        yield
    except _ENGINE_ERRORS as error:
        raise _translated(error, file, timed_out=timed_out()) from error


def _translated(error: Exception, file: str, *, timed_out: bool) -> Exception:
    text = str(error)
    if timed_out:
        return QueryTimeoutError(
            "the query reached its time limit and was stopped", message_zh="查询超时，已停止"
        )
    if isinstance(error, duckdb.InterruptException) or "INTERRUPT Error" in text:
        return CancelledError("the work was interrupted", message_zh="操作已中断")
    if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory Error" in text:
        return MemoryLimitError(
            "the work needed more memory than the ledger may use; raise memory_limit_mb or ask for less",
            message_zh="所需内存超过账本上限；请提高 memory_limit_mb 或缩小范围",
        )
    if isinstance(error, duckdb.SerializationException | duckdb.FatalException | duckdb.InternalException):
        return _corrupt(file, text)
    if isinstance(error, duckdb.TransactionException):
        return LedgerLockedError(
            f"{file} was changed at the same time; try again", message_zh="账本同时被修改，请重试"
        )
    return LedgerError(f"{file}: {text}", message_zh=f"账本操作失败：{text}")


if TYPE_CHECKING:
    from collections.abc import Callable

    TimedOut: TypeAlias = Callable[[], bool]

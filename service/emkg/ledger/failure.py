"""DuckDB's errors as ours: what happened to the ledger, and what its owner can do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

import duckdb
import pyarrow as pa

from emkg.errors import (
    CancelledError,
    LedgerCorruptError,
    LedgerError,
    LedgerFullError,
    LedgerLockedError,
    MemoryLimitError,
    QueryTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    TimedOut: TypeAlias = Callable[[], bool]

_NO_ROOM: Final = ("No space left", "File too large", "Disk quota exceeded", "Could not write")
_ENGINE_ERRORS: Final = (duckdb.Error, pa.ArrowException, OSError)


def unopened(file: str, text: str) -> LedgerError:
    """Why a file cannot be opened, from DuckDB's own words."""
    if _is_damage(text):
        return corrupt(file, text)
    if "lock" in text.lower():
        return locked(file)
    return LedgerError(f"{file} cannot be opened: {text}", message_zh=f"无法打开账本 {file}")


def locked(file: str) -> LedgerLockedError:
    """Another process has the file."""
    return LedgerLockedError(
        f"{file} is in use by another process; stop it, or ask the running service instead",
        message_zh=f"账本 {file} 正被另一进程使用；请先停止该进程，或改为访问正在运行的服务",
    )


def corrupt(file: str, text: str) -> LedgerCorruptError:
    """What the file holds makes no sense."""
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


def _is_damage(text: str) -> bool:
    return "valid DuckDB database" in text or "corrupt" in text.lower() or "checksum" in text.lower()


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
            "the work needed more memory than the ledger may use; raise memory_limit_mb or spill_limit_mb, or ask for less",
            message_zh="所需内存超过账本上限；请提高 memory_limit_mb 或 spill_limit_mb，或缩小范围",
        )
    return _ledger_error(error, text, file)


def _ledger_error(error: Exception, text: str, file: str) -> LedgerError:
    if any(words in text for words in _NO_ROOM):
        return LedgerFullError(
            f"the disk of {file} is full, or the file may not grow; nothing was changed. Make room and try again",
            message_zh=f"账本 {file} 所在磁盘已满或文件不能再增大；未作改动，请腾出空间后重试",
        )
    if _is_damage(text) or isinstance(
        error, duckdb.SerializationException | duckdb.FatalException | duckdb.InternalException
    ):
        return corrupt(file, text)
    if isinstance(error, duckdb.TransactionException):
        return LedgerLockedError(
            f"{file} was changed at the same time; try again", message_zh="账本同时被修改，请重试"
        )
    return LedgerError(f"{file}: {text}", message_zh=f"账本操作失败：{text}")

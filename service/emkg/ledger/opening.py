"""Opening a ledger's file: what a crash left is taken in and checked, what an earlier version lacks is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import LedgerError
from emkg.ledger.engine import Engine
from emkg.ledger.head import check_head, forget_head, keep_log
from emkg.ledger.schema import (
    check_format,
    create_snapshot_table,
    create_tables,
    create_term_index,
    table_names,
    upgrade_tables,
)

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ledger.engine import Limits


def open_engine(path: Path | None, limits: Limits, *, read_only: bool) -> Engine:
    """The engine of a ledger that is complete, of this version, and lacks nothing that was accepted.

    Raises:
        LedgerLockedError: Another process has it open.
        LedgerCorruptError: It is damaged, or lacks runs that were accepted, or is no ledger.
        LedgerError: It is to be read only and does not exist.
    """
    if read_only and path and not path.exists():
        raise LedgerError(
            f"there is no ledger at {path}; ingest first", message_zh=f"{path} 处没有账本，请先导入"
        )
    if path and not read_only and not path.exists():
        forget_head(path)
    had_log = path is not None and not read_only and keep_log(path)
    engine = Engine(path, limits, read_only=read_only)
    try:
        cursor = engine.cursor()
        is_empty = not table_names(cursor.raw)
        if path and is_empty:
            check_head(path, 0)
        if not read_only:
            if is_empty:
                create_tables(cursor.raw)
            upgrade_tables(cursor.raw)
        check_format(cursor.raw, engine.file)
        if not read_only:
            create_term_index(cursor.raw, anew=had_log)
            create_snapshot_table(cursor.raw)
        cursor.close()
        if path:
            check_head(path, engine.generation())
    except BaseException:
        engine.close()
        raise
    return engine

"""A copy of a ledger's file, taken while others read it, and the way back."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

import duckdb

from emkg.errors import LedgerError
from emkg.ledger.failure import translated_errors
from emkg.ledger.head import HEAD_SUFFIX, LOG_SUFFIX, beside
from emkg.ledger.schema import create_term_index

if TYPE_CHECKING:
    from pathlib import Path

_PART_SUFFIX: Final = ".part"
KEPT_SUFFIX: Final = ".before-restore"


def copy_quiet(source: Path, target: Path) -> None:
    """Copy a ledger's file and its write-ahead log as one file; nothing may be committed meanwhile.

    The copy appears under its name when it is complete and on disk, or not at all.
    """
    part = target.with_name(target.name + _PART_SUFFIX)
    try:
        shutil.copyfile(source, part)
        log = beside(source, LOG_SUFFIX)
        if log.exists():
            shutil.copyfile(log, beside(part, LOG_SUFFIX))
        with translated_errors(str(part)), duckdb.connect(str(part)) as connection:  # takes the log in
            create_term_index(connection, anew=log.exists())
        put_in_place(part, target)
    except OSError as error:
        raise LedgerError(
            f"{target} cannot be written: {error.strerror}", message_zh=f"无法写入 {target}"
        ) from error
    finally:
        part.unlink(missing_ok=True)
        beside(part, LOG_SUFFIX).unlink(missing_ok=True)


def replace_file(copy: Path, path: Path) -> Path | None:
    """Put a copy of `copy` at `path`; what was there is kept beside it.

    Returns:
        Where the former file is now; None when there was none.
    """
    part = path.with_name(path.name + _PART_SUFFIX)
    kept = path.with_name(path.name + KEPT_SUFFIX)
    shutil.copyfile(copy, part)
    had_one = path.exists()
    if had_one:
        for suffix in ("", LOG_SUFFIX, HEAD_SUFFIX):
            old, new = beside(path, suffix), beside(kept, suffix)
            new.unlink(missing_ok=True)
            if old.exists():
                old.replace(new)
    put_in_place(part, path)
    return kept if had_one else None


def put_in_place(part: Path, target: Path) -> None:
    """Rename a finished file to its name once its bytes are on disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)

"""The current generation: known without asking, kept beside the file, and the lock of whoever changes it.

DuckDB takes a write-ahead log that ends early for one whose writer was killed, and opens what it finds: right after a
crash, wrong where a damaged log held runs that were accepted. The number beside the file tells the two apart.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from emkg.errors import LedgerCorruptError

if TYPE_CHECKING:
    from pathlib import Path

HEAD_SUFFIX: Final = ".head"
LOG_SUFFIX: Final = ".wal"
_KEPT_SUFFIX: Final = ".wal.damaged"


class Head:
    """Shared by a ledger and what is staged in it; `generation` changes after a commit, under the lock."""

    def __init__(self, generation: int, path: Path | None) -> None:
        self.generation = generation
        self.lock = threading.RLock()  # a change commits while it holds it
        self._path = path

    def advance(self, generation: int) -> None:
        """A commit is on disk: from here on, a file without it is damaged."""
        if generation != self.generation and self._path is not None:
            # On a full disk the number stays behind, which says less and nothing wrong: the commit is there.
            with suppress(OSError), beside(self._path, HEAD_SUFFIX).open("wb") as file:
                file.write(f"{generation}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        self.generation = generation


def keep_log(path: Path) -> bool:
    """Copy what a killed writer left in its log, before DuckDB takes it in and deletes it; whether there is any."""
    log = beside(path, LOG_SUFFIX)
    has_log = log.exists() and log.stat().st_size > 0
    if has_log:
        shutil.copyfile(log, beside(path, _KEPT_SUFFIX))
    return has_log


def forget_head(path: Path) -> None:
    """A ledger begins anew: what was accepted by one that was deleted says nothing of it."""
    beside(path, HEAD_SUFFIX).unlink(missing_ok=True)


def check_head(path: Path, generation: int) -> None:
    """Return when the file holds every generation that was accepted; the copy of its log is not needed then.

    Raises:
        LedgerCorruptError: Some are missing.
    """
    head = beside(path, HEAD_SUFFIX)
    accepted = 0
    with suppress(OSError, ValueError):  # none yet, or a power failure took its one line
        accepted = int(head.read_bytes())
    kept = beside(path, _KEPT_SUFFIX)
    if generation >= accepted:
        kept.unlink(missing_ok=True)
        return
    log_en = f" (what is left of it: {kept})" if kept.exists() else ""
    log_zh = f"（日志副本：{kept}）" if kept.exists() else ""
    raise LedgerCorruptError(
        f"{path} holds generation {generation}, but {accepted} were accepted: its write-ahead log is damaged{log_en}. "
        f"Restore a backup (emkg restore), or delete {head} to go on with generation {generation}",
        message_zh=f"{path} 只有第 {generation} 代，但已接受到第 {accepted} 代：预写日志已损坏{log_zh}。"
        f"请恢复备份（emkg restore），或删除 {head} 以从第 {generation} 代继续",
    )


def beside(path: Path, suffix: str) -> Path:
    """The file that belongs to a ledger's under another suffix."""
    return path.with_name(path.name + suffix)

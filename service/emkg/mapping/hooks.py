"""How a caller follows a run and stops it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from emkg.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Progress:
    """One triples map is done: the rows it read and the statements they gave; repeats counted, joined ones not yet."""

    triples_map: str
    rows: int
    statements: int


def ignore(_: Progress) -> None:
    """Follow nothing."""


@dataclass(frozen=True)
class Hooks:
    """`progress` is called after each triples map; setting `cancelled` stops the run, also within a query."""

    progress: Callable[[Progress], None] = ignore
    cancelled: threading.Event | None = None

    def check(self) -> None:
        """Stop here if the caller wants to.

        Raises:
            CancelledError: The event is set.
        """
        if self.cancelled is not None and self.cancelled.is_set():
            raise CancelledError("the mapping run was stopped", message_zh="映射运行已取消")

    @contextmanager
    def interruptible(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """While the block runs, the event interrupts the connection's query.

        Raises:
            CancelledError: It did.
        """
        self.check()
        if self.cancelled is None:
            yield
            return
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(self.cancelled, done, connection), daemon=True)
        watcher.start()
        try:
            yield
        except duckdb.InterruptException:
            self.check()
            raise
        finally:
            done.set()
            watcher.join()


_POLL_S = 0.05


def _watch(cancelled: threading.Event, done: threading.Event, connection: duckdb.DuckDBPyConnection) -> None:
    while not done.is_set():
        if cancelled.wait(_POLL_S) and not done.is_set():
            connection.interrupt()

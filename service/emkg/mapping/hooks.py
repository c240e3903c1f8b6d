"""How a caller follows a run and stops it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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


class Interruptible(Protocol):
    """What can be stopped while it runs."""

    def interrupt(self) -> None:
        """Stop what runs, from another thread; it ends with an error."""
        ...


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
    def interruptible(self, engine: Interruptible) -> Iterator[None]:
        """While the block runs, the event interrupts what the engine does.

        Raises:
            CancelledError: It did.
        """
        self.check()
        if self.cancelled is None:
            yield
            return
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(self.cancelled, done, engine), daemon=True)
        watcher.start()
        try:
            yield
        except Exception:
            self.check()  # whatever the engine says of its interruption
            raise
        finally:
            done.set()
            watcher.join()


_POLL_S = 0.05


def _watch(cancelled: threading.Event, done: threading.Event, engine: Interruptible) -> None:
    """Interrupt until the block is left: what is interrupted before it has begun would run to its end."""
    while not done.is_set():
        if cancelled.wait(_POLL_S) and not done.is_set():
            engine.interrupt()
            done.wait(_POLL_S)

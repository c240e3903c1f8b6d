"""Time limits: one thread that stops whatever runs past its time."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(eq=False)
class Deadline:
    """A moment (of the monotonic clock), what it stops, and whether it has passed and did so."""

    at: float
    stop: Callable[[], None]
    is_over: bool = False


class Watchdog:
    """Calls the `stop` of each deadline that passes; a thread for each query would cost as much as a look-up."""

    def __init__(self) -> None:
        self._pending: set[Deadline] = set()
        self._changed = threading.Condition()
        self._waking_at: float | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def watch(self, timeout_s: float, stop: Callable[[], None]) -> Deadline:
        """Call `stop` once when the time has passed, unless it is forgotten before."""
        deadline = Deadline(time.monotonic() + timeout_s, stop)
        with self._changed:
            self._pending.add(deadline)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ledger-deadlines", daemon=True)
                self._thread.start()
            elif self._waking_at is None or deadline.at < self._waking_at:
                self._changed.notify()
        return deadline

    def forget(self, deadline: Deadline | None) -> None:
        """The work is done: `stop` is not called any more once this returns."""
        if deadline is not None:
            with self._changed:
                self._pending.discard(deadline)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                for deadline in [each for each in self._pending if each.at <= now]:
                    self._pending.discard(deadline)
                    deadline.is_over = True
                    deadline.stop()
                self._waking_at = min((each.at for each in self._pending), default=None)
                self._changed.wait(None if self._waking_at is None else self._waking_at - now)

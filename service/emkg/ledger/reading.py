"""Queries of readers: cursors that are used again, time limits, and another try for what failed by another's memory."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

import pyarrow as pa

from emkg.errors import MemoryLimitError
from emkg.ledger.binding import execute
from emkg.ledger.cursor import ROWS_PER_BATCH
from emkg.ledger.deadline import Watchdog
from emkg.ledger.failure import translated_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emkg.ledger.binding import Parameters
    from emkg.ledger.cursor import Cursor, Row
    from emkg.ledger.deadline import Deadline

    Result = TypeVar("Result")

# DuckDB's memory limit is one for all: whoever asks at the wrong moment fails, not who took the most. One that fails
# after this time is heavy itself and has a second try; before, it is taken for innocent and tries until its time is up.
_HEAVY_AFTER_S: Final = 0.25
_TRIES_OF_HEAVY: Final = 2
_PATIENCE_S: Final = 30.0
_FIRST_PAUSE_S: Final = 0.01
_LONGEST_PAUSE_S: Final = 0.25


class Readers:
    """Runs SELECTs from any thread, each on a cursor of its own."""

    def __init__(self, open_cursor: Callable[[], Cursor]) -> None:
        self._open_cursor = open_cursor
        self._idle: list[Cursor] = []
        self._lock = threading.Lock()
        self._running = 0
        self._watchdog = Watchdog()

    def rows(self, sql: str, parameters: Parameters = (), *, timeout_s: float | None = None) -> list[Row]:
        """All rows at once: for small answers, half the time of a stream."""

        def read(cursor: Cursor, deadline: Deadline | None) -> list[Row]:
            with translated_errors(cursor.file, timed_out=lambda: _is_over(deadline)):
                found = execute(cursor.raw, sql, parameters).fetchall()
            self._give_back(cursor, deadline)
            return found

        return self._patiently(read, timeout_s)

    def stream(
        self, sql: str, parameters: Parameters = (), *, timeout_s: float | None = None
    ) -> pa.RecordBatchReader:
        """The rows in batches as they are computed; the first one is computed here, and with it most errors."""

        def read(cursor: Cursor, deadline: Deadline | None) -> pa.RecordBatchReader:
            with translated_errors(cursor.file, timed_out=lambda: _is_over(deadline)):
                reader = execute(cursor.raw, sql, parameters).fetch_record_batch(ROWS_PER_BATCH)
                first = next(reader, None)
            batches = self._batches(first, reader, cursor, deadline)
            next(batches)  # from here on its end is noticed, also that of one nobody reads
            return pa.RecordBatchReader.from_batches(reader.schema, batches)

        return self._patiently(read, timeout_s)

    def watch(self, cursor: Cursor, timeout_s: float) -> Deadline:
        """Interrupt a cursor once the time has passed, unless the deadline is forgotten before."""
        return self._watchdog.watch(timeout_s, cursor.interrupt)

    def forget(self, deadline: Deadline | None) -> None:
        """The work is done in time."""
        self._watchdog.forget(deadline)

    def close(self) -> None:
        """End the thread that watches over time limits."""
        self._watchdog.close()

    def _batches(
        self,
        first: pa.RecordBatch | None,
        rest: pa.RecordBatchReader,
        cursor: Cursor,
        deadline: Deadline | None,
    ) -> Iterator[pa.RecordBatch | None]:
        with (
            self._dropped_on_failure(cursor, deadline),
            translated_errors(cursor.file, timed_out=lambda: _is_over(deadline)),
        ):
            yield None
            if first is not None:
                yield first
                yield from rest
        self._give_back(cursor, deadline)

    def _patiently(
        self, read: Callable[[Cursor, Deadline | None], Result], timeout_s: float | None
    ) -> Result:
        end = time.monotonic() + (_PATIENCE_S if timeout_s is None else timeout_s)
        pause, tries = _FIRST_PAUSE_S, 0
        while True:
            began = time.monotonic()
            left = None if timeout_s is None else max(0.0, end - began)
            had_neighbours = self._running > 0
            try:
                cursor, deadline = self._take(left)
                with self._dropped_on_failure(cursor, deadline):
                    return read(cursor, deadline)
            except MemoryLimitError:
                now = time.monotonic()
                tries += now - began > _HEAVY_AFTER_S
                is_alone = not (had_neighbours or self._running)
                if is_alone or tries >= _TRIES_OF_HEAVY or now + pause > end:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _take(self, timeout_s: float | None) -> tuple[Cursor, Deadline | None]:
        with self._lock:
            cursor = self._idle.pop() if self._idle else None
        if cursor is None:
            cursor = self._open_cursor()
        with self._lock:
            self._running += 1
        return cursor, None if timeout_s is None else self.watch(cursor, timeout_s)

    def _give_back(self, cursor: Cursor, deadline: Deadline | None) -> None:
        """The answer is read to its end, so the cursor holds no transaction."""
        self._watchdog.forget(deadline)
        with self._lock:
            self._running -= 1
            self._idle.append(cursor)

    @contextmanager
    def _dropped_on_failure(self, cursor: Cursor, deadline: Deadline | None) -> Iterator[None]:
        """Close the cursor when the block fails, or its answer is left before its end."""
        try:
            yield
        except BaseException:
            self._watchdog.forget(deadline)
            with self._lock:
                self._running -= 1
            cursor.close()
            raise


def _is_over(deadline: Deadline | None) -> bool:
    return deadline is not None and deadline.is_over

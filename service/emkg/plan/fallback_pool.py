"""A bounded pool of warm child processes, each filled with the predicates and graphs that queries touch."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import LimitError
from emkg.plan.fallback_process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emkg.plan.deadline import Deadline
    from emkg.plan.touch import Touched


@dataclass(frozen=True)
class Filling:
    """What a process holds: statements of one generation, as one default graph and by graph name.

    Attributes:
        generation: The generation.
        touched: What was read of it.
        has_names: Whether the named graphs are there too.
        merged: The graphs whose merge is the default graph; None for all that were read.
        visible: The graphs that may be seen by whoever asks; a process that was filled for others serves nobody else.
    """

    generation: int
    touched: Touched
    has_names: bool
    merged: frozenset[str] | None = None
    visible: frozenset[str] | None = None

    def covers(self, wanted: Filling) -> bool:
        """Whether a process filled like this answers a query that wants the other, to the same solutions."""
        return (
            self.generation == wanted.generation
            and self.has_names == wanted.has_names
            and self.merged == wanted.merged
            and self.visible == wanted.visible
            and self.touched.covers(wanted.touched)
        )


@dataclass(frozen=True)
class PoolLimits:
    """Bounds of the pool.

    Attributes:
        workers: Processes at most, busy and warm ones together; so many queries run at once.
        memory_bytes: Address space of each process.
        waiting: Queries that may wait for a process; one more is turned away.
    """

    workers: int = 2
    memory_bytes: int = 2 << 30
    waiting: int = 32


class WorkerPool:
    """Hands out processes. A process that failed is dropped; the next query gets a fresh one."""

    def __init__(self, limits: PoolLimits) -> None:
        self._limits = limits
        self._places = threading.Semaphore(limits.workers)
        self._lock = threading.Lock()
        self._idle: list[tuple[Filling, WorkerProcess]] = []  # least recently used first
        self._busy = 0
        self._waiting = 0
        self._is_closed = False

    @contextmanager
    def worker(
        self, filling: Filling, fill: Callable[[WorkerProcess], object], deadline: Deadline
    ) -> Iterator[WorkerProcess]:
        """A process that holds at least this; `fill` is called on a fresh one where none is warm, and may fail.

        Raises:
            LimitError: Too many queries wait already.
            QueryTimeoutError: No process came free by the deadline.
        """
        self._wait_for_place(deadline)
        holds, worker = filling, None
        try:
            warm = self._take(filling)
            holds, worker = warm or (filling, self._start(fill))
            yield worker
        finally:
            self._give_back(holds, worker)
            self._places.release()

    def _start(self, fill: Callable[[WorkerProcess], object]) -> WorkerProcess:
        worker = WorkerProcess(self._limits.memory_bytes)
        try:
            fill(worker)
        except BaseException:
            worker.close()
            raise
        return worker

    def close(self) -> None:
        """End all processes that are not busy, and keep none from now on."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for _, worker in idle:
            worker.close()

    def _wait_for_place(self, deadline: Deadline) -> None:
        if self._places.acquire(blocking=False):
            return
        with self._lock:
            if self._waiting >= self._limits.waiting:
                raise LimitError(
                    f"{self._waiting} queries are waiting already; try again in a moment",
                    message_zh="排队的查询过多，请稍后再试",
                )
            self._waiting += 1
        try:
            if not self._places.acquire(timeout=deadline.left_s):
                raise deadline.error("waiting for other queries to end")
        finally:
            with self._lock:
                self._waiting -= 1

    def _take(self, filling: Filling) -> tuple[Filling, WorkerProcess] | None:
        """A warm process that covers it and what it holds, or None after making room for a new one."""
        with self._lock:
            self._busy += 1
            dead = [entry for entry in self._idle if not entry[1].is_reusable]
            self._idle = [entry for entry in self._idle if entry[1].is_reusable]
            found = next((entry for entry in reversed(self._idle) if entry[0].covers(filling)), None)
            if found:
                self._idle.remove(found)
            elif self._idle and len(self._idle) + self._busy > self._limits.workers:
                dead.append(self._idle.pop(0))
        for _, worker in dead:
            worker.close()
        return found

    def _give_back(self, filling: Filling, worker: WorkerProcess | None) -> None:
        with self._lock:
            self._busy -= 1
            is_kept = worker is not None and worker.is_reusable and not self._is_closed
            if worker is not None and is_kept:
                self._idle.append((filling, worker))
        if worker is not None and not is_kept:
            worker.close()

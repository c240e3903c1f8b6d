"""How a caller follows an ingest and stops it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.errors import CancelledError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator


class Stage(StrEnum):
    """The stages, in the order they are run."""

    READ = "read"  # the digest of the inputs
    MAP = "map"
    STAGE = "stage"
    GATE = "gate"
    COMMIT = "commit"
    JUDGE = "judge"  # the report on the whole ledger
    REASON = "reason"


@dataclass(frozen=True)
class StageProgress:
    """A stage of a dataset begins; `number` of `total` datasets. At `JUDGE` and `REASON` the dataset is empty."""

    stage: Stage
    dataset: str
    number: int
    total: int


def ignore(_: StageProgress) -> None:
    """Follow nothing."""


@dataclass(frozen=True)
class IngestHooks:
    """`progress` is called as each stage begins; setting `cancelled` stops the ingest before the next commit."""

    progress: Callable[[StageProgress], None] = ignore
    cancelled: threading.Event | None = None

    def check(self) -> None:
        """Return when the caller wants to go on.

        Raises:
            CancelledError: The event is set; what was committed stays, the dataset at hand is not loaded.
        """
        if self.cancelled is not None and self.cancelled.is_set():
            raise CancelledError(
                "the ingest was stopped; the dataset at hand was not loaded",
                message_zh="导入已取消；当前数据集未入库",
            )

    def begin(self, progress: StageProgress) -> None:
        """Tell that a stage begins, unless the caller wants to stop.

        Raises:
            CancelledError: As `check`.
        """
        self.check()
        self.progress(progress)
        self.check()

    def checked(self, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
        """The same batches, with a check before each."""
        return pa.RecordBatchReader.from_batches(reader.schema, self._batches(reader))

    def _batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        for batch in reader:
            self.check()
            yield batch

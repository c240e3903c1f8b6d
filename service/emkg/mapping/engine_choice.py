"""Which engine a run uses, as its user says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.mapping.engine import MEMORY_MB, Engine

if TYPE_CHECKING:
    from pathlib import Path

LOCAL_SPARK: Final = "local[*]"  # every core of this machine


@dataclass(frozen=True)
class EngineChoice:
    """DuckDB in this process, or Spark.

    Attributes:
        memory_mb: What the engine may hold in memory, beside the process's own; the rest goes to disk.
        spark_master: The Spark master (`local[2]`, `spark://host:7077`); empty for DuckDB.
        work: With Spark, the folder for what is kept, which all its workers reach; a temporary one for None.
    """

    memory_mb: int = MEMORY_MB
    spark_master: str = ""
    work: Path | None = None

    def open(self) -> Engine:
        """The engine; close it.

        Raises:
            InputError: Spark or Java is not installed, or the master does not answer.
        """
        if not self.spark_master:
            return Engine(self.memory_mb)
        from emkg.mapping.spark.engine import SparkEngine  # noqa: PLC0415 - an extra

        return SparkEngine(self.spark_master, self.memory_mb, self.work)

"""An engine whose plans run on Spark; sources are read where the run is started, and handed over as Parquet."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pyarrow.dataset as ds

from emkg.errors import EmkgError, InputError, MemoryLimitError
from emkg.mapping.engine import MEMORY_MB, Engine, sql_literal
from emkg.mapping.spark.dialect import spark_sql
from emkg.mapping.spark.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis.expr.types as ir
    from pyspark.sql import DataFrame

_PIECE: Final = 1 << 20
_OUT_OF_ROOM: Final = ("OutOfMemoryError", "No space left on device", "SparkOutOfMemoryError")


class SparkEngine(Engine):
    """Spark for terms, joins and repeats; what is kept is Parquet in a folder that driver and workers share.

    Args:
        master: The Spark master.
        memory_mb: What this process and the driver may each hold in memory, in MB.
        work: The folder; a temporary one of this machine for None, which does for a local master only.
    """

    def __init__(self, master: str, memory_mb: int = MEMORY_MB, work: Path | None = None) -> None:
        if work is None and not master.startswith("local"):
            raise InputError(
                f"with the master {master} a folder is needed that driver and workers share: --work FOLDER",
                message_zh=f"使用 {master} 时须以 --work 指定驱动程序与各工作节点共享的目录",
            )
        self._session = open_session(master, memory_mb)
        super().__init__(memory_mb)
        self._folder = Path(tempfile.mkdtemp(prefix="emkg-spark-", dir=work))
        self._views: set[str] = set()

    def keep(self, plan: ir.Table) -> ir.Table:
        """Run a plan; its rows as a table."""
        name = ibis.util.gen_name("emkg_kept")
        path = self._folder / name
        with _translated_errors():
            self._frame(plan).write.parquet(str(path))
        self._view(name, path)
        return ibis.table(plan.schema(), name=name)

    def fetch(self, plan: ir.Table) -> pa.Table:
        """Run a plan; its rows in memory."""
        with _translated_errors():
            rows = [row.asDict() for row in self._frame(plan).collect()]
        return pa.Table.from_pylist(rows, schema=plan.schema().to_pyarrow())

    def stream(self, plan: ir.Table) -> Iterator[pa.RecordBatch]:
        """Run a plan; its rows in batches, once all are computed."""
        path = self._folder / ibis.util.gen_name("emkg_stream")
        with _translated_errors():
            self._frame(plan).write.parquet(str(path))
        yield from ds.dataset(str(path), format="parquet").to_batches()
        shutil.rmtree(path, ignore_errors=True)

    def write_lines(self, plan: ir.Table, path: Path, *, is_sorted: bool) -> int:
        """Write a plan's one column as lines, of which none holds a line end; the number of them."""
        lines = self._folder / ibis.util.gen_name("emkg_lines")
        count = 0
        with _translated_errors():
            frame = self._frame(plan)
            (frame.sort(*frame.columns) if is_sorted else frame).write.text(str(lines))
        with path.open("wb") as whole:
            for part in sorted(lines.glob("part-*")):
                with part.open("rb") as file:
                    while piece := file.read(_PIECE):
                        count += piece.count(b"\n")
                        whole.write(piece)
        shutil.rmtree(lines, ignore_errors=True)
        return count

    def interrupt(self) -> None:
        """Stop what runs, from another thread; it ends with an error."""
        super().interrupt()
        self._session.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """Drop what was kept; the session stays for the next engine of this process."""
        super().close()
        try:
            with _translated_errors():
                for name in self._views:
                    self._session.catalog.dropTempView(name)
        finally:
            self._views.clear()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _frame(self, plan: ir.Table) -> DataFrame:
        for table in plan.op().find(ops.PhysicalTable):
            if table.name not in self._views:
                self._hand_over(table.name)
        return self._session.sql(spark_sql(plan))

    def _hand_over(self, name: str) -> None:
        """A table that a source was read into, for Spark to read."""
        path = self._folder / f"{name}.parquet"
        self.execute(f'COPY "{name}" TO {sql_literal(str(path))} (FORMAT parquet)')
        self._view(name, path)

    def _view(self, name: str, path: Path) -> None:
        with _translated_errors():
            self._session.read.parquet(str(path)).createOrReplaceTempView(name)
        self._views.add(name)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """What Spark raises, as an error of ours."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield
    except (PySparkException, Py4JError) as error:
        text = str(error)
        if any(sign in text for sign in _OUT_OF_ROOM):
            raise MemoryLimitError(
                "Spark ran out of memory or disk; allow it more (`--memory`, or the cluster's own settings)",
                message_zh="Spark 内存或磁盘不足；请调高上限（`--memory` 或集群设置）",
            ) from error
        first = next((line for line in text.splitlines() if line.strip()), type(error).__name__)
        raise EmkgError(f"Spark failed: {first}", message_zh=f"Spark 执行失败：{first}") from error

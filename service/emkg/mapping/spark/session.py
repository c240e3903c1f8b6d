"""The process's Spark session: a process has one JVM, and it stays until the process ends."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emkg.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_QUERY_LOGGER: Final = "SQLQueryContextLogger"  # writes each error that is raised too
_LEAST_MEMORY_MB: Final = 1024  # below, Spark does not start
# What makes Spark mean what DuckDB does: a cast that fails gives NULL, and so does the size of NULL.
_MEANING: Final = {
    "spark.sql.ansi.enabled": "false",
    "spark.sql.legacy.sizeOfNull": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
}
# Spark's own messages go nowhere: what a user must know, EMKG says. Without an appender Spark would set up its own.
_QUIET: Final = """appender.nowhere.type = Null
appender.nowhere.name = nowhere
rootLogger.level = off
rootLogger.appenderRef.nowhere.ref = nowhere
"""


def open_session(master: str, memory_mb: int) -> SparkSession:
    """The session; one that is open already is taken, and set to mean what plans mean.

    Args:
        master: A Spark master: `local[2]`, `spark://host:7077`, `yarn`, `k8s://…`.
        memory_mb: What the driver's JVM may hold, 1024 at least.

    Raises:
        InputError: Spark or Java is not installed, or the master does not answer.
    """
    try:
        from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
        from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - an extra
        from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra
        from pyspark.java_gateway import launch_gateway  # noqa: PLC0415 - an extra
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(
            "Spark is not installed; `pip install 'emkg[spark]'`, and Java 17 or later",
            message_zh="未安装 Spark；请执行 `pip install 'emkg[spark]'`，并安装 Java 17 或更高版本",
        ) from error
    logging.getLogger(_QUERY_LOGGER).setLevel(logging.CRITICAL)
    if (session := SparkSession.getActiveSession()) is not None:
        for name, value in _MEANING.items():
            session.conf.set(name, value)
        return session
    folder = Path(tempfile.mkdtemp(prefix="emkg-spark-log-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    conf = SparkConf(loadDefaults=False).setAll(list(_settings(master, memory_mb, folder).items()))
    told = folder / "stderr"
    gateway: Any = None
    try:
        # Spark warns of versions of pandas, which is not used here
        with warnings.catch_warnings(), told.open("wb") as stderr:
            warnings.simplefilter("ignore", FutureWarning)
            gateway = launch_gateway(conf, popen_kwargs={"stderr": stderr})  # type: ignore[no-untyped-call]
            return SparkSession(SparkContext(conf=conf, gateway=gateway))
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        why = _why(error, told)
        if gateway is not None:
            gateway.shutdown()
            gateway.proc.kill()
        raise InputError(
            f"Spark does not start with the master {master!r}: {why}; it needs Java 17 or later",
            message_zh=f"无法以 {master} 启动 Spark：{why}；需要 Java 17 或更高版本",
        ) from error


def _settings(master: str, memory_mb: int, folder: Path) -> dict[str, str]:
    quiet = folder / "log4j2.properties"
    quiet.write_text(_QUIET, encoding="ascii")
    settings = {
        **_MEANING,
        "spark.master": master,
        "spark.app.name": "EMKG mapping",
        "spark.driver.memory": f"{max(memory_mb, _LEAST_MEMORY_MB)}m",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet}",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        settings |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        settings["spark.sql.shuffle.partitions"] = str(os.cpu_count() or 1)
    return settings


def _why(error: Exception, told: Path) -> str:
    """The line that says most: the Java exception's, else what the JVM wrote last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith((": ", "Caused by: "))]
    written = told.read_text(errors="replace").splitlines() if told.exists() else []
    return (causes or written or lines or [type(error).__name__])[-1].removeprefix(": ")

"""The one door to DuckDB: opening a file, a cursor per use, interrupts and limits."""

from __future__ import annotations

import tempfile
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import duckdb

from emkg.ledger.cursor import Cursor
from emkg.ledger.failure import locked, translated_errors, unopened
from emkg.ledger.macro import create_macros
from emkg.ledger.reading import Readers

Config: TypeAlias = dict[str, str | bool | int | float | list[str]]

_ATTACHED = "ledger"


@dataclass(frozen=True)
class Limits:
    """What all work in a ledger may take together: memory, disk beside the file for what does not fit, and threads."""

    memory_mb: int
    spill_mb: int
    threads: int | None


class Engine:
    """A DuckDB database with the ledger's settings; cursors of it may be used from any thread, one each."""

    def __init__(self, path: Path | None, limits: Limits, *, read_only: bool) -> None:
        self.path = path
        self.file = str(path) if path else "the ledger in memory"
        config: Config = {
            "memory_limit": f"{limits.memory_mb}MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
        if limits.threads:
            config["threads"] = limits.threads
        # DuckDB's own choice for a database in memory, and so for an attached file, is the current directory. The
        # folder is made when it is needed, and goes with the connection.
        spill = f"{path}.tmp" if path else str(Path(tempfile.gettempdir()) / f"emkg-ledger-{uuid4().hex}.tmp")
        config["temp_directory"] = spill
        # A file opened read-only allows no catalogue in memory beside it; a database in memory that attaches it does.
        self._attached = path if read_only else None
        self._connection = _connect(path, read_only=read_only, config=config)
        # said at the opening, DuckDB shows it and does not keep to it
        self._connection.execute(f"SET max_temp_directory_size = '{limits.spill_mb}MB'")
        try:
            create_macros(self._connection)
        except duckdb.BinderException as error:  # this process has it open, with the same settings
            self._connection.close()
            raise locked(self.file) from error
        # Compiled plans read tables, never files or the network.
        self._connection.execute("SET enable_external_access = false")
        self._live: weakref.WeakSet[Cursor] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.readers = Readers(self.cursor)

    def cursor(self) -> Cursor:
        """A new cursor with its own transaction and temporary tables; close it after use."""
        with self._lock, translated_errors(self.file):
            cursor = Cursor(self._connection.cursor(), self.file)
            if self._attached:
                cursor.raw.execute(f"USE {_ATTACHED}")
            self._live.add(cursor)
        return cursor

    def generation(self) -> int:
        """The number of the last commit that the file holds."""
        return int(str(self.readers.rows("SELECT coalesce(max(id), 0) FROM generation")[0][0]))

    def interrupt(self) -> None:
        """Stop what every cursor is doing now; each of them raises CancelledError. Idle ones are not affected."""
        with self._lock:
            live = list(self._live)
        for cursor in live:
            cursor.interrupt()

    def close(self) -> None:
        """Close the file; what is not committed is gone."""
        self.readers.close()
        with self._lock:
            live = list(self._live)
        for cursor in live:
            cursor.close()
        self._connection.close()


def _connect(path: Path | None, *, read_only: bool, config: Config) -> duckdb.DuckDBPyConnection:
    target = str(path) if path else ":memory:"
    with translated_errors(target):
        try:
            if read_only and path is not None:
                return _attach(target, config)
            return duckdb.connect(target, config=config)
        except (duckdb.ConnectionException, duckdb.BinderException) as error:  # this process has it open
            raise locked(target) from error
        except duckdb.IOException as error:
            raise unopened(target, str(error)) from error


def _attach(file: str, config: Config) -> duckdb.DuckDBPyConnection:
    name = file.replace("'", "''")
    connection = duckdb.connect(":memory:", config=config)
    connection.execute(f"ATTACH '{name}' AS {_ATTACHED} (READ_ONLY)")
    return connection

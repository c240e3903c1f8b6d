"""A ledger written anew: everything in order, nothing that no statement uses, in a file without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb

from emkg.ledger.backup import put_in_place
from emkg.ledger.dictionary import TERM_COLUMNS
from emkg.ledger.failure import translated_errors
from emkg.ledger.head import LOG_SUFFIX, beside
from emkg.ledger.schema import QUAD_COLUMNS, QUAD_TABLES, create_tables, create_term_index

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ledger.engine import Config, Limits

_PART_SUFFIX: Final = ".compacting"
_USED: Final = " UNION ".join(
    f"SELECT {column} AS id FROM {table}" for table in ("old.quad", "old.quad_history") for column in "gspo"
)
_COPIES: Final = (
    *(
        f"INSERT INTO {name} SELECT {QUAD_COLUMNS} FROM old.quad ORDER BY {order}"
        for name, order in QUAD_TABLES.items()
    ),
    "INSERT INTO quad_history SELECT * FROM old.quad_history ORDER BY p, s",
    f"INSERT INTO term ({TERM_COLUMNS}) SELECT {TERM_COLUMNS} FROM old.term SEMI JOIN ({_USED}) USING (id)",
    *(
        f"INSERT INTO {name} SELECT * FROM old.{name}"
        for name in ("generation", "run", "quarantine", "withheld", "release", "snapshot")
    ),
)


@dataclass(frozen=True)
class Compaction:
    """What compacting did: terms that no statement used, and the file's bytes before and after."""

    terms_dropped: int
    bytes_before: int
    bytes_after: int


def rewrite(path: Path, limits: Limits) -> Compaction:
    """Write a closed ledger anew and put the new file in its place; a crash before that leaves the old one."""
    part = beside(path, _PART_SUFFIX)
    before = path.stat().st_size
    _clear(part)
    try:
        with translated_errors(str(part)):
            dropped = _copy(path, part, limits)
        put_in_place(part, path)
    finally:
        _clear(part)
    return Compaction(dropped, before, path.stat().st_size)


def _copy(path: Path, part: Path, limits: Limits) -> int:
    name = str(path).replace("'", "''")
    config: Config = {
        "memory_limit": f"{limits.memory_mb}MB",
        "preserve_insertion_order": "false",
        "temp_directory": f"{part}.tmp",
    }
    with duckdb.connect(str(part), config=config) as connection:
        connection.execute(f"ATTACH '{name}' AS old (READ_ONLY)")
        create_tables(connection)
        connection.execute("DROP INDEX term_by_id")
        for copy in _COPIES:
            connection.execute(copy)
        create_term_index(connection)
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM old.term) - (SELECT count(*) FROM term)"
        ).fetchone()
        connection.execute("DETACH old")
        connection.execute("CHECKPOINT")
    return int(counted[0]) if counted else 0


def _clear(part: Path) -> None:
    for file in (part, beside(part, LOG_SUFFIX)):
        file.unlink(missing_ok=True)

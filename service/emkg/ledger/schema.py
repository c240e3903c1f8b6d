"""The tables of a ledger file, and the check that a file is one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from emkg.errors import LedgerCorruptError, LedgerError
from emkg.ledger.dictionary import TEXT_SQL
from emkg.ledger.failure import translated_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from emkg.ledger.cursor import Cursor

FORMAT: Final = "3"
_TERMS_IN_BULK: Final = 100_000

QUAD_COLUMNS: Final = "g, s, p, o, from_generation"
# Each copy of the quads, and the order within what one commit adds: a look-up by its first column reads a few row groups.
# The third place is left out of the order, which is a third of the time of sorting.
QUAD_TABLES: Final[dict[str, str]] = {"quad": "p, s", "quad_by_subject": "s, p", "quad_by_object": "o, p"}


def _quad_table(name: str) -> str:
    return f"""
CREATE TABLE {name} (
  g UBIGINT NOT NULL, s UBIGINT NOT NULL, p UBIGINT NOT NULL, o UBIGINT NOT NULL, from_generation UINTEGER NOT NULL);
CREATE MACRO {name}_as_of(at_generation) AS TABLE
  SELECT g, s, p, o FROM {name} WHERE from_generation <= at_generation
  UNION ALL
  SELECT g, s, p, o FROM quad_history WHERE from_generation <= at_generation AND at_generation < until_generation;"""


# What the gate keeps out waits in the same file, so that it changes in the transaction that decides on it.
_WAITING: Final = """
CREATE TABLE withheld (dataset VARCHAR NOT NULL, s VARCHAR NOT NULL, p VARCHAR NOT NULL, o VARCHAR NOT NULL, g VARCHAR NOT NULL);
CREATE TABLE release (
  dataset VARCHAR NOT NULL, node VARCHAR NOT NULL, statements VARCHAR NOT NULL, reason VARCHAR NOT NULL,
  released_at TIMESTAMP NOT NULL);"""
# Compression is named where it would be chosen anyway: trying all of them takes a quarter of the time of writing terms.
# No keys: hash ids and anti-joins keep rows unique. The one index finds the few terms of a small answer; the quads'
# would be four times as large as a sorted copy, and take four times as long to write.
_SNAPSHOT: Final = """CREATE TABLE IF NOT EXISTS snapshot (
  name VARCHAR NOT NULL, generation UINTEGER NOT NULL, taken_at TIMESTAMP NOT NULL);"""
_TERM_INDEX: Final = "CREATE INDEX IF NOT EXISTS term_by_id ON term (id);"
TERM_TABLE: Final = f"""
CREATE TABLE term (
  id UBIGINT NOT NULL, kind UTINYINT NOT NULL, lexical VARCHAR NOT NULL USING COMPRESSION fsst,
  datatype VARCHAR USING COMPRESSION dictionary, language VARCHAR USING COMPRESSION dictionary,
  number DOUBLE, exact DECIMAL(38, 10), instant TIMESTAMP, has_zone BOOLEAN, truth BOOLEAN,
  text VARCHAR GENERATED ALWAYS AS ({TEXT_SQL}) VIRTUAL);"""
_DDL: Final = f"""
CREATE TABLE meta (key VARCHAR, value VARCHAR);
{TERM_TABLE}
CREATE TABLE quad_history (
  g UBIGINT NOT NULL, s UBIGINT NOT NULL, p UBIGINT NOT NULL, o UBIGINT NOT NULL,
  from_generation UINTEGER NOT NULL, until_generation UINTEGER NOT NULL);
CREATE TABLE generation (id UINTEGER NOT NULL, committed_at TIMESTAMP NOT NULL, activity VARCHAR NOT NULL);
CREATE TABLE run (
  name VARCHAR NOT NULL, digest VARCHAR NOT NULL, graphs VARCHAR[] NOT NULL,
  generation UINTEGER NOT NULL, ended_at TIMESTAMP NOT NULL, details VARCHAR NOT NULL);
CREATE TABLE quarantine (
  dataset VARCHAR, file VARCHAR, "row" BIGINT, "column" VARCHAR, value VARCHAR,
  reason VARCHAR, message VARCHAR, message_zh VARCHAR, mapping VARCHAR, node VARCHAR);
{_WAITING}
{"".join(_quad_table(name) for name in QUAD_TABLES)}
{_SNAPSHOT}
{_TERM_INDEX}
INSERT INTO meta VALUES ('format', '{FORMAT}');
"""

QUARANTINE_COLUMNS: Final = (
    "dataset",
    "file",
    "row",
    "column",
    "value",
    "reason",
    "message",
    "message_zh",
    "mapping",
    "node",
)


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make an empty ledger in one transaction: a crash leaves an empty file, which is tried again."""
    connection.begin()
    connection.execute(_DDL)
    connection.commit()


# What each former format lacks; a ledger is taken through all that follow its own.
_UPGRADES: Final = {
    "1": f"""
{"".join(_quad_table(name) for name in QUAD_TABLES if name != "quad")}
{_TERM_INDEX}
INSERT INTO quad_by_subject SELECT {QUAD_COLUMNS} FROM quad ORDER BY {QUAD_TABLES["quad_by_subject"]};
INSERT INTO quad_by_object SELECT {QUAD_COLUMNS} FROM quad ORDER BY {QUAD_TABLES["quad_by_object"]};""",
    "2": f"""
ALTER TABLE quarantine ADD COLUMN node VARCHAR;
{_WAITING}""",
}


def upgrade_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a ledger of a former format what this one has more, in one transaction; leave any other as it is."""
    if "meta" not in table_names(connection) or _format(connection) not in _UPGRADES:
        return
    connection.begin()
    for former in tuple(_UPGRADES)[tuple(_UPGRADES).index(_format(connection)) :]:
        connection.execute(_UPGRADES[former])
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", [FORMAT])
    connection.commit()


def create_term_index(connection: duckdb.DuckDBPyConnection, *, anew: bool = False) -> None:
    """Make the index of terms by id if it is not there, or in any case.

    DuckDB 1.4 takes a write-ahead log into a table and loses it for the table's index when the file is closed before
    the index was used, so it is made anew whenever a log was there.
    """
    if anew:
        connection.execute("DROP INDEX IF EXISTS term_by_id")
    connection.execute(_TERM_INDEX)


def create_snapshot_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of named snapshots if it is not there."""
    connection.execute(_SNAPSHOT)


@contextmanager
def without_term_index(cursor: Cursor, new_terms: int) -> Iterator[None]:
    """Drop the index while many terms are written, and make it anew at the end: half the time of appending to it.

    A crash in between leaves the ledger without it; whoever opens the file for writing makes it.
    """
    if new_terms < max(_TERMS_IN_BULK, cursor.count("SELECT count(*) FROM term") // 2):
        yield
        return
    cursor.run("DROP INDEX IF EXISTS term_by_id")
    try:
        yield
    finally:
        with translated_errors(cursor.file):
            create_term_index(cursor.raw)


def table_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of the tables in the file."""
    rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    return {str(name) for (name,) in rows}


def check_format(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    """Return when the file is a ledger of this version.

    Raises:
        LedgerError: It is of a former format; opened for writing, it is brought to this one.
        LedgerCorruptError: It is a DuckDB file of something else, or of another version of the ledger.
    """
    if "meta" not in table_names(connection):
        raise LedgerCorruptError(
            f"{file} is a DuckDB file but not a ledger; name another file", message_zh=f"{file} 不是账本文件"
        )
    found = _format(connection)
    if found in _UPGRADES:
        raise LedgerError(
            f"{file} was written by an earlier version; run `emkg ledger compact` once",
            message_zh=f"{file} 由较早版本写入，请先运行一次 emkg ledger compact",
        )
    if found != FORMAT:
        raise LedgerCorruptError(
            f"{file} has ledger format {found}, this version reads {FORMAT}; ingest into a new ledger",
            message_zh=f"{file} 的账本格式为 {found}，本版本只能读取 {FORMAT}",
        )


def _format(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return str(row[0]) if row else "none"

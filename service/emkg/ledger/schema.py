"""The tables of a ledger file, and the check that a file is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.errors import LedgerCorruptError
from emkg.ledger.dictionary import TEXT_SQL

if TYPE_CHECKING:
    import duckdb

FORMAT: Final = "1"

# No keys and no indexes: hash ids and anti-joins keep rows unique, and an index would have to be kept up
# for every bulk load, while sorted row groups answer look-ups almost as fast.
_DDL: Final = f"""
CREATE TABLE meta (key VARCHAR, value VARCHAR);
CREATE TABLE term (
  id UBIGINT NOT NULL, kind UTINYINT NOT NULL, lexical VARCHAR NOT NULL, datatype VARCHAR, language VARCHAR,
  number DOUBLE, exact DECIMAL(38, 10), instant TIMESTAMP, has_zone BOOLEAN, truth BOOLEAN,
  text VARCHAR GENERATED ALWAYS AS ({TEXT_SQL}) VIRTUAL);
CREATE TABLE quad (
  g UBIGINT NOT NULL, s UBIGINT NOT NULL, p UBIGINT NOT NULL, o UBIGINT NOT NULL, from_generation UINTEGER NOT NULL);
CREATE TABLE quad_history (
  g UBIGINT NOT NULL, s UBIGINT NOT NULL, p UBIGINT NOT NULL, o UBIGINT NOT NULL,
  from_generation UINTEGER NOT NULL, until_generation UINTEGER NOT NULL);
CREATE TABLE generation (id UINTEGER NOT NULL, committed_at TIMESTAMP NOT NULL, activity VARCHAR NOT NULL);
CREATE TABLE run (
  name VARCHAR NOT NULL, digest VARCHAR NOT NULL, graphs VARCHAR[] NOT NULL,
  generation UINTEGER NOT NULL, ended_at TIMESTAMP NOT NULL, details VARCHAR NOT NULL);
CREATE TABLE quarantine (
  dataset VARCHAR, file VARCHAR, "row" BIGINT, "column" VARCHAR, value VARCHAR,
  reason VARCHAR, message VARCHAR, message_zh VARCHAR, mapping VARCHAR);
CREATE MACRO quad_as_of(at_generation) AS TABLE
  SELECT g, s, p, o FROM quad WHERE from_generation <= at_generation
  UNION ALL
  SELECT g, s, p, o FROM quad_history WHERE from_generation <= at_generation AND at_generation < until_generation;
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
)


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make an empty ledger in one transaction: a crash leaves an empty file, which is tried again."""
    connection.begin()
    connection.execute(_DDL)
    connection.commit()


def table_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of the tables in the file."""
    rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    return {str(name) for (name,) in rows}


def check_format(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    """Return when the file is a ledger of this version.

    Raises:
        LedgerCorruptError: It is a DuckDB file of something else, or of another version of the ledger.
    """
    if "meta" not in table_names(connection):
        raise LedgerCorruptError(
            f"{file} is a DuckDB file but not a ledger; name another file", message_zh=f"{file} 不是账本文件"
        )
    row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    found = row[0] if row else "none"
    if found != FORMAT:
        raise LedgerCorruptError(
            f"{file} has ledger format {found}, this version reads {FORMAT}; ingest into a new ledger",
            message_zh=f"{file} 的账本格式为 {found}，本版本只能读取 {FORMAT}",
        )

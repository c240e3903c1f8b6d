"""A table or query of PostgreSQL, MySQL or MariaDB: read only, in batches, with natural datatypes."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.errors import Location, SourceError
from emkg.sources.header import header_positions
from emkg.sources.mysql_rows import open_mysql
from emkg.sources.postgresql_rows import open_postgresql
from emkg.sources.relation import RowSink, SourceRelation, column_names
from emkg.sources.sql_url import from_environment, parse_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import ibis

    from emkg.sources.description import DatabaseServer, SourceDescription
    from emkg.sources.sql_rows import SqlRows

_OPENERS = {"postgresql": open_postgresql, "mysql": open_mysql}


def read_sql(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced columns of the table (`iterator` empty) or query; a row is its place in the result, from 1.

    The transaction is read only, and rows come in batches, so that memory is bounded.

    Raises:
        SourceError: The server is not there, refuses, or has no such table or column; the query does not run.
            No message holds a user's name or password.
    """
    with _opened(description) as (rows, file):
        positions = header_positions(file, [column.name for column in rows.columns], references)
        chosen = [rows.columns[position] for position in positions.values()]
        columns = column_names(list(positions))
        sink = RowSink(backend, list(columns.values()))
        nulls = frozenset(description.null_values) - {""}
        for row, cells in enumerate(rows.cells, start=1):
            texts = [
                None if (cell := cells[position]) is None else column.text(cell)
                for position, column in zip(positions.values(), chosen, strict=True)
            ]
            sink.append(row, [None if text in nulls else text for text in texts])
    datatypes = {
        reference: column.datatype
        for reference, column in zip(positions, chosen, strict=True)
        if column.datatype
    }
    return SourceRelation(sink.finish(), columns, datatypes=datatypes)


def sql_names(description: SourceDescription) -> tuple[str, ...]:
    """The columns of the table or query.

    Raises:
        SourceError: As `read_sql` does.
    """
    with _opened(description) as (rows, _):
        return tuple(column.name for column in rows.columns)


@contextmanager
def _opened(description: SourceDescription) -> Iterator[tuple[SqlRows, Path]]:
    """The open result, and the database as a path for messages."""
    server = _stated(description)
    place = Location(str(description.path))
    address = parse_address(from_environment(server.dsn, place), place)
    opener = _OPENERS.get(address.kind)
    if opener is None:
        raise SourceError(
            "there is no driver for SQL Server; export the table as CSV or Parquet",
            message_zh="没有 SQL Server 驱动；请将该表导出为 CSV 或 Parquet",
            location=place,
        )
    user, password = from_environment(server.user, place), from_environment(server.password, place)
    with opener(address, user, password, description) as rows:
        yield rows, Path(address.database)


def _stated(description: SourceDescription) -> DatabaseServer:
    if description.server is None:
        raise SourceError("an SQL source needs a database server", message_zh="SQL 数据源须指明数据库服务器")
    return description.server

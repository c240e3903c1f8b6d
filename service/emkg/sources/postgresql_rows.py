"""PostgreSQL's side of an SQL source; every value comes as the text that the server writes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from emkg.sources.sql_rows import BATCH_ROWS, SqlColumn, SqlRows, chosen_table, missing_driver, refused
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from emkg.sources.description import SourceDescription
    from emkg.sources.sql_url import ServerAddress

_TYPES = {
    **dict.fromkeys((20, 21, 23, 26), "integer"),
    1700: "decimal",
    700: "double",
    701: "double",
    16: "boolean",
    1082: "date",
    1083: "time",
    1266: "time",
    1114: "dateTime",
    1184: "dateTime",
    17: "hexBinary",
}
_TABLES = (
    "SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')"
    " AND pg_catalog.pg_table_is_visible(c.oid) AND c.relnamespace::regnamespace::text NOT LIKE 'pg!_%' ESCAPE '!'"
    " AND c.relnamespace::regnamespace::text <> 'information_schema'"
)


@contextmanager
def open_postgresql(
    address: ServerAddress, user: str, password: str, description: SourceDescription
) -> Iterator[SqlRows]:
    """The result of the description's table or query.

    Raises:
        SourceError: The server cannot be reached, refuses, or cannot run the query.
    """
    try:
        import psycopg  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_driver("postgresql", description.path) from None
    try:
        with psycopg.connect(
            host=address.host,
            port=address.port,
            dbname=address.database,
            user=user or None,
            password=password or None,
            client_encoding="UTF8",
            connect_timeout=10,
        ) as connection:
            connection.read_only = True
            _take_texts(connection)
            query = _query(connection, description)
            with connection.cursor(name="emkg") as cursor:
                cursor.itersize = BATCH_ROWS
                cursor.execute(query.encode())
                columns = tuple(
                    SqlColumn(each.name, _datatype(each.type_code)) for each in cursor.description or ()
                )
                yield SqlRows(columns, iter(cursor))
    except psycopg.Error as error:
        primary = error.diag.message_primary
        detail = "the server cannot be reached or refuses the login" if not error.sqlstate else primary
        raise refused(description.path, detail or type(error).__name__) from None


def _datatype(oid: int) -> str:
    return XSD + _TYPES[oid] if oid in _TYPES else ""


def _take_texts(connection: psycopg.Connection[tuple[str | None, ...]]) -> None:
    from psycopg.types.string import TextLoader  # noqa: PLC0415 - an extra

    for info in connection.adapters.types:
        for oid in (info.oid, info.array_oid):
            if oid:
                connection.adapters.register_loader(oid, TextLoader)


def _query(connection: psycopg.Connection[tuple[str | None, ...]], description: SourceDescription) -> str:
    if description.iterator:
        return description.iterator.strip().rstrip(";")
    tables = [str(name) for (name,) in connection.execute(_TABLES)]
    name = chosen_table(description.path, description.query, tables, '"').replace('"', '""')
    return f'SELECT * FROM "{name}"'  # noqa: S608 - a name of the catalogue, quoted

"""MySQL's and MariaDB's side of an SQL source; every value comes as the text or bytes that the server sends."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from emkg.sources.sql_rows import SqlColumn, SqlRows, chosen_table, missing_driver, refused
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

    from emkg.sources.description import SourceDescription
    from emkg.sources.sql_rows import RawCell
    from emkg.sources.sql_url import ServerAddress

_TYPES = {
    **dict.fromkeys((1, 2, 3, 8, 9, 13), "integer"),
    0: "decimal",
    246: "decimal",
    4: "double",
    5: "double",
    10: "date",
    14: "date",
    11: "time",
    7: "dateTime",
    12: "dateTime",
    16: "hexBinary",
}
_TINY = 1
_BLOBS = frozenset((249, 250, 251, 252, 253, 254))
_BINARY = 63  # the character set of a column that is bytes


@contextmanager
def open_mysql(
    address: ServerAddress, user: str, password: str, description: SourceDescription
) -> Iterator[SqlRows]:
    """The result of the description's table or query.

    Raises:
        SourceError: The server cannot be reached, refuses, or cannot run the query.
    """
    try:
        import pymysql  # noqa: PLC0415 - an extra
        from pymysql.converters import conversions  # noqa: PLC0415 - an extra
        from pymysql.cursors import SSCursor  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_driver("mysql", description.path) from None
    try:
        with closing(
            pymysql.connect(
                host=address.host,
                port=address.port,
                database=address.database,
                user=user or None,
                password=password,
                charset="utf8mb4",
                connect_timeout=10,
                conv={key: value for key, value in conversions.items() if not isinstance(key, int)},
            )
        ) as connection:
            query = _query(connection, description)
            with connection.cursor(SSCursor) as cursor:
                cursor.execute("START TRANSACTION READ ONLY")
                cursor.execute(query)
                yield SqlRows(_columns(cursor), _cells(cursor))
    except pymysql.MySQLError as error:
        code = error.args[0] if error.args else 0
        message = str(error.args[1]) if len(error.args) > 1 else type(error).__name__
        detail = "the server refuses the login" if code in {1044, 1045, 1698} else message
        raise refused(description.path, detail) from None


def _cells(cursor: Cursor) -> Iterator[Sequence[RawCell]]:
    while (row := cursor.fetchone()) is not None:
        yield row


def _columns(cursor: Cursor) -> tuple[SqlColumn, ...]:
    # the driver keeps a field's character set nowhere else
    fields = getattr(cursor, "_result").fields  # noqa: B009 - an attribute that its stubs do not have
    return tuple(
        SqlColumn(field.name, _datatype(field.type_code, field.length, field.charsetnr)) for field in fields
    )


def _datatype(type_code: int, length: int, charset: int) -> str:
    if type_code == _TINY and length == 1:
        return XSD + "boolean"
    if type_code in _TYPES:
        return XSD + _TYPES[type_code]
    return XSD + "hexBinary" if type_code in _BLOBS and charset == _BINARY else ""


def _query(connection: Connection[Cursor], description: SourceDescription) -> str:
    if description.iterator:
        return description.iterator.strip().rstrip(";")
    with connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        tables = [str(name) for (name,) in cursor.fetchall()]
    name = chosen_table(description.path, description.query, tables, "`").replace("`", "``")
    return f"SELECT * FROM `{name}`"  # noqa: S608 - a name of the catalogue, quoted

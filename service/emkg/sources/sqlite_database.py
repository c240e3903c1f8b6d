"""SQLite: a table or a query, read only and in batches, with the natural datatypes of its columns."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from emkg.errors import Location, SourceError
from emkg.sources.fault import SourceFault, undecodable
from emkg.sources.header import header_positions
from emkg.sources.mark import is_marked, mark_undecodable, show
from emkg.sources.relation import RowSink, SourceRelation, column_names
from emkg.sources.sqlite_type import SqlValue, natural_datatype, observed_datatype, sql_text
from emkg.sources.suggestion import missing_name
from emkg.sources.text import check_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import ibis

    from emkg.sources.description import SourceDescription

_QUERY = re.compile(r"\s*(select|with|values)\b", re.IGNORECASE)
_ALLOWED = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)
_ROWID_NAMES = ("rowid", "_rowid_", "oid")


def is_query(text: str) -> bool:
    """Whether a text is a query, and not the name of a table."""
    return _QUERY.match(text) is not None


def read_sqlite(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced columns of the table or query that `query` names (the only table where it is empty).

    A row is the rowid, or the 1-based ordinal for queries, views and tables without one.

    Raises:
        SourceError: The file is not there or is no SQLite database; the table or a column is not there; the
            query does not run, or does more than read.
    """
    check_file(description.path)
    uri = f"{description.path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.text_factory = lambda data: mark_undecodable(data, "utf-8")
            return _read(backend, connection, description, references)
    except (sqlite3.Error, sqlite3.Warning) as error:  # several statements are a Warning before Python 3.12
        raise SourceError(
            f"SQLite cannot read this: {error}",
            message_zh=f"SQLite 无法读取：{error}",
            location=Location(str(description.path)),
        ) from None


def _read(
    backend: ibis.BaseBackend,
    connection: sqlite3.Connection,
    description: SourceDescription,
    references: Sequence[str],
) -> SourceRelation:
    if is_query(description.query):
        connection.set_authorizer(_read_only)
        cursor = connection.execute(description.query)
        names = [str(column[0]) for column in cursor.description]
        positions = header_positions(description.path, names, references)
        return _Columns(positions, dict.fromkeys(positions)).read(
            backend, description, enumerate(cursor, start=1)
        )
    table = _table(connection, description)
    declared = dict(
        connection.execute("SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1", (table,))
    )
    header_positions(description.path, list(declared), references)
    wanted = list(dict.fromkeys(references))
    types = {name: natural_datatype(declared[name]) if declared[name] else None for name in wanted}
    rows = _table_rows(connection, table, wanted, list(declared))
    return _Columns({name: index for index, name in enumerate(wanted)}, types).read(
        backend, description, rows
    )


class _Columns:
    """Columns by position and their declared datatypes ("" for text, None where the values must tell)."""

    def __init__(self, positions: dict[str, int], declared: dict[str, str | None]) -> None:
        self._positions = positions
        self._declared = declared

    def read(
        self,
        backend: ibis.BaseBackend,
        description: SourceDescription,
        rows: Iterator[tuple[int, tuple[SqlValue, ...]]],
    ) -> SourceRelation:
        columns = column_names(list(self._positions))
        sink = RowSink(backend, list(columns.values()))
        nulls = frozenset(("", *description.null_values))
        kinds: dict[str, set[type]] = {reference: set() for reference in self._positions}
        faults: list[SourceFault] = []
        for row, cells in rows:
            values: list[str | None] = []
            for reference, position in self._positions.items():
                kinds[reference].add(type(cells[position]))
                text = sql_text(cells[position], self._declared[reference])
                if text is not None and is_marked(text):
                    faults.append(undecodable(row, reference, show(text), "utf-8"))
                    text = None
                values.append(None if text in nulls else text)
            sink.append(row, values)
        datatypes = {
            reference: observed_datatype(kinds[reference]) if declared is None else declared
            for reference, declared in self._declared.items()
        }
        known = {reference: datatype for reference, datatype in datatypes.items() if datatype}
        return SourceRelation(sink.finish(), columns, datatypes=known, faults=tuple(faults))


def _table_rows(
    connection: sqlite3.Connection, table: str, wanted: list[str], names: list[str]
) -> Iterator[tuple[int, tuple[SqlValue, ...]]]:
    """The wanted cells of every row; the names come from the database's own catalogue and are quoted."""
    cells = ", ".join([_quote(name) for name in wanted] or ["NULL"])
    taken = {name.lower() for name in names}
    alias = next((name for name in _ROWID_NAMES if name not in taken), None)
    if alias is not None:
        try:
            cursor = connection.execute(f"SELECT {alias}, {cells} FROM {_quote(table)}")  # noqa: S608 — catalogue names, quoted
            first = cursor.fetchone()
        except sqlite3.OperationalError:
            first, cursor = None, None
        if cursor is not None and (first is None or isinstance(first[0], int)):
            while first is not None:
                yield first[0], first[1:]
                first = cursor.fetchone()
            return
    yield from enumerate(connection.execute(f"SELECT {cells} FROM {_quote(table)}"), start=1)  # noqa: S608 — catalogue names, quoted


def _table(connection: sqlite3.Connection, description: SourceDescription) -> str:
    catalogue = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    tables = [str(name) for (name,) in connection.execute(catalogue)]
    if description.query in tables:
        return description.query
    if not description.query and len(tables) == 1:
        return tables[0]
    if not description.query and tables:
        raise SourceError(
            f"the database has several tables; name one as the query: {', '.join(tables)}",
            message_zh=f"数据库中有多张表，请在 query 中指明：{', '.join(tables)}",
            location=Location(str(description.path)),
        )
    raise missing_name(description.path, ("table", "表"), description.query, tables)


def _quote(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _read_only(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY

"""Where a database is, and how its values are written, without a database."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest

from emkg.errors import Location, SourceError
from emkg.sources.description import DatabaseServer, Formulation, SourceDescription
from emkg.sources.reading import read_source
from emkg.sources.sql_rows import SqlColumn, chosen_table
from emkg.sources.sql_url import ServerAddress, parse_address
from emkg.vocabulary import XSD

PLACE = Location("station")


@pytest.mark.parametrize(
    ("dsn", "address"),
    [
        (
            "jdbc:postgresql://db.example.org/fire",
            ServerAddress("postgresql", "db.example.org", 5432, "fire"),
        ),
        ("jdbc:mariadb://h:3307/a?x=y", ServerAddress("mysql", "h", 3307, "a")),
        ("mysql://h/a", ServerAddress("mysql", "h", 3306, "a")),
    ],
)
def test_an_address_is_read(dsn: str, address: ServerAddress) -> None:
    assert parse_address(dsn, PLACE) == address


@pytest.mark.parametrize(
    "dsn", ["jdbc:postgresql://u:hidden@h/a", "jdbc:oracle://h/hidden", "hidden", "jdbc:mysql://h:hidden/a"]
)
def test_an_address_that_is_none_is_refused_without_being_repeated(dsn: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_address(dsn, PLACE)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("datatype", "cell", "text"),
    [
        ("boolean", "t", "true"),
        ("boolean", "0", "false"),
        ("double", "-Infinity", "-INF"),
        ("hexBinary", "\\xab01", "AB01"),
        ("hexBinary", b"\xab\x01", "AB01"),
        ("dateTime", "2024-11-01 08:00:00.5", "2024-11-01T08:00:00.5"),
        ("dateTime", "2024-11-01 08:00:00+08", "2024-11-01T08:00:00+08:00"),
        ("dateTime", "2024-11-01 08:00:00+05:30", "2024-11-01T08:00:00+05:30"),
        ("integer", "9007199254740993", "9007199254740993"),
        ("decimal", "1.10", "1.10"),
    ],
)
def test_a_value_is_written_as_its_datatype_is(datatype: str, cell: str | bytes, text: str) -> None:
    assert SqlColumn("c", XSD + datatype).text(cell) == text


def test_a_table_is_found_in_any_case_unless_it_is_quoted() -> None:
    path, tables = Path("t"), ["station", "Post"]
    assert chosen_table(path, "Station", tables, '"') == "station"
    assert chosen_table(path, '"Post"', tables, '"') == "Post"
    for stated in ('"post"', "x; DROP TABLE station"):
        with pytest.raises(SourceError, match="station"):
            chosen_table(path, stated, tables, '"')


def _read(server: DatabaseServer | None) -> None:
    description = SourceDescription(Path("station"), Formulation.SQL, query="station", server=server)
    read_source(ibis.duckdb.connect(), description, ["id"])


@pytest.mark.parametrize(
    ("server", "message"),
    [
        (None, "needs a database server"),
        (DatabaseServer("$EMKG_TEST_NOT_SET"), "EMKG_TEST_NOT_SET is not set"),
        (DatabaseServer("jdbc:sqlserver://h/a"), "no driver for SQL Server"),
        (DatabaseServer("jdbc:postgresql://127.0.0.1:1/a", "u", "hidden"), "cannot be reached"),
        (DatabaseServer("jdbc:mysql://127.0.0.1:1/a", "u", "hidden"), "cannot be read"),
    ],
)
def test_a_server_that_cannot_be_read_says_why_and_no_password(
    server: DatabaseServer | None, message: str
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        _read(server)
    assert "hidden" not in str(caught.value) + repr(server)

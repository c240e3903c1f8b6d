"""Spreadsheets, SQLite and Parquet: what each knows beyond a table of texts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pyarrow.parquet
import pytest
import xlsxwriter

from emkg.errors import SourceError
from emkg.sources import Formulation, SourceDescription, SourceRelation, read_source
from emkg.sources.spreadsheet import cell_text
from emkg.sources.sqlite_type import natural_datatype
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from pathlib import Path


def _read(path: Path, formulation: Formulation, *references: str, **options: object) -> SourceRelation:
    description = SourceDescription(path, formulation, **options)  # type: ignore[arg-type]  # the test's options
    return read_source(ibis.duckdb.connect(), description, references)


def _rows(relation: SourceRelation) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in relation.table.order_by("row").to_pyarrow().to_pylist()]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("名单")
        sheet.write(0, 1, "全国名单")
        sheet.write_row(2, 1, ["序号", "学校", "日期"])
        sheet.write(3, 1, "北京市（2所）")
        sheet.write_row(4, 1, [1, "北京大学"])
        sheet.write_datetime(4, 3, datetime(1898 + 100, 5, 4), day)  # noqa: DTZ001 — a spreadsheet knows no zones
        sheet.write_row(6, 1, [2.5, "清华大学"])
        workbook.add_worksheet("空")
    return path


def test_section_rows_stay_and_empty_rows_hold_no_record(book: Path) -> None:
    relation = _read(book, Formulation.XLSX, "序号", "学校", "日期", header_row=3)
    assert _rows(relation) == [
        (4, "北京市（2所）", None, None),
        (5, "1", "北京大学", "1998-05-04"),
        (7, "2.5", "清华大学", None),
    ]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(book: Path) -> None:
    with pytest.raises(SourceError, match="no sheet '名单2'; did you mean '名单'"):
        _read(book, Formulation.XLSX, "学校", sheet="名单2")
    with pytest.raises(SourceError, match="no row 1 with the column names"):
        _read(book, Formulation.XLSX, "学校", sheet="空")


def test_a_cell_that_shows_an_error_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "sums.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet("first")
        sheet = workbook.add_worksheet("second")
        sheet.write_row(1, 1, ["a", "b", "c"])
        sheet.write_row(2, 1, [1, 2])
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 2, "=x()", None, "#NAME?")
    relation = _read(path, Formulation.XLSX, "a", "c", header_row=2, sheet="second")
    assert _rows(relation) == [(3, "1", None)]
    assert [(fault.row, fault.column, fault.value) for fault in relation.faults] == [(3, "c", "#DIV/0!")]
    assert relation.faults[0].reason == "cell-error"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (0.1, "0.1"),
        (True, "true"),
        (False, "false"),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02T03:04:00"),  # noqa: DTZ001 — a spreadsheet knows no zones
        (time(3, 4, 5), "03:04:05"),
        (timedelta(hours=25, seconds=1), "25:00:01"),
        (" x ", " x "),
    ],
)
def test_cells_read_as_text(cell: float | str | date | time | timedelta, text: str) -> None:
    assert cell_text(cell) == text


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "clinic #1.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("""
            CREATE TABLE visit (id INTEGER PRIMARY KEY, fee DECIMAL(8,2), weight REAL, seen BOOLEAN, at DATETIME,
                                scan BLOB, note TEXT, loose);
            INSERT INTO visit VALUES (7, 0.0000001, 1.0, 1, '2024-01-01 08:00:00', x'ab01', 'ok', 1.5),
                                     (9, 12, 9e999, 'maybe', '2024-01-02', NULL, NULL, 2);
            CREATE VIEW visits AS SELECT * FROM visit;
            CREATE TABLE code (k TEXT PRIMARY KEY, rowid TEXT, _rowid_ TEXT, oid TEXT);
            INSERT INTO code VALUES ('a', 'x', 'y', 'z');
            CREATE TABLE bare (k TEXT PRIMARY KEY) WITHOUT ROWID;
            INSERT INTO bare VALUES ('a');
            CREATE TABLE empty (k TEXT);
        """)
        connection.execute("UPDATE visit SET note = CAST(x'6fff' AS TEXT) WHERE id = 9")
        connection.commit()
    return path


def test_sqlite_columns_have_their_natural_datatypes(database: Path) -> None:
    names = ["id", "fee", "weight", "seen", "at", "scan", "note", "loose"]
    relation = _read(database, Formulation.SQLITE, *names, query="visit")
    assert _rows(relation) == [
        (7, "7", "0.0000001", "1.0", "true", "2024-01-01T08:00:00", "AB01", "ok", "1.5"),
        (9, "9", "12", "INF", "maybe", "2024-01-02", None, None, "2"),
    ]
    kinds = ["integer", "decimal", "double", "boolean", "dateTime", "hexBinary", None, "double"]
    assert relation.datatypes == {
        name: XSD + kind for name, kind in zip(names, kinds, strict=True) if kind is not None
    }
    assert [(fault.row, fault.column, fault.value) for fault in relation.faults] == [(9, "note", "o\\xFF")]


def test_declared_types_nobody_knows_are_text() -> None:
    assert natural_datatype("GEOMETRY") == ""


@pytest.mark.parametrize(
    ("query", "reference", "rows"),
    [
        ("visits", "id", [(1, "7"), (2, "9")]),
        ("code", "rowid", [(1, "x")]),
        ("bare", "k", [(1, "a")]),
        ("empty", "k", []),
        ("SELECT id + 1 AS next, scan FROM visit ORDER BY id DESC", "next", [(1, "10"), (2, "8")]),
        ("WITH v AS (SELECT * FROM visit) SELECT id FROM v", "id", [(1, "7"), (2, "9")]),
    ],
)
def test_views_queries_and_tables_without_rowid_are_counted(
    database: Path, query: str, reference: str, rows: list[object]
) -> None:
    assert _rows(_read(database, Formulation.SQLITE, reference, query=query)) == rows


def test_observed_datatypes_of_a_query(database: Path) -> None:
    relation = _read(
        database, Formulation.SQLITE, "i", "b", "n", query="SELECT 1 AS i, x'ab' AS b, NULL AS n"
    )
    assert relation.datatypes == {"i": XSD + "integer", "b": XSD + "hexBinary"}


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("", "several tables; name one as the query: visit, visits"),
        ("visti", "no table 'visti'; did you mean 'visits*'"),
        ("WITH a AS (SELECT 1) DELETE FROM visit", "not authorized"),
        ("SELECT * FROM nowhere", "no such table: nowhere"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
    ],
)
def test_a_query_that_cannot_run_is_refused(database: Path, query: str, complaint: str) -> None:
    with pytest.raises(SourceError, match=complaint):
        _read(database, Formulation.SQLITE, "id", query=query)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "feed.parquet"
    columns = {
        "id": pa.array(["", "b"]),
        "n": pa.array([9007199254740993, None]),
        "x": pa.array([1.5, float("inf")]),
        "d": pa.array([Decimal("1.10"), None]),
        "ok": pa.array([True, None]),
        "day": pa.array([date(2024, 1, 2), None]),
        "at": pa.array([datetime(2024, 1, 2, 3, 4), None]),  # noqa: DTZ001 — a column without zone
        "utc": pa.array([datetime(2024, 1, 2, 3, 4, tzinfo=UTC), None]),
        "raw": pa.array([b"\x01\xab", None]),
        "tags": pa.array([["a", None, "-"], []]),
        "place": pa.array([{"lat": 1.5, "by.name": "x"}, None]),
        "parts": pa.array([[{"k": 1}], None]),
    }
    pa.parquet.write_table(pa.table(columns), path)
    return path


def test_parquet_columns_are_texts_with_natural_datatypes(parquet: Path) -> None:
    names = ["id", "n", "x", "d", "ok", "day", "at", "utc", "raw", "tags", "place.lat"]
    relation = _read(parquet, Formulation.PARQUET, *names, null_values=("-",))
    first = (1, None, "9007199254740993", "1.5", "1.10", "true", "2024-01-02")
    assert _rows(relation) == [
        (*first, "2024-01-02T03:04:00", "2024-01-02T03:04:00Z", "01AB", ["a"], "1.5"),
        (2, "b", None, "INF", *[None] * 6, [], None),
    ]
    assert relation.multi == {"tags"}
    assert relation.datatypes["utc"] == XSD + "dateTime"
    assert "id" not in relation.datatypes


def test_a_parquet_files_name_is_no_pattern(tmp_path: Path) -> None:
    for name, value in (("x1.parquet", "wrong"), ("x[1].parquet", "right")):
        pa.parquet.write_table(pa.table({"a": [value]}), tmp_path / name)
    assert _rows(_read(tmp_path / "x[1].parquet", Formulation.PARQUET, "a")) == [(1, "right")]


def test_the_row_number_can_be_referred_to_by_a_name(book: Path) -> None:
    relation = _read(book, Formulation.XLSX, "学校", "行号", header_row=3, row_number="行号")
    assert _rows(relation) == [(4, None, "4"), (5, "北京大学", "5"), (7, "清华大学", "7")]
    assert relation.datatypes == {"行号": XSD + "integer"}


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("place.lon", "no field 'place.lon'"),
        ("n.x", "no field 'n.x'"),
        ("parts", "no single value"),
        ("file_row_number", "no column 'file_row_number'"),
    ],
)
def test_what_is_no_value_of_a_parquet_file_is_refused(parquet: Path, reference: str, complaint: str) -> None:
    with pytest.raises(SourceError, match=complaint):
        _read(parquet, Formulation.PARQUET, reference)

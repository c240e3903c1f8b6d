"""Sources that are broken, odd or made to do harm: a located error or a right result, never a crash."""

from __future__ import annotations

import sqlite3
import time
import zipfile
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from emkg.errors import SourceError
from emkg.sources import Formulation, SourceDescription, SourceRelation, read_source
from emkg.sources.names import source_names

if TYPE_CHECKING:
    from pathlib import Path


def _read(path: Path, kind: Formulation, *references: str, **options: object) -> SourceRelation:
    description = SourceDescription(path, kind, **options)  # type: ignore[arg-type]  # the test's options
    return read_source(ibis.duckdb.connect(), description, references)


def _rows(relation: SourceRelation) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in relation.table.order_by("row").to_pyarrow().to_pylist()]


def _error(path: Path, kind: Formulation, *references: str, **options: object) -> SourceError:
    with pytest.raises(SourceError) as raised:
        _read(path, kind, *references, **options)
    error = raised.value
    assert error.location is not None
    assert error.message_zh
    f"{error} {error.message_zh}".encode()
    return error


def _written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_names_in_another_encoding_are_listed_so_that_they_can_be_printed(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.csv", "id,名\n1,2\n".encode("gb18030"))
    assert r"\xC3\xFB" in str(_error(path, Formulation.CSV, "名"))
    assert source_names(SourceDescription(path, Formulation.CSV)) == ("id", r"\xC3\xFB")


def test_half_a_character_in_a_member_name_can_be_printed(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.json", r'{"\ud83d": 1}')
    assert r"\uD83D" in str(_error(path, Formulation.JSON, "v", iterator="$.items[*]"))


@pytest.mark.parametrize("encoding", ["undefined", "idna", "rot13", "nowhere", "a\0b"])
def test_an_encoding_that_is_none_for_text_is_an_error_of_the_file(tmp_path: Path, encoding: str) -> None:
    path = _written(tmp_path / "a.csv", "id\n1\n")
    assert "a.csv" in str(_error(path, Formulation.CSV, "id", encoding=encoding))


def test_a_file_name_too_long_for_the_system_is_an_error_of_the_file(tmp_path: Path) -> None:
    assert "cannot be read" in str(_error(tmp_path / ("a" * 400), Formulation.CSV, "id"))


def test_open_quotes_in_the_row_of_names_are_said(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.csv", 'id,"v\n1,2\n')
    error = _error(path, Formulation.CSV, "id")
    assert "quotes" in error.message
    assert "row 1" in str(error)


def test_skipping_more_rows_than_there_are_ends_at_once(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.csv", "#\nid\n1\n")
    assert _rows(_read(path, Formulation.CSV, "id", comment="#", skip_after_header=10**12)) == []


@pytest.mark.parametrize("folder", ["p0=7", "row=1", "id=x'; DROP TABLE t;--"])
def test_a_folder_named_like_a_partition_changes_nothing(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    table = _written(tmp_path / folder / "a.csv", "id,v\n1,2\n")
    columns = tmp_path / folder / "a.parquet"
    pq.write_table(pa.table({"id": ["1"], "v": ["2"]}), columns)
    assert _rows(_read(table, Formulation.CSV, "id", "v")) == [(2, "1", "2")]
    assert _rows(_read(columns, Formulation.PARQUET, "id", "v")) == [(1, "1", "2")]


def test_names_and_values_made_of_sql_are_names_and_values(tmp_path: Path) -> None:
    name = "i'd\"; DROP TABLE x;--{}\\"
    path = _written(tmp_path / "a.csv", '"{}",v\n"{}",a\0b\n'.format(*[name.replace('"', '""')] * 2))
    assert _rows(_read(path, Formulation.CSV, name, "v")) == [(2, name, "a\0b")]


def test_line_ends_of_old_macs_end_lines(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.csv", "id,v\r1,2\r3,4\r")
    assert _rows(_read(path, Formulation.CSV, "id", "v")) == [(2, "1", "2"), (3, "3", "4")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, encoding: str) -> None:
    path = _written(tmp_path / "a.csv", "\ufeffid,v\n1,上海\n".encode(encoding))
    assert _rows(_read(path, Formulation.CSV, "id", "v", encoding=encoding)) == [(2, "1", "上海")]


def test_many_members_with_one_twice_cost_no_quadratic_time(tmp_path: Path) -> None:
    members = ",".join(f'"k{index}":1' for index in range(50_000))
    path = _written(tmp_path / "a.json", f'[{{"id":1,{members},"k1":2}}]')
    started = time.perf_counter()
    relation = _read(path, Formulation.JSON, "id", "k1", iterator="$[*]")
    assert time.perf_counter() - started < 10
    assert [fault.reason for fault in relation.faults] == ["duplicate-key"]


def test_json_nested_too_deeply_is_an_error_of_its_place(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.json", '[{"v":' + "[" * 50_000 + "]" * 50_000 + "}]")
    assert ":1:2" in str(_error(path, Formulation.JSON, "v", iterator="$[*]"))
    with pytest.raises(SourceError):
        source_names(SourceDescription(path, Formulation.JSON, iterator="$[*]"))


def test_an_index_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.json", "[]")
    assert "JSONPath" in str(_error(path, Formulation.JSON, f"v[{'9' * 5000}]", iterator="$[*]"))


_LAUGHS = "".join(f'<!ENTITY l{index + 1} "{f"&l{index};" * 10}">' for index in range(9))


@pytest.mark.parametrize(
    "declared",
    [
        f'[<!ENTITY l0 "ha">{_LAUGHS}]',
        '[<!ENTITY l9 SYSTEM "file:///etc/passwd">]',
        '[<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]',
        'SYSTEM "elsewhere.dtd"',
        "[%p;]",
    ],
)
@pytest.mark.parametrize("iterator", ["/r/i", "/r/i[1]"])
@pytest.mark.parametrize("item", ["<i><v>a&l9;b</v></i>", '<i v="a&l9;b"/>'])
def test_what_an_entity_stands_for_is_never_lost_in_silence(
    tmp_path: Path, declared: str, iterator: str, item: str
) -> None:
    path = _written(tmp_path / "a.xml", f"<!DOCTYPE r {declared}><r>{item}</r>")
    message = str(_error(path, Formulation.XML, "v", "@v", iterator=iterator)).lower()
    assert "a.xml" in message
    assert "entit" in message


def test_a_document_type_without_entities_does_no_harm(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.xml", '<!DOCTYPE r SYSTEM "x.dtd"><r><i>&lt;&#x4e0a;</i></r>')
    assert _rows(_read(path, Formulation.XML, ".", iterator="/r/i")) == [(1, "<上")]


@pytest.mark.parametrize("reference", ["v[", "v\x01", "nobody:v", "f()", "$x"])
def test_an_xpath_that_cannot_be_used_is_an_error_of_the_file(tmp_path: Path, reference: str) -> None:
    path = _written(tmp_path / "a.xml", "<r><i/></r>")
    assert "XPath" in str(_error(path, Formulation.XML, reference, iterator="/r/i"))


def test_numbers_of_an_xpath_are_written_as_xpath_writes_them(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.xml", "<r><i>1</i><i>x</i></r>")
    relation = _read(path, Formulation.XML, "number(.) div 10000000", "1 div 0", iterator="/r/i")
    assert _rows(relation) == [(1, "0.0000001", "Infinity"), (2, "NaN", "Infinity")]


def test_an_empty_xml_file_is_an_error_of_its_first_line(tmp_path: Path) -> None:
    assert "a.xml:1" in str(_error(_written(tmp_path / "a.xml", ""), Formulation.XML, "v", iterator="/r"))


def _database(path: Path, *statements: str) -> Path:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


def test_a_generated_column_is_a_column(tmp_path: Path) -> None:
    path = _database(
        tmp_path / "a.sqlite",
        "CREATE TABLE sqliteX (id INTEGER, v TEXT AS (id || 'x'))",
        "INSERT INTO sqliteX (id) VALUES (1)",
    )
    assert _rows(_read(path, Formulation.SQLITE, "v")) == [(1, "1x")]
    assert source_names(SourceDescription(path, Formulation.SQLITE)) == ("id", "v")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 AS v; DROP TABLE t",
        "WITH x AS (SELECT 1) DELETE FROM t",
        "SELECT load_extension('x') AS v",
        "'; DROP TABLE t;--",
    ],
)
def test_a_query_that_does_more_than_read_is_refused(tmp_path: Path, query: str) -> None:
    path = _database(tmp_path / "a.sqlite", "CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES ('a')")
    _error(path, Formulation.SQLITE, "v", query=query)
    assert _rows(_read(path, Formulation.SQLITE, "v")) == [(1, "a")]


def test_a_database_without_tables_says_so(tmp_path: Path) -> None:
    assert str(_error(_written(tmp_path / "a.sqlite", ""), Formulation.SQLITE, "v")).endswith("none")


def test_a_parquet_file_with_a_column_of_the_readers_own_name_says_why(tmp_path: Path) -> None:
    pq.write_table(pa.table({"file_row_number": ["1"]}), tmp_path / "a.parquet")
    assert "file_row_number" in str(_error(tmp_path / "a.parquet", Formulation.PARQUET, "file_row_number"))


def test_a_damaged_workbook_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_row(0, 0, ["id", "v"])
    parts = zipfile.ZipFile(path)
    damaged = tmp_path / "b.xlsx"
    with zipfile.ZipFile(damaged, "w") as copy:
        for name in parts.namelist():
            data = parts.read(name)
            copy.writestr(name, data.replace(b"</sheets>", b"") if name == "xl/workbook.xml" else data)
    parts.close()
    assert "workbook" in str(_error(damaged, Formulation.XLSX, "id"))


def test_a_relation_narrowed_is_what_reading_less_gives(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.csv", b"a,b,c\n1,\xff,3\n4\n5,6,7,8\n")
    whole, alone = _read(path, Formulation.CSV, "a", "b"), _read(path, Formulation.CSV, "a")
    narrowed = whole.narrowed(["a"])
    assert narrowed.faults == alone.faults
    assert list(narrowed.columns) == ["a"]
    assert {fault.reason for fault in whole.faults} == {"undecodable", "short-row", "long-row"}

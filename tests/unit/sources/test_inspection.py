"""A file of unknown make is told by its bytes: encoding, header, types, nulls, keys, codes; and what cannot be told is said."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from emkg.errors import SourceError
from emkg.sources.checksum import credit_check_digit, is_credit_code, is_person_number
from emkg.sources.inspection import KnownCodes, inspect_file

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.sources.inspection import ColumnProfile, Inspection

KNOWN = KnownCodes(frozenset({"310000", "310101", "310104"}), frozenset({"11B19", "12H00"}))


def _inspect(path: Path, limit: int = 10_000) -> Inspection:
    return inspect_file(path, KNOWN, limit=limit)


def _column(inspection: Inspection, name: str, table: int = 0) -> ColumnProfile:
    return next(column for column in inspection.tables[table].columns if column.name == name)


def _csv(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "name", "is_certain"),
    [
        ("utf-8", "utf-8", True),
        ("utf-8-sig", "utf-8", True),
        ("gb18030", "gb18030", True),
        ("utf-16", "utf-16", True),
        ("utf-16-le", "utf-16-le", True),
        ("utf-16-be", "utf-16-be", True),
    ],
)
def test_the_encoding_is_found_and_the_table_reads_alike(
    tmp_path: Path, encoding: str, name: str, *, is_certain: bool
) -> None:
    text = "code,名称,学校标识码\r\n" + "".join(f"{n},第{n}小学,{n}\r\n" for n in range(50))

    found = _inspect(_csv(tmp_path, text, encoding))

    assert found.encoding is not None
    assert (found.encoding.name, found.encoding.is_certain) == (name, is_certain)
    assert found.encoding.reason
    assert found.encoding.reason_zh
    assert [column.name for column in found.tables[0].columns] == ["code", "名称", "学校标识码"]


def test_western_accents_that_would_decode_as_chinese_are_not_taken_for_it(tmp_path: Path) -> None:
    text = "name\n" + "São Paulo\nMünchen\nCuraçao\n" * 20

    found = _inspect(_csv(tmp_path, text, "iso-8859-1"))

    assert found.encoding is not None
    assert (found.encoding.name, found.encoding.is_certain) == ("iso-8859-1", False)


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_delimiter_is_the_one_that_cuts_evenly(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(row.replace(",", delimiter) for row in ["no,place,kind", "1,a,b", "2,c,d", "3,e f,g"])

    options = _inspect(_csv(tmp_path, text)).tables[0].sample.options

    assert options.get("delimiter", "\t" if options["referenceFormulation"] == "tsv" else ",") == delimiter


def test_title_rows_and_a_row_of_units_are_left_out(tmp_path: Path) -> None:
    text = (
        "全市空气质量,,\n2026年8月,,\n站点,PM2.5,温度\n,μg/m3,℃\n东站,35,28.5\n西站,40,27.0\n南站,38,27.5\n"
    )

    table = _inspect(_csv(tmp_path, text)).tables[0]

    assert table.sample.options["headerRow"] == 3
    assert table.sample.options["skipAfterHeader"] == 1
    assert [row for row, _ in table.sample.rows] == [5, 6, 7]
    assert [column.datatype for column in table.columns] == ["string", "integer", "decimal"]


def test_comments_and_a_row_of_types_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "gauge.tsv"
    path.write_text(
        "# river gauge\nsite\tday\tflow\n5s\t20d\t14n\n01\t2026-08-01\t12\n01\t2026-08-02\t13\n", "utf-8"
    )

    table = _inspect(path).tables[0]

    assert table.sample.options == {"referenceFormulation": "tsv", "comment": "#", "skipAfterHeader": 1}
    assert [column.datatype for column in table.columns] == ["string", "date", "integer"]


def test_types_nulls_range_misfits_and_key(tmp_path: Path) -> None:
    rows = "".join(f"A{n},{n},2026年8月{n % 28 + 1}日,{'NA' if n == 3 else n / 4}\n" for n in range(40))
    found = _inspect(_csv(tmp_path, f"no,count,day,level\n{rows}B1,many,不详,7\n"))

    count, day, level = (_column(found, name) for name in ("count", "day", "level"))
    assert (count.datatype, count.misfits, count.lowest, count.highest) == (
        "integer",
        ((42, "many"),),
        "0",
        "39",
    )
    assert (day.datatype, day.form, day.null_tokens) == ("date", "%Y年%m月%d日", ("不详",))
    assert (level.datatype, level.empty, level.null_tokens) == ("decimal", 1, ("NA",))
    assert found.tables[0].keys == (("no",), ("count",))


def test_codes_with_leading_zeros_stay_texts(tmp_path: Path) -> None:
    assert _column(_inspect(_csv(tmp_path, "no,x\n007,1\n012,2\n")), "no").datatype == "string"


def test_two_columns_together_can_be_the_key(tmp_path: Path) -> None:
    text = "station,hour,value\n" + "".join(f"S{s},{h},5\n" for s in range(3) for h in range(4))

    assert _inspect(_csv(tmp_path, text)).tables[0].keys == (("station", "hour"),)


def _credit() -> str:
    body = "91310000M000100Y4"
    return body + credit_check_digit(body)


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("区划", "310104", "division"),
        ("事件", "11B19", "event-type"),
        ("信用代码", _credit(), "credit-code"),
        ("诊断", "J45.901", "icd-10"),
        ("链接", "https://example.org/a", "web-address"),
        ("ts", "1724112000000", "epoch-millis"),
        ("时间", "1605", "clock"),
        ("geom", "POINT(121.4 31.2)", "geometry"),
    ],
)
def test_likely_codes_are_named(tmp_path: Path, name: str, value: str, kind: str) -> None:
    column = _column(_inspect(_csv(tmp_path, f"no,{name}\n1,{value}\n2,{value}\n")), name)

    assert [code.kind.name for code in column.codes] == [kind]


def test_six_digits_are_no_division_code_because_they_could_be(tmp_path: Path) -> None:
    column = _column(_inspect(_csv(tmp_path, "no,amount\n1,110199\n2,350012\n")), "amount")

    assert (column.codes, column.datatype) == ((), "integer")


@pytest.mark.parametrize(("name", "value"), [("证件", "11010519491231002X"), ("电话", "13800138000")])
def test_personal_data_is_named_and_never_shown(tmp_path: Path, name: str, value: str) -> None:
    column = _column(_inspect(_csv(tmp_path, f"no,{name}\n1,{value}\n2,{value}\n")), name)

    assert column.is_personal
    assert value not in repr(column)


@pytest.mark.parametrize(
    ("header", "place", "says"),
    [
        ("经度,纬度", "121.47,31.23", "cannot tell"),
        ("gcj02_lng,gcj02_lat", "121.47,31.23", "GCJ-02"),
        ("lon,lat", "-80.8,35.2", "outside China"),
    ],
)
def test_of_coordinates_it_says_what_there_is_evidence_for(
    tmp_path: Path, header: str, place: str, says: str
) -> None:
    found = _inspect(_csv(tmp_path, f"no,{header}\n1,{place}\n2,{place}\n"))

    longitude = found.tables[0].columns[1].codes[0]
    assert longitude.kind.name == "longitude"
    assert says in longitude.notes[0][0]


def test_every_sheet_of_a_workbook_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("学校", "停课"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["示范市名录"])
            sheet.write_row(1, 0, ["代码", "名称"])
            sheet.write_row(2, 0, ["A1", "一小"])
            sheet.write_row(3, 0, ["A2", "二小"])

    tables = _inspect(path).tables

    assert [table.sample.options for table in tables] == [
        {"referenceFormulation": "xlsx", "headerRow": 2},
        {"referenceFormulation": "xlsx", "sheet": "停课", "headerRow": 2},
    ]


def test_the_fullest_array_of_a_document_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    items = [{"no": n, "at": {"lon": 1.5}, "tags": ["a", "b"]} for n in range(3)]
    path.write_text(json.dumps({"meta": [{"k": 1}], "data": {"items": items}}), "utf-8")

    tables = _inspect(path).tables

    assert [table.sample.options["iterator"] for table in tables] == ["$.data.items[*]", "$.meta[*]"]
    assert tables[0].sample.columns == ("no", "at.lon", "tags[*]")


def test_lines_that_are_no_json_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"a": 1}\n{"a": \n{"a": 2}\n', "utf-8")

    sample = _inspect(path).tables[0].sample

    assert len(sample.rows) == 2
    assert "1 lines are no JSON" in sample.notes[0][0]


def test_elements_that_come_in_numbers_are_iterators_and_the_root_is_one(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text('<r xmlns="http://e/"><i no="1"><n>a</n></i><i no="2"><n>b</n></i></r>', "utf-8")

    tables = _inspect(path).tables

    assert [table.sample.options["iterator"] for table in tables] == ["/n1:r/n1:i", "/n1:r"]
    assert tables[0].sample.columns == ("@no", "n1:n")
    assert tables[0].sample.options["namespaces"] == '{"n1": "http://e/"}'


def test_tables_of_a_database_and_columns_of_parquet(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute('CREATE TABLE "a ""b" (no INTEGER, name TEXT)')
        connection.execute('INSERT INTO "a ""b" VALUES (1, NULL)')
        connection.commit()
    pq.write_table(pa.table({"no": [1, 2], "raw": [b"\x01", None]}), tmp_path / "x.parquet")

    database, parquet = _inspect(tmp_path / "x.db"), _inspect(tmp_path / "x.parquet")

    assert database.tables[0].sample.name == 'a "b'
    assert _column(database, "name").empty == 1
    assert [column.datatype for column in parquet.tables[0].columns] == ["integer", "string"]


def test_only_so_many_records_are_read(tmp_path: Path) -> None:
    sample = _inspect(_csv(tmp_path, "a,b\n" + "1,2\n" * 50), limit=10).tables[0].sample

    assert not sample.is_whole
    assert len(sample.rows) <= 11


@pytest.mark.parametrize("name", ["x.xlsx", "x.db", "x.parquet", "x.json", "x.xml"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x00\x01rubbish")

    with pytest.raises(SourceError, match=r"this is no"):
        _inspect(tmp_path / name)


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    table = _inspect(_csv(tmp_path, "")).tables[0]

    assert table.columns == ()
    assert "no row of column names" in table.sample.notes[-1][0]


def test_check_digits() -> None:
    assert is_person_number("11010519491231002X")
    assert not is_person_number("110105194912310021")
    assert not is_person_number("abc")
    assert is_credit_code(_credit())
    assert not is_credit_code("91310000M000100Y4A")

"""Values that need care: personal data, degrees, division codes of every length; and files that say what they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emkg.errors import SourceError
from emkg.sources.inspection import KnownCodes, inspect_file

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.sources.inspection import ColumnProfile, Inspection

KNOWN = KnownCodes(frozenset({"310000", "310100", "310101"}), frozenset())


def _file(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> Inspection:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return inspect_file(path, KNOWN)


def _columns(inspection: Inspection) -> dict[str, ColumnProfile]:
    return {column.name: column for column in inspection.tables[0].columns}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("contact", ["ming@example.org", "hua@example.org"]),
        ("校长电话", ["021-55667788", "62345678"]),
        ("homePhone", ["384-4000", "379-5000"]),
        ("姓名", ["甲某", "乙某"]),
        ("备注", ["请拨 13800138000", "无人接听"]),
        ("note", ["holder 11010519491231002X", "none given"]),
    ],
)
def test_personal_data_is_told_by_name_or_within_texts(tmp_path: Path, name: str, values: list[str]) -> None:
    column = _columns(_file(tmp_path, "x.csv", f"no,{name}\n1,{values[0]}\n2,{values[1]}\n"))[name]

    assert column.is_personal
    assert not any(value in repr(column) for value in values)


@pytest.mark.parametrize(
    ("name", "value"),
    [("phone_calls", "12"), ("Channel", "PHONE"), ("telegraph", "abc1234567"), ("x", "121.13812345678")],
)
def test_what_only_sounds_personal_is_shown(tmp_path: Path, name: str, value: str) -> None:
    assert not _columns(_file(tmp_path, "x.csv", f"no,{name}\n1,{value}\n2,{value}\n"))[name].is_personal


def test_a_rare_number_among_texts_is_not_shown_as_an_example_or_a_bound(tmp_path: Path) -> None:
    rows = "".join(f"{n},正常{n:03}\n" for n in range(40))
    column = _columns(_file(tmp_path, "x.csv", f"no,说明\n{rows}41,13800138000\n"))["说明"]

    assert not column.is_personal
    assert "13800138000" not in repr(column)


def _notes(inspection: Inspection, name: str) -> str:
    return " ".join(english for code in _columns(inspection)[name].codes for english, _ in code.notes)


def test_the_datum_is_judged_by_both_axes_together(tmp_path: Path) -> None:
    # the latitude of New York is that of Beijing, too
    found = _file(tmp_path, "x.csv", "Latitude,Longitude\n40.61,-73.98\n40.81,-73.93\n")

    assert "outside China" in _notes(found, "Latitude")
    assert _columns(found)["Latitude"].codes[0].kind.hint == ""


def test_whole_degrees_among_decimals_are_degrees(tmp_path: Path) -> None:
    found = _file(tmp_path, "x.csv", "LATITUDE,LONGITUDE\n35,-70\n36,-71.25\n-33.5,180\n")

    assert [column.codes[0].kind.name for column in _columns(found).values()] == ["latitude", "longitude"]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("lat,lon", "121.47,31.23\n121.48,31.24\n"),  # no latitude is 121
        ("lon,lat", "31.23,121.47\n31.24,121.48\n"),
        ("lon,lat", "39.91,76.02\n39.92,76.01\n"),  # Kashgar the other way round
    ],
)
def test_exchanged_columns_are_told_and_named_for_what_they_are(
    tmp_path: Path, header: str, rows: str
) -> None:
    found = _file(tmp_path, "x.csv", f"{header}\n{rows}")

    first, second = _columns(found).values()
    kinds = [first.codes[0].kind.name, second.codes[0].kind.name]
    is_east_first = float(first.lowest) > float(second.lowest)
    assert kinds == (["longitude", "latitude"] if is_east_first else ["latitude", "longitude"])
    assert "exchanged" in _notes(found, first.name)


@pytest.mark.parametrize("header", ["latest,along", "platform,belong", "lat,remark", "lat_n,lon_n"])
def test_a_name_alone_makes_no_coordinates(tmp_path: Path, header: str) -> None:
    found = _file(tmp_path, "x.csv", f"{header}\n31.2,500\n31.3,600\n")

    assert all(not column.codes for column in _columns(found).values())


def test_pairs_go_together_by_their_names(tmp_path: Path) -> None:
    text = "start_lon,start_lat,gcj02_end_lon,gcj02_end_lat\n-80.5,35.1,121.4,31.2\n-80.6,35.2,121.5,31.3\n"

    found = _file(tmp_path, "x.csv", text)

    assert "outside China" in _notes(found, "start_lat")
    assert "GCJ-02" in _notes(found, "gcj02_end_lat")


def test_geojson_points_have_two_references_and_a_prescribed_datum(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [116.391, 39.907]}
    document = {"features": [{"type": "Feature", "geometry": point}, {"type": "Feature", "geometry": point}]}

    found = _file(tmp_path, "x.geojson", json.dumps(document))

    assert [name for name in _columns(found) if "coordinates" in name] == [
        "geometry.coordinates[0]",
        "geometry.coordinates[1]",
    ]
    assert "GeoJSON prescribes WGS 84" in _notes(found, "geometry.coordinates[1]")


@pytest.mark.parametrize("codes", [("3101", "3202"), ("310101", "320102"), ("310101001", "320102003")])
def test_division_codes_of_every_length(tmp_path: Path, codes: tuple[str, str]) -> None:
    (finding,) = _columns(_file(tmp_path, "x.csv", f"no,cityCode\n1,{codes[0]}\n2,{codes[1]}\n"))[
        "cityCode"
    ].codes

    assert (finding.kind.name, finding.digits) == ("division", len(codes[0]))


def test_four_digits_are_a_code_only_where_the_name_says_so(tmp_path: Path) -> None:
    assert _columns(_file(tmp_path, "x.csv", "no,amount\n1,3101\n2,3100\n"))["amount"].codes == ()


@pytest.mark.parametrize(
    ("head", "encoding", "name", "is_certain"),
    [
        ('<?xml version="1.0" encoding="GB18030"?>', "gb18030", "gb18030", True),
        ("", "utf-8", "utf-8", True),
        ("", "utf-16", "utf-16", True),
        ('<?xml version="1.0" encoding="ascii"?>', "ascii", "ascii", True),
    ],
)
def test_xml_says_its_encoding_itself(
    tmp_path: Path, head: str, encoding: str, name: str, *, is_certain: bool
) -> None:
    text = "<r><i a='1'/><i a='2'/></r>" if encoding == "ascii" else "<r><i a='一'/><i a='二'/></r>"

    found = _file(tmp_path, "x.xml", head + text, encoding)

    assert found.encoding is not None
    assert (found.encoding.name, found.encoding.is_certain) == (name, is_certain)


def test_many_elements_keep_their_own_children_and_their_count(tmp_path: Path) -> None:
    items = "".join(f"<i no='{n}'><n>{n}</n></i>" for n in range(3000))

    items_table, root = _file(tmp_path, "x.xml", f"<r><title>t</title>{items}</r>").tables

    assert (items_table.sample.count, items_table.columns[1].distinct) == (3000, 3000)
    assert "title" in root.sample.columns


@pytest.mark.parametrize(
    ("name", "text"), [("x.json", '[{"名": "一"}]'), ("x.jsonl", '{"名": "一二三四"}\n')]
)
def test_json_in_another_encoding_is_declared(tmp_path: Path, name: str, text: str) -> None:
    assert _file(tmp_path, name, text, "gb18030").tables[0].sample.options["encoding"] == "gb18030"


def test_a_fault_in_json_is_located(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"x\.json:2:.*this is no JSON"):
        _file(tmp_path, "x.json", '{"items":\n[{"a": 1}, {"a" 2}]}')


def test_a_document_without_arrays_is_one_record(tmp_path: Path) -> None:
    found = _file(tmp_path, "x.json", '{"a": {"b": 1}, "c": null, "d": true}')

    assert found.tables[0].sample.options["iterator"] == "$"
    assert list(_columns(found)) == ["a.b", "d"]


def _said(inspection: Inspection) -> str:
    return "; ".join(english for english, _ in inspection.tables[0].sample.notes)


def test_the_dialect_is_told(tmp_path: Path) -> None:
    found = _file(tmp_path, "x.csv", 'no;name\r\n1;a\r\n2; "b"\n3;c\r\n')

    assert "separated by “;”, lines end with CRLF (3) + LF (1)" in _said(found)
    assert "blanks stand beside quotes, first in line 3" in _said(found)


def test_single_quotes_around_delimiters_are_quotes(tmp_path: Path) -> None:
    found = _file(tmp_path, "x.csv", "no,name\n1,'a, b'\n2,'c, d'\n")

    assert found.tables[0].sample.options["quote"] == "'"
    assert _columns(found)["name"].examples == ("a, b", "c, d")


def test_a_line_that_cannot_be_read_is_named_and_ends_the_look(tmp_path: Path) -> None:
    found = _file(tmp_path, "x.csv", "no,name\n1,a\n2," + "x" * ((1 << 24) + 10) + "\n3,b\n")

    assert "line 3 cannot be read" in _said(found)
    assert not found.tables[0].sample.is_whole

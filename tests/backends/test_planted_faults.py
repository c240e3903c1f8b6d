"""Faults planted in six formats, by the table of docs/planted-faults.md: each is caught at its place, nothing else is lost."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RECORDS: Final = 300
EX: Final = "http://example.org/"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
COLUMNS: Final = [
    "编号",
    "受伤人数",
    "楼层",
    "损失",
    "水位",
    "已核实",
    "建成年份",
    "发生日期",
    "接报时间",
    "上报时间",
    "到场时刻",
    "区划代码",
    "经度",
    "纬度",
    "网址",
    "语种",
    "说明",
]

MAPPING: Final = """
prefixes: {ex: "http://example.org/"}
sources:
  incidents:
    access: %(access)s
%(source)s
mappings:
  incident:
    source: incidents
    s: ex:incident/$(编号)
    po:
      - [ex:injured, $(受伤人数), xsd:nonNegativeInteger]
      - [ex:floor, $(楼层), xsd:byte]
      - [ex:loss, $(损失), xsd:decimal]
      - [ex:waterLevel, $(水位), xsd:double]
      - [ex:verified, $(已核实), xsd:boolean]
      - [ex:built, $(建成年份), xsd:gYear]
      - p: ex:day
        o: {function: emf:parseDate, parameters: [[emf:value, $(发生日期)], [emf:format, "%%Y年%%m月%%d日"]], datatype: xsd:date}
      - p: ex:received
        o:
          function: emf:parseDateTime
          parameters: [[emf:value, $(接报时间)], [emf:format, "%%Y-%%m-%%d %%H:%%M:%%S"], [emf:zone, "+08:00"]]
          datatype: xsd:dateTime
      - [ex:reported, $(上报时间), xsd:dateTime]
      - [ex:arrived, $(到场时刻), xsd:time]
      - p: ex:division
        o: {function: emf:translate, parameters: [[emf:value, $(区划代码)], [emf:crosswalk, divisions.sssom.tsv]], type: iri}
      - p: ex:place
        o: {function: emf:gcj02ToWkt, parameters: [[emf:longitude, $(经度)], [emf:latitude, $(纬度)]], datatype: geo:wktLiteral}
      - [ex:page, $(网址)~iri]
      - [ex:remark, $(说明), $(语种)~lang]
"""
CROSSWALK: Final = """#curie_map:
#  d: "http://example.org/gbt2260/"
#  ex: "http://example.org/division/"
#  semapv: "https://w3id.org/semapv/vocab/"
#  skos: "http://www.w3.org/2004/02/skos/core#"
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence
d:310101\tskos:exactMatch\tex:310101\tsemapv:ManualMappingCuration\t1.0
d:310104\tskos:exactMatch\tex:310104\tsemapv:ManualMappingCuration\t1.0
"""
PREDICATE: Final = {
    "受伤人数": "injured",
    "楼层": "floor",
    "损失": "loss",
    "水位": "waterLevel",
    "已核实": "verified",
    "建成年份": "built",
    "发生日期": "day",
    "接报时间": "received",
    "上报时间": "reported",
    "到场时刻": "arrived",
    "区划代码": "division",
    "经度": "place",
    "网址": "page",
    "语种": "remark",
    "说明": "remark",
}


@dataclass(frozen=True)
class Fault:
    """One row of the table, and the record it is planted in."""

    kind: str
    column: str
    value: str
    reason: str
    lost: str
    record: int


def healthy(index: int) -> dict[str, str]:
    """The record number `index`, every cell as its column wants it."""
    day = index % 28 + 1
    return {
        "编号": f"SJ-{index:04}",
        "受伤人数": str(index % 7),
        "楼层": str(index % 120),
        "损失": f"{index}.50",
        "水位": f"{index}.25",
        "已核实": "true" if index % 2 else "false",
        "建成年份": str(1900 + index % 120),
        "发生日期": f"2026年8月{day}日",
        "接报时间": f"2026-08-{day:02} 07:15:00",
        "上报时间": f"2026-08-{day:02}T07:{index % 60:02}:00+08:00",
        "到场时刻": f"07:{index % 60:02}:00",
        "区划代码": "310104" if index % 3 else "310101",
        "经度": "121.474",
        "纬度": "31.23",
        "网址": f"https://example.org/sj/{index}",
        "语种": "zh",
        "说明": f"第{index}起，{'雨' if index % 2 else '雾'}",
    }


def statements(index: int) -> dict[str, str]:
    """What the healthy record says, by predicate; the place only by its datatype, because it is computed."""
    cells, day = healthy(index), index % 28 + 1
    return {
        "injured": f'"{index % 7}"^^<{XSD}nonNegativeInteger>',
        "floor": f'"{index % 120}"^^<{XSD}byte>',
        "loss": f'"{index}.50"^^<{XSD}decimal>',
        "waterLevel": f'"{index}.25"^^<{XSD}double>',
        "verified": f'"{cells["已核实"]}"^^<{XSD}boolean>',
        "built": f'"{cells["建成年份"]}"^^<{XSD}gYear>',
        "day": f'"2026-08-{day:02}"^^<{XSD}date>',
        "received": f'"2026-08-{day:02}T07:15:00+08:00"^^<{XSD}dateTime>',
        "reported": f'"{cells["上报时间"]}"^^<{XSD}dateTime>',
        "arrived": f'"{cells["到场时刻"]}"^^<{XSD}time>',
        "division": f"<{EX}division/{cells['区划代码']}>",
        "place": WKT,
        "page": f"<{cells['网址']}>",
        "remark": f'"{cells["说明"]}"@zh',
    }


# ------------------------------------------------------------------------------------------------- the formats


def _cells(record: dict[str, str]) -> list[str]:
    return [record[name] for name in COLUMNS]


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _write_csv(path: Path, records: list[dict[str, str]], faults: dict[int, Fault]) -> None:
    lines = [_csv_line(list(COLUMNS)).encode("gb18030")]
    for index, record in enumerate(records):
        kind = faults[index].kind if index in faults else ""
        cells = _cells(record)
        if kind == "undecodable-byte":
            line = _csv_line([*cells[:-1], "@"]).encode("gb18030").replace(b"@", b"\xff")
        elif kind == "bad-quotes":
            line = ('"' + _csv_line(cells).replace(",", '"x,', 1)).encode("gb18030")
        else:
            line = _csv_line({"short-row": cells[:-1], "long-row": [*cells, "多出"]}.get(kind, cells)).encode(
                "gb18030"
            )
        lines.append(line)
    path.write_bytes(b"".join(lines))


def _write_xlsx(path: Path, records: list[dict[str, str]], faults: dict[int, Fault]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("事件")
        sheet.write_row(0, 0, COLUMNS)
        for index, record in enumerate(records):
            for column, text in enumerate(_cells(record)):
                if text == "#DIV/0!":
                    sheet.write_formula(index + 1, column, "=1/0", None, text)
                else:
                    sheet.write_string(index + 1, column, text)
    assert faults


def _item(record: dict[str, str], fault: Fault | None) -> str:
    """A record as a JSON object on one line."""
    kind = fault.kind if fault else ""
    if kind == "broken-line":
        return json.dumps(record, ensure_ascii=False)[:-20]
    item: dict[str, object] = dict(record)
    if kind == "object-for-value":
        item["说明"] = {"文": "字"}
    text = json.dumps(item, ensure_ascii=False)
    return text[:-1] + ', "楼层": "4"}' if kind == "member-twice" else text


def _write_json(path: Path, records: list[dict[str, str]], faults: dict[int, Fault]) -> None:
    items = [_item(record, faults.get(index)) for index, record in enumerate(records)]
    path.write_text('{"共": 300, "事件": [\n' + ",\n".join(items) + "\n]}", "utf-8")


def _write_json_lines(path: Path, records: list[dict[str, str]], faults: dict[int, Fault]) -> None:
    path.write_text(
        "".join(_item(record, faults.get(index)) + "\n" for index, record in enumerate(records)), "utf-8"
    )


def _write_xml(path: Path, records: list[dict[str, str]], faults: dict[int, Fault]) -> None:
    items = (
        "<事件>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in record.items()) + "</事件>\n"
        for record in records
    )
    path.write_text(f"<清单>\n{''.join(items)}</清单>", "utf-8")
    assert faults


def _write_sqlite(path: Path, records: list[dict[str, str]], faults: dict[int, Fault]) -> None:
    names = ", ".join(f'"{name}" TEXT' for name in COLUMNS)
    marks = ", ".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE incident ({names})")
        connection.executemany(f"INSERT INTO incident VALUES ({marks})", map(_cells, records))  # noqa: S608  # names of our own
        connection.commit()
    assert faults


@dataclass(frozen=True)
class Format:
    """How a format is written and described, and the row of its first record."""

    write: Callable[[Path, list[dict[str, str]], dict[int, Fault]], None]
    first_row: int
    keys: tuple[str, ...]


FORMATS: Final = {
    "CSV": Format(_write_csv, 2, ("referenceFormulation: csv", "encoding: gb18030")),
    "XLSX": Format(_write_xlsx, 2, ("referenceFormulation: xlsx",)),
    "JSON": Format(_write_json, 1, ("referenceFormulation: jsonpath", 'iterator: "$.事件[*]"')),
    "JSONL": Format(_write_json_lines, 1, ("referenceFormulation: jsonl",)),
    "XML": Format(_write_xml, 1, ("referenceFormulation: xpath", "iterator: /清单/事件")),
    "SQLite": Format(_write_sqlite, 1, ("referenceFormulation: sqlite",)),
}

# ------------------------------------------------------------------------------------------------------ the run


def table_rows(checkout: Path) -> list[dict[str, str]]:
    """The rows of the table, keyed by its header."""
    text = (checkout / "docs/planted-faults.md").read_text("utf-8").partition("<!-- faults -->")[2]
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    names, _, *rows = [[cell.strip() for cell in line] for line in lines]
    return [dict(zip(names, row, strict=True)) for row in rows]


def planted(checkout: Path, name: str) -> Iterator[Fault]:
    """The faults of a format, every seventh record one."""
    record = 5
    for row in table_rows(checkout):
        for _ in range(0 if row[name] == "-" else int(row[name])):
            yield Fault(
                row["kind"], row["column"], row["value"].strip("`"), row["reason"], row["lost"], record
            )
            record += 7


@dataclass(frozen=True)
class Outcome:
    """What was planted, and what came of it."""

    format: Format
    faults: dict[int, Fault]
    statements: dict[str, dict[str, str]]
    quarantine: list[dict[str, object]]


@pytest.fixture(scope="module", params=FORMATS)
def outcome(
    request: pytest.FixtureRequest, checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    name = str(request.param)
    form, folder = FORMATS[name], tmp_path_factory.mktemp(name)
    faults = {fault.record: fault for fault in planted(checkout, name)}
    records = [healthy(index) for index in range(RECORDS)]
    for index, fault in faults.items():
        if fault.column in COLUMNS:
            records[index][fault.column] = fault.value
    path = folder / "incidents.data"
    form.write(path, records, faults)
    (folder / "divisions.sssom.tsv").write_text(CROSSWALK, "utf-8")
    keys = "\n".join(f"    {key}" for key in form.keys)
    (folder / "incident.yml").write_text(MAPPING % {"access": path.name, "source": keys}, "utf-8")
    with run_mapping(parse_mapping(folder / "incident.yml"), dataset="fire/incident", base=EX) as run:
        said: dict[str, dict[str, str]] = {}
        for one in run.statements().read_all().to_pylist():
            said.setdefault(one["s"], {})[one["p"].strip("<>").removeprefix(EX)] = one["o"]
        return Outcome(form, faults, said, run.quarantine().to_pylist())


def test_every_planted_fault_is_in_quarantine_once_with_its_place_and_nothing_else_is(
    outcome: Outcome,
) -> None:
    first = outcome.format.first_row
    expected = Counter(
        (fault.record + first, fault.column, fault.reason) for fault in outcome.faults.values()
    )

    found = Counter((one["row"], one["column"], one["reason"]) for one in outcome.quarantine)

    assert found == expected


def test_the_quarantined_value_is_the_cell_as_it_stands(outcome: Outcome) -> None:
    values = {one["row"]: str(one["value"]) for one in outcome.quarantine}

    for fault in outcome.faults.values():
        assert fault.value in values[fault.record + outcome.format.first_row], fault


def test_every_record_of_the_quarantine_names_file_and_mapping_line_in_both_languages(
    outcome: Outcome,
) -> None:
    for one in outcome.quarantine:
        assert str(one["file"]).endswith("incidents.data")
        assert str(one["mapping"]).rpartition(":")[0].endswith("incident.yml")
        assert int(str(one["mapping"]).rpartition(":")[2]) > 0
        assert one["message"]
        assert one["message_zh"]


def test_every_healthy_record_is_mapped_and_a_faulty_one_loses_no_more_than_its_fault(
    outcome: Outcome,
) -> None:
    expected = {}
    for index in range(RECORDS):
        fault = outcome.faults.get(index)
        if fault and fault.lost == "record":
            continue
        said = statements(index)
        if fault and fault.lost == "statement":
            del said[PREDICATE[fault.column]]
        expected[f"<{EX}incident/SJ-{index:04}>"] = said

    found = {
        subject: {name: WKT if name == "place" and WKT in value else value for name, value in said.items()}
        for subject, said in outcome.statements.items()
    }

    assert found == expected


def test_the_table_has_two_hundred_faults_of_fifteen_kinds_at_least(checkout: Path) -> None:
    counts = [int(row[name]) for row in table_rows(checkout) for name in FORMATS if row[name] != "-"]

    assert sum(counts) >= 200
    assert len({row["kind"] for row in table_rows(checkout)}) >= 15

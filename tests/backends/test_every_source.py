"""One suite for every source format: the same logical table must come out of each of them."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import ibis
import pyarrow as pa
import pyarrow.parquet
import pytest
import xlsxwriter

from emkg.errors import SourceError
from emkg.sources import Formulation, SourceDescription, SourceRelation, read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = ["code", "名称", "note"]
ROWS = [
    ["007", "第一小学", 'says "closed", then\nopens'],
    ["00012", "外国语学校", ""],
    ["9007199254740993", "𠮷野小学", "-"],
    ["1.50", " 空格 ", "NULL; DROP TABLE x"],
]


def _write_csv(path: Path, encoding: str, delimiter: str = ",") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([NAMES, *ROWS])


def _write_json(path: Path) -> None:
    items = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    path.write_text(json.dumps({"meta": 1, "items": items}, ensure_ascii=False), "utf-8")


def _write_json_lines(path: Path) -> None:
    lines = [json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) for row in ROWS]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _write_xml(path: Path) -> None:
    items = [
        "<item>"
        + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in zip(NAMES, row, strict=True))
        + "</item>"
        for row in ROWS
    ]
    path.write_text(f"<list><meta/>{''.join(items)}</list>", "utf-8")


def _write_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("学校")
        for number, row in enumerate([NAMES, *ROWS]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)


def _write_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE "学校" (code TEXT, "名称" TEXT, note TEXT)')
        connection.executemany('INSERT INTO "学校" VALUES (?, ?, ?)', ROWS)
        connection.commit()


def _write_parquet(path: Path) -> None:
    columns = [pa.array(values) for values in zip(*ROWS, strict=True)]
    pa.parquet.write_table(pa.table(columns, names=NAMES), path)


@dataclass(frozen=True)
class Kind:
    """How one format is written and described, and the row its first record has."""

    write: Callable[[Path], None]
    formulation: Formulation
    first_row: int
    options: dict[str, str] = field(default_factory=dict)
    knows_columns: bool = True


KINDS = {
    "csv": Kind(lambda path: _write_csv(path, "utf-8"), Formulation.CSV, 2),
    "csv with mark": Kind(lambda path: _write_csv(path, "utf-8-sig"), Formulation.CSV, 2),
    "csv gb18030": Kind(
        lambda path: _write_csv(path, "gb18030"), Formulation.CSV, 2, {"encoding": "gb18030"}
    ),
    "csv utf-16": Kind(lambda path: _write_csv(path, "utf-16"), Formulation.CSV, 2, {"encoding": "utf-16"}),
    "tsv": Kind(lambda path: _write_csv(path, "utf-8", "\t"), Formulation.CSV, 2, {"delimiter": "\t"}),
    "json": Kind(_write_json, Formulation.JSON, 1, {"iterator": "$.items[*]"}, knows_columns=False),
    "jsonl": Kind(_write_json_lines, Formulation.JSON_LINES, 1, knows_columns=False),
    "xml": Kind(_write_xml, Formulation.XML, 1, {"iterator": "/list/item"}, knows_columns=False),
    "xlsx": Kind(_write_xlsx, Formulation.XLSX, 2, {"sheet": "学校"}),
    "sqlite": Kind(_write_sqlite, Formulation.SQLITE, 1),
    "parquet": Kind(_write_parquet, Formulation.PARQUET, 1),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[str(request.param)]


@pytest.fixture
def source(kind: Kind, tmp_path: Path) -> SourceDescription:
    path = tmp_path / "schools.data"
    kind.write(path)
    return SourceDescription(path, kind.formulation, **kind.options)  # type: ignore[arg-type]  # text options only


@pytest.fixture
def backend() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def _rows(relation: SourceRelation, *references: str) -> list[tuple[object, ...]]:
    names = ["row", *(relation.columns[reference] for reference in references)]
    rows = relation.table.select(names).order_by("row").to_pyarrow().to_pylist()
    return [tuple(row[name] for name in names) for row in rows]


def test_every_format_gives_the_same_cells(
    backend: ibis.BaseBackend, source: SourceDescription, kind: Kind
) -> None:
    relation = read_source(backend, source, NAMES)
    expected = [
        (kind.first_row + index, code, name, note or None) for index, (code, name, note) in enumerate(ROWS)
    ]
    assert _rows(relation, *NAMES) == expected
    assert relation.faults == ()
    assert relation.multi == frozenset()


def test_a_null_token_is_no_value(backend: ibis.BaseBackend, source: SourceDescription) -> None:
    relation = read_source(backend, replace(source, null_values=("-", "007")), ["note", "code"])
    cells = [row[1:] for row in _rows(relation, "note", "code")]
    assert cells == [(ROWS[0][2], None), (None, "00012"), (None, "9007199254740993"), (ROWS[3][2], "1.50")]


def test_only_referenced_columns_are_read(backend: ibis.BaseBackend, source: SourceDescription) -> None:
    relation = read_source(backend, source, ["名称", "名称"])
    values = [name for name in relation.table.columns if name not in {"row", *relation.type_columns.values()}]
    assert values == [relation.columns["名称"]]


def test_rows_can_be_counted_without_a_reference(
    backend: ibis.BaseBackend, source: SourceDescription, kind: Kind
) -> None:
    relation = read_source(backend, source, [])
    assert _rows(relation) == [(kind.first_row + index,) for index in range(len(ROWS))]


def test_a_relation_can_be_scanned_twice(backend: ibis.BaseBackend, source: SourceDescription) -> None:
    relation = read_source(backend, source, ["code"])
    assert _rows(relation, "code") == _rows(relation, "code")


def test_a_mistyped_column_is_named_with_the_ones_there_are(
    backend: ibis.BaseBackend, source: SourceDescription, kind: Kind
) -> None:
    if not kind.knows_columns:
        assert read_source(backend, source, ["cod", "code"]).absent == {"cod"}
        return
    with pytest.raises(SourceError) as caught:
        read_source(backend, source, ["cod"])
    assert "did you mean 'code'?" in str(caught.value)
    assert "code, 名称, note" in caught.value.message
    assert "“cod”" in caught.value.message_zh
    assert caught.value.location is not None
    assert caught.value.location.file == str(source.path)


def test_a_missing_file_is_located(backend: ibis.BaseBackend, source: SourceDescription) -> None:
    with pytest.raises(
        SourceError, match=r"there is no file of this name; did you mean 'schools\.data'"
    ) as caught:
        read_source(backend, replace(source, path=source.path.with_name("school.data")), ["code"])
    assert "school.data" in str(caught.value.location)


def test_rubbish_is_refused_or_every_line_of_it_is_a_fault(
    backend: ibis.BaseBackend, source: SourceDescription, kind: Kind
) -> None:
    source.path.write_bytes(b"\x00\x01 rubbish\n")
    if kind.formulation is Formulation.JSON_LINES:
        assert [fault.row for fault in read_source(backend, source, ["code"]).faults] == [1]
        return
    with pytest.raises(SourceError) as caught:
        read_source(backend, source, ["code"])
    assert str(source.path) in str(caught.value)


def test_a_column_name_full_of_syntax_is_just_a_name(backend: ibis.BaseBackend, tmp_path: Path) -> None:
    name = 'a"; DROP TABLE "b\'.x'
    path = tmp_path / "hostile.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE t ("a""; DROP TABLE ""b\'.x" TEXT)')
        connection.execute("INSERT INTO t VALUES ('1')")
        connection.commit()
    relation = read_source(backend, SourceDescription(path, Formulation.SQLITE), [name])
    assert _rows(relation, name) == [(1, "1")]

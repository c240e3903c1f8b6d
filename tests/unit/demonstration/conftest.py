"""The city, and its files read by other means than they were written with."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from emkg.demonstration import City, PlantedFault, generate_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}


def _csv_record(path: Path, fault: PlantedFault) -> dict[str, str]:
    encoding = "gb18030" if path.parent.name == "environment" else "utf-8"
    lines = [line.replace(b"\xff", rb"\xFF").decode(encoding) for line in path.read_bytes().splitlines()]
    return list(csv.DictReader(lines))[fault.row - 2]


def _xml_record(path: Path, fault: PlantedFault) -> dict[str, str]:
    root = etree.parse(path).getroot()
    found = {column: root.findtext(column, namespaces=CAP) for column in (fault.column, "cap:identifier")}
    return {column: text for column, text in found.items() if text is not None}


def _sqlite_record(path: Path, fault: PlantedFault) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        row = database.execute("SELECT * FROM visit_count WHERE rowid = ?", (fault.row,)).fetchone()
    return dict(row)


def _flat(item: dict[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in item.items():
        flat |= _flat(value, f"{key}.") if isinstance(value, dict) else {prefix + key: str(value)}
    return flat


def _json_record(path: Path, fault: PlantedFault) -> dict[str, str]:
    return _flat(json.loads(path.read_text(encoding="utf-8"))["accidents"][fault.row - 1])


def _jsonl_record(path: Path, fault: PlantedFault) -> dict[str, str]:
    return _flat(json.loads(path.read_text(encoding="utf-8").splitlines()[fault.row - 1]))


def _xlsx_record(path: Path, fault: PlantedFault) -> dict[str, str]:
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        if fault.column in rows[1]:
            return dict(zip(map(str, rows[1]), map(str, rows[fault.row - 1]), strict=True))
    raise AssertionError(fault)


READERS: dict[str, Callable[[Path, PlantedFault], dict[str, str]]] = {
    "csv": _csv_record,
    "xml": _xml_record,
    "sqlite": _sqlite_record,
    "json": _json_record,
    "jsonl": _jsonl_record,
    "xlsx": _xlsx_record,
}


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return generate_city(tmp_path_factory.mktemp("city"))


@pytest.fixture
def record_of(city: City) -> Callable[[PlantedFault], dict[str, str]]:
    """The source record that a planted fault names, by the references the mapping would use."""

    def read(fault: PlantedFault) -> dict[str, str]:
        return READERS[fault.file.rpartition(".")[2]](city.directory / fault.file, fault)

    return read

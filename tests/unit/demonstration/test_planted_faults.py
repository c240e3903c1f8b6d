"""Every planted fault is where the generator says, read back by other means than it was written with."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from emkg.demonstration import FAULTS, Catcher, City, PlantedFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}


def _csv_cell(path: Path, fault: PlantedFault) -> str:
    encoding = "gb18030" if path.parent.name == "environment" else "utf-8"
    lines = [line.decode(encoding, "backslashreplace").split(",") for line in path.read_bytes().splitlines()]
    return lines[fault.row - 1][lines[0].index(fault.column)]


def _xml_cell(path: Path, fault: PlantedFault) -> str:
    node = etree.parse(path).getroot().find(fault.column, CAP)
    assert node is not None
    return str(node.text)


def _sqlite_cell(path: Path, fault: PlantedFault) -> str:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        row = database.execute("SELECT * FROM visit_count WHERE rowid = ?", (fault.row,)).fetchone()
    return str(row[fault.column])


def _member(item: dict[str, object], path: str) -> str:
    value: object = item
    for step in path.split("."):
        assert isinstance(value, dict)
        value = value[step]
    return str(value)


def _json_cell(path: Path, fault: PlantedFault) -> str:
    return _member(json.loads(path.read_text(encoding="utf-8"))["accidents"][fault.row - 1], fault.column)


def _jsonl_cell(path: Path, fault: PlantedFault) -> str:
    return _member(json.loads(path.read_text(encoding="utf-8").splitlines()[fault.row - 1]), fault.column)


def _xlsx_cell(path: Path, fault: PlantedFault) -> str:
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        if fault.column in rows[1]:
            return str(rows[fault.row - 1][rows[1].index(fault.column)])
    raise AssertionError(fault)


READERS: dict[str, Callable[[Path, PlantedFault], str]] = {
    ".csv": _csv_cell,
    ".xml": _xml_cell,
    ".sqlite": _sqlite_cell,
    ".json": _json_cell,
    ".jsonl": _jsonl_cell,
    ".xlsx": _xlsx_cell,
}


def test_every_planted_fault_is_at_its_place(city: City) -> None:
    for fault in city.faults:
        path = city.directory / fault.file
        assert READERS[path.suffix](path, fault) == fault.value, fault


def test_as_many_faults_are_planted_as_the_table_says(city: City) -> None:
    assert Counter(fault.fault.id for fault in city.faults) == {fault.id: fault.count for fault in FAULTS}


def test_no_cell_holds_two_faults(city: City) -> None:
    places = [(fault.file, fault.row, fault.column) for fault in city.faults]

    assert len(set(places)) == len(places)


def test_the_table_covers_all_formats_and_catchers_with_a_dozen_kinds() -> None:
    assert {fault.file.rpartition(".")[2] for fault in FAULTS} == {suffix[1:] for suffix in READERS}
    assert {fault.catcher for fault in FAULTS} == set(Catcher)
    assert len({fault.kind for fault in FAULTS}) >= 12
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault_id", ["air-duplicate", "accident-duplicate", "firm-duplicate"])
def test_a_duplicate_key_has_a_first_record(city: City, fault_id: str) -> None:
    for fault in (fault for fault in city.faults if fault.fault.id == fault_id):
        path = city.directory / fault.file
        text = path.read_bytes().decode("gb18030" if path.suffix == ".csv" else "utf-8", "replace")
        assert text.count(fault.value) >= 2


def test_a_renamed_site_is_a_school_of_the_other_list(city: City) -> None:
    book = CalamineWorkbook.from_path(str(city.directory / "education/schools.xlsx"))
    schools = {str(row[5]): str(row[1]) for row in book.get_sheet_by_name("学校名录").to_python()[2:]}
    lines = (city.directory / "police/key-sites.csv").read_text(encoding="utf-8").splitlines()

    for fault in (fault for fault in city.faults if fault.fault.kind == "two-names"):
        _, name, _, _, address = lines[fault.row - 1].split(",")
        assert schools[address] != name

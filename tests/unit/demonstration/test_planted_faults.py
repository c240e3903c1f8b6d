"""Every planted fault is where the generator says, read back by other means than it was written with."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from emkg.demonstration import FAULTS, Catcher, City, PlantedFault

if TYPE_CHECKING:
    from collections.abc import Callable


def test_every_planted_fault_is_at_its_place(
    city: City, record_of: Callable[[PlantedFault], dict[str, str]]
) -> None:
    for fault in city.faults:
        assert record_of(fault)[fault.column] == fault.value, fault


def test_as_many_faults_are_planted_as_the_table_says(city: City) -> None:
    assert Counter(fault.fault.id for fault in city.faults) == {fault.id: fault.count for fault in FAULTS}


def test_no_cell_holds_two_faults(city: City) -> None:
    places = [(fault.file, fault.row, fault.column) for fault in city.faults]

    assert len(set(places)) == len(places)


def test_the_table_covers_all_formats_and_catchers_with_a_dozen_kinds() -> None:
    assert {fault.file.rpartition(".")[2] for fault in FAULTS} == {
        "csv",
        "xml",
        "sqlite",
        "json",
        "jsonl",
        "xlsx",
    }
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

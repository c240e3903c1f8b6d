"""Put the faults of the table into healthy records, each at a place of its own.

A record is a flat dict from the mapping's reference to the cell's text. No record gets two faults, so that a
finding has one cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from emkg.demonstration.faults import Fault, PlantedFault, faults_of
from emkg.demonstration.setting import chinese_date

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Record: TypeAlias = dict[str, str]

UNDECODABLE: Final = "\udcff"
"""Stands for the byte 0xFF, which no GB18030 sequence holds; written with the error handler surrogateescape."""

_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")


def _a_month_earlier(text: str) -> str:
    day = datetime.strptime(text, "%Y年%m月%d日").date()  # noqa: DTZ007 — a date, which has no zone
    return chinese_date(day - timedelta(days=30))


SPOIL: Final[dict[str, Callable[[str], str]]] = {
    "air-letter-in-number": lambda value: f"{value}O",
    "air-negative": lambda value: f"-{value}",
    "air-full-width": lambda value: value.translate(_WIDE),
    "air-empty": lambda _: "",
    "air-null-token": lambda _: "-",
    "air-undecodable": lambda value: value + UNDECODABLE,
    "visit-date": lambda _: "2026-02-30",
    "visit-icd10": lambda _: "J99.X",
    "visit-number": lambda _: "十二",
    "visit-negative": lambda _: "-3",
    "accident-time": lambda value: f"{value[:10]} 25:10:00",
    "accident-key": lambda _: "",
    "accident-district": lambda _: "310199",
    "accident-outside": lambda _: "116.397128",
    "site-name": lambda value: f"示范第{value.removeprefix('示范').removesuffix('小')}小学",
    "school-district": lambda _: "310999",
    "school-full-width": lambda value: value.translate(_WIDE),
    "closure-date": lambda _: "2026年2月30日",
    "closure-end": _a_month_earlier,
    "closure-school": lambda _: "SX0000",
    "firm-key": lambda _: "",
    "firm-code-letters": lambda value: value[:8] + "OIO" + value[11:],
    "firm-code-digit": lambda value: value[:-1] + ("0" if value[-1] != "0" else "1"),
    "firm-number": lambda value: f"约{value}",
    "stop-date": lambda _: "2026-02-30",
    "stop-enterprise": lambda _: "91310000DEM99999X0",
}


@dataclass(frozen=True)
class Planted:
    """Records with their faults, in file order, and where the faults are."""

    records: tuple[Record, ...]
    faults: tuple[PlantedFault, ...]
    touched: frozenset[int]

    @property
    def healthy(self) -> tuple[Record, ...]:
        """The records that no fault touched and whose key no second record has."""
        return tuple(record for index, record in enumerate(self.records) if index not in self.touched)


def plant(
    file: str,
    records: list[Record],
    rng: random.Random,
    *,
    first_row: int,
    alter: Callable[[Record], Record] | None = None,
) -> Planted:
    """Spoil as many records as the table says; those of a duplicated key get an altered copy at the end.

    Only faults whose column the records have are placed: a workbook's sheets are planted one by one.

    Raises:
        ValueError: There are fewer records than faults.
    """
    faults = [fault for fault in faults_of(file) if fault.column in records[0]]
    places = iter(
        sorted(
            rng.sample(range(len(records)), sum(fault.count for fault in faults)), key=lambda _: rng.random()
        )
    )
    result = [dict(record) for record in records]
    planted: list[PlantedFault] = []
    touched: set[int] = set()
    for fault in faults:
        for _ in range(fault.count):
            place = next(places)
            touched.add(place)
            index = (
                _duplicate(result, place, alter)
                if fault.kind == "duplicate-key"
                else _spoil(result, place, fault)
            )
            touched.add(index)
            planted.append(_located(fault, first_row + index, result[index][fault.column]))
    return Planted(tuple(result), tuple(planted), frozenset(touched))


def _spoil(records: list[Record], index: int, fault: Fault) -> int:
    records[index][fault.column] = SPOIL[fault.id](records[index][fault.column])
    return index


def _duplicate(records: list[Record], index: int, alter: Callable[[Record], Record] | None) -> int:
    if alter is None:
        raise ValueError("a duplicated key needs a way to alter the second record")
    records.append(alter(dict(records[index])))
    return len(records) - 1


def _located(fault: Fault, row: int, value: str) -> PlantedFault:
    return PlantedFault(fault, fault.file, row, fault.column, value.replace(UNDECODABLE, r"\xFF"))

"""The education bureau's export: one workbook with a school list and the closure orders of the week.

Both sheets have a title above their header, as such lists have. Empty cells and the order of rows are kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from xlsxwriter import Workbook

from emkg.demonstration.export import Export, target
from emkg.demonstration.planting import plant
from emkg.demonstration.setting import chinese_date, district, numeral

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.demonstration.planting import Record
    from emkg.demonstration.setting import Setting

FILE: Final = "education/schools.xlsx"
SCHOOL_SHEET: Final = "学校名录"
CLOSURE_SHEET: Final = "停课通知"
SCHOOLS: Final = 60
CLOSURES: Final = 45
FIRST_ROW: Final = 3  # a title, then the header
_NUMBERS: Final = frozenset({"在校生数"})


def school_name(number: int) -> str:
    """The name of the nth school (from 0), as the education bureau has it: 示范一小, 示范二中 …."""
    return f"示范{numeral(number + 1)}小"


def school_address(number: int) -> str:
    """The address of the nth school, alike in every register."""
    return f"{district(number)[1]}示范路{number + 1}号"


def write_education(directory: Path, setting: Setting) -> Export:
    """Write the workbook; its bytes depend on the setting alone."""
    rng = setting.chance(FILE)
    schools = plant(FILE, _schools(setting, rng), rng, first_row=FIRST_ROW)
    codes = [record["学校代码"] for record in schools.records]
    closures = plant(FILE, _closures(setting, rng, codes), rng, first_row=FIRST_ROW)
    with Workbook(str(target(directory, FILE)), {"strings_to_numbers": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1), "title": "示范市（演示数据）"})  # noqa: DTZ001 — a fixed stamp
        _write_sheet(book, SCHOOL_SHEET, "示范市学校名录（演示数据）", schools.records)
        _write_sheet(book, CLOSURE_SHEET, "示范市停课通知一览（演示数据）", closures.records)
    return Export(((FILE, len(schools.records) + len(closures.records)),), schools.faults + closures.faults)


def _schools(setting: Setting, rng: random.Random) -> list[Record]:
    return [
        {
            "学校代码": f"SX{number + 1:04d}",
            "学校名称": school_name(number),
            "学段": "小学",
            "行政区划代码": district(number)[0],
            "在校生数": str(rng.randint(300, 1800)),
            "地址": school_address(number),
        }
        for number in range(SCHOOLS * setting.scale)
    ]


def _closures(setting: Setting, rng: random.Random, codes: Sequence[str]) -> list[Record]:
    result: list[Record] = []
    for number, code in enumerate(sorted(rng.sample(codes, CLOSURES * setting.scale))):
        first = setting.start + timedelta(days=rng.randint(1, 3))
        result.append(
            {
                "通知编号": f"TK{setting.start:%Y}{number + 1:04d}",
                "停课学校代码": code,
                "停课开始": chinese_date(first),
                "停课结束": chinese_date(first + timedelta(days=rng.randint(0, 2))),
                "发布单位": "市教育局",
                "事件编号": setting.event_key,
            }
        )
    return result


def _write_sheet(book: Workbook, name: str, title: str, records: Sequence[Record]) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, title)
    for column, header in enumerate(records[0]):
        sheet.write_string(1, column, header)
    for row, record in enumerate(records, start=FIRST_ROW - 1):
        for column, (header, text) in enumerate(record.items()):
            if header in _NUMBERS and text.isascii():
                sheet.write_number(row, column, int(text))
            else:
                sheet.write_string(row, column, text)

"""The environment bureau's export: hourly air quality, CSV in GB18030 with Chinese headers and CRLF."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from emkg.demonstration.export import Export, target
from emkg.demonstration.planting import plant
from emkg.demonstration.setting import DAYS, district

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from emkg.demonstration.planting import Record
    from emkg.demonstration.setting import Setting

FILE: Final = "environment/air-quality.csv"
STATIONS: Final = 3
_LEVEL: Final = (95, 210, 285, 310, 260, 170, 60)  # µg/m³ of PM2.5 at noon, day by day
_HEADER_ROWS: Final = 1


def write_environment(directory: Path, setting: Setting) -> Export:
    """Write a row per station and hour."""
    rng = setting.chance(FILE)
    planted = plant(FILE, _records(setting, rng), rng, first_row=_HEADER_ROWS + 1, alter=_measured_again)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(planted.records[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(planted.records)
    target(directory, FILE).write_bytes(text.getvalue().encode("gb18030", errors="surrogateescape"))
    return Export(((FILE, len(planted.records)),), planted.faults)


def _records(setting: Setting, rng: random.Random) -> list[Record]:
    stations = range(STATIONS * setting.scale)
    return [_record(setting, rng, station, hour) for station in stations for hour in range(24 * DAYS)]


def _record(setting: Setting, rng: random.Random, station: int, hour: int) -> Record:
    code, _, _, _ = district(station)
    level = _LEVEL[hour // 24]
    fine = max(5, level + 2 * abs(hour % 24 - 12) + rng.randint(-20, 20))
    return {
        "站点编号": f"SF{station + 1:04d}",
        "站点名称": f"示范监测站{station + 1:04d}",
        "行政区划代码": code,
        "监测时间": setting.moment(0, hour)[:16].replace("T", " "),
        "PM2.5": str(fine),
        "PM10": str(fine + rng.randint(20, 80)),
        "SO2": str(rng.randint(5, 25)),
        "NO2": str(rng.randint(30, 110)),
        "备注": "",
    }


def _measured_again(record: Record) -> Record:
    return record | {"PM2.5": str(int(record["PM2.5"]) + 7), "备注": "重传"}

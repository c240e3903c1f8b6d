"""The police's exports: road accidents as nested JSON with GCJ-02 coordinates, and a list of key sites.

The list names some schools otherwise than the education bureau does; nothing in it says that they are the same.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from emkg.demonstration.education import SCHOOLS, school_address, school_name
from emkg.demonstration.export import Export, merge, target
from emkg.demonstration.planting import plant
from emkg.demonstration.setting import district, numeral

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from emkg.demonstration.planting import Record
    from emkg.demonstration.setting import Setting

ACCIDENTS_FILE: Final = "police/accidents.json"
SITES_FILE: Final = "police/key-sites.csv"
ACCIDENTS: Final = 150
_SITE_EVERY: Final = 3  # every third school is on the police's list
_BY_DAY: Final = (8, 14, 20, 22, 18, 11, 7)  # weights: low visibility brings accidents


def write_police(directory: Path, setting: Setting) -> Export:
    """Write the accidents and the key sites."""
    return merge((_write_accidents(directory, setting), _write_sites(directory, setting)))


def _write_accidents(directory: Path, setting: Setting) -> Export:
    rng = setting.chance(ACCIDENTS_FILE)
    records = [_accident(setting, rng, number) for number in range(ACCIDENTS * setting.scale)]
    planted = plant(ACCIDENTS_FILE, records, rng, first_row=1, alter=_filed_again)
    content = {
        "unit": "示范市公安局交通管理部门",
        "coordinateSystem": "GCJ-02",
        "exportedAt": setting.moment(7, 6),
        "accidents": [_nested(record) for record in planted.records],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    target(directory, ACCIDENTS_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
    return Export(((ACCIDENTS_FILE, len(planted.records)),), planted.faults)


def _accident(setting: Setting, rng: random.Random, number: int) -> Record:
    day = rng.choices(range(len(_BY_DAY)), weights=_BY_DAY)[0]
    when = setting.moment(day, rng.choice((6, 7, 8, 9, 17, 18, 19, 22)), rng.randrange(60))
    code, _, longitude, latitude = district(rng.randrange(16))
    return {
        "caseNo": f"SG{setting.start:%Y%m%d}{number + 1:05d}",
        "date": when[:10],
        "occurredAt": when[:19].replace("T", " "),
        "position.longitude": f"{longitude + rng.uniform(-0.02, 0.02):.6f}",
        "position.latitude": f"{latitude + rng.uniform(-0.02, 0.02):.6f}",
        "position.road": f"示范路{numeral(rng.randint(1, 99))}段",
        "position.district": code,
        "casualties.killed": str(int(rng.random() < 0.02)),  # noqa: PLR2004 — one accident in fifty
        "casualties.injured": str(rng.choice((0, 0, 0, 1, 1, 2))),
        "weather": "霾",
    }


def _filed_again(record: Record) -> Record:
    minute = (int(record["occurredAt"][14:16]) + 5) % 60
    return record | {"occurredAt": f"{record['occurredAt'][:14]}{minute:02d}:00"}


def _nested(record: Record) -> dict[str, object]:
    result: dict[str, object] = {}
    groups: dict[str, dict[str, object]] = {}
    for path, text in record.items():
        group, _, key = path.rpartition(".")
        value = _number(key, text)
        if group:
            result[group] = groups.setdefault(group, {})
            groups[group][key] = value
        else:
            result[key] = value
    return result


def _number(key: str, text: str) -> object:
    if key in {"killed", "injured"}:
        return int(text)
    return float(text) if key in {"longitude", "latitude"} else text


def _write_sites(directory: Path, setting: Setting) -> Export:
    numbers = range(0, SCHOOLS * setting.scale, _SITE_EVERY)
    planted = plant(
        SITES_FILE, [_site(number) for number in numbers], setting.chance(SITES_FILE), first_row=2
    )
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(planted.records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(planted.records)
    target(directory, SITES_FILE).write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return Export(((SITES_FILE, len(planted.records)),), planted.faults)


def _site(number: int) -> Record:
    code, _, _, _ = district(number)
    return {
        "编号": f"ZD{number + 1:05d}",
        "单位名称": school_name(number),
        "类别": "学校",
        "行政区划代码": code,
        "地址": school_address(number),
    }

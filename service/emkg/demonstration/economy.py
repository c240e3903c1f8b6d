"""The economy and information commission's exports: enterprises and production-stop orders, JSON Lines."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from emkg.demonstration.credit_code import credit_code
from emkg.demonstration.export import Export, target
from emkg.demonstration.planting import plant
from emkg.demonstration.setting import district

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.demonstration.planting import Record
    from emkg.demonstration.setting import Setting

ENTERPRISES_FILE: Final = "economy/enterprises.jsonl"
STOPS_FILE: Final = "economy/production-stops.jsonl"
ENTERPRISES: Final = 120
STOPS: Final = 70
_INDUSTRIES: Final = ("C25", "C26", "C30", "C31", "C33", "C36", "D44", "E47")  # GB/T 4754 divisions


def write_economy(directory: Path, setting: Setting) -> Export:
    """Write both lists; orders name enterprises whose key no fault touched."""
    rng = setting.chance(ENTERPRISES_FILE)
    enterprises = [_enterprise(rng, number) for number in range(ENTERPRISES * setting.scale)]
    firms = plant(ENTERPRISES_FILE, enterprises, rng, first_row=1, alter=_registered_again)
    codes = [record["creditCode"] for record in firms.healthy]
    stops = plant(STOPS_FILE, _stops(setting, rng, codes), rng, first_row=1)
    _write_lines(directory, ENTERPRISES_FILE, firms.records)
    _write_lines(directory, STOPS_FILE, stops.records)
    rows = ((ENTERPRISES_FILE, len(firms.records)), (STOPS_FILE, len(stops.records)))
    return Export(rows, firms.faults + stops.faults)


def _enterprise(rng: random.Random, number: int) -> Record:
    code, _, _, _ = district(number)
    return {
        "creditCode": credit_code(code, number + 1),
        "name": f"示范企业{number + 1:04d}",
        "district": code,
        "industry": rng.choice(_INDUSTRIES),
        "employees": str(rng.randint(20, 900)),
    }


def _registered_again(record: Record) -> Record:
    return record | {"name": f"{record['name']}（分厂）"}


def _stops(setting: Setting, rng: random.Random, codes: Sequence[str]) -> list[Record]:
    result: list[Record] = []
    for number, code in enumerate(sorted(rng.sample(codes, STOPS * setting.scale))):
        first = setting.start + timedelta(days=rng.randint(0, 2))
        result.append(
            {
                "orderNo": f"TC{setting.start:%Y}{number + 1:04d}",
                "creditCode": code,
                "measure": rng.choice(("停产", "限产")),
                "start": first.isoformat(),
                "end": (first + timedelta(days=rng.randint(1, 4))).isoformat(),
                "issuedBy": "市经济和信息化委员会",
                "incident": setting.event_key,
            }
        )
    return result


def _write_lines(directory: Path, file: str, records: Sequence[Record]) -> None:
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    target(directory, file).write_text(lines, encoding="utf-8", newline="\n")

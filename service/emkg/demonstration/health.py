"""The health commission's export: an SQLite database of clinics and their daily visits by ICD-10 code.

Counts by day and code, never a person's record.
"""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from emkg.demonstration.export import Export, target
from emkg.demonstration.planting import plant
from emkg.demonstration.setting import district

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from emkg.demonstration.planting import Record
    from emkg.demonstration.setting import Setting

FILE: Final = "health/clinic-visits.sqlite"
CLINICS: Final = 12
_USUAL: Final = {"J06.9": 40, "J20.9": 18, "J45.9": 8, "J44.1": 6, "I20.0": 5, "H10.9": 9}
_RISE: Final = (1.0, 1.3, 1.9, 2.4, 2.6, 2.2, 1.6)  # respiratory visits against a usual day
_TABLES: Final = (
    "CREATE TABLE clinic (clinic_id TEXT, name TEXT, district_code TEXT)",
    "CREATE TABLE visit_count (count_no TEXT, visit_date TEXT, clinic_id TEXT, icd10 TEXT, visits TEXT)",
)


def write_health(directory: Path, setting: Setting) -> Export:
    """Write both tables; the rows' order is their rowid."""
    rng = setting.chance(FILE)
    clinics = [_clinic(number) for number in range(CLINICS * setting.scale)]
    planted = plant(FILE, _visits(setting, rng, clinics), rng, first_row=1)
    path = target(directory, FILE)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        for statement in _TABLES:
            database.execute(statement)
        database.executemany("INSERT INTO clinic VALUES (:clinic_id, :name, :district_code)", clinics)
        database.executemany(
            "INSERT INTO visit_count VALUES (:count_no, :visit_date, :clinic_id, :icd10, :visits)",
            planted.records,
        )
        database.commit()
    return Export(((FILE, len(clinics) + len(planted.records)),), planted.faults)


def _clinic(number: int) -> Record:
    code, _, _, _ = district(number)
    return {"clinic_id": f"YL{number + 1:04d}", "name": f"示范医院{number + 1:04d}", "district_code": code}


def _visits(setting: Setting, rng: random.Random, clinics: list[Record]) -> list[Record]:
    keys = itertools.product(enumerate(setting.days), clinics, _USUAL.items())
    return [
        {
            "count_no": f"TJ{number + 1:06d}",
            "visit_date": day.isoformat(),
            "clinic_id": clinic["clinic_id"],
            "icd10": code,
            "visits": str(round(usual * (_RISE[place] if code[0] == "J" else 1) * rng.uniform(0.8, 1.2))),
        }
        for number, ((place, day), clinic, (code, usual)) in enumerate(keys)
    ]

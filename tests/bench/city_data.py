"""Seeded incidents, departments and dispatches as CSV, nested JSON and XML: the same bytes for the same size."""

from __future__ import annotations

import csv
import json
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SEED = 20260815
_START = datetime(2026, 1, 1)  # noqa: DTZ001 - exports give local time without a zone
_STREETS = ("人民路", "解放大道", "Century Ave 1", "中山北路 (东段)", "R&D-Park/2")
_TYPES = ("11B19", "11B05", "12H00", "13A00", "respiratory outbreak")
_TITLES = ("雾霾致能见度下降", '居民称"有焦味"', "管道泄漏, 已围挡", "Smoke reported")
_DEPARTMENTS = 200


def write_tables(folder: Path, rows: int, ending: str = "") -> None:
    """`department.csv`, `incident.csv` (so many rows) and `dispatch.csv` (as many).

    Args:
        ending: Put at the end of every title.
    """
    chance = random.Random(SEED)  # noqa: S311 - test data
    departments = [(f"D{n}", f"第{n}处", f"021-{n:08}") for n in range(_DEPARTMENTS)]
    _write(folder / "department.csv", ("id", "name", "phone"), departments)
    heads = (
        "id",
        "call_number",
        "title",
        "type",
        "opened_at",
        "loss",
        "injured",
        "street",
        "remark",
        "department",
    )
    _write(folder / "incident.csv", heads, _incidents(rows, chance, ending))
    dispatches = (
        (f"P{n}", f"C{chance.randrange(rows)}", f"{chance.randrange(90)}号车组", _time(chance))
        for n in range(rows)
    )
    _write(folder / "dispatch.csv", ("id", "call_number", "unit", "sent_at"), dispatches)


def _incidents(rows: int, chance: random.Random, ending: str) -> Iterator[tuple[str, ...]]:
    for n in range(rows):
        yield (
            f"I{n}",
            f"C{n}",
            f"{n} {chance.choice(_TITLES)}{ending}",
            chance.choice(_TYPES),
            _time(chance),
            f"{chance.randrange(100_000) / 100:.2f}",
            str(chance.randrange(9)) if chance.random() < 0.9 else "",
            chance.choice(_STREETS),
            "" if chance.random() < 0.5 else f"回访 {chance.randrange(10_000)}",
            f"D{chance.randrange(_DEPARTMENTS)}",
        )


def write_json(folder: Path, items: int) -> None:
    """`incident.json`: one document, so many incidents with nested positions and two units each."""
    with (folder / "incident.json").open("w", encoding="utf-8") as file:
        json.dump({"incidents": list(_items(items))}, file, ensure_ascii=False)


def write_xml(folder: Path, items: int) -> None:
    """`incident.xml`: the same incidents."""
    with (folder / "incident.xml").open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<report>\n')
        file.writelines(_element(item) for item in _items(items))
        file.write("</report>\n")


def _items(items: int) -> Iterator[dict[str, object]]:
    chance = random.Random(SEED)  # noqa: S311 - test data
    for n in range(items):
        yield {
            "id": f"I{n}",
            "title": f"{chance.choice(_TITLES)} {n}",
            "openedAt": _time(chance),
            "position": {
                "longitude": f"{121 + chance.randrange(10**6) / 10**6:.6f}",
                "latitude": f"{31 + chance.randrange(10**6) / 10**6:.6f}",
                "address": {"street": chance.choice(_STREETS)},
            },
            "units": [
                {
                    "id": f"U{n}-{k}",
                    "callSign": f"{chance.randrange(90)}号",
                    "crew": str(chance.randrange(1, 9)),
                }
                for k in (1, 2)
            ],
        }


def _element(value: object, name: str = "incident") -> str:
    match value:
        case dict():
            key = f" id={quoteattr(value['id'])}" if "id" in value else ""
            inner = "".join(_element(part, label) for label, part in value.items() if label != "id")
            return f"<{name}{key}>{inner}</{name}>\n"
        case list():
            return f"<{name}>{''.join(_element(part, 'unit') for part in value)}</{name}>"
        case _:
            return f"<{name}>{escape(str(value))}</{name}>"


def _time(chance: random.Random) -> str:
    return (_START + timedelta(seconds=chance.randrange(30_000_000))).isoformat()


def _write(path: Path, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)

"""The quarantine of two real files holds the faults that were counted beforehand, and nothing else.

The counting is done again here, with Python's csv module and the rules that docs/guide/real-records.md states.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.shared

Fault = tuple[int, str, str]


def _is_day(text: str) -> bool:
    match = re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text)
    try:
        return match is not None and bool(date(*map(int, match.groups())))
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    return re.fullmatch(r'https?://[^\s<>"{}|\\^`]+', text) is not None


def _fits(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


COVID = {
    "报道时间": _is_day,
    **dict.fromkeys(("新增确诊", "新增出院", "新增死亡"), _fits(r"-?\d+")),
    **dict.fromkeys(("来源链接1", "来源链接2", "来源链接3"), _is_address),
}
LANDSLIDES = {
    "date": _fits(r"\d\d/\d\d/\d{4}"),
    **dict.fromkeys(("fatalities", "injuries"), _fits(r"\d+")),
    "countrycode": _fits("[A-Z]{2}"),
    **dict.fromkeys(("latitude", "longitude"), _fits(r"-?\d+(\.\d+)?")),
    "tstamp": _fits(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d GMT\+0000 \(UTC\)"),
    "source_link": _is_address,
}


@dataclass(frozen=True)
class Counted:
    """A file that was read by other means: its mapping, its rules for columns, and how many cells break them."""

    mapping: str
    file: str
    encoding: str
    rules: dict[str, Callable[[str], bool]]
    faults: int


FILES = (
    Counted("covid-updates", "03-health/thepaper-covid19-updates-gbk.csv", "gb18030", COVID, 29),
    Counted("landslides", "10-geohazard/nasa-glc-americas.csv", "utf-8", LANDSLIDES, 2),
)


def _count(one: Counted, folder: Path) -> set[Fault]:
    with (folder / one.file).open(encoding=one.encoding, newline="") as file:
        return {
            (row, column, record[column])
            for row, record in enumerate(csv.DictReader(file), start=2)
            for column, fits in one.rules.items()
            if record[column] and not fits(record[column])
        }


@pytest.mark.parametrize("one", FILES, ids=lambda one: str(one.mapping))
def test_every_fault_that_was_counted_is_found_and_no_other(
    one: Counted, checkout: Path, shared_dir: Path
) -> None:
    data = shared_dir / "data"
    counted = _count(one, data)
    mapping = parse_mapping(checkout / f"mappings/real/{one.mapping}.yml", data_root=data)

    with run_mapping(mapping, dataset=f"real/{one.mapping}", base="https://w3id.org/emkg/id/") as run:
        records = run.quarantine().to_pylist()

    assert len(counted) == one.faults
    assert len(records) == one.faults
    assert {(record["row"], record["column"], record["value"]) for record in records} == counted
    assert {record["file"] for record in records} == {one.file.rpartition("/")[2]}
    assert all(f"{one.mapping}.yml:" in record["mapping"] for record in records)


@pytest.mark.parametrize(
    "mapping",
    ["air-network", "air-station", "chemicals", "divisions", "earthquakes", "universities", "weather-alert"],
)
def test_files_without_faults_put_nothing_into_quarantine(
    mapping: str, checkout: Path, shared_dir: Path
) -> None:
    parsed = parse_mapping(checkout / f"mappings/real/{mapping}.yml", data_root=shared_dir / "data")
    with run_mapping(parsed, dataset=f"real/{mapping}", base="https://w3id.org/emkg/id/", strict=True) as run:
        assert run.quarantine().num_rows == 0
        assert run.report.rows > 0

"""The faults planted in the demonstration city, fixed before any detector was written.

The generator places exactly these, and says for each one where it put it. A change of this table is a change
of what the product promises to find: it goes with a note in docs/guide/demonstration.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Catcher(Enum):
    """Which stage is to find a fault; `NONE` where the value is usable as it is or only a person can judge it."""

    MAPPING = "mapping"
    SHACL = "shacl"
    NONE = "none"


@dataclass(frozen=True)
class Fault:
    """One kind of fault in one column of one export.

    Attributes:
        id: Names the fault in reports and tests.
        kind: What is wrong, across formats.
        dataset: `<department>/<dataset>` as the mapping files are named.
        file: The export, relative to the city's directory.
        column: The reference by which the mapping reads the cell.
        count: How many cells get it, at any scale.
        catcher: The stage that is to find it.
        reason: The quarantine's reason or the SHACL constraint component; why nobody finds it otherwise.
    """

    id: str
    kind: str
    dataset: str
    file: str
    column: str
    count: int
    catcher: Catcher
    reason: str


@dataclass(frozen=True)
class PlantedFault:
    """Where a fault was put.

    `row` is counted by the convention of the format; `value` is what a reader of the file sees, an undecodable byte
    in hexadecimal (backslash, x, two digits).
    """

    fault: Fault
    file: str
    row: int
    column: str
    value: str


_AIR: Final = ("environment/air-quality", "environment/air-quality.csv")
_UNKNOWN_WARNING: Final = ("weather/warnings", "weather/warning-4.xml")
_FOG_WARNING: Final = ("weather/warnings", "weather/warning-5.xml")
_VISITS: Final = ("health/clinic-visits", "health/clinic-visits.sqlite")
_ACCIDENTS: Final = ("police/accidents", "police/accidents.json")
_SITES: Final = ("police/key-sites", "police/key-sites.csv")
_SCHOOLS: Final = ("education/schools", "education/schools.xlsx")
_FIRMS: Final = ("economy/enterprises", "economy/enterprises.jsonl")
_STOPS: Final = ("economy/enterprises", "economy/production-stops.jsonl")

EVENT_CODE: Final = "cap:info[1]/cap:eventCode/cap:value"
EXPIRES: Final = "cap:info[1]/cap:expires"

_BAD: Final = "bad-lexical-form"
_CODE: Final = "unknown-code"
_LESS: Final = "LessThanOrEqualsConstraintComponent"
_CLASS: Final = "ClassConstraintComponent"
_MAX: Final = "MaxCountConstraintComponent"
_MIN: Final = "MinInclusiveConstraintComponent"
_PATTERN: Final = "PatternConstraintComponent"

FAULTS: Final[tuple[Fault, ...]] = (
    Fault("air-letter-in-number", "bad-number", *_AIR, "PM2.5", 3, Catcher.MAPPING, _BAD),
    Fault("air-negative", "negative-concentration", *_AIR, "PM2.5", 2, Catcher.SHACL, _MIN),
    Fault("air-full-width", "full-width-digits", *_AIR, "PM2.5", 3, Catcher.NONE, "normalised, value kept"),
    Fault("air-empty", "empty-cell", *_AIR, "PM10", 4, Catcher.NONE, "no value, no statement"),
    Fault("air-null-token", "null-token", *_AIR, "PM10", 3, Catcher.NONE, "declared as no value"),
    Fault("air-undecodable", "undecodable-byte", *_AIR, "站点名称", 1, Catcher.MAPPING, "undecodable"),
    Fault("air-duplicate", "duplicate-key", *_AIR, "监测时间", 2, Catcher.SHACL, _MAX),
    Fault("warning-event-code", "unknown-code", *_UNKNOWN_WARNING, EVENT_CODE, 1, Catcher.MAPPING, _CODE),
    Fault("warning-expires-early", "end-before-start", *_FOG_WARNING, EXPIRES, 1, Catcher.SHACL, _LESS),
    Fault("visit-date", "wrong-date", *_VISITS, "visit_date", 2, Catcher.MAPPING, _BAD),
    Fault("visit-icd10", "unknown-code", *_VISITS, "icd10", 3, Catcher.MAPPING, _CODE),
    Fault("visit-number", "bad-number", *_VISITS, "visits", 1, Catcher.MAPPING, _BAD),
    Fault("visit-negative", "negative-count", *_VISITS, "visits", 1, Catcher.SHACL, _MIN),
    Fault("accident-time", "wrong-time", *_ACCIDENTS, "occurredAt", 1, Catcher.MAPPING, _BAD),
    Fault("accident-key", "empty-key", *_ACCIDENTS, "caseNo", 1, Catcher.MAPPING, "empty-key"),
    Fault("accident-district", "unknown-code", *_ACCIDENTS, "position.district", 2, Catcher.MAPPING, _CODE),
    Fault(
        "accident-outside", "outside-the-city", *_ACCIDENTS, "position.longitude", 2, Catcher.SHACL, _PATTERN
    ),
    Fault("accident-duplicate", "duplicate-key", *_ACCIDENTS, "caseNo", 1, Catcher.SHACL, _MAX),
    Fault("site-name", "two-names", *_SITES, "单位名称", 2, Catcher.NONE, "identity left open"),
    Fault("school-district", "unknown-code", *_SCHOOLS, "行政区划代码", 1, Catcher.MAPPING, _CODE),
    Fault(
        "school-full-width",
        "full-width-digits",
        *_SCHOOLS,
        "在校生数",
        2,
        Catcher.NONE,
        "normalised, value kept",
    ),
    Fault("closure-date", "wrong-date", *_SCHOOLS, "停课开始", 1, Catcher.MAPPING, _BAD),
    Fault("closure-end", "end-before-start", *_SCHOOLS, "停课结束", 2, Catcher.SHACL, _LESS),
    Fault("closure-school", "missing-school", *_SCHOOLS, "停课学校代码", 1, Catcher.SHACL, _CLASS),
    Fault("firm-key", "empty-key", *_FIRMS, "creditCode", 1, Catcher.MAPPING, "empty-key"),
    Fault("firm-duplicate", "duplicate-key", *_FIRMS, "creditCode", 1, Catcher.SHACL, _MAX),
    Fault("firm-code-letters", "malformed-code", *_FIRMS, "creditCode", 1, Catcher.SHACL, _PATTERN),
    Fault(
        "firm-code-digit",
        "wrong-check-digit",
        *_FIRMS,
        "creditCode",
        1,
        Catcher.NONE,
        "check digit not judged yet",
    ),
    Fault("firm-number", "bad-number", *_FIRMS, "employees", 1, Catcher.MAPPING, _BAD),
    Fault("stop-date", "wrong-date", *_STOPS, "start", 1, Catcher.MAPPING, _BAD),
    Fault("stop-enterprise", "missing-enterprise", *_STOPS, "creditCode", 1, Catcher.SHACL, _CLASS),
)


def fault_by_id(fault_id: str) -> Fault:
    """The fault of this id; KeyError where there is none."""
    return {fault.id: fault for fault in FAULTS}[fault_id]


def faults_of(file: str) -> tuple[Fault, ...]:
    """The faults planted in one export, in table order."""
    return tuple(fault for fault in FAULTS if fault.file == file)

"""Every planted fault is found by the stage that is to find it, and nothing healthy is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.demonstration import Catcher, City, PlantedFault
from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping
from emkg.ontology import load_ontology
from emkg.validation import VIOLATION, CompiledValidator, load_shapes
from emkg.vocabulary import ID, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emkg.validation import ValidationReport

# file: what the mapping makes of a record, as class and key, for the faults that shapes are to find
FOCUS: dict[str, Callable[[dict[str, str]], str]] = {
    "air-negative": lambda row: (
        f"observation/{row['站点编号']}/{row['监测时间'].replace(' ', '%20').replace(':', '%3A')}/pm25"
    ),
    "air-duplicate": lambda row: (
        f"observation/{row['站点编号']}/{row['监测时间'].replace(' ', '%20').replace(':', '%3A')}/pm25"
    ),
    "warning-expires-early": lambda row: f"warning/{row['cap:identifier']}",
    "visit-negative": lambda row: f"clinic-visit-count/{row['count_no']}",
    "accident-outside": lambda row: f"event/{row['caseNo']}",
    "accident-duplicate": lambda row: f"event/{row['caseNo']}",
    "closure-end": lambda row: f"closure-order/{row['通知编号']}",
    "closure-school": lambda row: f"closure-order/{row['通知编号']}",
    "firm-duplicate": lambda row: f"enterprise/{row['creditCode']}",
    "firm-code-letters": lambda row: f"enterprise/{row['creditCode']}",
    "stop-enterprise": lambda row: f"production-stop-order/{row['orderNo']}",
}


@dataclass(frozen=True)
class Mapped:
    """Statements and quarantine of all the city's datasets."""

    statements: pa.Table
    quarantine: list[dict[str, object]]


@pytest.fixture(scope="module")
def mapped(city: City, checkout: Path) -> Mapped:
    tables, records = [], []
    departments = ("environment", "weather", "health", "police", "education", "economy", "city")
    for path in (
        path for name in departments for path in sorted((checkout / "mappings" / name).glob("*.yml"))
    ):
        mapping = parse_mapping(path, data_root=city.directory)
        with run_mapping(mapping, dataset=f"{path.parent.name}/{path.stem}", base=ID) as run:
            tables.append(run.statements().read_all())
            records += run.quarantine().to_pylist()
    return Mapped(pa.concat_tables(tables), records)


@pytest.fixture(scope="module")
def report(mapped: Mapped, checkout: Path) -> ValidationReport:
    shapes = load_shapes([checkout / "shapes" / name for name in ("city.ttl", "records.ttl")])
    ontology = load_ontology(checkout / "ontology").quads
    classes = [quad for quad in ontology if quad.predicate.value == RDFS + "subClassOf"]
    return CompiledValidator().validate(mapped.statements, shapes, classes)


def _planted(city: City, catcher: Catcher) -> list[PlantedFault]:
    return [fault for fault in city.faults if fault.fault.catcher is catcher]


def test_what_the_mapping_is_to_catch_is_in_quarantine_once_and_nothing_else_is(
    city: City, mapped: Mapped
) -> None:
    expected = Counter(
        (one.fault.dataset, one.file.rpartition("/")[2], one.row, one.column, one.value, one.fault.reason)
        for one in _planted(city, Catcher.MAPPING)
    )

    found = Counter(
        tuple(record[name] for name in ("dataset", "file", "row", "column", "value", "reason"))
        for record in mapped.quarantine
    )

    assert found.total() == 20
    assert found == expected


def test_every_quarantined_value_names_its_mapping_line_and_speaks_both_languages(mapped: Mapped) -> None:
    for record in mapped.quarantine:
        path, _, line = str(record["mapping"]).rpartition(":")
        assert path.endswith(".yml")
        assert int(line) > 0
        assert record["message"]
        assert record["message_zh"]


def test_what_the_shapes_are_to_catch_is_a_violation_of_that_record_and_nothing_else_is(
    city: City, report: ValidationReport, record_of: Callable[[PlantedFault], dict[str, str]]
) -> None:
    expected = Counter(
        (f"{ID}{FOCUS[one.fault.id](record_of(one))}", SH + one.fault.reason)
        for one in _planted(city, Catcher.SHACL)
    )

    found = Counter(
        (result.focus_node.value, result.component.value) for result in report.with_severity(VIOLATION)
    )

    assert found.total() == 15
    assert found == expected


def test_a_withheld_value_is_a_warning_at_most(report: ValidationReport) -> None:
    others = [result for result in report.results if result.severity != VIOLATION]

    assert {result.path for result in others} == {
        "<https://w3id.org/emkg/ontology#eventType>",
        "<https://w3id.org/emkg/ontology#jurisdiction>",
        "<https://w3id.org/emkg/ontology#locatedIn>",
    }
    assert len(others) == 4


def test_full_width_digits_become_the_number_they_mean(mapped: Mapped) -> None:
    objects = mapped.statements.column("o").to_pylist()

    assert not [term for term in objects if any(digit in term for digit in "０１２３４５６７８９")]


def test_nothing_says_that_schools_of_two_registers_are_one(mapped: Mapped) -> None:
    predicates = set(mapped.statements.column("p").to_pylist())

    assert not [predicate for predicate in predicates if "sameAs" in predicate or "Match" in predicate]


def test_the_haze_event_comes_from_the_first_warning(city: City, mapped: Mapped) -> None:
    event = f"<{ID}event/{city.event_key}>"
    rows = zip(*(mapped.statements.column(name).to_pylist() for name in "spo"), strict=True)

    facts = {
        predicate.rpartition("#")[2].rstrip(">"): term
        for subject, predicate, term in rows
        if subject == event
    }

    assert facts["eventType"] == "<https://w3id.org/emkg/code/event/11B19>"
    assert facts["grade"] == "<https://w3id.org/emkg/code/grade/2>"
    assert facts["handledAt"] == "<https://w3id.org/emkg/code/level/city>"
    assert facts["jurisdiction"] == "<https://w3id.org/emkg/code/division/310000>"
    assert facts["startDate"].startswith('"2026-11-16"')
    assert facts["endDate"].startswith('"2026-11-22"')

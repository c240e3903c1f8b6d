"""Validation results lead to the cells at fault: a wrong value, a repeated key, a missing value, two values compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.mapping import parse_mapping, run_mapping
from emkg.pipeline.trace import Judged, TracedResult, trace_results
from emkg.validation import CompiledValidator, load_shapes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAPPING = """\
prefixes: {ex: "http://e/"}
sources:
  stays: {access: stays.csv, referenceFormulation: csv}
mappings:
  stay:
    source: stays
    s: ex:stay/$(ward)-$(no)
    po:
      - [a, ex:Stay]
      - [ex:age, $(age), xsd:integer]
      - [ex:from, $(from), xsd:date]
      - [ex:until, $(until), xsd:date]
"""
SHAPES = """\
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:StayShape a sh:NodeShape ; sh:targetClass ex:Stay ; sh:property
  [ sh:path ex:age ; sh:minCount 1 ; sh:maxCount 1 ; sh:maxInclusive 150 ] ,
  [ sh:path ex:from ; sh:lessThanOrEquals ex:until ] ,
  [ sh:path ( ex:ward ex:name ) ; sh:minCount 1 ; sh:deactivated false ; sh:severity sh:Warning ] .
"""
HEAD = "ward,no,age,from,until\n"


@pytest.fixture
def traced(tmp_path: Path) -> Callable[[str], list[TracedResult]]:
    """The violations of some rows, with their places."""

    def trace(rows: str) -> list[TracedResult]:
        for name, text in (("m.yml", MAPPING), ("stays.csv", HEAD + rows), ("s.ttl", SHAPES)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        mapping = parse_mapping(tmp_path / "m.yml")
        with run_mapping(mapping, dataset="d/x", base="http://b/") as run:
            statements = run.statements().read_all()
        shapes = load_shapes([tmp_path / "s.ttl"])
        results = CompiledValidator().validate(statements, shapes).results
        judged = Judged(statements, shapes.compared)
        found = trace_results(results, judged, mapping, base="http://b/", dataset="d/x")
        return [one for one in found if one.result.severity.value.endswith("Violation")]

    return trace


def _where(traced: TracedResult) -> list[tuple[str, int, str, str]]:
    return [(cell.file, cell.row, cell.column, cell.value) for cell in traced.cells]


def test_a_wrong_value_leads_to_its_cell_and_line(traced: Callable[[str], list[TracedResult]]) -> None:
    (one,) = traced("A,1,40,2026-01-01,2026-01-02\nA,2,400,2026-01-01,2026-01-02\n")

    assert _where(one) == [("stays.csv", 3, "age", "400")]
    assert one.cells[0].mapping.endswith("m.yml:10")


def test_a_repeated_key_leads_to_the_key_of_the_last_row_and_names_all_rows(
    traced: Callable[[str], list[TracedResult]],
) -> None:
    (one,) = traced(
        "A,1,40,2026-01-01,2026-01-02\nB,1,7,2026-01-01,2026-01-02\nA,1,41,2026-01-01,2026-01-02\n"
    )

    assert _where(one) == [("stays.csv", 4, "ward", "A"), ("stays.csv", 4, "no", "1")]
    assert one.rows == (2, 4)


def test_a_missing_value_leads_to_the_cell_that_should_hold_it(
    traced: Callable[[str], list[TracedResult]],
) -> None:
    (one,) = traced("A,1,,2026-01-01,2026-01-02\n")

    assert _where(one) == [("stays.csv", 2, "age", "")]


def test_two_values_compared_lead_to_both_cells(traced: Callable[[str], list[TracedResult]]) -> None:
    (one,) = traced("A,1,40,2026-01-03,2026-01-02\n")

    assert _where(one) == [("stays.csv", 2, "from", "2026-01-03"), ("stays.csv", 2, "until", "2026-01-02")]

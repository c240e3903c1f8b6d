from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emkg.errors import MappingError, SourceError
from emkg.mapping import parse_mapping, run_mapping
from emkg.ontology import load_ontology
from emkg.pipeline.preview import Choice, PreviewInputs, preview_mapping
from emkg.validation import load_shapes

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://w3id.org/emkg/id/"
MAPPING = """\
prefixes: {id: 'https://w3id.org/emkg/id/'}
sources:
  schools: ['schools.csv~csv']
  orders: ['orders.csv~csv']
mappings:
  school:
    source: schools
    s: id:school/$(code)
    po:
      - [a, em:School]
      - [rdfs:label, $(name), zh~lang]
  order:
    source: orders
    s: id:closure-order/$(no)
    po:
      - [a, em:ClosureOrder]
      - [em:firstDay, $(from), xsd:date]
      - [em:lastDay, $(to), xsd:date]
      - [em:issuedBy, code:body/c-edu~iri]
      - p: em:school
        o: {mapping: school, condition: {function: equal, parameters: [[str1, $(school), s], [str2, $(code), o]]}}
"""
SCHOOLS = "code,name\nS1,一小\nS2,二小\nS3,三小\nS4,四小\n"
ORDERS = (
    "no,school,from,to\nO1,S4,2026-11-19,2026-11-18\nO2,S9,2026-11-19,soon\nO3,S1,2026-11-19,2026-11-20\n"
)


@pytest.fixture(scope="module")
def inputs(checkout: Path) -> PreviewInputs:
    return PreviewInputs(
        load_shapes([checkout / "shapes" / name for name in ("city.ttl", "records.ttl")]),
        load_ontology(checkout / "ontology"),
        BASE,
    )


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "schools.yml"
    for name, text in (("schools.yml", MAPPING), ("schools.csv", SCHOOLS), ("orders.csv", ORDERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return path


def test_the_first_rows_of_each_triples_map_are_shown(mapping: Path, inputs: PreviewInputs) -> None:
    schools, orders = preview_mapping(mapping, Choice(count=2), inputs)

    assert [row.sample.row for row in schools.rows] == [2, 3]
    assert [row.sample.row for row in orders.rows] == [2, 3]
    assert schools.rows[0].sample.cells == {"code": "S1", "name": "一小"}
    assert orders.sample.file == "orders.csv"
    assert orders.sample.location.line == 12


def test_a_join_sees_all_rows_of_the_other_side(mapping: Path, inputs: PreviewInputs) -> None:
    _, orders = preview_mapping(mapping, Choice(count=1), inputs)

    assert any(o == f"<{BASE}school/S4>" for _, _, o in orders.rows[0].sample.statements)


def test_all_rows_together_give_what_a_run_gives(mapping: Path, inputs: PreviewInputs) -> None:
    previews = preview_mapping(mapping, Choice(count=100), inputs)

    with run_mapping(parse_mapping(mapping), dataset="d/schools", base=BASE) as run:
        whole = {(one["s"], one["p"], one["o"]) for one in run.statements().read_all().to_pylist()}
        withheld = run.quarantine().num_rows
    rows = [row.sample for preview in previews for row in preview.rows]
    assert {statement for row in rows for statement in row.statements} == whole
    assert sum(len(row.quarantine) for row in rows) == withheld == 1


@pytest.mark.parametrize("key", ["O2", f"{BASE}closure-order/O2"])
def test_a_key_or_its_iri_chooses_the_row(mapping: Path, inputs: PreviewInputs, key: str) -> None:
    schools, orders = preview_mapping(mapping, Choice(key=key), inputs)

    assert schools.rows == ()
    (row,) = orders.rows
    assert row.sample.row == 3
    assert [(one.column, one.value) for one in row.sample.quarantine] == [("to", "soon")]


def test_violations_stand_beside_the_row_they_come_from(mapping: Path, inputs: PreviewInputs) -> None:
    _, orders = preview_mapping(mapping, Choice(), inputs)

    paths = [{one.result.path for one in row.violations} for row in orders.rows]
    assert any((path or "").endswith("#firstDay>") for path in paths[0])
    assert any((path or "").endswith("#school>") for path in paths[1])
    late = next(one for one in orders.rows[0].violations if one.cells)
    assert {cell.column for cell in late.cells} >= {"no"}
    assert paths[2] == set()


def test_a_thing_of_another_dataset_is_not_held_against_a_row(mapping: Path, inputs: PreviewInputs) -> None:
    text = mapping.read_text(encoding="utf-8")
    start = text.index("      - p: em:school")
    mapping.write_text(text[:start] + "      - [em:school, id:school/$(school)~iri]\n", encoding="utf-8")

    _, orders = preview_mapping(mapping, Choice(key="O2"), inputs)

    assert not any("school" in (one.result.path or "") for one in orders.rows[0].violations)


def test_a_row_that_could_not_be_read_is_shown_with_its_fault(mapping: Path, inputs: PreviewInputs) -> None:
    (mapping.parent / "schools.csv").write_text('code,name\nS1,"一小\nS2,二小\nS3,三小\n', encoding="utf-8")

    schools, _ = preview_mapping(mapping, Choice(count=2), inputs)

    assert [row.sample.row for row in schools.rows] == [2, 3, 4]
    assert [one.reason for one in schools.rows[0].sample.quarantine] == ["bad-quotes"]
    assert schools.rows[0].sample.statements == ()


def test_a_wrong_mapping_is_an_error(mapping: Path, inputs: PreviewInputs) -> None:
    mapping.write_text("mappings: [", encoding="utf-8")

    with pytest.raises(MappingError, match=r"schools\.yml:\d+:\d+"):
        preview_mapping(mapping, Choice(), inputs)


def test_a_damaged_parquet_file_is_an_error_of_the_source(mapping: Path, inputs: PreviewInputs) -> None:
    path = mapping.parent / "schools.parquet"
    pq.write_table(pa.table({"code": ["S1"] * 5000, "name": ["x" * 90] * 5000}), path, use_dictionary=False)
    data = bytearray(path.read_bytes())
    data[4:400] = b"\xff" * 396
    path.write_bytes(bytes(data))
    text = mapping.read_text(encoding="utf-8").replace("schools.csv~csv", "schools.parquet~parquet")
    mapping.write_text(text, encoding="utf-8")

    with pytest.raises(SourceError, match=r"schools\.parquet"):
        preview_mapping(mapping, Choice(), inputs)

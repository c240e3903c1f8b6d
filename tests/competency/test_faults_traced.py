"""Every planted fault that the shapes find names its file, row and column in the quarantine, like those of the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.demonstration import Catcher

if TYPE_CHECKING:
    from tests.conftest import Demonstration


@pytest.fixture(scope="module")
def records(demonstration: Demonstration) -> list[dict[str, object]]:
    with demonstration.opened() as (ledger, _):
        rows: list[dict[str, object]] = ledger.quarantine.records().read_all().to_pylist()
        return [row for row in rows if row["reason"] == "shacl"]


def test_every_planted_fault_that_shapes_catch_names_file_row_and_column(
    demonstration: Demonstration, records: list[dict[str, object]]
) -> None:
    planted = [one for one in demonstration.story.city.faults if one.fault.catcher is Catcher.SHACL]
    expected = {(one.file.rpartition("/")[2], one.row, one.column) for one in planted}

    found = {
        (record["file"], record["row"], column)
        for record in records
        for column in str(record["column"]).split(", ")
    }

    assert len(expected) == 15
    assert expected <= found
    assert len(records) == 15


def test_such_a_record_names_the_mapping_line_the_value_and_the_shape_in_both_languages(
    records: list[dict[str, object]],
) -> None:
    for record in records:
        path, _, line = str(record["mapping"]).rpartition(":")
        assert path.endswith(".yml")
        assert int(line) > 0
        assert record["value"]
        assert "shapes#" in str(record["message"]) or "[http" in str(record["message"])
        assert record["message_zh"]

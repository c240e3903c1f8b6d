from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg

AS_OF = ("audit", "coverage", "--as-of", "2026-03-01")


@pytest.mark.parametrize(
    ("language", "title", "name"), [("en", "As of 2026-03-01", "Fire"), ("zh", "截至 2026-03-01", "火灾")]
)
def test_the_matrix_counts_duties_by_event_type_and_phase(
    emkg: Emkg, ingested_town: Path, language: str, title: str, name: str
) -> None:
    answer = emkg(*AS_OF, "--workspace", ingested_town, language=language)

    assert answer.code == 0
    assert answer.out.startswith(title)
    (row,) = (line for line in answer.out.splitlines() if name in line)
    assert row.count("∅") == 8
    assert " 1 " in row


def test_one_event_type_is_listed_cell_by_cell(emkg: Emkg, ingested_town: Path) -> None:
    answer = emkg(*AS_OF, "--event-type", "fire", "--workspace", ingested_town)

    assert answer.code == 0
    assert "town-fire 7" in answer.out
    assert "消防机构" in answer.out


def test_csv_has_a_row_for_each_cell(emkg: Emkg, ingested_town: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(emkg(*AS_OF, "--format", "csv", "--workspace", ingested_town).out))
    )

    assert len(rows) == 9 * 7
    (grounded,) = (row for row in rows if row["state"] == "grounded")
    assert (grounded["phase"], grounded["level"], grounded["articles"]) == ("rescue", "city", "town-fire 7")


def test_json_states_each_cell(emkg: Emkg, ingested_town: Path) -> None:
    document = json.loads(emkg(*AS_OF, "--format", "json", "--workspace", ingested_town).out)

    assert document["acts"] == ["town-fire"]
    assert document["states"]["grounded"] == 1
    assert document["states"]["gap"] == 9 * 7 - 1


def test_before_the_act_everything_is_a_gap(emkg: Emkg, ingested_town: Path) -> None:
    words = ("audit", "coverage", "--as-of", "2019-12-31", "--format", "json", "--workspace", ingested_town)

    document = json.loads(emkg(*words).out)

    assert document["acts"] == []
    assert document["states"]["grounded"] == 0


def test_an_event_type_that_is_not_there_ends_with_1(emkg: Emkg, ingested_town: Path) -> None:
    ended = emkg(*AS_OF, "--event-type", "flood", "--workspace", ingested_town, language="zh")

    assert ended.code == 1
    assert ended.err.startswith("没有事件类型 flood")


def test_a_date_that_is_none_is_a_usage_error(emkg: Emkg, ingested_town: Path) -> None:
    ended = emkg("audit", "coverage", "--as-of", "2026-02-30", "--workspace", ingested_town)

    assert ended.code == 2
    assert "2026-02-30" in ended.err

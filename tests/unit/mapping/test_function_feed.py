"""Functions on feeds: milliseconds, and notes where codes should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """
sources:
  s: {{access: rows.csv, referenceFormulation: csv}}
mappings:
  m:
    sources: [s]
    s: http://e/$(id)
    po:
      - p: http://e/p
        o: {{function: {function}, parameters: [[emf:value, $(v)], {rest}]}}
"""


def _run(folder: Path, function: str, rest: str, *values: str) -> tuple[list[str], list[tuple[int, str]]]:
    path = folder / "m.yml"
    path.write_text(MAPPING.format(function=function, rest=rest))
    (folder / "rows.csv").write_text(
        "id,v\n" + "".join(f"{row},{value}\n" for row, value in enumerate(values))
    )
    with run_mapping(parse_mapping(path), dataset="d", base="http://e/") as run:
        statements = sorted(run.statements().read_all().to_pylist(), key=lambda row: str(row["s"]))
        faults = [(record["row"], record["value"]) for record in run.quarantine().to_pylist()]
    return [row["o"].strip('"') for row in statements], faults


def test_milliseconds_become_a_moment_in_utc(tmp_path: Path) -> None:
    found, faults = _run(
        tmp_path, "emf:epochMillis", "", "1706493582860", "-1", "", "soon", "99999999999999999"
    )
    assert found == ["2024-01-29T01:59:42.860Z", "1969-12-31T23:59:59.999Z"]
    assert faults == [(5, "soon"), (6, "99999999999999999")]


def test_a_text_that_does_not_match_is_quarantined(tmp_path: Path) -> None:
    rest = r"""[emf:pattern, '[A-Z]{2}|\d+'], [emf:meaning, a code]"""
    found, faults = _run(tmp_path, "emf:matching", rest, "CN", "12", "CNX", "see note", "")
    assert found == ["CN", "12"]
    assert faults == [(4, "CNX"), (5, "see note")]


def test_a_pattern_that_is_none_is_an_error_of_its_line(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no regular expression") as caught:
        _run(tmp_path, "emf:matching", "[emf:pattern, '(']", "x")
    assert str(caught.value.location).startswith(f"{tmp_path / 'm.yml'}:10")

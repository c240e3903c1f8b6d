from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.demonstration import FAULTS, City

if TYPE_CHECKING:
    from pathlib import Path


def test_the_guide_lists_every_planted_fault_as_the_table_has_it(checkout: Path) -> None:
    guide = (checkout / "docs/guide/demonstration.md").read_text(encoding="utf-8")

    listed = [line for line in guide.partition("<!-- faults -->")[2].splitlines() if line.startswith("| `")]

    assert listed == [
        f"| `{fault.id}` | {fault.kind} | `{fault.file}` | `{fault.column}` | {fault.count} "
        f"| {fault.catcher.value} | {fault.reason} |"
        for fault in FAULTS
    ]


def test_the_guide_says_how_many_rows_each_export_has(city: City, checkout: Path) -> None:
    guide = (checkout / "docs/guide/demonstration.md").read_text(encoding="utf-8")

    for file in ("environment/air-quality.csv", "health/clinic-visits.sqlite", "education/schools.xlsx"):
        (row,) = (
            line
            for line in guide.splitlines()
            if line.startswith("|")
            and f"| `{file}` |" in line
            and "Rows" not in line
            and line.count("|") == 5
        )
        assert row.endswith(f"| {city.rows[file]} |")

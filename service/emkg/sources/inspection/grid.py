"""Rows of cells to a table: which row names the columns, what stands above and right below it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from emkg.sources.inspection.sample import TableSample

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOKED_AT: Final = 30
_NUMBER: Final = re.compile(r"-?\d+([.,]\d+)*|\d{4}[-/年].*")
_TAG: Final = re.compile(r"#[a-z][a-z0-9]*(\+[a-z0-9_]+)*")
_TYPE_CELL: Final = re.compile(r"\d+[sdn]")  # the second header row of USGS files
_UNIT_CELL: Final = re.compile(
    r"[(（\[]?(%|‰|℃|°C|mm|cm|m|km|m/s|km/h|hPa|kPa|[mμu]g/m[3³]|mg/L|人|个|元|万元|小时|天|级)[)）\]]?"
)


def table_of_grid(
    name: str, options: dict[str, str | int], grid: Sequence[tuple[int, list[str]]], *, is_whole: bool
) -> TableSample:
    """The table in rows of cells, each with its row number; empty rows are left out before."""
    header = _header(grid)
    if header is None:
        return TableSample(
            name, options, (), (), is_whole, ((("no row of column names was found"), "未找到列名行"),)
        )
    position, width = header
    number, cells = grid[position]
    names = _numbered([*(cell.strip() for cell in cells), *("" for _ in range(width - len(cells)))][:width])
    below = grid[position + 1 :]
    notes: list[tuple[str, str]] = []
    found = dict(options)
    if number != 1:
        found["headerRow"] = number
        notes.append((f"the column names are in row {number}", f"列名在第 {number} 行"))
    tags = _tags(below, width)
    skipped = 1 if tags else _second_header(below, width)
    if skipped:
        found["skipAfterHeader"] = skipped
        notes.append(
            ("a row of HXL tags follows the column names", "列名行之下有一行 HXL 标签")
            if tags
            else ("a row of types or units follows the column names", "列名行之下有一行类型或单位")
        )
    rows = below[skipped:]
    sections = sum(sum(bool(cell.strip()) for cell in cells) == 1 for _, cells in rows) if width > 2 else 0  # noqa: PLR2004 - two columns have no sections
    if sections:
        notes.append(
            (
                f"{sections} rows hold one cell only: headings of sections, perhaps",
                f"{sections} 行只有一个单元格，可能是分节标题",
            )
        )
    uneven = [
        row for row, cells in rows if len(cells) > width and any(cell.strip() for cell in cells[width:])
    ]
    if uneven:
        notes.append(
            (
                f"{len(uneven)} rows have more cells than names, the first is row {uneven[0]}",
                f"{len(uneven)} 行的单元格多于列名，首见于第 {uneven[0]} 行",
            )
        )
    padded = [(row, [*cells[:width], *(None for _ in range(width - len(cells)))]) for row, cells in rows]
    return TableSample(name, found, tuple(names), padded, is_whole, tuple(notes), tags)


def _header(grid: Sequence[tuple[int, list[str]]]) -> tuple[int, int] | None:
    """The place of the first row that names as many columns as most records have, and how many those are."""
    looked = grid[:_LOOKED_AT]
    widths = Counter(_filled(cells) for _, cells in grid if _filled(cells))
    if not widths:
        return None
    usual = max(widths, key=lambda width: (widths[width], width))
    for place, (_, cells) in enumerate(looked):
        named = [cell.strip() for cell in cells if cell.strip()]
        is_wide = len(named) >= max(min(usual, 2), usual * 0.6)
        if is_wide and len(set(named)) > len(named) * 0.6 and not any(map(_NUMBER.fullmatch, named)):
            return place, max(_filled(cells), usual)
    return None


def _filled(cells: Sequence[str]) -> int:
    """How many cells a row has up to its last filled one."""
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _tags(below: Sequence[tuple[int, list[str]]], width: int) -> tuple[str, ...]:
    """The HXL tags in the row below the names; none where it is another row."""
    cells = [cell.strip() for cell in below[0][1][:width]] if below else []
    held = [cell for cell in cells if cell]
    if not held or not all(_TAG.fullmatch(cell) for cell in held):
        return ()
    return (*cells, *("" for _ in range(width - len(cells))))


def _second_header(below: Sequence[tuple[int, list[str]]], width: int) -> int:
    if not below:
        return 0
    cells = [cell.strip() for cell in below[0][1][:width] if cell.strip()]
    if not cells:
        return 0
    types = sum(_TYPE_CELL.fullmatch(cell) is not None for cell in cells)
    units = sum(_UNIT_CELL.fullmatch(cell) is not None for cell in cells)
    return 1 if types == len(cells) or units >= max(2, len(cells) // 2) else 0


def _numbered(names: Sequence[str]) -> list[str]:
    """Names as references write them: one that occurs several times is `name[1]`, `name[2]`."""
    times = Counter(names)
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if times[name] == 1 else f"{name}[{seen[name]}]")
    return numbered

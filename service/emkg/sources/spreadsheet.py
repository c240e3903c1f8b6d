"""XLSX and XLS: the cells of one sheet as text, in the rows a spreadsheet shows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

import python_calamine

from emkg.errors import Location, SourceError
from emkg.sources.fault import SourceFault, cell_error
from emkg.sources.header import header_positions
from emkg.sources.relation import RowSink, SourceRelation, column_names
from emkg.sources.spreadsheet_error import error_cells
from emkg.sources.suggestion import missing_name
from emkg.sources.text import check_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis

    from emkg.sources.description import SourceDescription

SheetCell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta


def read_spreadsheet(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced columns of a sheet below its header row; empty rows hold no record, section rows do.

    A cell that shows an error such as `#DIV/0!` is withheld (XLSX; an XLS cell of that kind is read as empty).

    Raises:
        SourceError: The file, sheet, header row or a referenced column is not there; the file is no workbook
            or is locked with a password.
    """
    check_file(description.path)
    sheet = _sheet(description)
    rows = enumerate(sheet.iter_rows(), start=1)
    header = next((cells for row, cells in rows if row == description.header_row), None)
    if header is None:
        raise SourceError(
            f"the sheet has no row {description.header_row} with the column names",
            message_zh=f"工作表没有第 {description.header_row} 行（列名行）",
            location=Location(str(description.path), row=description.header_row),
        )
    names = [cell_text(cell) for cell in header]
    positions = header_positions(description.path, names, references, description.header_row)
    columns = column_names(list(positions))
    sink = RowSink(backend, list(columns.values()))
    nulls = frozenset(("", *description.null_values))
    first_row = description.header_row + description.skip_after_header + 1
    faults = _error_faults(description, sheet, positions, first_row)
    rows_with_errors = {fault.row for fault in faults}
    for row, cells in rows:
        if row < first_row or not (row in rows_with_errors or any(cell != "" for cell in cells)):
            continue
        texts = [cell_text(cells[position]) for position in positions.values()]
        sink.append(row, [None if text in nulls else text for text in texts])
    return SourceRelation(sink.finish(), columns, faults=faults)


def _error_faults(
    description: SourceDescription,
    sheet: python_calamine.CalamineSheet,
    positions: Mapping[str, int],
    first_row: int,
) -> tuple[SourceFault, ...]:
    errors = error_cells(description.path, description.sheet)
    first_column = sheet.start[1] + 1 if sheet.start else 1
    return tuple(
        cell_error(row, name, text)
        for (row, column), text in sorted(errors.items())
        for name, position in positions.items()
        if row >= first_row and column == first_column + position
    )


def cell_text(cell: SheetCell) -> str:
    """A cell as text: dates and times by ISO 8601, whole numbers without a point, truth values in lower case."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return _clock(cell)
    return str(cell)


def _clock(duration: timedelta) -> str:
    """Hours, minutes and seconds as a spreadsheet shows a duration; hours may pass 24."""
    seconds = round(duration.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _sheet(description: SourceDescription) -> python_calamine.CalamineSheet:
    try:
        workbook = python_calamine.load_workbook(str(description.path))
        names = workbook.sheet_names
        if description.sheet and description.sheet not in names:
            raise missing_name(description.path, ("sheet", "工作表"), description.sheet, names)
        return (
            workbook.get_sheet_by_name(description.sheet)
            if description.sheet
            else workbook.get_sheet_by_index(0)
        )
    except python_calamine.CalamineError as error:
        raise SourceError(
            f"this workbook cannot be opened: {error}",
            message_zh="无法打开该工作簿",
            location=Location(str(description.path)),
        ) from None

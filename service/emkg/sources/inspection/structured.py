"""Workbooks, databases and columnar files: what names its tables and columns itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import python_calamine

from emkg.sources.inspection.grid import table_of_grid
from emkg.sources.inspection.sample import TableSample
from emkg.sources.spreadsheet import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sample_workbook(path: Path, limit: int) -> Iterator[TableSample]:
    """Every sheet of an XLSX or XLS file."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        grid: list[tuple[int, list[str]]] = []
        is_whole = True
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = [cell_text(cell) for cell in cells]
            if any(texts):
                grid.append((number, texts))
            if len(grid) > limit:
                is_whole = False
                break
        options: dict[str, str | int] = {"referenceFormulation": "xlsx"}
        if name != book.sheet_names[0]:
            options["sheet"] = name
        yield table_of_grid(name, options, grid, is_whole=is_whole)


def sample_database(path: Path, limit: int) -> Iterator[TableSample]:
    """Every table and view of a SQLite file."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        names = [
            str(name)
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
        for name in names:
            quoted = '"' + name.replace('"', '""') + '"'
            cursor = connection.execute(f"SELECT * FROM {quoted} LIMIT ?", (limit + 1,))  # noqa: S608 - a quoted name of the file's own
            columns = tuple(str(column[0]) for column in cursor.description)
            rows = [
                (number, [None if cell is None else _text(cell) for cell in cells])
                for number, cells in enumerate(cursor, start=1)
            ]
            options: dict[str, str | int] = {"referenceFormulation": "sqlite"}
            if len(names) > 1:
                options["query"] = name
            yield TableSample(name, options, columns, rows[:limit], len(rows) <= limit)


def sample_parquet(path: Path, limit: int) -> Iterator[TableSample]:
    """The one table of a Parquet file; columns of structures and bytes are named and not looked into."""
    file = pq.ParquetFile(path)
    batch = next(file.iter_batches(batch_size=limit), None)
    columns = tuple(file.schema_arrow.names)
    rows = [
        (number, [None if record[name] is None else _text(record[name]) for name in columns])
        for number, record in enumerate(batch.to_pylist() if batch is not None else (), start=1)
    ]
    yield TableSample("", {"referenceFormulation": "parquet"}, columns, rows, file.metadata.num_rows <= limit)


def _text(cell: object) -> str:
    return cell.hex() if isinstance(cell, bytes) else str(cell)

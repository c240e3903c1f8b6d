"""CSV and TSV: every cell text, rows counted as a spreadsheet counts them, faults located."""

from __future__ import annotations

import csv
from contextlib import closing
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING

from emkg.errors import Location, SourceError
from emkg.sources.clean_delimited import as_utf8, is_clean, read_clean
from emkg.sources.fault import SourceFault, bad_quotes, long_row, short_row, undecodable
from emkg.sources.header import header_positions
from emkg.sources.mark import is_marked, show
from emkg.sources.relation import RowSink, SourceRelation, column_names
from emkg.sources.text import open_text

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    import ibis

    from emkg.sources.description import SourceDescription


_MAX_CELL_CHARS = 1 << 24  # beyond it a quote was left open, and the rest of the file would be one cell


@dataclass(frozen=True)
class _Record:
    """One CSV record: its spreadsheet row and cells, or what the quotes did to it."""

    row: int
    cells: list[str]
    problem: str = ""


def read_delimited(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced columns of a CSV or TSV file.

    A cell with undecodable bytes is withheld and the rest of its row kept; short and long rows are kept and
    reported; a row whose quotes do not close is withheld. A column name that occurs twice is referred to
    as `name[1]`, `name[2]`.

    Raises:
        SourceError: The file, its header or a referenced column is not there; the encoding is unknown.
    """
    with closing(_records(description)) as records:
        header = _header(description, records)
        positions = header_positions(description.path, header.cells, references, description.header_row)
        with as_utf8(description) as clean:
            if clean is not None and is_clean(clean, header.cells, header.row):
                table = read_clean(backend, clean, len(header.cells), positions)
                if table is not None:
                    return SourceRelation(table, column_names(references))
        return _read_records(backend, description, header, positions, records)


def _read_records(
    backend: ibis.BaseBackend,
    description: SourceDescription,
    header: _Record,
    positions: Mapping[str, int],
    records: Iterator[_Record],
) -> SourceRelation:
    columns = column_names(list(positions))
    sink = RowSink(backend, list(columns.values()))
    faults: list[SourceFault] = []
    nulls = frozenset(("", *description.null_values))
    for record in islice(records, description.skip_after_header, None):
        if record.problem:
            faults.append(bad_quotes(record.row, show(_joined(description, record.cells)), record.problem))
            continue
        cells = record.cells
        faults.extend(_length_faults(description, record, header.cells))
        values: list[str | None] = []
        for reference, position in positions.items():
            value = cells[position] if position < len(cells) else ""
            if is_marked(value):
                faults.append(undecodable(record.row, reference, show(value), description.encoding))
                value = ""
            values.append(None if value in nulls else value)
        sink.append(record.row, values)
    return SourceRelation(sink.finish(), columns, faults=tuple(faults))


def _length_faults(
    description: SourceDescription, record: _Record, header: list[str]
) -> Iterator[SourceFault]:
    found, expected = len(record.cells), len(header)
    if found < expected:
        yield short_row(record.row, header[found], found, expected)
    elif found > expected and any(record.cells[expected:]):
        yield long_row(record.row, show(_joined(description, record.cells[expected:])), found, expected)


def _joined(description: SourceDescription, cells: list[str]) -> str:
    return description.delimiter.join(cells)


def _header(description: SourceDescription, records: Iterator[_Record]) -> _Record:
    for seen, record in enumerate(records, start=1):
        if seen < description.header_row:
            continue
        if not record.problem:
            return record
        raise SourceError(
            f"the quotes of the row with the column names do not fit ({record.problem})",
            message_zh="列名行的引号不配对",
            location=Location(str(description.path), row=record.row),
        )
    raise SourceError(
        f"there is no row {description.header_row} with the column names",
        message_zh=f"没有第 {description.header_row} 行（列名行）",
        location=Location(str(description.path), row=description.header_row),
    )


def _records(description: SourceDescription) -> Generator[_Record, None, None]:
    """Every record that is neither blank nor a comment (blank ones above the header are kept, being counted)."""
    csv.field_size_limit(_MAX_CELL_CHARS)
    with open_text(description) as file:
        lines = _Lines(file)
        reader = _reader(description, lines)
        kept = 0
        for row in count(1):
            lines.forget()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield _Record(row, [lines.give_back()], str(error))
                continue
            is_comment = (
                bool(description.comment) and bool(cells) and cells[0].startswith(description.comment)
            )
            if is_comment or (not cells and kept >= description.header_row):
                continue
            kept += 1
            yield _Record(row, cells)


def _reader(description: SourceDescription, lines: Iterator[str]) -> Iterator[list[str]]:
    try:
        if description.quote:
            return csv.reader(
                lines, delimiter=description.delimiter, quotechar=description.quote, strict=True
            )
        return csv.reader(lines, delimiter=description.delimiter, quoting=csv.QUOTE_NONE, strict=True)
    except (TypeError, ValueError) as error:
        raise SourceError(
            f"the delimiter and the quote are one character each: {error}",
            message_zh="分隔符与引号均须为单个字符",
            location=Location(str(description.path)),
        ) from None


class _Lines:
    """The lines of a file; those of a broken record but its first can be given back to be read again."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._taken: list[str] = []
        self._waiting: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else next(self._file)
        self._taken.append(line)
        return line

    def forget(self) -> None:
        """A new record begins."""
        self._taken.clear()

    def give_back(self) -> str:
        """Give back what the record swallowed after its first line; that line, without its end, is returned."""
        first, *swallowed = self._taken
        self._waiting.extend(reversed(swallowed))
        return first.rstrip("\r\n")

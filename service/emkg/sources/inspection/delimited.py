"""A text of separated values: its delimiter, quotes and comments, and a sample of its rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from emkg.sources.inspection.grid import table_of_grid
from emkg.sources.mark import MARK, register_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from emkg.sources.inspection.encoding import EncodingFinding
    from emkg.sources.inspection.sample import TableSample

_TAGS: Final = re.compile(r"#[a-z][a-z0-9]*(\+[a-z0-9_]+)*\s*([,;|\t]|$)")
_DELIMITERS: Final = (",", "\t", ";", "|")
_JUDGED: Final = 200
_FIELD_LIMIT: Final = 1 << 24


def sample_delimited(path: Path, encoding: EncodingFinding, limit: int) -> list[TableSample]:
    """The one table of a CSV or TSV file, `limit` records of it at most."""
    register_marks()
    csv.field_size_limit(_FIELD_LIMIT)
    comment = (
        "#"
        if any(line.startswith("#") and not _is_tagged(line) for line in _lines(path, encoding, 5))
        else ""
    )
    delimiter = _delimiter(
        [line for line in _lines(path, encoding, _JUDGED) if not (comment and line.startswith(comment))]
    )
    grid: list[tuple[int, list[str]]] = []
    is_whole = True
    with path.open(encoding=encoding.name, errors=MARK, newline="") as file:
        first = file.read(1)
        if first != "\ufeff":
            file.seek(0)
        reader = csv.reader(file, delimiter=delimiter)
        number = 0
        while True:
            before = reader.line_num
            try:
                cells = next(reader)
            except (StopIteration, csv.Error):
                break
            if comment and cells and cells[0].startswith(comment):
                continue
            number += 1
            if any(cell.strip() for cell in cells):
                grid.append((number, cells))
            if len(grid) > limit:
                is_whole = False
                break
            del before
    options: dict[str, str | int] = {"referenceFormulation": "tsv" if delimiter == "\t" else "csv"}
    if encoding.name != "utf-8":
        options["encoding"] = encoding.name
    if delimiter not in ",\t":
        options["delimiter"] = delimiter
    if comment:
        options["comment"] = comment
    return [table_of_grid("", options, grid, is_whole=is_whole)]


def _is_tagged(line: str) -> bool:
    """The line holds HXL tags (#adm1+code), not a comment."""
    return _TAGS.match(line) is not None


def _lines(path: Path, encoding: EncodingFinding, count: int) -> Iterator[str]:
    with path.open(encoding=encoding.name, errors=MARK) as file:
        yield from (line.removeprefix("\ufeff") for line in islice(file, count))


def _delimiter(lines: Sequence[str]) -> str:
    """The one that cuts most lines into the same number of cells, the more cells the better; a comma where none does."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        if not widths:
            return 0.0, 0
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (times / sum(widths.values()) if width > 1 else 0.0), width

    return max(_DELIMITERS, key=score)

"""A text of separated values: its delimiter, quotes and comments, and a sample of its rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
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
_HEAD_CHARS: Final = 1 << 16
_ENDS: Final = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
_NAMES: Final = {",": "“,”", "\t": "TAB", ";": "“;”", "|": "“|”"}


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    quote: str
    comment: str


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
    dialect = _Dialect(delimiter, _quote(path, encoding, delimiter), comment)
    grid, is_whole, faults = _grid(path, encoding, dialect, limit)
    options: dict[str, str | int] = {"referenceFormulation": "tsv" if delimiter == "\t" else "csv"}
    if encoding.name != "utf-8":
        options["encoding"] = encoding.name
    if delimiter not in ",\t":
        options["delimiter"] = delimiter
    if dialect.quote != '"':
        options["quote"] = dialect.quote
    if comment:
        options["comment"] = comment
    table = table_of_grid("", options, grid, is_whole=is_whole)
    notes = (*_dialect_notes(path, encoding, dialect), *faults, *table.notes)
    return [replace(table, notes=notes)]


def _grid(
    path: Path, encoding: EncodingFinding, dialect: _Dialect, limit: int
) -> tuple[list[tuple[int, list[str]]], bool, list[tuple[str, str]]]:
    """Rows that hold anything, with their numbers; whether they are all there are; what stopped the reading."""
    grid: list[tuple[int, list[str]]] = []
    with path.open(encoding=encoding.name, errors=MARK, newline="") as file:
        if file.read(1) != "\ufeff":
            file.seek(0)
        reader = csv.reader(file, delimiter=dialect.delimiter, quotechar=dialect.quote)
        number = 0
        while len(grid) <= limit:
            try:
                cells = next(reader)
            except StopIteration:
                return grid, True, []
            except csv.Error as error:
                line = reader.line_num
                return (
                    grid,
                    False,
                    [
                        (
                            f"line {line} cannot be read: {error}; nothing after it was looked at",
                            f"第 {line} 行无法读取，其后未作检查",
                        )
                    ],
                )
            if dialect.comment and cells and cells[0].startswith(dialect.comment):
                continue
            number += 1
            if any(cell.strip() for cell in cells):
                grid.append((number, cells))
    return grid, False, []


def _head(path: Path, encoding: EncodingFinding) -> str:
    with path.open(encoding=encoding.name, errors=MARK, newline="") as file:
        return file.read(_HEAD_CHARS).removeprefix("\ufeff")


def _quote(path: Path, encoding: EncodingFinding, delimiter: str) -> str:
    """The single quote where cells in such quotes hold delimiters and none is in double quotes; else the double one."""
    edge = f"(?:^|{re.escape(delimiter)})"
    text = _head(path, encoding)
    within = rf"{edge}'[^'\r\n]*{re.escape(delimiter)}[^'\r\n]*'(?={re.escape(delimiter)}|\r|\n|$)"
    is_double = re.search(rf'{edge}"', text, re.MULTILINE)
    return "'" if not is_double and re.search(within, text, re.MULTILINE) else '"'


def _dialect_notes(path: Path, encoding: EncodingFinding, dialect: _Dialect) -> list[tuple[str, str]]:
    """Delimiter, line ends and quotes, as far as the first part of the file shows them."""
    text, edge, quote = _head(path, encoding), re.escape(dialect.delimiter), dialect.quote
    if not text:
        return []
    ends = Counter(re.findall(r"\r\n|\r|\n", text))
    lines = " + ".join(
        f"{_ENDS[end]} ({count})" if len(ends) > 1 else _ENDS[end] for end, count in ends.most_common()
    )
    mark = _NAMES[dialect.delimiter]
    notes = [
        (
            f"separated by {mark}, lines end with {lines or 'nothing'}",
            f"以 {mark} 分隔，行尾为 {lines or '无'}",
        )
    ]
    blank = re.search(
        rf"(?:^|{edge})[ \t]+{quote}|[^{edge}\r\n]{quote}[ \t]+(?:{edge}|$)", text, re.MULTILINE
    )
    if blank and dialect.delimiter != "\t":
        line = text.count("\n", 0, blank.start()) + 1
        notes.append(
            (
                f"blanks stand beside quotes, first in line {line}: the quotes may be read as part of the text",
                f"引号旁有空格，首见于第 {line} 行：引号可能被读作内容",
            )
        )
    return notes


def _is_tagged(line: str) -> bool:
    """The line holds HXL tags (#adm1+code), not a comment."""
    return _TAGS.match(line) is not None


def _lines(path: Path, encoding: EncodingFinding, count: int) -> Iterator[str]:
    with path.open(encoding=encoding.name, errors=MARK) as file:
        yield from (line.removeprefix("\ufeff")[:_HEAD_CHARS] for line in islice(file, count))


def _delimiter(lines: Sequence[str]) -> str:
    """The one that cuts most lines into the same number of cells, the more cells the better; a comma where none does."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        if not widths:
            return 0.0, 0
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (times / sum(widths.values()) if width > 1 else 0.0), width

    return max(_DELIMITERS, key=score)

"""A whole file: its format, its tables, their columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

from emkg.errors import Location, SourceError
from emkg.sources.inspection.column import ColumnProfile, profile_column
from emkg.sources.inspection.coordinate import with_coordinates
from emkg.sources.inspection.delimited import sample_delimited
from emkg.sources.inspection.encoding import EncodingFinding, find_encoding, find_xml_encoding
from emkg.sources.inspection.nested import sample_json, sample_json_lines, sample_xml
from emkg.sources.inspection.structured import sample_database, sample_parquet, sample_workbook
from emkg.sources.text import check_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from emkg.sources.inspection.kind import KnownCodes
    from emkg.sources.inspection.sample import TableSample

_KEY_COLUMNS: Final = 8  # columns tried in pairs


@dataclass(frozen=True)
class InspectedTable:
    """A table of the file, its columns judged.

    Attributes:
        sample: What was read.
        columns: One profile for each column.
        keys: Columns that alone, or two together, tell the sampled records apart.
    """

    sample: TableSample
    columns: tuple[ColumnProfile, ...]
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Inspection:
    """What was found; `encoding` is None where the format says it itself."""

    path: Path
    encoding: EncodingFinding | None
    tables: tuple[InspectedTable, ...]


def inspect_file(path: Path, known: KnownCodes, *, limit: int = 10_000) -> Inspection:
    """Look at a file of a format that its name tells: text in whole for its encoding, `limit` records for the rest.

    Raises:
        SourceError: It is not there, or is not of the format that its name says.
    """
    check_file(path)
    kind = _kind(path)
    try:
        if kind in _TEXTS:
            encoding = find_xml_encoding(path) if kind == "XML" else find_encoding(path)
            samples: Iterable[TableSample] = _TEXTS[kind](path, encoding, limit)
            return Inspection(path, encoding, tuple(_judged(one, known) for one in samples))
        return Inspection(path, None, tuple(_judged(one, known) for one in _OTHERS[kind](path, limit)))
    except SourceError:
        raise
    except (
        Exception
    ) as error:  # every library has errors of its own for a file that is not what its name says
        raise SourceError(
            f"this is no {kind}: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            message_zh=f"不是有效的 {kind} 文件",
            location=Location(str(path)),
        ) from error


_TEXTS: Final[dict[str, Callable[[Path, EncodingFinding, int], Iterable[TableSample]]]] = {
    "CSV": sample_delimited,
    "JSON": sample_json,
    "JSON Lines": sample_json_lines,
    "XML": sample_xml,
}
_OTHERS: Final[dict[str, Callable[[Path, int], Iterable[TableSample]]]] = {
    "workbook": sample_workbook,
    "SQLite database": sample_database,
    "Parquet file": sample_parquet,
}
_BY_SUFFIX: Final = {
    ".json": "JSON",
    ".geojson": "JSON",
    ".jsonl": "JSON Lines",
    ".ndjson": "JSON Lines",
    ".xml": "XML",
    ".cap": "XML",
    ".gml": "XML",
    ".kml": "XML",
    ".xlsx": "workbook",
    ".xls": "workbook",
    ".xlsm": "workbook",
    ".sqlite": "SQLite database",
    ".sqlite3": "SQLite database",
    ".db": "SQLite database",
    ".parquet": "Parquet file",
}


def _kind(path: Path) -> str:
    """By the name's ending; any other is taken for separated values."""
    return _BY_SUFFIX.get(path.suffix.lower(), "CSV")


def _judged(sample: TableSample, known: KnownCodes) -> InspectedTable:
    cells = list(zip(*(row for _, row in sample.rows), strict=True)) or [() for _ in sample.columns]
    numbers = [number for number, _ in sample.rows]
    by_name = {
        name: list(zip(numbers, values, strict=True))
        for name, values in zip(sample.columns, cells, strict=True)
    }
    columns = tuple(profile_column(name, values, known) for name, values in by_name.items())
    columns = with_coordinates(columns, by_name)
    if sample.tags:
        columns = tuple(replace(column, tag=tag) for column, tag in zip(columns, sample.tags, strict=True))
    return InspectedTable(sample, columns, _keys(sample, columns))


def _keys(sample: TableSample, columns: tuple[ColumnProfile, ...]) -> tuple[tuple[str, ...], ...]:
    single = tuple((column.name,) for column in columns if column.is_key)
    if single or len(sample.rows) < 2:  # noqa: PLR2004 - one record has any key
        return single
    full = [place for place, column in enumerate(columns) if not column.empty and column.distinct > 1]
    full = sorted(full, key=lambda place: -columns[place].distinct)[:_KEY_COLUMNS]
    return tuple(
        (columns[one].name, columns[other].name)
        for one, other in combinations(sorted(full), 2)
        if len({(row[one], row[other]) for _, row in sample.rows}) == len(sample.rows)
    )[:3]

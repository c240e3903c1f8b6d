"""What a driver gives: columns with natural datatypes (R2RML, section 10.2) and rows of raw texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from emkg.errors import Location, SourceError
from emkg.sources.suggestion import missing_name
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

RawCell: TypeAlias = str | bytes | None

BATCH_ROWS = 10_000
_DATE_LENGTH = len("2024-11-01")
_OFFSET_HOURS = len("+08")
_TRUE_FALSE = {"t": "true", "f": "false", "1": "true", "0": "false"}
_DOUBLES = {"Infinity": "INF", "-Infinity": "-INF"}


def _with_minutes(text: str) -> str:
    """PostgreSQL writes the offset +08, XSD +08:00."""
    offset = text[-_OFFSET_HOURS:]
    return f"{text}:00" if offset[:1] in {"+", "-"} and offset[1:].isdigit() else text


def _date_time(text: str) -> str:
    return f"{text[:_DATE_LENGTH]}T{_with_minutes(text[_DATE_LENGTH + 1 :])}"


_LEXICAL: dict[str, Callable[[str], str]] = {
    "boolean": lambda text: _TRUE_FALSE.get(text, text),
    "double": lambda text: _DOUBLES.get(text, text),
    "hexBinary": lambda text: text.removeprefix("\\x").upper(),
    "dateTime": _date_time,
    "time": _with_minutes,
}


@dataclass(frozen=True)
class SqlColumn:
    """A column of a result, and its XSD datatype; empty for text."""

    name: str
    datatype: str

    def text(self, cell: str | bytes) -> str:
        """The cell in its datatype's lexical space, as far as the value allows."""
        if isinstance(cell, bytes):
            return cell.hex().upper()
        write = _LEXICAL.get(self.datatype.removeprefix(XSD))
        return write(cell) if write else cell


@dataclass(frozen=True)
class SqlRows:
    """An open result: columns, and the rows still to come."""

    columns: tuple[SqlColumn, ...]
    cells: Iterator[Sequence[RawCell]]


def chosen_table(path: Path, stated: str, tables: Sequence[str], quote: str) -> str:
    """The table of the catalogue that a mapping names: exactly, or whatever its case where it is not quoted.

    Raises:
        SourceError: There is none, or several that differ by case alone.
    """
    if len(stated) > 1 and stated[0] == stated[-1] == quote:
        name = stated[1:-1].replace(quote * 2, quote)
        found = [table for table in tables if table == name]
    else:
        exact = [table for table in tables if table == stated]
        found = exact or [table for table in tables if table.lower() == stated.lower()]
    if len(found) == 1:
        return found[0]
    raise missing_name(path, ("table", "表"), stated, tables)


def missing_driver(extra: str, path: Path) -> SourceError:
    """The driver is not installed."""
    return SourceError(
        f"the driver for this database is not installed; pip install 'emkg[{extra}]'",
        message_zh=f"未安装该数据库的驱动；请执行 pip install 'emkg[{extra}]'",
        location=Location(str(path)),
    )


def refused(path: Path, detail: str) -> SourceError:
    """The server said no; `detail` holds no user's name or password."""
    return SourceError(
        f"the database cannot be read: {detail}",
        message_zh=f"无法读取数据库：{detail}",
        location=Location(str(path)),
    )

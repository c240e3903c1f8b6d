"""Whether the beginning of a text file can be in the encoding that its mapping declares."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.sources import Formulation

if TYPE_CHECKING:
    from emkg.sources import SourceDescription

_TEXTS: Final = frozenset({Formulation.CSV, Formulation.JSON, Formulation.JSON_LINES})
_BEGINNING: Final = 64 << 10
_LIKELY: Final = ("utf-8", "gb18030", "utf-16", "big5")
_MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class WrongEncoding:
    """The first byte that the declared encoding does not know, and likely encodings that know them all."""

    offset: int
    able: tuple[str, ...]


def wrong_encoding(source: SourceDescription) -> WrongEncoding | None:
    """What is wrong, or None: single bad cells below a readable first line are the run's business.

    A file that is not there, or is no text, has no wrong encoding.
    """
    if source.formulation not in _TEXTS or not source.path.is_file():
        return None
    with source.path.open("rb") as file:
        data = file.read(_BEGINNING)
    offset = _first_fault(data, source.encoding)
    mark = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if mark and not source.encoding.startswith("utf-16"):
        return WrongEncoding(offset or 0, (mark,))
    if offset is None or not _is_wrong(data, source.encoding, offset, source.header_row):
        return None
    candidates = [name for name in _LIKELY if _first_fault(data, name) is None]
    return WrongEncoding(offset, tuple(name for name in candidates if name != "utf-16" or b"\0" in data))


def _first_fault(data: bytes, encoding: str) -> int | None:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError as error:
        return error.start
    except UnicodeError:
        return 0  # UTF-16 without its mark
    return None


def _is_wrong(data: bytes, encoding: str, offset: int, header_row: int) -> bool:
    """The fault is in the column names or above, or half of the lines that are not ASCII have one."""
    if data[:offset].count(b"\n") < header_row:
        return True
    lines = [line for line in data.split(b"\n")[:-1] if not line.isascii()]
    faulty = sum(_first_fault(line, encoding) is not None for line in lines)
    return faulty * 2 > len(lines)

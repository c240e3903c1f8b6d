"""Cells of an XLSX sheet that show an error: the workbook reader gives them as empty, which would lose them in silence."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree

from emkg.errors import Location, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
_IS_ERROR = b't="e"'
# the last four: an unknown method, an encrypted part, a part that is not there, bytes that do not unpack
_DAMAGE = (
    zipfile.BadZipFile,
    etree.LxmlError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    zlib.error,
)
_CHUNK_BYTES = 1 << 20


def error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """The shown error by row and column, both from 1; empty for workbooks that are no XLSX.

    `sheet` is the sheet's name; empty for the first.
    """
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as book:
            part = _part(book, sheet)
            if part is None or not _holds(book, part, _IS_ERROR):
                return {}
            return dict(_errors(book, part))
    except _DAMAGE as error:
        raise SourceError(
            f"this workbook is damaged: {error}",
            message_zh="该工作簿已损坏",
            location=Location(str(path)),
        ) from None


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of the sheet's part in the archive."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(book.namelist()):
        return None
    sheets = _root(book, "xl/workbook.xml").iter(f"{_MAIN}sheet")
    wanted = next((found for found in sheets if sheet in {"", found.get("name")}), None)
    if wanted is None:
        return None
    for relation in _root(book, "xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == wanted.get(_RELATION):
            target = str(relation.get("Target"))
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return None


def _root(book: zipfile.ZipFile, part: str) -> etree._Element:
    return etree.fromstring(book.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


def _holds(book: zipfile.ZipFile, part: str, wanted: bytes) -> bool:
    """A quick look, since most sheets show no errors."""
    with book.open(part) as file:
        end = b""
        while chunk := file.read(_CHUNK_BYTES):
            if wanted in end + chunk:
                return True
            end = chunk[-len(wanted) :]
    return False


def _errors(book: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    with book.open(part) as file:
        for _, cell in etree.iterparse(file, tag=f"{_MAIN}c", resolve_entities=False, no_network=True):
            place = _PLACE.fullmatch(str(cell.get("r")))
            if cell.get("t") == "e" and place is not None:
                yield (int(place[2]), _column(place[1])), cell.findtext(f"{_MAIN}v") or ""
            cell.clear()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

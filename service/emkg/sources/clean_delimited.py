"""The fast way for clean files: DuckDB's reader, taken only where it must agree with the careful one."""

from __future__ import annotations

import codecs
import glob
import mmap
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis

from emkg.sources.relation import column_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from emkg.sources.description import SourceDescription

_CHUNK_BYTES = 1 << 20
_UTF8 = frozenset(("utf-8", "utf-8-sig", "ascii"))
_BLANK_LINE = re.compile(rb"\n\r?\n")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_LONE_NEWLINE = re.compile(rb"(?<!\r)\n")
_MAX_PIECE_BYTES = 1 << 26


@contextmanager
def as_utf8(description: SourceDescription) -> Iterator[SourceDescription | None]:
    """The same text in UTF-8: the file itself, or a copy that goes afterwards; None where bytes cannot be decoded."""
    if codecs.lookup(description.encoding).name in _UTF8:
        yield description
        return
    with tempfile.TemporaryDirectory(prefix="emkg-source-") as folder:
        copy = Path(folder) / "utf-8.csv"
        yield replace(description, path=copy, encoding="utf-8") if _transcode(description, copy) else None


def _transcode(description: SourceDescription, copy: Path) -> bool:
    try:
        with (
            description.path.open(encoding=description.encoding, newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            shutil.copyfileobj(source, target, _CHUNK_BYTES)
    except UnicodeError:
        return False
    return True


def is_clean(description: SourceDescription, header: Sequence[str], header_row: int) -> bool:
    """DuckDB and the careful reader must see the same cells and rows, as far as the bytes tell.

    That needs UTF-8, one kind of line end, no blank lines (DuckDB leaves them out of its count), quotes around whole
    cells and nowhere else (DuckDB strips blanks outside of them), one-line column names, ordinary quotes and no comments.
    """
    return (
        codecs.lookup(description.encoding).name in _UTF8
        and description.quote == '"'
        and not description.comment
        and header_row == description.header_row
        and len(header) > 1
        and not any("\n" in name or "\r" in name for name in header)
        and description.path.stat().st_size > 0
        and _has_clean_bytes(description.path, description.delimiter.encode())
    )


def read_clean(
    backend: ibis.BaseBackend, description: SourceDescription, width: int, positions: Mapping[str, int]
) -> ibis.Table | None:
    """The referenced columns with their rows, as a temporary table; None where a row is short, long or misquoted."""
    first_row = description.header_row + description.skip_after_header + 1
    try:
        raw = backend.read_csv(
            glob.escape(str(description.path)),
            table_name=ibis.util.gen_name("emkg_csv"),
            columns={f"p{position}": "VARCHAR" for position in range(width)},
            auto_detect=False,
            header=False,
            skip=first_row - 1,
            delim=description.delimiter,
            quote=description.quote,
            escape=description.quote,
            strict_mode=True,
            hive_partitioning=False,
            compression="none",
        )
        return _materialise(backend, raw, positions, first_row, description.null_values)
    except duckdb.Error:
        return None


def _materialise(
    backend: ibis.BaseBackend,
    raw: ibis.Table,
    positions: Mapping[str, int],
    first_row: int,
    null_values: Sequence[str],
) -> ibis.Table:
    nulls = [value for value in dict.fromkeys(null_values) if value]
    cells = {
        name: raw[f"p{positions[reference]}"] for reference, name in column_names(list(positions)).items()
    }
    values = {
        name: cell.isin(nulls).ifelse(ibis.null("string"), cell) if nulls else cell
        for name, cell in cells.items()
    }
    numbered = raw.select(row=(ibis.row_number() + first_row).cast("int64"), **values)
    return backend.create_table(ibis.util.gen_name("emkg_source"), numbered, temp=True)


def _has_clean_bytes(path: Path, delimiter: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return (
            _is_utf8(data)
            and _BLANK_LINE.search(data) is None
            and data.find(b"\0") < 0
            and (data.find(b'"') < 0 or _has_quotes_around_cells(data, delimiter))
            and (
                data.find(b"\r") < 0
                or (_LONE_RETURN.search(data) is None and _LONE_NEWLINE.search(data) is None)
            )
        )


def _is_utf8(data: mmap.mmap) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK_BYTES):
            decoder.decode(data[start : start + _CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_quotes_around_cells(data: mmap.mmap, delimiter: bytes) -> bool:
    """A quote begins a cell, ends one, or stands twice within one; other ones each reader takes in its own way."""
    end = re.escape(delimiter)
    cell = re.compile(rb'"(?<![^%b\n]")[^"]*+(?:""[^"]*+)*+"(?![^%b\r\n])' % (end, end))
    return all(b'"' not in cell.sub(b"", piece) for piece in _pieces(data))


def _pieces(data: mmap.mmap) -> Iterator[bytes]:
    """The file in pieces that end with a line, and with a cell if quotes are paired; a last one without any end may be long."""
    start = len(codecs.BOM_UTF8) if data[:3] == codecs.BOM_UTF8 else 0
    while start < len(data):
        end, quotes = start, 0
        while end < len(data) and (end == start or quotes % 2) and end - start < _MAX_PIECE_BYTES:
            newline = data.find(b"\n", end + _CHUNK_BYTES * (end == start))
            grown = newline + 1 or len(data)
            quotes += data[end:grown].count(b'"')
            end = grown
        yield data[start:end]
        start = end

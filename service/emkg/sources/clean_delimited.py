"""The fast way for clean files: DuckDB's reader, taken only where it must agree with the careful one."""

from __future__ import annotations

import codecs
import glob
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
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from emkg.sources.description import SourceDescription

_CHUNK_BYTES = 1 << 20
_UTF8 = frozenset(("utf-8", "utf-8-sig", "ascii"))
_BLANK_LINES = (b"\n\n", b"\n\r\n")
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
    has_stray_quote = _stray_quote(delimiter)
    ends: set[bytes] = set()
    with path.open("rb") as file:
        for piece in _pieces(file):
            returns, newlines = piece.count(b"\r"), piece.count(b"\n")
            ends.update({b"\r\n"} if returns else {b"\n"} if newlines else ())
            if (
                not _is_utf8(piece)
                or b"\0" in piece
                or (returns and not returns == newlines == piece.count(b"\r\n"))
                or len(ends) > 1
                or any(blank in piece for blank in _BLANK_LINES)
                or piece.startswith((b"\n", b"\r\n"))
                or (b'"' in piece and has_stray_quote(piece))
            ):
                return False
    return True


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _stray_quote(delimiter: bytes) -> Callable[[bytes], bool]:
    """A quote begins a cell, ends one, or stands twice within one; other ones each reader takes in its own way."""
    end = re.escape(delimiter)
    cell = re.compile(rb'"(?<![^%b\n]")[^"]*+(?:""[^"]*+)*+"(?![^%b\r\n])' % (end, end))
    return lambda piece: b'"' in cell.sub(b"", piece)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """The file in pieces that end with a line, and with a cell if quotes are paired; a last one without any end may be long."""
    if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        file.seek(0)
    while piece := file.read(_CHUNK_BYTES) + file.readline():
        lines = [piece]
        quotes = piece.count(b'"')
        size = len(piece)
        while quotes % 2 and size < _MAX_PIECE_BYTES and (line := file.readline()):
            lines.append(line)
            quotes += line.count(b'"')
            size += len(line)
        yield b"".join(lines)

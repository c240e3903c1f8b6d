"""RDF documents to quads, streaming: memory does not grow with a Turtle, TriG, N-Triples or N-Quads file."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import pyoxigraph as ox
from lxml import etree

from emkg.errors import InputError, Location, RdfSyntaxError
from emkg.rdf.format import RdfFormat, format_named, format_of
from emkg.rdf.oxigraph import LanguageTags, TermReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from emkg.rdf.oxigraph import Row
    from emkg.rdf.term import Quad

Read = TypeVar("Read")
_PARSERS = {
    RdfFormat.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS: ox.RdfFormat.N_QUADS,
    RdfFormat.TURTLE: ox.RdfFormat.TURTLE,
    RdfFormat.TRIG: ox.RdfFormat.TRIG,
    RdfFormat.RDF_XML: ox.RdfFormat.RDF_XML,
    RdfFormat.JSON_LD: ox.RdfFormat.JSON_LD,
}
LINES: Final = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})
_CAPITAL_TAG: Final = re.compile(rb'"@[A-Za-z0-9-]*[A-Z]')
_RDF_12: Final = re.compile(
    rb"""<<|\{\||@[A-Za-z0-9-]+--(?:ltr|rtl)|"@direction"|its:dir|parseType\s*=\s*["']Triple"""
)
_BLOCK_BYTES: Final = 4_000_000


def parse_file(path: Path | str, *, base: str | None = None, format: str | None = None) -> Iterator[Quad]:  # noqa: A002 - the word of the RDF libraries
    """The quads of a file, lexical forms and language tags as written.

    Args:
        path: The file; its extension names the format unless `format` does.
        base: What relative IRIs are resolved against; without it they are an error.
        format: A format's name, extension or media type.

    Raises:
        InputError: There is no such file, or its format is unknown.
        RdfSyntaxError: The text does not parse; located by file, line and column. Quads before it were given.
    """
    form = format_named(format) if format else None
    reader, quads = _of_file(Path(path), form, base)
    return _read(reader.quad, quads, str(path), partial(_numbered, Path(path)))


def parse_rows(path: Path, *, base: str, scope: str) -> Iterator[Row]:
    """The quads of a file in N-Triples form, as the statement relation has them; otherwise as `parse_file`.

    Args:
        path: The file; its extension names the format.
        base: What relative IRIs are resolved against.
        scope: Put before the labels of blank nodes, so that two files' `_:b` do not become one.
    """
    reader, quads = _of_file(path, None, base)
    return _read(lambda quad: reader.row(quad, scope), quads, str(path), partial(_numbered, path))


def parse_text(text: str, format: str, base: str | None = None) -> Iterator[Quad]:  # noqa: A002 - the word of the RDF libraries
    """The quads of a text in the named format; as `parse_file`, with `text` as the file's name in errors.

    Raises:
        RdfSyntaxError: The text does not parse; located by line and column.
    """
    form = format_named(format)
    tags = LanguageTags()
    tags.learn(text)
    quads = _parsed(
        lambda: ox.parse(text, format=_PARSERS[form], base_iri=base),
        lambda error: _located(error, "text", form, text.encode),
    )
    return _read(TermReader(tags).quad, quads, "text", lambda: enumerate(text.encode().split(b"\n"), 1))


def parse_lines(
    lines: Mapping[int, bytes], form: RdfFormat, path: Path, reader: TermReader, scope: str
) -> Iterator[Row]:
    """The quads of some lines of a file of N-Triples or N-Quads, by their numbers; as `parse_rows` has them.

    Raises:
        RdfSyntaxError: A line does not parse; located by file, line and column.
    """
    quads = _of_lines(lines, form, path)
    return _read(lambda quad: reader.row(quad, scope), quads, str(path), lines.items)


def _of_file(path: Path, form: RdfFormat | None, base: str | None) -> tuple[TermReader, Iterator[ox.Quad]]:
    own = form or format_of(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file", message_zh=f"{path}：文件不存在")
    quads = _parsed(
        lambda: _from_file(path, own, base),
        lambda error: _located(error, str(path), own, path.read_bytes),
    )
    return TermReader(tags_of(path, own)), quads


def tags_of(path: Path, form: RdfFormat) -> LanguageTags:
    """The spelling of the language tags of a file that have capital letters."""
    tags = LanguageTags()
    if form in LINES:
        for block in blocks_of(path):
            if _CAPITAL_TAG.search(block):
                tags.learn(block.decode(errors="replace"))
        return tags
    with path.open(encoding="utf-8", errors="replace") as text:
        for line in text:
            tags.learn(line)
    return tags


def blocks_of(path: Path) -> Iterator[bytes]:
    """Whole lines of a file, some megabytes at a time, without the last line's end and without a byte order mark."""
    with path.open("rb") as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        while block := file.read(_BLOCK_BYTES):
            yield (block + file.readline()).removesuffix(b"\n")


def _of_lines(lines: Mapping[int, bytes], form: RdfFormat, path: Path) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(b"\n".join(lines.values()), format=_PARSERS[form])
    except SyntaxError as fault:
        for number, line in lines.items():  # which one it is
            try:
                deque(ox.parse(line + b"\n", format=_PARSERS[form]), maxlen=0)
            except SyntaxError as error:
                raise _located(_placed(error, number, line), str(path), form, bytes) from error
        raise _located(fault, str(path), form, bytes) from fault


def _placed(error: SyntaxError, number: int, line: bytes) -> SyntaxError:
    """A fault in a line by itself as one in the file; what its end lacks is found behind it."""
    if error.lineno is not None and error.lineno > 1:
        error.offset = len(line.decode(errors="replace").rstrip()) + 1
    error.lineno = number
    return error


def _from_file(path: Path, form: RdfFormat, base: str | None) -> Iterator[ox.Quad]:
    with path.open("rb") as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        yield from ox.parse(file, format=_PARSERS[form], base_iri=base)


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        yield from enumerate(file, 1)


def _read(
    read: Callable[[ox.Quad], Read],
    quads: Iterator[ox.Quad],
    name: str,
    lines: Callable[[], Iterable[tuple[int, bytes]]],
) -> Iterator[Read]:
    """What `read` makes of the quads; what RDF 1.2 added is refused at the first line that looks like it."""
    try:
        yield from map(read, quads)
    except RdfSyntaxError as error:
        if error.location is None:
            error.location = _first_of_rdf_12(name, lines())
        raise


def _first_of_rdf_12(name: str, lines: Iterable[tuple[int, bytes]]) -> Location:
    for number, line in lines:
        if found := _RDF_12.search(line):
            return Location(name, number, len(line[: found.start()].decode(errors="replace")) + 1)
    return Location(name)


def _parsed(
    start: Callable[[], Iterator[ox.Quad]], locate: Callable[[SyntaxError], RdfSyntaxError]
) -> Iterator[ox.Quad]:
    try:
        yield from start()
    except SyntaxError as error:
        raise locate(error) from error


def _located(error: SyntaxError, name: str, form: RdfFormat, content: Callable[[], bytes]) -> RdfSyntaxError:
    line, column, reason = error.lineno, error.offset, str(error.msg)
    if (
        line is None and form is RdfFormat.RDF_XML
    ):  # pyoxigraph gives no place for XML that is not well formed
        line, column = _xml_fault(content())
    if reason.startswith("Parser error"):
        reason = reason.partition(": ")[2]
    return RdfSyntaxError(
        reason, message_zh=f"RDF 文本无法解析：{reason}", location=Location(name, line, column)
    )


def _xml_fault(content: bytes) -> tuple[int | None, int | None]:
    try:
        etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return error.lineno, error.offset
    return None, None

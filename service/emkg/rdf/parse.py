"""RDF documents to quads, streaming: memory does not grow with a Turtle, TriG, N-Triples or N-Quads file."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from lxml import etree

from emkg.errors import InputError, Location, RdfSyntaxError
from emkg.rdf.format import RdfFormat, format_named, format_of
from emkg.rdf.oxigraph import LanguageTags, TermReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emkg.rdf.term import Quad

_PARSERS = {
    RdfFormat.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS: ox.RdfFormat.N_QUADS,
    RdfFormat.TURTLE: ox.RdfFormat.TURTLE,
    RdfFormat.TRIG: ox.RdfFormat.TRIG,
    RdfFormat.RDF_XML: ox.RdfFormat.RDF_XML,
    RdfFormat.JSON_LD: ox.RdfFormat.JSON_LD,
}


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
    path = Path(path)
    form = format_named(format) if format else format_of(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file", message_zh=f"{path}：文件不存在")
    tags = LanguageTags()
    with path.open(encoding="utf-8", errors="replace") as text:
        for line in text:
            tags.learn(line)
    return _quads(
        lambda: _from_file(path, form, base),
        tags,
        lambda error: _located(error, str(path), form, path.read_bytes),
    )


def parse_text(text: str, format: str, base: str | None = None) -> Iterator[Quad]:  # noqa: A002 - the word of the RDF libraries
    """The quads of a text in the named format; as `parse_file`, with `text` as the file's name in errors.

    Raises:
        RdfSyntaxError: The text does not parse; located by line and column.
    """
    form = format_named(format)
    tags = LanguageTags()
    tags.learn(text)
    return _quads(
        lambda: ox.parse(text, format=_PARSERS[form], base_iri=base),
        tags,
        lambda error: _located(error, "text", form, text.encode),
    )


def _from_file(path: Path, form: RdfFormat, base: str | None) -> Iterator[ox.Quad]:
    with path.open("rb") as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        yield from ox.parse(file, format=_PARSERS[form], base_iri=base)


def _quads(
    start: Callable[[], Iterator[ox.Quad]],
    tags: LanguageTags,
    locate: Callable[[SyntaxError], RdfSyntaxError],
) -> Iterator[Quad]:
    reader = TermReader(tags)
    try:
        for quad in start():
            yield reader.quad(quad)
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

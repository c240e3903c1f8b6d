"""Quads to RDF text, lexical forms and language tags as they are."""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING

import pyoxigraph as ox

from emkg.errors import InputError
from emkg.rdf.format import RdfFormat, format_named
from emkg.rdf.oxigraph import to_oxigraph
from emkg.rdf.term import Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WRITERS = {
    RdfFormat.TURTLE: ox.RdfFormat.TURTLE,
    RdfFormat.TRIG: ox.RdfFormat.TRIG,
    RdfFormat.RDF_XML: ox.RdfFormat.RDF_XML,
    RdfFormat.JSON_LD: ox.RdfFormat.JSON_LD,
}


def serialise(
    quads: Iterable[Quad],
    format: str,  # noqa: A002 - the word of the RDF libraries
    prefixes: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The quads as text in the named format, piece by piece, in the order given.

    N-Triples and N-Quads stream, a line at a time. The other formats are built whole before the first piece;
    they write statements of one subject together only where these follow each other, so sort for a tidy result.

    Raises:
        InputError: A quad is in a named graph and the format cannot name graphs; nothing is left out in silence.
        RdfSyntaxError: A term is not valid RDF (an IRI with a space, a relative IRI).
    """
    form = format_named(format)
    checked = quads if form.holds_graphs else map(graphless, quads)
    if form in {RdfFormat.N_TRIPLES, RdfFormat.N_QUADS}:
        return (f"{quad}\n" for quad in checked)
    return _whole(list(checked), form, dict(prefixes or {}))


def graphless(quad: Quad) -> Quad:
    """The quad itself, which is in no named graph.

    Raises:
        InputError: It is in one.
    """
    if quad.graph is not None:
        message = f"{quad} is in a named graph, which this format cannot say; use nquads, trig or jsonld"
        raise InputError(message, message_zh="该格式不能表示命名图；请用 nquads、trig 或 jsonld")
    return quad


def _whole(quads: list[Quad], form: RdfFormat, prefixes: dict[str, str]) -> Iterator[str]:
    tags = _Tags()
    encoded = to_oxigraph(map(tags.hide, quads), lenient=False)
    statements = list(encoded) if form.holds_graphs else [quad.triple for quad in encoded]
    output = io.BytesIO()
    ox.serialize(statements, output, _WRITERS[form], prefixes=prefixes)
    yield tags.show(output.getvalue().decode())


class _Tags:
    """pyoxigraph writes language tags in lower case: tags with capitals travel under a private-use name."""

    def __init__(self) -> None:
        self._secret = f"x-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
        self._names: dict[str, str] = {}

    def hide(self, quad: Quad) -> Quad:
        term = quad.object
        if not isinstance(term, Literal) or term.language == term.language.lower():
            return quad
        name = self._names.setdefault(term.language, f"{self._secret}-{len(self._names) + 1:06d}")
        return Quad(quad.subject, quad.predicate, Literal(term.value, term.datatype, name), quad.graph)

    def show(self, text: str) -> str:
        for tag, name in self._names.items():
            text = text.replace(name, tag)
        return text

"""The RDF formats EMKG reads and writes, by name, file extension and media type."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from emkg.errors import InputError

if TYPE_CHECKING:
    from pathlib import PurePath


class RdfFormat(Enum):
    """A format; the value is the name used on the command line and in signatures."""

    N_TRIPLES = "ntriples"
    N_QUADS = "nquads"
    TURTLE = "turtle"
    TRIG = "trig"
    RDF_XML = "rdfxml"
    JSON_LD = "jsonld"

    @property
    def holds_graphs(self) -> bool:
        """Whether the format can name graphs."""
        return self in {RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.JSON_LD}

    @property
    def media_type(self) -> str:
        """The registered media type, without parameters."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    RdfFormat.N_TRIPLES: "application/n-triples",
    RdfFormat.N_QUADS: "application/n-quads",
    RdfFormat.TURTLE: "text/turtle",
    RdfFormat.TRIG: "application/trig",
    RdfFormat.RDF_XML: "application/rdf+xml",
    RdfFormat.JSON_LD: "application/ld+json",
}

_BY_NAME = {
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "owl": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "json": RdfFormat.JSON_LD,
    "json-ld": RdfFormat.JSON_LD,
    **{form.value: form for form in RdfFormat},
    **{media: form for form, media in _MEDIA_TYPES.items()},
}


def format_named(name: str) -> RdfFormat:
    """The format of this name, file extension (without its dot) or media type.

    Raises:
        InputError: There is none; the message lists the names.
    """
    form = _BY_NAME.get(name.strip().lower())
    if form is None:
        names = ", ".join(form.value for form in RdfFormat)
        raise InputError(
            f"{name!r} is no RDF format; known: {names}",
            message_zh=f"未知的 RDF 格式 {name!r}；可用：{names}",
        )
    return form


def format_of(path: PurePath) -> RdfFormat:
    """The format of a file, by its extension.

    Raises:
        InputError: The extension is unknown.
    """
    form = _BY_NAME.get(path.suffix.lower().removeprefix("."))
    if form is None:
        message = f"{path}: the extension {path.suffix!r} names no RDF format; say which with format="
        raise InputError(message, message_zh=f"{path}：无法从扩展名判断 RDF 格式")
    return form

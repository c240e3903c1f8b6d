"""Logical targets of RML (https://w3id.org/rml/io/spec): where a term map's statements are written."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emkg.mapping.fault import unknown_name
from emkg.mapping.model import Target
from emkg.rdf import RdfFormat
from emkg.sources.packed import COMPRESSIONS
from emkg.vocabulary import RML

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.rml.graph import Resource

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SERIALIZATIONS: Final = {
    _FORMATS + "N-Quads": RdfFormat.N_QUADS,
    _FORMATS + "N-Triples": RdfFormat.N_TRIPLES,
    _FORMATS + "Turtle": RdfFormat.TURTLE,
    _FORMATS + "N3": RdfFormat.TURTLE,  # which is N3 too
    _FORMATS + "TriG": RdfFormat.TRIG,
    _FORMATS + "RDF_XML": RdfFormat.RDF_XML,
    _FORMATS + "JSON-LD": RdfFormat.JSON_LD,
    _FORMATS + "RDF_JSON": None,
}
_TARGET: Final = ("target", "serialization", "encoding", "compression", "mode")
_FILE: Final = ("root", "path", "encoding", "compression", "mode")


def targets(node: Resource) -> tuple[Target, ...]:
    """The targets of a term map, and those of its language map and datatype map.

    Raises:
        MappingError: A target is no file, or lies neither in the mapping's folder nor in the working directory; its
            format, encoding or compression is unknown.
    """
    made = [part for name in ("languageMap", "datatypeMap") for part in node.all(name)]
    return tuple(dict.fromkeys(target for part in (node, *made) for target in _targets(part)))


def _targets(node: Resource) -> Iterator[Target]:
    for stated in node.all("logicalTarget"):
        stated.check_properties("a logical target", _TARGET)
        file = stated.one("target")
        if file is None or not file.all("path"):
            message = "the logical target has no rml:target with a rml:path; only files can be written"
            raise stated.fault(message, "逻辑目标缺少带 rml:path 的 rml:target；目前只能写入文件")
        file.check_properties("a target", _FILE)
        yield Target(
            path=_path(file),
            format=_format(stated),
            encoding=_encoding(stated.one("encoding") or file.one("encoding")),
            compression=_compression(stated, stated.one("compression") or file.one("compression")),
            location=stated.location,
        )


def _path(file: Resource) -> Path:
    root, path = file.one("root"), file.one("path")
    working, own = Path.cwd(), file.graph.path.resolve().parent
    folder = working if root is not None and root.term.value == RML + "CurrentWorkingDirectory" else own
    if root is not None and not root.term.value.startswith(RML):
        folder = own / root.text("rml:root")
    found = (folder / (path.text("rml:path") if path else "")).resolve()
    if not any(found.is_relative_to(one) for one in (working, own)):
        message = f"{found} is neither in the mapping's folder nor in the working directory, and nothing is written elsewhere"
        raise file.fault(message, f"{found} 既不在映射所在目录也不在当前目录中，不予写入")
    return found


def _format(stated: Resource) -> RdfFormat | None:
    serialization = stated.one("serialization")
    if serialization is None:
        return RdfFormat.N_QUADS
    iri = serialization.iri("rml:serialization")
    if iri not in _SERIALIZATIONS:
        raise unknown_name(
            stated.location, "format that can be written", "可写入的格式", iri, _SERIALIZATIONS
        )
    return _SERIALIZATIONS[iri]


def _encoding(stated: Resource | None) -> str:
    if stated is None:
        return "utf-8"
    name = stated.term.value.removeprefix(RML)
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise unknown_name(stated.location, "encoding", "字符编码", name, ("UTF-8", "UTF-16")) from error


def _compression(target: Resource, stated: Resource | None) -> str:
    name = stated.term.value.removeprefix(RML) if stated else "none"
    if name not in ("none", *COMPRESSIONS):
        raise unknown_name(target.location, "compression", "压缩格式", name, ("none", *COMPRESSIONS))
    return "" if name == "none" else name

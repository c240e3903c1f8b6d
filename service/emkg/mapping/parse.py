"""A mapping file to the model, in whichever language it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import Location, MappingError
from emkg.mapping.rml.parser import parse_rml
from emkg.mapping.yarrrml.parser import parse_yarrrml

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping.model import Mapping

_PARSERS = {
    ".yml": parse_yarrrml,
    ".yaml": parse_yarrrml,
    ".ttl": parse_rml,
}


def parse_mapping(path: Path, *, data_root: Path | None = None) -> Mapping:
    """Read a mapping file: YARRRML (`.yml`, `.yaml`) or RML in Turtle (`.ttl`).

    Paths of sources are relative to the mapping file, those that begin with `data:` to `data_root`. No source
    is opened.

    Raises:
        MappingError: The file cannot be read or holds a fault; located by line and column.
    """
    parser = _PARSERS.get(path.suffix.lower())
    if parser is None:
        message = f"the extension {path.suffix!r} names no mapping language; known: {', '.join(_PARSERS)}"
        raise MappingError(message, message_zh="无法从扩展名判断映射语言", location=Location(str(path)))
    return parser(path, data_root=data_root)

"""Logical targets (https://w3id.org/rml/io/spec): files of their own for the statements of some term maps."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emkg.mapping.nquads import write_nquads
from emkg.rdf import BlankNode, Literal, RdfFormat, graphless, parse_file, serialise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emkg.mapping.engine import Engine
    from emkg.mapping.model import Target
    from emkg.mapping.stage import Part
    from emkg.rdf import Quad, Term

_BUFFER: Final = 1 << 20


def targets_of(runs: Iterable[Sequence[Part]]) -> tuple[Target, ...]:
    """Every target that a statement goes to, once."""
    return tuple(dict.fromkeys(target for parts in runs for part in parts for target in part.pattern.targets))


def write_target(
    engine: Engine, runs: Sequence[Sequence[Part]], target: Target, path: Path, *, is_sorted: bool
) -> int:
    """Write the distinct statements that go to a target.

    N-Quads stream; other formats and packed files are built from them, Turtle, RDF/XML, JSON-LD and RDF/JSON in memory.

    Args:
        engine: The engine of the runs.
        runs: Their parts.
        target: The target.
        path: The file to write.
        is_sorted: Whether the lines are in code point order, where the format has lines.

    Returns:
        The number of statements.

    Raises:
        InputError: A statement is in a graph, and the target's format names none.
    """
    own = [[part for part in parts if target in part.pattern.targets] for parts in runs]
    if target.format is RdfFormat.N_QUADS and not target.compression and target.encoding == "utf-8":
        return write_nquads(engine, own, path, is_sorted=is_sorted)
    with tempfile.TemporaryDirectory(prefix="emkg-target-") as folder:
        lines, plain = Path(folder) / "lines.nq", Path(folder) / target.inner_name
        count = write_nquads(engine, own, lines, is_sorted=is_sorted)
        with plain.open("w", encoding=target.encoding, newline="\n", buffering=_BUFFER) as file:
            file.writelines(_text(target, parse_file(lines)))
        _pack(target.compression, plain, path)
    return count


def _text(target: Target, quads: Iterable[Quad]) -> Iterator[str]:
    if target.format is None:
        yield _rdf_json(quads)
    else:
        yield from serialise(quads, target.format.value)


def _rdf_json(quads: Iterable[Quad]) -> str:
    """RDF/JSON (https://www.w3.org/TR/rdf-json/): subjects, predicates and objects.

    Raises:
        InputError: A statement is in a graph, which the format cannot say.
    """
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for quad in map(graphless, quads):
        term = quad.object
        entry = {"type": "uri", "value": _name(term)}
        if isinstance(term, Literal):
            entry = {"type": "literal", "value": term.value}
            entry |= {"lang": term.language} if term.language else {"datatype": term.datatype}
        elif isinstance(term, BlankNode):
            entry["type"] = "bnode"
        found.setdefault(_name(quad.subject), {}).setdefault(quad.predicate.value, []).append(entry)
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _name(term: Term) -> str:
    return str(term) if isinstance(term, BlankNode) else term.value


def _pack(compression: str, plain: Path, path: Path) -> None:
    match compression:
        case "":
            shutil.copyfile(plain, path)
        case "gzip":
            with plain.open("rb") as source, gzip.open(path, "wb") as file:
                shutil.copyfileobj(source, file, _BUFFER)
        case "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(plain, plain.name)
        case _:
            with tarfile.open(path, "w:gz" if compression == "targz" else "w:xz") as archive:
                archive.add(plain, plain.name)

"""RDF documents as statement relations.

Most lines of N-Triples and N-Quads are what the ledger would write itself. These are taken apart a column at a time;
what is not so plain (escapes, rare IRIs, faults) goes to the parser line by line.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from emkg.arrow import empty_table, text_array
from emkg.rdf.format import RdfFormat, format_of
from emkg.rdf.oxigraph import TermReader
from emkg.rdf.parse import LINES, blocks_of, parse_lines, parse_rows, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from emkg.rdf.oxigraph import Row

STATEMENTS_SCHEMA: Final = pa.schema([(name, pa.string()) for name in "spog"])
NO_STATEMENTS: Final = empty_table(STATEMENTS_SCHEMA)
_ROWS_PER_BATCH: Final = 10_000

# Each is a part of what N-Triples allows, of which nobody doubts that it is valid and canonical.
_CHARACTER: Final = r"[A-Za-z0-9\-._~:@!$&'()*+,;=/\x{A0}-\x{D7FF}]|%[0-9A-Fa-f]{2}"
_IRI: Final = (
    rf"<https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:/(?:{_CHARACTER})*)?"
    rf"(?:\?(?:{_CHARACTER}|\?)*)?(?:#(?:{_CHARACTER}|\?)*)?>"
)
_NODE: Final = (
    rf"{_IRI}|_:(?:[A-Zg-z0-9_][A-Za-z0-9_]*|[b-f][A-Za-z0-9_]{{0,20}})"  # none that pyoxigraph made up
)
_TEXT: Final = r'"[^"\\\x00-\x1F\x7F]*"'
_TAG: Final = r"@[a-z]{2,3}(?:-[a-z]{2,4}(?:-[a-z]{2})?)?"
_IMPLIED_DATATYPE: Final = r"#(?:string|langString|dirLangString)>$"


def parse_relation(path: Path, *, base: str, scope: str) -> Iterator[pa.RecordBatch]:
    """The statements of a file in N-Triples form, in columns s, p, o, g and in no order; otherwise as `parse_file`.

    Args:
        path: The file; its extension names the format.
        base: What relative IRIs are resolved against.
        scope: Put before the labels of blank nodes, so that two files' `_:b` do not become one.
    """
    form = format_of(path)
    if form in LINES and path.is_file():
        return _of_lines(path, form, scope)
    return _batches(parse_rows(path, base=base, scope=scope))


def statements_of(rows: Iterable[Row]) -> pa.Table:
    """A relation of rows s, p, o, g in N-Triples form."""
    return pa.Table.from_batches(_batches(rows), STATEMENTS_SCHEMA)


def _batches(rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    remaining = iter(rows)
    while some := list(islice(remaining, _ROWS_PER_BATCH)):
        yield _batch(*(text_array(column) for column in zip(*some, strict=True)))


def _batch(*columns: pa.Array) -> pa.RecordBatch:
    return pa.record_batch(list(columns), schema=STATEMENTS_SCHEMA)


def _of_lines(path: Path, form: RdfFormat, scope: str) -> Iterator[pa.RecordBatch]:
    reader = TermReader(tags_of(path, form))
    pattern = _pattern(has_graph=form is RdfFormat.N_QUADS, has_tag=not reader.tags.spelling)
    before = 0
    for block in blocks_of(path):
        try:
            lines = pc.list_flatten(pc.split_pattern(text_array([block.decode()]), "\n"))
        except UnicodeDecodeError:
            odd = dict(enumerate(block.split(b"\n"), before + 1))  # the parser says where
            before += len(odd)
        else:
            found = pc.extract_regex(lines, pattern)
            is_implied = pc.match_substring_regex(pc.struct_field(found, "o"), _IMPLIED_DATATYPE)
            is_plain = pc.and_not_kleene(pc.is_valid(found), is_implied)
            yield _plain(found.filter(is_plain), scope)
            left = pc.invert(is_plain)
            numbers = (before + 1 + place for place in pc.indices_nonzero(left).to_pylist())
            odd = dict(zip(numbers, lines.filter(left).cast(pa.binary()).to_pylist(), strict=True))
            before += len(lines)
        if any(line.strip() for line in odd.values()):
            yield from _batches(parse_lines(odd, form, path, reader, scope))


def _plain(found: pa.StructArray, scope: str) -> pa.RecordBatch:
    columns = dict(zip((field.name for field in found.type), found.flatten(), strict=True))
    columns["g"] = _or_null(columns["g"]) if "g" in columns else pa.nulls(len(found), pa.string())
    if scope:
        for name in "sog":
            columns[name] = pc.replace_substring_regex(columns[name], "^_:", f"_:{scope}")
    return _batch(*(columns[name] for name in STATEMENTS_SCHEMA.names))


def _or_null(graphs: pa.Array) -> pa.Array:
    empty, null = text_array(["", None])
    return pc.if_else(pc.equal(graphs, empty), null, graphs)


def _pattern(*, has_graph: bool, has_tag: bool) -> str:
    end = rf"\^\^{_IRI}|{_TAG}" if has_tag else rf"\^\^{_IRI}"
    graph = rf"(?: (?P<g>{_NODE}))?" if has_graph else ""
    return rf"^(?P<s>{_NODE}) (?P<p>{_IRI}) (?P<o>{_NODE}|{_TEXT}(?:{end})?){graph} ?\.\r?$"

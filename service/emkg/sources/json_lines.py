"""JSON Lines: one object per line; a line that is none is a fault, and the others are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.sources.fault import bad_json, duplicate_member
from emkg.sources.json_items import ItemSink, json_decoder
from emkg.sources.json_value import RepeatedMemberError
from emkg.sources.jsonpath import compile_jsonpath
from emkg.sources.mark import show
from emkg.sources.text import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.fault import SourceFault
    from emkg.sources.json_value import Json
    from emkg.sources.relation import SourceRelation


def read_json_lines(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced members of every line; blank lines count as rows and hold no item.

    With an iterator such as `$.parts[*]` one line may give several items, all with the line's number.

    Raises:
        SourceError: The file is not there, its encoding is unknown, a path cannot be read.
    """
    sink = ItemSink(backend, description, references)
    for row, item in json_line_items(description, sink.faults):
        sink.append(row, item)
    return sink.finish()


def json_line_items(description: SourceDescription, faults: list[SourceFault]) -> Iterator[tuple[int, Json]]:
    """The items of every line, each with the line's number; lines that hold none become faults."""
    iterator = compile_jsonpath(description.iterator or "$", Location(str(description.path)))
    decode = json_decoder().decode
    with open_text(description) as file:
        for row, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                value = decode(line.strip())
            except (json.JSONDecodeError, RecursionError) as error:
                faults.append(bad_json(row, show(line.strip()), _detail(error)))
                continue
            if not isinstance(value, dict):
                faults.append(bad_json(row, show(line.strip()), "another value"))
                continue
            try:
                items = iterator.find(value)
            except RepeatedMemberError as error:
                faults.append(duplicate_member(row, iterator.text, str(error)))
                continue
            yield from ((row, item) for item in items)


def _detail(error: json.JSONDecodeError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    return "nested too deeply"

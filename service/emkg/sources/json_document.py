"""JSON documents, GeoJSON among them: the items that an iterator such as `$.features[*]` selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.sources.json_items import ItemSink
from emkg.sources.json_selection import Selection, misfit
from emkg.sources.json_text import JsonText
from emkg.sources.jsonpath import Every, compile_jsonpath
from emkg.sources.suggestion import missing_name
from emkg.sources.text import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.json_value import Json
    from emkg.sources.jsonpath import JsonPath, Step
    from emkg.sources.relation import SourceRelation


def read_json(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced members of every item; an item's row is its 1-based place in the document's order.

    Where the iterator leads through members to the elements of an array, memory holds one element at a time.

    Raises:
        SourceError: The file is not there or is no JSON; the iterator or a reference cannot be read; the
            iterator leads nowhere, or to an array as a whole.
    """
    sink = ItemSink(backend, description, references)
    for row, item in json_items(description):
        sink.append(row, item)
    return sink.finish()


def json_items(description: SourceDescription) -> Iterator[tuple[int, Json]]:
    """The items that the iterator selects, each with its row."""
    iterator = compile_jsonpath(description.iterator or "$", Location(str(description.path)))
    yield from enumerate(_items(description, iterator), start=1)


def _items(description: SourceDescription, iterator: JsonPath) -> Iterator[Json]:
    with open_text(description) as file:
        text = JsonText(file, description.path)
        selection: Selection | None = None
        for node, rest in _nodes(text, description, iterator, iterator.steps):
            selection = selection or Selection(description.path, iterator, rest)
            yield from selection.select(node)
        text.expect_end()
        if selection is not None:
            selection.check()


def _nodes(
    text: JsonText, description: SourceDescription, iterator: JsonPath, steps: tuple[Step, ...]
) -> Iterator[tuple[Json, tuple[Step, ...]]]:
    """What the first steps lead to without holding more than one value, and the steps that remain."""
    match steps[:1], text.peek():
        case (str() as name,), "{":
            names: dict[str, None] = {}
            for member in text.members():
                if member != name:
                    text.value()
                elif member in names:
                    raise misfit(
                        description.path, iterator, f"the member {name} is there twice", f"成员“{name}”重复"
                    )
                else:
                    yield from _nodes(text, description, iterator, steps[1:])
                names[member] = None
            if name not in names:
                kind = (f"member (of iterator {iterator.text})", "成员")
                raise missing_name(description.path, kind, name, names)
        case (Every(),), "[":
            for element in text.elements():
                yield element, steps[1:]
        case _:
            yield text.value(), steps

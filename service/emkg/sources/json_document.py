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
    return read_json_together(backend, [(description, references)])[0]


def read_json_together(
    backend: ibis.BaseBackend, wanted: Sequence[tuple[SourceDescription, Sequence[str]]]
) -> list[SourceRelation]:
    """What `read_json` gives for each; the document is read once. They differ by iterators that `begin_alike`.

    Raises:
        SourceError: As `read_json` does.
    """
    sinks = [ItemSink(backend, description, references) for description, references in wanted]
    for which, row, item in _items([description for description, _ in wanted]):
        sinks[which].append(row, item)
    return [sink.finish() for sink in sinks]


def begin_alike(one: SourceDescription, other: SourceDescription) -> bool:
    """Whether two iterators lead through the same members to the elements of one array, from where they may part."""
    openings = [
        _opening(compile_jsonpath(each.iterator or "$", Location(str(each.path)))) for each in (one, other)
    ]
    return bool(openings[0]) and openings[0] == openings[1]


def json_items(description: SourceDescription) -> Iterator[tuple[int, Json]]:
    """The items that the iterator selects, each with its row."""
    for _, row, item in _items([description]):
        yield row, item


def _opening(iterator: JsonPath) -> tuple[Step, ...]:
    """Members, and the array whose elements they lead to; empty where another step comes first."""
    for place, step in enumerate(iterator.steps):
        if isinstance(step, Every):
            return iterator.steps[: place + 1]
        if not isinstance(step, str):
            break
    return ()


def _items(descriptions: Sequence[SourceDescription]) -> Iterator[tuple[int, int, Json]]:
    """Which of the iterators, the row, the item."""
    first = descriptions[0]
    iterators = [compile_jsonpath(each.iterator or "$", Location(str(each.path))) for each in descriptions]
    way = iterators[0].steps if len(iterators) == 1 else _opening(iterators[0])
    rows = [0] * len(iterators)
    with open_text(first) as file:
        text = JsonText(file, first.path)
        selections: list[Selection] = []
        for node, rest in _nodes(text, first, iterators[0], way):
            if not selections:
                taken = len(way) - len(rest)
                selections = [Selection(first.path, each, each.steps[taken:]) for each in iterators]
            for which, selection in enumerate(selections):
                for item in selection.select(node):
                    rows[which] += 1
                    yield which, rows[which], item
        text.expect_end()
        for selection in selections:
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

"""JSON documents, GeoJSON among them: the items that an iterator such as `$.features[*]` selects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emkg.errors import Location, SourceError
from emkg.sources.json_items import ItemSink, json_decoder
from emkg.sources.jsonpath import Every, Json, JsonPath, RepeatedMemberError, children, compile_jsonpath
from emkg.sources.suggestion import missing_name
from emkg.sources.text import open_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.relation import SourceRelation


def read_json(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced members of every item; an item's row is its 1-based place in the document's order.

    Raises:
        SourceError: The file is not there or is no JSON; the iterator or a reference cannot be read; the
            iterator leads nowhere, or to an array as a whole.
    """
    iterator = compile_jsonpath(description.iterator or "$", Location(str(description.path)))
    sink = ItemSink(backend, description, references)
    items = select_items(description.path, iterator, _load(description))
    for row, item in enumerate(items, start=1):
        sink.append(row, item)
    return sink.finish()


def _load(description: SourceDescription) -> Json:
    with open_text(description) as file:
        text = file.read()
    try:
        document: Json = json_decoder().decode(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"this is no JSON: {error.msg}",
            message_zh="不是有效的 JSON",
            location=Location(str(description.path), error.lineno, error.colno),
        ) from None
    except RecursionError:
        raise SourceError(
            "this JSON is nested too deeply",
            message_zh="JSON 嵌套过深",
            location=Location(str(description.path)),
        ) from None
    return document


def select_items(path: Path, iterator: JsonPath, document: Json) -> list[Json]:
    """The items of a document; none where the array is there and empty.

    Raises:
        SourceError: A step of the iterator is found nowhere, or the items are arrays.
    """
    nodes = [document]
    for step in iterator.steps:
        try:
            found = [child for node in nodes for child in children(node, step)]
        except RepeatedMemberError as error:
            raise _wrong(path, iterator, f"the member {error} is there twice", f"成员“{error}”重复") from None
        if not found and isinstance(step, str) and nodes:
            names = dict.fromkeys(name for node in nodes if isinstance(node, dict) for name in node)
            raise missing_name(path, (f"member (of iterator {iterator.text})", "成员"), step, names)
        if (
            not found
            and isinstance(step, Every)
            and any(not isinstance(node, dict | list | None) for node in nodes)
        ):
            raise _wrong(path, iterator, "the wildcard meets single values", "通配符处是单个值")
        nodes = found
    if any(isinstance(node, list) for node in nodes):
        raise _wrong(
            path,
            iterator,
            "it gives an array as a whole; add [*] for its elements",
            "结果是整个数组；请加 [*]",
        )
    return nodes


def _wrong(path: Path, iterator: JsonPath, what: str, what_zh: str) -> SourceError:
    return SourceError(
        f"the iterator {iterator.text!r} does not fit the document: {what}",
        message_zh=f"迭代器“{iterator.text}”与文档不符：{what_zh}",
        location=Location(str(path)),
    )

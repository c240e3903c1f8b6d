"""What references find in one JSON item: texts with their natural datatypes, and faults."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.sources.fault import SourceFault, duplicate_member, not_a_value, undecodable
from emkg.sources.item_table import ItemTable, one_or_more
from emkg.sources.json_value import IntegerText, Json, NumberText, RepeatedMemberError, RepeatedMembers
from emkg.sources.jsonpath import ELSEWHERE, JsonPath, compile_jsonpath, follow, member_chain
from emkg.sources.mark import is_marked, show
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.item_table import Values
    from emkg.sources.relation import SourceRelation

_STRING, _INTEGER, _DOUBLE, _BOOLEAN = (XSD + name for name in ("string", "integer", "double", "boolean"))
_SPECIAL = {"Infinity": "INF", "-Infinity": "-INF", "NaN": "NaN"}


def json_decoder() -> json.JSONDecoder:
    """A decoder that keeps every number's text and notices members named twice."""
    return json.JSONDecoder(
        parse_int=IntegerText,
        parse_float=NumberText,
        parse_constant=lambda text: NumberText(_SPECIAL[text]),
        object_pairs_hook=_object,
    )


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    repeated = RepeatedMembers(members)
    times = Counter(name for name, _ in pairs)
    repeated.repeated = frozenset(name for name, count in times.items() if count > 1)
    return repeated


@dataclass
class ItemSink:
    """Items in, one source relation out."""

    backend: ibis.BaseBackend
    description: SourceDescription
    references: Sequence[str]
    faults: list[SourceFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        location = Location(str(self.description.path))
        self._paths = [compile_jsonpath(text, location) for text in dict.fromkeys(self.references)]
        self._finders = [(path, member_chain(path)) for path in self._paths]
        self._table = ItemTable(self.backend, [path.text for path in self._paths], is_typed=True)
        self._nulls = frozenset(("", *self.description.null_values))
        self._found = JsonValues(self.description, self.faults)
        self._unseen = {path.text for path in self._paths}
        self._has_items = False

    def append(self, row: int, item: Json) -> None:
        """Add one item."""
        self._has_items = True
        values: list[Values] = []
        types: list[Values] = []
        for path, chain in self._finders:
            node = ELSEWHERE if chain is None else follow(item, chain)
            if type(node) is str and not is_marked(node):  # the usual case: a text by way of members
                self._unseen.discard(path.text)
                is_value = node not in self._nulls
                values.append(node if is_value else None)
                types.append(_STRING if is_value else None)
            else:
                known = len(self.faults)
                nodes = self._found.nodes(row, path, item)
                if nodes or len(self.faults) > known:
                    self._unseen.discard(path.text)
                pairs = self._found.of(row, path, nodes)
                values.append(one_or_more([text for text, _ in pairs]))
                types.append(one_or_more([datatype for _, datatype in pairs]))
        self._table.append(row, values + types)

    def finish(self) -> SourceRelation:
        """The relation of all items."""
        return self._table.finish(self.faults, frozenset(self._unseen if self._has_items else ()))


@dataclass
class JsonValues:
    """The values that paths find in items, with their natural datatypes; what is none becomes a fault."""

    description: SourceDescription
    faults: list[SourceFault]

    def __post_init__(self) -> None:
        self._nulls = frozenset(("", *self.description.null_values))

    def find(self, row: int, path: JsonPath, item: Json) -> list[tuple[str, str]]:
        """The texts and datatypes of what a path selects."""
        return self.of(row, path, self.nodes(row, path, item))

    def nodes(self, row: int, path: JsonPath, item: Json) -> list[Json]:
        """What a path selects."""
        try:
            return path.find(item)
        except RepeatedMemberError as error:
            self.faults.append(duplicate_member(row, path.text, str(error)))
            return []

    def of(self, row: int, path: JsonPath, nodes: Iterable[Json]) -> list[tuple[str, str]]:
        """The texts and datatypes of nodes that a path selected."""
        return [pair for node in nodes if (pair := self._value(row, path, node)) is not None]

    def _value(self, row: int, path: JsonPath, node: Json) -> tuple[str, str] | None:
        match node:
            case None:
                return None
            case bool():
                pair = ("true" if node else "false", _BOOLEAN)
            case IntegerText():
                pair = (str(node), _INTEGER)
            case NumberText():
                pair = (str(node), _DOUBLE)
            case str():
                pair = (node, _STRING)
            case dict() | list():
                kind = "array" if isinstance(node, list) else "object"
                self.faults.append(
                    not_a_value(row, path.text, show(json.dumps(node, ensure_ascii=False)), kind)
                )
                return None
        if is_marked(pair[0]):
            self.faults.append(undecodable(row, path.text, show(pair[0]), self.description.encoding))
            return None
        return None if pair[0] in self._nulls else pair

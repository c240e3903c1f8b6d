"""What references find in one JSON item: texts with their natural datatypes, and faults."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.sources.fault import SourceFault, duplicate_member, not_a_value, undecodable
from emkg.sources.item_table import STRING, ItemTable, one_or_more
from emkg.sources.json_value import IntegerText, Json, NumberText, RepeatedMemberError, RepeatedMembers
from emkg.sources.jsonpath import ELSEWHERE, JsonPath, compile_jsonpath, member_chain
from emkg.sources.mark import is_marked, show
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.item_table import Values
    from emkg.sources.relation import SourceRelation

_INTEGER, _DOUBLE, _BOOLEAN = (XSD + name for name in ("integer", "double", "boolean"))
_BATCH_ITEMS = 2_000
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
    """Items in, one source relation out; they are looked into column by column, some thousands at a time."""

    backend: ibis.BaseBackend
    description: SourceDescription
    references: Sequence[str]
    faults: list[SourceFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        location = Location(str(self.description.path))
        self._paths = [compile_jsonpath(text, location) for text in dict.fromkeys(self.references)]
        self._chains = [member_chain(path) for path in self._paths]
        self._table = ItemTable(self.backend, [path.text for path in self._paths], is_typed=True)
        self._nulls = frozenset(("", *self.description.null_values))
        self._found = JsonValues(self.description, self.faults)
        self._unseen = {path.text for path in self._paths}
        self._has_items = False
        self._rows: list[int] = []
        self._items: list[Json] = []

    def append(self, row: int, item: Json) -> None:
        """Add one item."""
        self._rows.append(row)
        self._items.append(item)
        if len(self._items) >= _BATCH_ITEMS:
            self._flush()

    def finish(self) -> SourceRelation:
        """The relation of all items."""
        self._flush()
        # those of a row in the order of its columns
        faults = sorted(self.faults, key=lambda fault: fault.row if fault.row is not None else 0)
        return self._table.finish(faults, frozenset(self._unseen if self._has_items else ()))

    def _flush(self) -> None:
        if not self._items:
            return
        self._has_items = True
        reached: dict[tuple[str, ...], list[Json] | None] = {(): self._items}
        columns = [
            self._texts(reached, path, chain) or self._values(path)
            for path, chain in zip(self._paths, self._chains, strict=True)
        ]
        self._table.extend(self._rows, [*(texts for texts, _ in columns), *(types for _, types in columns)])
        self._rows, self._items = [], []

    def _texts(
        self,
        reached: dict[tuple[str, ...], list[Json] | None],
        path: JsonPath,
        chain: tuple[str, ...] | None,
    ) -> tuple[list[Values], list[Values]] | None:
        """A column where every item has a text by way of members, which is the usual case; None for another one."""
        found = None if chain is None else _along(reached, chain)
        if found is None or set(map(type, found)) != {str} or is_marked("".join(found)):  # type: ignore[arg-type]  # texts
            return None
        self._unseen.discard(path.text)
        if self._nulls.isdisjoint(found):
            return found, [STRING] * len(found)  # type: ignore[return-value]  # texts
        texts = [None if text in self._nulls else text for text in found]
        return texts, [None if text is None else STRING for text in texts]  # type: ignore[return-value]  # texts

    def _values(self, path: JsonPath) -> tuple[list[Values], list[Values]]:
        """A column, item by item."""
        texts: list[Values] = []
        types: list[Values] = []
        for row, item in zip(self._rows, self._items, strict=True):
            known = len(self.faults)
            nodes = self._found.nodes(row, path, item)
            if nodes or len(self.faults) > known:
                self._unseen.discard(path.text)
            pairs = self._found.of(row, path, nodes)
            texts.append(one_or_more([text for text, _ in pairs]))
            types.append(one_or_more([datatype for _, datatype in pairs]))
        return texts, types


def _along(reached: dict[tuple[str, ...], list[Json] | None], chain: tuple[str, ...]) -> list[Json] | None:
    """What the members lead to from each item, all of them objects on the way; what is reached is kept for other chains."""
    if chain not in reached:
        before = _along(reached, chain[:-1])
        is_through = before is not None and set(map(type, before)) == {dict}
        reached[chain] = [one.get(chain[-1], ELSEWHERE) for one in before] if is_through else None  # type: ignore[union-attr]  # objects
    return reached[chain]


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
                pair = (node, STRING)
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

"""What references find in one JSON item: texts with their natural datatypes, and faults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.sources.fault import SourceFault, duplicate_member, not_a_value, undecodable
from emkg.sources.jsonpath import (
    IntegerText,
    Json,
    JsonPath,
    NumberText,
    RepeatedMemberError,
    RepeatedMembers,
    compile_jsonpath,
)
from emkg.sources.relation import RowSink, SourceRelation, column_names
from emkg.sources.text import is_marked, show
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis

    from emkg.sources.description import SourceDescription

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
    names = [name for name, _ in pairs]
    repeated.repeated = frozenset(name for name in names if names.count(name) > 1)
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
        self._columns = column_names(self.references)
        self._types = {reference: "t" + name[1:] for reference, name in self._columns.items()}
        self._paths = [compile_jsonpath(reference, location) for reference in self._columns]
        self._sink = RowSink(self.backend, [*self._columns.values(), *self._types.values()], is_list=True)
        self._nulls = frozenset(("", *self.description.null_values))
        self._many: set[str] = set()
        self._found: set[str] = set()
        self._items = 0

    def append(self, row: int, item: Json) -> None:
        """Add one item."""
        self._items += 1
        found = [self._values(row, path, item) for path in self._paths]
        values = [[text for text, _ in pairs] or None for pairs in found]
        types = [[datatype for _, datatype in pairs] or None for pairs in found]
        self._sink.append(row, [*values, *types])

    def finish(self) -> SourceRelation:
        """The relation; columns of which no row holds several values are plain text."""
        table = self._sink.finish()
        single = [reference for reference in self._columns if reference not in self._many]
        plain = {
            name: table[name][0]
            for reference in single
            for name in (self._columns[reference], self._types[reference])
        }
        return SourceRelation(
            table.mutate(**plain) if plain else table,
            self._columns,
            multi=frozenset(self._many),
            type_columns=self._types,
            faults=tuple(self.faults),
            absent=frozenset(self._columns) - self._found if self._items else frozenset(),
        )

    def _values(self, row: int, path: JsonPath, item: Json) -> list[tuple[str, str]]:
        try:
            nodes = path.find(item)
        except RepeatedMemberError as error:
            self._found.add(path.text)
            self.faults.append(duplicate_member(row, path.text, str(error)))
            return []
        if nodes:
            self._found.add(path.text)
        pairs = [pair for node in nodes if (pair := self._value(row, path, node)) is not None]
        if len(pairs) > 1:
            self._many.add(path.text)
        return pairs

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

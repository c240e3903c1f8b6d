"""Collections and containers (https://w3id.org/rml/cc/spec): what a gather map gathers, and the statements of it.

A row's entries are an array of {head, members}: one of them, or one for each combination of values. Entries of one
head and graph, on whatever rows, are one collection, in the order of rows.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import Enum
from functools import partial, reduce
from typing import TYPE_CHECKING, Final

import ibis

from emkg.errors import MappingError
from emkg.mapping.builtin import md5
from emkg.mapping.model import CollectionKind, RefObjectMap, TermMap, TermType
from emkg.mapping.place import Place
from emkg.mapping.value import bind
from emkg.rdf import IRI
from emkg.vocabulary import RDF, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import ibis.expr.types as ir

    from emkg.mapping.model import Gather
    from emkg.mapping.term import TermContext

_NIL: Final = str(IRI(RDF + "nil"))
_MEMBERS: Final = "array<string>"


class Role(Enum):
    """What a statement of a collection says: of a list's node its first or its rest, of a container its type or a member."""

    FIRST = RDF + "first"
    REST = RDF + "rest"
    TYPE = RDF_TYPE
    MEMBER = RDF + "_"


@dataclass(frozen=True)
class Entries:
    """Where a gather map's entries are, and how the labels of a list's later nodes begin."""

    column: str
    kind: CollectionKind
    label: str

    @property
    def roles(self) -> tuple[Role, ...]:
        """The statements that a collection of this kind is made of."""
        return (Role.FIRST, Role.REST) if self.kind is CollectionKind.LIST else (Role.TYPE, Role.MEMBER)


@dataclass(frozen=True)
class Collections:
    """A table of terms with the entries of its gather maps, and where these are; `places` has the gather maps' terms."""

    table: ir.Table
    places: Mapping[TermMap, Place]
    entries: Mapping[TermMap, Entries]


def with_collections(
    table: ir.Table,
    places: Mapping[TermMap, Place],
    gather_maps: Iterable[tuple[TermMap, Gather]],
    subjects: Mapping[str, TermMap],
    context: TermContext,
) -> Collections:
    """Add the entries of gather maps, inner ones first, and take their terms from them.

    Args:
        table: The terms of a triples map.
        places: Where they are; that of a gather map is what its collections are called.
        gather_maps: The term maps that gather, each after those it gathers.
        subjects: The subject maps of the triples maps that items refer to, by IRI.
        context: The run's base and labels.

    Raises:
        MappingError: What names a collection gives several values for a row.
    """
    known, entries = dict(places), {}
    for index, (term_map, gather) in enumerate(gather_maps):
        items = [
            known[subjects[item.parent_triples_map] if isinstance(item, RefObjectMap) else item]
            for item in gather.items
        ]
        column, term = f"emkg_entries_{index}", f"emkg_collection_{index}"
        head = _head(table, known[term_map], term_map, gather, known)
        table = table.mutate(**{column: _entries([_array(table, place) for place in items], head, gather)})
        heads = table[column].map(bind("entry", partial(_term, gather.kind)))
        table = table.mutate(**{term: heads if gather.is_apart else heads[0]})
        label = f"_:{context.label_prefix}c{zlib.crc32(gather.scope.encode()):08x}"
        entries[term_map] = Entries(column, gather.kind, label)
        known[term_map] = Place(column=term, many=gather.is_apart)
    return Collections(table, known, entries)


def _array(table: ir.Table, place: Place) -> ir.ArrayValue:
    """The row's terms at a place, without what is missing."""
    if place.constant is not None:
        return ibis.array([ibis.literal(place.constant)])
    column = table[place.column]
    values = column.fill_null(ibis.literal([], type=_MEMBERS)) if place.many else ibis.array([column])
    return values.filter(bind("value", lambda value: value.notnull()))


def _head(
    table: ir.Table, place: Place, term_map: TermMap, gather: Gather, places: Mapping[TermMap, Place]
) -> ir.StringValue:
    """What a row's collection is called; a blank node is another one in each graph."""
    graph = _one_text(table, places[gather.graph], gather.graph) if gather.graph else None
    head = _one_text(table, place, term_map)
    return (
        head + "g" + md5(graph) if graph is not None and term_map.term_type is TermType.BLANK_NODE else head
    )


def _one_text(table: ir.Table, place: Place, term_map: TermMap) -> ir.StringValue:
    if place.many:
        raise MappingError(
            "the name of a collection, and its graph, must be one for each row; here a reference may give several",
            message_zh="集合的名称及其所在的图在每一行只能有一个值，而此处的引用可能给出多个",
            location=term_map.location,
        )
    return ibis.literal(place.constant) if place.constant is not None else table[place.column]


def _entries(arrays: list[ir.ArrayValue], head: ir.StringValue, gather: Gather) -> ir.ArrayValue:
    appended = reduce(lambda one, other: one.concat(other), arrays)
    groups = _combinations(arrays) if gather.is_product else ibis.array([appended])

    def entry(numbered: ir.Value) -> ir.Value:
        own = head + "x" + numbered["f2"].cast("string") if gather.is_apart else head
        return ibis.struct({"head": own, "members": numbered["f1"]})

    smallest = 0 if gather.allows_empty else 1
    made = groups.zip(ibis.range(0, groups.length())).map(bind("numbered", entry))
    return made.filter(
        bind("made", lambda made: (made["members"].length() >= smallest) & made["head"].notnull())
    )


def _combinations(arrays: list[ir.ArrayValue]) -> ir.ArrayValue:
    """Every value of the first array with every one of the next, and so on."""
    found = arrays[0].map(bind("only", lambda only: ibis.array([only])))
    for index, array in enumerate(arrays[1:]):

        def extended(before: ir.Value, array: ir.ArrayValue = array, index: int = index) -> ir.Value:
            return array.map(bind(f"next_{index}", lambda one: before.concat(ibis.array([one]))))

        found = found.map(bind(f"before_{index}", extended)).flatten()
    return found


def _term(kind: CollectionKind, entry: ir.Value) -> ir.Value:
    """The term that stands for the collection; an empty list is rdf:nil, however it is called."""
    if kind is not CollectionKind.LIST:
        return entry["head"]
    return ibis.ifelse(entry["members"].length() == 0, _NIL, entry["head"])


def collection_table(table: ir.Table, entries: Entries, role: Role, graph: Place) -> ir.Table:
    """The statements of one role as columns s, p, o, g, row; `row` is that of the member."""
    found = table.select(
        row=table["row"],
        g=ibis.literal(graph.constant) if graph.constant is not None else table[graph.column],
        entry=table[entries.column].unnest(),
    )
    if graph.many:
        found = found.mutate(g=found["g"].unnest())
    found = found.select("row", "g", s=found["entry"]["head"], members=found["entry"]["members"])
    if role is Role.TYPE:
        kind = str(IRI(entries.kind.value))
        return found.select("s", "g", "row", p=ibis.literal(str(IRI(RDF_TYPE))), o=ibis.literal(kind))
    numbered = found["members"].map(lambda member, index: ibis.struct({"member": member, "index": index}))
    found = found.select("row", "g", "s", one=numbered.unnest())
    found = found.select("row", "g", "s", o=found["one"]["member"], index=found["one"]["index"])
    window = ibis.window(group_by=["s", "g"], order_by=["row", "index"])
    found = found.mutate(place=ibis.row_number().over(window) + 1)
    if role is Role.MEMBER:
        predicate = "<" + RDF + "_" + found["place"].cast("string") + ">"
        return found.select("s", "o", "g", "row", p=predicate)
    size = found.count().over(ibis.window(group_by=["s", "g"]))
    later = entries.label + md5(found["s"] + found["g"].fill_null("")) + "x"

    def node(place: ir.IntegerValue) -> ir.StringValue:
        return ibis.ifelse(place == 1, found["s"], later + place.cast("string"))

    rest = ibis.ifelse(found["place"] == size, _NIL, node(found["place"] + 1))
    return found.select(
        "g",
        "row",
        s=node(found["place"]),
        p=ibis.literal(str(IRI(role.value))),
        o=found["o"] if role is Role.FIRST else rest,
    )

"""Statements from terms: every subject with every predicate, object and graph of its row, or of a joined one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.collection import Entries, Role, collection_table
from emkg.mapping.demand import find_parent
from emkg.mapping.model import RefObjectMap, TermMap
from emkg.mapping.place import Place
from emkg.rdf import IRI
from emkg.vocabulary import RDF_TYPE, RML

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.model import PredicateObjectMap, Target, TriplesMap
    from emkg.mapping.terms import Terms

DEFAULT_GRAPH: Final = str(IRI(RML + "defaultGraph"))
_NO_GRAPH: Final = Place(constant=DEFAULT_GRAPH)
_NO_ROW: Final = Place()
_NO_PLACE: Final = Place(column="emkg_entry")  # found in a collection's entries


@dataclass(frozen=True)
class Pattern:
    """One statement of a row, as places in its terms; with `join`, the object is in the parent's terms.

    With `collection` it is a statement of a collection's own, and subject and object are found in its entries.

    `item` is the object's map, or the subject's where the statement is of a class.
    """

    subject: Place
    predicate: Place
    object: Place
    graph: Place
    item: TermMap | RefObjectMap
    join: Join | None = None
    collection: tuple[Entries, Role] | None = None
    targets: tuple[Target, ...] = ()

    @property
    def is_of_one_row(self) -> bool:
        """The statement is made of the terms of one row; neither of a joined one's nor of a collection's many."""
        return self.join is None and self.collection is None


@dataclass(frozen=True)
class Join:
    """The parent's IRI and the pairs of key places, child's and parent's."""

    parent: str
    keys: tuple[tuple[Place, Place], ...]


def patterns(
    triples_map: TriplesMap, own: Terms, parents: Mapping[str, Terms], mapping: MappingFile
) -> Iterator[Pattern]:
    """Every pattern of a triples map, classes first; `parents` holds the terms of those it joins, by IRI."""
    subject = triples_map.subject
    place = own.term_maps[subject]
    for graph, graph_targets in _graphs(triples_map.graphs, own):
        targets = _together(subject.targets, graph_targets)
        for name in triples_map.classes:
            kind = Place(str(IRI(name)))
            yield Pattern(place, Place(str(IRI(RDF_TYPE))), kind, graph, subject, targets=targets)
        yield from _collections(subject, graph, own, targets)
    for predicate_object in triples_map.predicate_objects:
        yield from _of(predicate_object, triples_map, own, parents, mapping)


def _of(
    predicate_object: PredicateObjectMap,
    triples_map: TriplesMap,
    own: Terms,
    parents: Mapping[str, Terms],
    mapping: MappingFile,
) -> Iterator[Pattern]:
    subject = own.term_maps[triples_map.subject]
    graphs = _graphs((*triples_map.graphs, *predicate_object.graphs), own)
    for item in predicate_object.objects:
        place, join = _object(item, own, parents, mapping)
        own_targets = item.targets if isinstance(item, TermMap) else ()
        for graph, graph_targets in graphs:
            outer = _together(triples_map.subject.targets, own_targets, graph_targets)
            if isinstance(item, TermMap):
                yield from _collections(item, graph, own, outer)
            for predicate in predicate_object.predicates:
                targets = _together(outer, predicate.targets)
                yield Pattern(subject, own.term_maps[predicate], place, graph, item, join, targets=targets)


def _together(*targets: tuple[Target, ...]) -> tuple[Target, ...]:
    return tuple(dict.fromkeys(one for each in targets for one in each))


def _collections(
    term_map: TermMap, graph: Place, own: Terms, targets: tuple[Target, ...]
) -> Iterator[Pattern]:
    """The statements of the collections that a term map names, and of those within them."""
    if term_map.gather is None:
        return
    for item in term_map.gather.items:
        if isinstance(item, TermMap):
            yield from _collections(item, graph, own, targets)
    entries = own.entries[term_map]
    for role in entries.roles:
        predicate = _NO_PLACE if role is Role.MEMBER else Place(str(IRI(role.value)))
        found = (entries, role)
        yield Pattern(_NO_PLACE, predicate, _NO_PLACE, graph, term_map, collection=found, targets=targets)


def _object(
    item: TermMap | RefObjectMap, own: Terms, parents: Mapping[str, Terms], mapping: MappingFile
) -> tuple[Place, Join | None]:
    if isinstance(item, TermMap):
        return own.term_maps[item], None
    parent = find_parent(item, mapping)
    if not item.joins:
        return own.term_maps[parent.subject], None
    theirs = parents[parent.iri]
    keys = tuple((own.keys[join.child], theirs.keys[join.parent]) for join in item.joins)
    return theirs.term_maps[parent.subject], Join(parent.iri, keys)


def _graphs(term_maps: Sequence[TermMap], terms: Terms) -> list[tuple[Place, tuple[Target, ...]]]:
    found = [(terms.term_maps[term_map], term_map.targets) for term_map in dict.fromkeys(term_maps)]
    return found or [(_NO_GRAPH, ())]


def statement_table(
    pattern: Pattern, own: ir.Table, parent: ir.Table | None, *, with_rows: bool = False
) -> ir.Table:
    """The pattern's statements as columns s, p, o, g; a NULL among the first three drops the statement.

    Args:
        pattern: Which terms to put together.
        own: The triples map's terms.
        parent: The terms of the pattern's parent, if it has one.
        with_rows: Add the columns `row` and `parent_row` (NULL without a parent).
    """
    if pattern.collection is not None:
        return _of_collection(pattern, pattern.collection, own, with_rows=with_rows)
    places = {"s": pattern.subject, "p": pattern.predicate, "o": pattern.object, "g": pattern.graph}
    rows = {"row": Place(column="row"), "parent_row": _NO_ROW} if with_rows else {}
    if pattern.join is None or parent is None:
        table = _spread(own, {**places, **rows})
    else:
        joined = _joined(pattern, pattern.join, own, parent, with_rows=with_rows)
        rows = {name: Place(column=name) for name in rows}
        table = _spread(joined, {**places, **rows, "o": Place(column="emkg_parent")})
    made = [table[name].notnull() for name, place in places.items() if place.constant is None]
    table = table.filter(*made) if made else table
    return table.select(**{name: _final(table, name) for name in (*places, *rows)})


def _of_collection(
    pattern: Pattern, collection: tuple[Entries, Role], own: ir.Table, *, with_rows: bool
) -> ir.Table:
    table = collection_table(own, *collection, pattern.graph)
    table = table.mutate(parent_row=ibis.null("int64"))
    names = ("s", "p", "o", "g", *(("row", "parent_row") if with_rows else ()))
    return table.select(**{name: _final(table, name) for name in names})


def _spread(table: ir.Table, places: Mapping[str, Place]) -> ir.Table:
    """The places as columns of their names, arrays unnested one after the other: every value with every value."""
    table = table.select(**{name: _column(table, place) for name, place in places.items()})
    for name, place in places.items():
        if place.many:
            table = table.mutate(**{name: table[name].unnest()})
    return table


def _column(table: ir.Table, place: Place) -> ir.Value:
    if place is _NO_ROW:
        return ibis.null("int64")
    return table[place.column] if place.constant is None else ibis.literal(place.constant)


def _final(table: ir.Table, name: str) -> ir.Value:
    column = table[name]
    return column.nullif(DEFAULT_GRAPH) if name == "g" else column


def _joined(pattern: Pattern, join: Join, own: ir.Table, parent: ir.Table, *, with_rows: bool) -> ir.Table:
    """The child's terms beside the parent's subject, `emkg_parent`, wherever all keys are equal."""
    kept = {place.column for place in (pattern.subject, pattern.predicate, pattern.graph) if place.column}
    child_places = {name: Place(column=name) for name in (*sorted(kept), *(["row"] if with_rows else []))}
    parent_places = {
        "emkg_parent": pattern.object,
        **({"parent_row": Place(column="row")} if with_rows else {}),
    }
    names = [f"emkg_key_{index}" for index in range(len(join.keys))]
    child_keys = zip(names, (child for child, _ in join.keys), strict=True)
    parent_keys = zip(names, (theirs for _, theirs in join.keys), strict=True)
    left = _spread(own, {**child_places, **dict(child_keys)})
    right = _spread(parent, {**parent_places, **dict(parent_keys)}).distinct()
    return left.inner_join(right, names)

"""Statements from terms: every subject with every predicate, object and graph of its row, or of a joined one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.demand import find_parent
from emkg.mapping.model import RefObjectMap, TermMap
from emkg.mapping.terms import Place
from emkg.rdf import IRI
from emkg.vocabulary import RDF_TYPE, RML

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from emkg.mapping.demand import Demand
    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.model import PredicateObjectMap, TriplesMap
    from emkg.mapping.terms import Terms

DEFAULT_GRAPH: Final = str(IRI(RML + "defaultGraph"))
_NO_GRAPH: Final = Place(constant=DEFAULT_GRAPH)


@dataclass(frozen=True)
class Pattern:
    """One statement of a row, as places in its terms; with `join`, the object is in the parent's terms."""

    subject: Place
    predicate: Place
    object: Place
    graph: Place
    join: Join | None = None
    source: TermMap | RefObjectMap | None = None


@dataclass(frozen=True)
class Join:
    """The parent's IRI and the pairs of key places, child's and parent's."""

    parent: str
    keys: tuple[tuple[Place, Place], ...]


def patterns(demand: Demand, terms: Mapping[str, Terms], mapping: MappingFile) -> Iterator[Pattern]:
    """Every pattern of a triples map, classes first."""
    triples_map = demand.triples_map
    own = terms[triples_map.iri]
    subject = own.term_maps[triples_map.subject]
    for graph in _graphs(triples_map.graphs, own):
        for name in triples_map.classes:
            yield Pattern(
                subject, Place(str(IRI(RDF_TYPE))), Place(str(IRI(name))), graph, source=triples_map.subject
            )
    for predicate_object in triples_map.predicate_objects:
        yield from _of(predicate_object, triples_map, terms, mapping)


def _of(
    predicate_object: PredicateObjectMap,
    triples_map: TriplesMap,
    terms: Mapping[str, Terms],
    mapping: MappingFile,
) -> Iterator[Pattern]:
    own = terms[triples_map.iri]
    subject = own.term_maps[triples_map.subject]
    graphs = _graphs((*triples_map.graphs, *predicate_object.graphs), own)
    for item in predicate_object.objects:
        place, join = _object(item, own, terms, mapping)
        for predicate in predicate_object.predicates:
            for graph in graphs:
                yield Pattern(subject, own.term_maps[predicate], place, graph, join, item)


def _object(
    item: TermMap | RefObjectMap, own: Terms, terms: Mapping[str, Terms], mapping: MappingFile
) -> tuple[Place, Join | None]:
    if isinstance(item, TermMap):
        return own.term_maps[item], None
    parent = find_parent(item, mapping)
    if not item.joins:
        return own.term_maps[parent.subject], None
    theirs = terms[parent.iri]
    keys = tuple((own.keys[join.child], theirs.keys[join.parent]) for join in item.joins)
    return theirs.term_maps[parent.subject], Join(parent.iri, keys)


def _graphs(term_maps: Sequence[TermMap], terms: Terms) -> list[Place]:
    return [terms.term_maps[term_map] for term_map in dict.fromkeys(term_maps)] or [_NO_GRAPH]


def statement_table(pattern: Pattern, own: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The pattern's statements as columns s, p, o, g; a NULL in s, p or o drops the statement."""
    table = own
    places = {"s": pattern.subject, "p": pattern.predicate, "o": pattern.object, "g": pattern.graph}
    if pattern.join is not None:
        table = _joined(pattern, own, tables)
        places["o"] = Place(column="emkg_parent")
    table = _spread(table, places)
    made = [table[name].notnull() for name, place in places.items() if place.constant is None]
    table = table.filter(*made) if made else table
    return table.select(**{name: _final(table, name) for name in "spog"})


def _spread(table: ir.Table, places: Mapping[str, Place]) -> ir.Table:
    """The places as columns of their names, arrays unnested one after the other: every value with every value."""
    table = table.select(
        **{
            name: ibis.literal(place.constant) if place.constant is not None else table[place.column]
            for name, place in places.items()
        }
    )
    for name, place in places.items():
        if place.many:
            table = table.mutate(**{name: table[name].unnest()})
    return table


def _final(table: ir.Table, name: str) -> ir.Value:
    column = table[name]
    return column.nullif(DEFAULT_GRAPH) if name == "g" else column


def _joined(pattern: Pattern, own: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    join = pattern.join
    assert join is not None  # noqa: S101 — the caller looked
    parent_table = tables[join.parent]
    columns = {
        place.column: place for place in (pattern.subject, pattern.predicate, pattern.graph) if place.column
    }
    child = _keyed({name: Place(column=name) for name in columns}, [child for child, _ in join.keys], own)
    parent = _keyed(
        {"emkg_parent": pattern.object}, [theirs for _, theirs in join.keys], parent_table
    ).distinct()
    names = [f"emkg_key_{index}" for index in range(len(join.keys))]
    return child.inner_join(parent, names)


def _keyed(columns: Mapping[str, Place], keys: Sequence[Place], table: ir.Table) -> ir.Table:
    """The columns beside the join keys, arrays of keys (and of a parent's subjects) unnested."""
    places = {**columns, **{f"emkg_key_{index}": place for index, place in enumerate(keys)}}
    return _spread(table, places)

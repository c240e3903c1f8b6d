"""What has to be computed for a triples map: its own terms, and the keys by which others join it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import MappingError
from emkg.mapping.expression import references
from emkg.mapping.fault import unknown_name
from emkg.mapping.model import Mapping, RefObjectMap, TermMap, TriplesMap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.model import Expression


@dataclass(frozen=True)
class Demand:
    """The term maps and join keys to evaluate over one triples map's source, each once."""

    triples_map: TriplesMap
    term_maps: tuple[TermMap, ...]
    keys: tuple[Expression, ...]

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference into the source, once."""
        expressions = [
            *(expression for term_map in self.term_maps for expression in _expressions(term_map)),
            *self.keys,
        ]
        return tuple(dict.fromkeys(text for expression in expressions for text in references(expression)))


def demand_of(triples_map: TriplesMap, mapping: Mapping) -> Demand:
    """What this triples map's source must give for the whole mapping to run.

    Raises:
        MappingError: A parent triples map is not there, or shares no source with a child that does not join it.
    """
    term_maps = tuple(dict.fromkeys(_term_maps(triples_map, mapping)))
    return Demand(triples_map, term_maps, tuple(dict.fromkeys(_keys(triples_map, mapping))))


def find_parent(ref: RefObjectMap, mapping: Mapping) -> TriplesMap:
    """The triples map whose subjects are the objects.

    Raises:
        MappingError: There is none of that name.
    """
    by_iri = {triples_map.iri: triples_map for triples_map in mapping.triples_maps}
    if ref.parent_triples_map not in by_iri:
        raise unknown_name(ref.location, "triples map", "三元组映射", ref.parent_triples_map, by_iri)
    return by_iri[ref.parent_triples_map]


def ref_objects(triples_map: TriplesMap) -> Iterator[RefObjectMap]:
    """Every referencing object map of a triples map."""
    for predicate_object in triples_map.predicate_objects:
        yield from (item for item in predicate_object.objects if isinstance(item, RefObjectMap))


def _term_maps(triples_map: TriplesMap, mapping: Mapping) -> Iterator[TermMap]:
    yield triples_map.subject
    yield from triples_map.graphs
    for predicate_object in triples_map.predicate_objects:
        yield from predicate_object.predicates
        yield from (item for item in predicate_object.objects if isinstance(item, TermMap))
        yield from predicate_object.graphs
    for ref in ref_objects(triples_map):
        parent = find_parent(ref, mapping)
        if not ref.joins:
            yield _same_row_subject(triples_map, parent, ref)


def _same_row_subject(child: TriplesMap, parent: TriplesMap, ref: RefObjectMap) -> TermMap:
    if child.source != parent.source:
        raise MappingError(
            f"{parent.iri} reads another source; a reference to it needs a join condition",
            message_zh=f"{parent.iri} 读取另一数据源；引用它需要连接条件",
            location=ref.location,
        )
    return parent.subject


def _keys(triples_map: TriplesMap, mapping: Mapping) -> Iterator[Expression]:
    for ref in ref_objects(triples_map):
        yield from (join.child for join in ref.joins)
    for other in mapping.triples_maps:
        for ref in ref_objects(other):
            if ref.parent_triples_map == triples_map.iri:
                yield from (join.parent for join in ref.joins)


def _expressions(term_map: TermMap) -> Iterator[Expression]:
    yield term_map.expression
    if term_map.language is not None:
        yield term_map.language
    if term_map.datatype_map is not None:
        yield term_map.datatype_map.expression

"""What has to be computed for a triples map: its own terms, and the keys by which others join it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import MappingError
from emkg.mapping.expression import references
from emkg.mapping.fault import unknown_name
from emkg.mapping.model import RefObjectMap, TermMap, TriplesMap, expressions_of, term_maps_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emkg.mapping.model import Expression, Gather
    from emkg.mapping.model import Mapping as MappingFile


@dataclass(frozen=True)
class Demand:
    """The term maps and join keys to evaluate over one triples map's source, each once.

    `rescuers` tells of each reference by which subjects other triples maps of the same source use it too: the
    references of each such subject.
    """

    triples_map: TriplesMap
    term_maps: tuple[TermMap, ...]
    keys: tuple[Expression, ...]
    rescuers: Mapping[str, tuple[tuple[str, ...], ...]]
    same_row_subjects: Mapping[str, TermMap]

    @property
    def gather_maps(self) -> tuple[tuple[TermMap, Gather], ...]:
        """The term maps that gather, each after those that it gathers."""
        return tuple(
            (term_map, term_map.gather) for term_map in self.term_maps if term_map.gather is not None
        )

    @property
    def own_references(self) -> tuple[str, ...]:
        """Every reference that the terms and keys are made of, once."""
        of_terms = (text for term_map in self.term_maps for text in _references(term_map))
        return tuple(dict.fromkeys((*of_terms, *(text for key in self.keys for text in references(key)))))

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference to read from the source, once."""
        subjects = (
            text for own in self.own_references for keys in self.rescuers.get(own, ()) for text in keys
        )
        return tuple(dict.fromkeys((*self.own_references, *subjects)))


def demand_of(triples_map: TriplesMap, mapping: MappingFile) -> Demand:
    """What this triples map's source must give for the whole mapping to run.

    Raises:
        MappingError: A parent triples map is not there, or shares no source with a child that does not join it.
    """
    term_maps = tuple(dict.fromkeys(_term_maps(triples_map, mapping)))
    keys = tuple(dict.fromkeys(_keys(triples_map, mapping)))
    subjects = {ref.parent_triples_map: find_parent(ref, mapping).subject for ref in _same_row(triples_map)}
    return Demand(triples_map, term_maps, keys, _rescuers(triples_map, mapping), subjects)


def _rescuers(triples_map: TriplesMap, mapping: MappingFile) -> dict[str, tuple[tuple[str, ...], ...]]:
    rescuers: dict[str, tuple[tuple[str, ...], ...]] = {}
    for other in mapping.triples_maps:
        if other.iri == triples_map.iri or other.source != triples_map.source:
            continue
        subject = tuple(dict.fromkeys(references(other.subject.expression)))
        used = {text for term_map in _term_maps(other, mapping) for text in _references(term_map)}
        for text in used:
            rescuers[text] = (*rescuers.get(text, ()), subject)
    return rescuers


def find_parent(ref: RefObjectMap, mapping: MappingFile) -> TriplesMap:
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


def _term_maps(triples_map: TriplesMap, mapping: MappingFile) -> Iterator[TermMap]:
    """The triples map's own, and the subjects of the same row that it refers to; each after those that it gathers."""
    for ref in _same_row(triples_map):
        yield _same_row_subject(triples_map, find_parent(ref, mapping), ref)
    yield from term_maps_of(triples_map)


def _same_row(triples_map: TriplesMap) -> Iterator[RefObjectMap]:
    """Every reference without a join, those that are gathered too."""
    yield from (ref for ref in ref_objects(triples_map) if not ref.joins)
    for term_map in term_maps_of(triples_map):
        for item in term_map.gather.items if term_map.gather else ():
            if isinstance(item, RefObjectMap):
                yield item


def _same_row_subject(child: TriplesMap, parent: TriplesMap, ref: RefObjectMap) -> TermMap:
    if child.source != parent.source:
        raise MappingError(
            f"{parent.iri} reads another source; a reference to it needs a join condition",
            message_zh=f"{parent.iri} 读取另一数据源；引用它需要连接条件",
            location=ref.location,
        )
    return parent.subject


def _keys(triples_map: TriplesMap, mapping: MappingFile) -> Iterator[Expression]:
    for ref in ref_objects(triples_map):
        yield from (join.child for join in ref.joins)
    for other in mapping.triples_maps:
        for ref in ref_objects(other):
            if ref.parent_triples_map == triples_map.iri:
                yield from (join.parent for join in ref.joins)


def _references(term_map: TermMap) -> Iterator[str]:
    for expression in expressions_of(term_map):
        yield from references(expression)

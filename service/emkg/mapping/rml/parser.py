"""RML in Turtle (https://w3id.org/rml/core/spec) to the mapping model; earlier vocabularies are translated into it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from emkg.errors import Location, MappingError
from emkg.mapping.fault import unknown_name
from emkg.mapping.model import Mapping, PredicateObjectMap, RefObjectMap, TermMap, TriplesMap
from emkg.mapping.rml.gather import in_graphs, with_gather
from emkg.mapping.rml.graph import read_graph
from emkg.mapping.rml.legacy import with_legacy
from emkg.mapping.rml.logical_view import parse_logical_source
from emkg.mapping.rml.r2rml import with_r2rml
from emkg.mapping.rml.term import (
    GRAPH,
    OBJECT,
    PREDICATE,
    SUBJECT,
    Position,
    constant_map,
    join_condition,
    term_map,
)
from emkg.rdf import Literal
from emkg.vocabulary import MAPPING

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping.rml.graph import Graph, Resource

_TRIPLES_MAP = ("logicalSource", "subjectMap", "subject", "predicateObjectMap", "baseIRI")
_PREDICATE_OBJECT = ("predicate", "predicateMap", "object", "objectMap", "graph", "graphMap")
_REFERENCE = ("parentTriplesMap", "joinCondition")


def parse_rml(path: Path, *, data_root: Path | None = None) -> Mapping:
    """Read one document of RML, of RML's earlier vocabulary, or of R2RML.

    Relative IRIs of the document are resolved against `vocabulary.MAPPING` and the file's name, so that
    `<#school>` is the same triples map as the mapping `school` of a YARRRML file of that name.

    Raises:
        MappingError: Anything that is not understood; nothing is skipped.
    """
    graph = with_r2rml(with_legacy(read_graph(path, MAPPING + quote(path.stem))))
    nodes = [each for each in graph.resources() if _is_triples_map(each)]
    if not nodes:
        raise _nothing_found(graph)
    names = {each.term.value for each in nodes}
    return Mapping(str(path), tuple(_triples_map(node, names, data_root) for node in nodes))


def _is_triples_map(node: Resource) -> bool:
    return node.has_type("TriplesMap") or any(node.all(name) for name in ("logicalSource", "subjectMap"))


def _nothing_found(graph: Graph) -> MappingError:
    return MappingError(
        "the document has no rml:TriplesMap",
        message_zh="文档中没有 rml:TriplesMap（词汇 http://w3id.org/rml/）",
        location=Location(str(graph.path), 1, 1),
    )


def _triples_map(node: Resource, names: set[str], data_root: Path | None) -> TriplesMap:
    node.check_properties("a triples map", _TRIPLES_MAP)
    source = node.one("logicalSource")
    if source is None:
        raise node.fault("the triples map has no rml:logicalSource", "三元组映射缺少 rml:logicalSource")
    base = node.one("baseIRI")
    subject_node, subject = _subject(node, names)
    return TriplesMap(
        iri=node.term.value,
        source=parse_logical_source(source, data_root),
        subject=subject,
        classes=tuple(each.iri("rml:class") for each in subject_node.all("class")) if subject_node else (),
        graphs=_maps(subject_node, "graph", GRAPH) if subject_node else (),
        predicate_objects=tuple(
            one
            for each in node.all("predicateObjectMap")
            for one in in_graphs(_predicate_object(each, names))
        ),
        location=node.location,
        base=base.term.value if base else None,
    )


def _subject(node: Resource, names: set[str]) -> tuple[Resource | None, TermMap]:
    constants, maps = node.all("subject"), node.all("subjectMap")
    if len(constants) + len(maps) != 1:
        count = len(constants) + len(maps) or "no"
        raise node.fault(
            f"the triples map has {count} subject maps, and one is needed", "三元组映射须有且只有一个主语映射"
        )
    if constants:
        return None, constant_map(constants[0], SUBJECT)
    made = term_map(maps[0], SUBJECT)
    return maps[0], with_gather(maps[0], made, lambda item: _object(item, names))


def _maps(node: Resource, name: str, position: Position) -> tuple[TermMap, ...]:
    shortcuts = tuple(constant_map(each, position) for each in node.all(name))
    return shortcuts + tuple(term_map(each, position) for each in node.all(f"{name}Map"))


def _predicate_object(node: Resource, names: set[str]) -> PredicateObjectMap:
    node.check_properties("a predicate-object map", _PREDICATE_OBJECT)
    predicates = _maps(node, "predicate", PREDICATE)
    shortcuts = tuple(constant_map(each, OBJECT) for each in node.all("object"))
    objects = shortcuts + tuple(_object(each, names) for each in node.all("objectMap"))
    for name, found in (("predicate", predicates), ("object", objects)):
        if not found:
            raise node.fault(
                f"the predicate-object map has no rml:{name} or rml:{name}Map", f"缺少 rml:{name}"
            )
    return PredicateObjectMap(predicates, objects, _maps(node, "graph", GRAPH), node.location)


def _object(node: Resource, names: set[str]) -> TermMap | RefObjectMap:
    parents = node.all("parentTriplesMap")
    if not parents:
        return with_gather(node, term_map(node, OBJECT), lambda item: _object(item, names))
    node.check_properties("a referencing object map", _REFERENCE)
    parent = node.one("parentTriplesMap")
    if parent is None or isinstance(parent.term, Literal) or parent.term.value not in names:
        name = parents[0].term.value
        raise unknown_name(node.location, "triples map of this document", "本文档中的三元组映射", name, names)
    joins = tuple(join_condition(each) for each in node.all("joinCondition"))
    return RefObjectMap(parent.term.value, joins, node.location)

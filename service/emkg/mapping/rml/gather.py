"""Gather maps of RML (https://w3id.org/rml/cc/spec): term maps that name lists and containers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from emkg.mapping.fault import unknown_name
from emkg.mapping.model import CollectionKind, Gather, PredicateObjectMap, RowKey, TermMap, TermType
from emkg.mapping.rml.term import GATHER
from emkg.rdf import IRI
from emkg.vocabulary import RDF, RML

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emkg.mapping.model import RefObjectMap
    from emkg.mapping.rml.graph import Resource

_T = TypeVar("_T")
_KINDS: Final = {kind.value: kind for kind in CollectionKind}
_STRATEGIES: Final = {RML + "append": False, RML + "cartesianProduct": True}


def with_gather(
    node: Resource, made: TermMap, read_item: Callable[[Resource], TermMap | RefObjectMap]
) -> TermMap:
    """The term map with what its node says is gathered.

    Raises:
        MappingError: A gather map is incomplete, names a literal, or gathers what cannot be gathered.
    """
    if not any(node.all(name) for name in GATHER):
        return made
    gather, kind = node.one("gather"), node.one("gatherAs")
    if gather is None or kind is None:
        raise node.fault(
            "a gather map needs rml:gather and rml:gatherAs", "聚集映射需要 rml:gather 与 rml:gatherAs"
        )
    if made.term_type is TermType.LITERAL:
        raise node.fault("a collection's name is an IRI or a blank node", "集合的名称应为 IRI 或空白节点")
    return replace(
        made,
        gather=Gather(
            items=_items(gather, read_item),
            kind=_named(kind, "collection or container", "集合或容器", _KINDS),
            is_product=_is_product(node.one("strategy")),
            allows_empty=_is_true(node.one("allowEmptyListAndContainer")),
            is_fresh=isinstance(made.expression, RowKey),
            scope=f"{node.graph.path.stem}-{node.location.line}-{node.location.column}",
        ),
    )


def in_graphs(made: PredicateObjectMap) -> Iterator[PredicateObjectMap]:
    """One for each graph where it gathers, because a blank node names another collection in each."""
    if not any(isinstance(item, TermMap) and item.gather for item in made.objects) or not made.graphs:
        yield made
        return
    for graph in made.graphs:
        yield replace(made, graphs=(graph,), objects=tuple(_in_graph(item, graph) for item in made.objects))


def _in_graph(item: TermMap | RefObjectMap, graph: TermMap) -> TermMap | RefObjectMap:
    if not isinstance(item, TermMap) or item.gather is None:
        return item
    items = tuple(_in_graph(one, graph) for one in item.gather.items)
    return replace(item, gather=replace(item.gather, items=items, graph=graph))


def _items(
    gather: Resource, read_item: Callable[[Resource], TermMap | RefObjectMap]
) -> tuple[TermMap | RefObjectMap, ...]:
    found: list[TermMap | RefObjectMap] = []
    for item in _members(gather):
        made = read_item(item)
        if not isinstance(made, TermMap) and made.joins:
            raise item.fault(
                "a referencing object map within rml:gather has no join condition: gather the keys instead",
                "rml:gather 中的引用宾语映射不能带连接条件",
            )
        found.append(made)
    if not found:
        raise gather.fault("rml:gather is an empty list", "rml:gather 为空列表")
    return tuple(found)


def _members(gather: Resource) -> Iterator[Resource]:
    node: Resource | None = gather
    while node is not None and node.term != IRI(RDF + "nil"):
        first = node.one(RDF + "first")
        if first is None:
            raise gather.fault("rml:gather must be a list ( … )", "rml:gather 应为列表 ( … )")
        yield first
        node = node.one(RDF + "rest")


def _is_product(strategy: Resource | None) -> bool:
    return strategy is not None and _named(strategy, "strategy", "策略", _STRATEGIES)


def _is_true(stated: Resource | None) -> bool:
    return stated is not None and stated.text("rml:allowEmptyListAndContainer") in {"true", "1"}


def _named(node: Resource, what: str, what_zh: str, known: dict[str, _T]) -> _T:
    iri = node.iri(f"the {what}")
    if iri not in known:
        raise unknown_name(node.location, what, what_zh, iri, known)
    return known[iri]

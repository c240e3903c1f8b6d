"""SHACL property paths: from their RDF form to SPARQL's syntax, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

if TYPE_CHECKING:
    from rdflib.term import Node

_SUFFIXES = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_PREDICATES = {suffix: predicate for predicate, suffix in _SUFFIXES.items()}
_TOKEN = re.compile(r"<[^>]*>|[()/|^*+?]")


def path_text(graph: rdflib.Graph, node: Node) -> str:
    """The path in SPARQL's syntax with full IRIs; compound parts in parentheses."""
    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    inverse = graph.value(node, SH.inversePath)
    if inverse is not None:
        return "^" + _part(graph, inverse)
    alternative = graph.value(node, SH.alternativePath)
    if alternative is not None:
        return "|".join(_part(graph, item) for item in Collection(graph, alternative))
    for predicate, suffix in _SUFFIXES.items():
        inner = graph.value(node, predicate)
        if inner is not None:
            return _part(graph, inner) + suffix
    return "/".join(_part(graph, item) for item in Collection(graph, node))


def _part(graph: rdflib.Graph, node: Node) -> str:
    text = path_text(graph, node)
    return text if isinstance(node, rdflib.URIRef) else f"({text})"


def add_path(graph: rdflib.Graph, text: str) -> Node:
    """The node of a path written by `path_text`, its structure added to the graph."""
    node, rest = _alternatives(graph, _TOKEN.findall(text))
    if rest:
        raise ValueError(f"{text} is not a property path: {''.join(rest)} is left over")
    return node


def _alternatives(graph: rdflib.Graph, tokens: list[str]) -> tuple[Node, list[str]]:
    items, tokens = _separated(graph, tokens, "|")
    if len(items) == 1:
        return items[0], tokens
    node = rdflib.BNode()
    graph.add((node, SH.alternativePath, _list(graph, items)))
    return node, tokens


def _separated(graph: rdflib.Graph, tokens: list[str], separator: str) -> tuple[list[Node], list[str]]:
    read = _sequence if separator == "|" else _step
    item, tokens = read(graph, tokens)
    items = [item]
    while tokens and tokens[0] == separator:
        item, tokens = read(graph, tokens[1:])
        items.append(item)
    return items, tokens


def _sequence(graph: rdflib.Graph, tokens: list[str]) -> tuple[Node, list[str]]:
    items, tokens = _separated(graph, tokens, "/")
    return (items[0] if len(items) == 1 else _list(graph, items)), tokens


def _step(graph: rdflib.Graph, tokens: list[str]) -> tuple[Node, list[str]]:
    if not tokens:
        raise ValueError("a property path ends too early")
    first, rest = tokens[0], tokens[1:]
    if first == "^":
        inner, rest = _step(graph, rest)
        return _wrapped(graph, SH.inversePath, inner), rest
    if first == "(":
        node, rest = _alternatives(graph, rest)
        rest = rest[1:]  # the closing parenthesis
    else:
        node = rdflib.URIRef(first[1:-1])
    if rest and rest[0] in _PREDICATES:
        return _wrapped(graph, _PREDICATES[rest[0]], node), rest[1:]
    return node, rest


def _wrapped(graph: rdflib.Graph, predicate: rdflib.URIRef, inner: Node) -> Node:
    node = rdflib.BNode()
    graph.add((node, predicate, inner))
    return node


def _list(graph: rdflib.Graph, items: list[Node]) -> Node:
    head = rdflib.BNode()
    Collection(graph, head, items)
    return head if items else RDF.nil

"""EMKG's terms to rdflib's and back, lexical forms as written; rdflib stays inside this package."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import rdflib

from emkg.rdf import IRI, XSD_STRING, BlankNode, Literal, Quad, Subject, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib.term import Node

Statement = tuple[Term, Term, Term]


def to_graph(statements: Iterable[Statement]) -> rdflib.Graph:
    """A new in-memory graph of the statements; equal terms are converted once."""
    graph = rdflib.Graph(bind_namespaces="none")
    add = graph.store.add
    known: dict[Term, Node] = {}

    def node(term: Term) -> Node:
        found = known.get(term)
        if found is None:
            found = known[term] = to_node(term)
        return found

    for subject, predicate, value in statements:
        add((node(subject), node(predicate), node(value)), graph)
    return graph


def triples(quads: Iterable[Quad]) -> Iterator[Statement]:
    """The quads without their graphs."""
    return ((quad.subject, quad.predicate, quad.object) for quad in quads)


def to_node(term: Term) -> Node:
    """The term for rdflib; an xsd:string goes without its datatype, or pySHACL tells the two apart."""
    return _WRITERS[type(term)](term)


def to_term(node: Node) -> Term:
    """The term of an rdflib node."""
    if isinstance(node, rdflib.Literal):
        return Literal(str(node), str(node.datatype or XSD_STRING)) if not node.language else _tagged(node)
    return to_resource(node)


def to_resource(node: Node) -> Subject:
    """The IRI or blank node of an rdflib node."""
    return BlankNode(str(node)) if isinstance(node, rdflib.BNode) else IRI(str(node))


def _tagged(node: rdflib.Literal) -> Literal:
    return Literal(str(node), "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", str(node.language))


def _literal(term: Literal) -> Node:
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype == XSD_STRING:
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype), normalize=False)


_WRITERS: dict[type, Callable[..., Node]] = {
    IRI: lambda term: rdflib.URIRef(term.value),
    BlankNode: lambda term: rdflib.BNode(term.value),
    Literal: _literal,
}


@contextmanager
def quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from logging every ill-typed literal: finding those is what a validation is for."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before

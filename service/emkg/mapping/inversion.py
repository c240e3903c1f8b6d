"""Which parts of a mapping can make a statement at all, and with which keys; judged without reading a source."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from emkg.mapping.demand import find_parent
from emkg.mapping.model import Constant, RefObjectMap, Template, TermMap, TermType
from emkg.mapping.template import invert, is_invertible
from emkg.rdf import IRI, BlankNode, Literal
from emkg.vocabulary import RDF, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.model import PredicateObjectMap, TriplesMap
    from emkg.rdf import Term, Triple

_KINDS: Final[dict[TermType, type[Term]]] = {
    TermType.IRI: IRI,
    TermType.URI: IRI,
    TermType.UNSAFE_IRI: IRI,
    TermType.BLANK_NODE: BlankNode,
    TermType.LITERAL: Literal,
}


def invert_term(term_map: TermMap, term: Term, base: str) -> dict[str, str] | None:
    """The cell texts that the term needs; empty where none is known for sure, None where the map cannot make it."""
    expression = term_map.expression
    if isinstance(expression, Constant) and term_map.is_constant:
        # a blank node's label is changed by the run, so only its kind can be compared
        same = (
            isinstance(term, BlankNode) if isinstance(expression.term, BlankNode) else expression.term == term
        )
        return {} if same else None
    if not isinstance(term, _KINDS[term_map.term_type]):
        return None
    if (
        not isinstance(expression, Template)
        or term_map.term_type is not TermType.IRI
        or not is_invertible(expression)
    ):
        return {}
    values = invert(expression, term.value)
    if values is None and term.value.startswith(base):
        values = invert(expression, term.value.removeprefix(base))
    return values


def narrowed(
    triples_map: TriplesMap, statements: Sequence[Triple], mapping: MappingFile, base: str
) -> TriplesMap:
    """The triples map with only those classes and predicate-object maps that can make one of the statements.

    The subject stays as it is, with the collections that it may name.
    """
    types = {statement.object for statement in statements if statement.predicate.value == RDF_TYPE}
    classes = tuple(name for name in triples_map.classes if IRI(name) in types)
    kept = (
        _narrowed_objects(predicate_object, statements, mapping, base)
        for predicate_object in triples_map.predicate_objects
    )
    return replace(triples_map, classes=classes, predicate_objects=tuple(one for one in kept if one.objects))


def _narrowed_objects(
    predicate_object: PredicateObjectMap, statements: Sequence[Triple], mapping: MappingFile, base: str
) -> PredicateObjectMap:
    able = [
        statement
        for statement in statements
        if any(_makes(predicate, statement.predicate, base) for predicate in predicate_object.predicates)
    ]
    objects = tuple(
        item
        for item in predicate_object.objects
        if (_gathers(item) and any(map(is_of_collection, statements)))
        or any(
            _makes(_term_map_of(item, mapping), statement.object, _base_of(item, mapping, base))
            for statement in able
        )
    )
    return replace(predicate_object, objects=objects)


def is_of_collection(statement: Triple) -> bool:
    """Whether it can be a statement of a collection's own, whose subject says nothing of the row."""
    name = statement.predicate.value.removeprefix(RDF)
    return name in {"first", "rest", "type"} or re.fullmatch("_[1-9][0-9]*", name) is not None


def makes_collections(triples_map: TriplesMap) -> bool:
    """Whether its subject or an object names collections."""
    objects = (item for one in triples_map.predicate_objects for item in one.objects)
    return any(map(_gathers, (triples_map.subject, *objects)))


def _gathers(item: TermMap | RefObjectMap) -> bool:
    return isinstance(item, TermMap) and item.gather is not None


def _makes(term_map: TermMap, term: Term, base: str) -> bool:
    return invert_term(term_map, term, base) is not None


def _term_map_of(item: TermMap | RefObjectMap, mapping: MappingFile) -> TermMap:
    return find_parent(item, mapping).subject if isinstance(item, RefObjectMap) else item


def _base_of(item: TermMap | RefObjectMap, mapping: MappingFile, base: str) -> str:
    return (find_parent(item, mapping).base or base) if isinstance(item, RefObjectMap) else base

"""Term maps as expressions that give N-Triples texts, and the values that fit no term as faults."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, assert_never

import ibis

from emkg.errors import MappingError
from emkg.mapping.encode import label_safe, uri_safe
from emkg.mapping.literal import make_literal
from emkg.mapping.model import Constant, Template, TermMap, TermType
from emkg.mapping.value import Site, Value, withhold
from emkg.rdf import BlankNode, Term

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from emkg.mapping.expression import Scope
    from emkg.mapping.ingredient import Ingredients
    from emkg.mapping.model import TriplesMap

ABSOLUTE_IRI: Final = r"^[A-Za-z][A-Za-z0-9+.-]*:"
_NO_IRI: Final = r'[\x00-\x20<>"{}|\\^`]'


@dataclass(frozen=True)
class TermContext:
    """What terms need beside their map: the base of relative IRIs, what keeps two datasets' blank nodes apart."""

    base: str
    label_prefix: str


def context_of(triples_map: TriplesMap, dataset: str, base: str) -> TermContext:
    """The context of a triples map's terms in a run of the dataset."""
    return TermContext(triples_map.base or base, f"b{zlib.crc32(dataset.encode()):08x}")


def constant_term(term: Term, context: TermContext) -> str:
    """A constant's N-Triples text; its blank nodes are the dataset's own."""
    return str(BlankNode(context.label_prefix + term.value) if isinstance(term, BlankNode) else term)


def make_term(term_map: TermMap, ingredients: Ingredients, scope: Scope, context: TermContext) -> Value:
    """The terms' N-Triples texts, NULL where there is none, with the faults that withheld one."""
    match term_map.term_type:
        case TermType.IRI | TermType.URI | TermType.UNSAFE_IRI:
            return _iri(term_map, ingredients.text, context)
        case TermType.BLANK_NODE:
            start = ibis.literal("_:" + context.label_prefix)
            is_safe = isinstance(term_map.expression, Constant)
            return withhold(
                lambda label: start + (label if is_safe else label_safe(label)), [ingredients.text]
            )
        case TermType.LITERAL:
            return _literal(term_map, ingredients, scope, context)
        case _:
            assert_never(term_map.term_type)


def _literal(term_map: TermMap, ingredients: Ingredients, scope: Scope, context: TermContext) -> Value:
    if term_map.datatype_map is None or ingredients.datatype is None:
        return make_literal(term_map, ingredients, scope)
    datatype = _iri(term_map.datatype_map, ingredients.datatype, context)
    made = make_literal(term_map, replace(ingredients, datatype=datatype), scope)
    return replace(made, faults=(*made.faults, *datatype.faults))


def _iri(term_map: TermMap, text: Value, context: TermContext) -> Value:
    if _is_always_absolute(term_map):
        return withhold(lambda iri: "<" + iri + ">", [text])
    base = ibis.literal(context.base)

    def resolve(iri: ir.StringValue) -> ir.StringValue:
        absolute = ibis.ifelse(iri.re_search(ABSOLUTE_IRI), iri, base + iri)
        return uri_safe(absolute) if term_map.term_type is TermType.URI else absolute

    site = Site("bad-iri", text.column, "IRI", term_map.location)
    return withhold(
        lambda iri: "<" + resolve(iri) + ">", [text], (site, 0, lambda iri: resolve(iri).re_search(_NO_IRI))
    )


def _is_always_absolute(term_map: TermMap) -> bool:
    """A template that begins with a scheme, its values encoded, needs no look at its rows."""
    expression = term_map.expression
    if not isinstance(expression, Template) or term_map.term_type is not TermType.IRI:
        return False
    fixed = [part for part in expression.parts if isinstance(part, str)]
    if any(re.search(_NO_IRI, part) for part in fixed):
        raise MappingError(
            'the template makes no IRI: its fixed text holds a space or one of <>"{}|\\^`',
            message_zh='模板无法生成 IRI：固定文本中含有空格或 <>"{}|\\^` 之一',
            location=term_map.location,
        )
    first = expression.parts[0]
    return isinstance(first, str) and bool(re.search(ABSOLUTE_IRI, first))

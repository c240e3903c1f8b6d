"""Term maps as expressions that give N-Triples texts, and the values that fit no term as faults."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

import ibis

from emkg.errors import MappingError
from emkg.mapping.datatype import LANGUAGE_TAG, is_ill_typed, lexical_space
from emkg.mapping.encode import escape, label_safe
from emkg.mapping.expression import evaluate
from emkg.mapping.model import Constant, Reference, Template, TermMap, TermType
from emkg.mapping.natural import canonical, canonical_by_row
from emkg.mapping.value import Site, Value, fault, is_many, lift
from emkg.rdf import XSD_STRING, BlankNode, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import ibis.expr.types as ir

    from emkg.mapping.expression import Scope

ABSOLUTE_IRI: Final = r"^[A-Za-z][A-Za-z0-9+.-]*:"
_NO_IRI: Final = r'[\x00-\x20<>"{}|\\^`]'


@dataclass(frozen=True)
class TermContext:
    """What terms need beside their map: the base of relative IRIs, and what keeps blank nodes of two datasets apart."""

    base: str
    label_prefix: str


@dataclass(frozen=True)
class Ingredients:
    """What a term is made of: its text, and a language tag or a natural datatype that the data gives."""

    text: Value
    language: Value | None = None
    datatype: Value | None = None


def constant_term(term: Term, context: TermContext) -> str:
    """A constant's N-Triples text; its blank nodes are the dataset's own."""
    return str(BlankNode(context.label_prefix + term.value) if isinstance(term, BlankNode) else term)


def gather(term_map: TermMap, scope: Scope) -> Ingredients:
    """The term map's ingredients over the source's columns."""
    is_safe = term_map.term_type is TermType.IRI
    text = evaluate(term_map.expression, scope, encode=is_safe)
    if term_map.term_type is not TermType.LITERAL:
        return Ingredients(text)
    if term_map.language is not None and not isinstance(term_map.language, Constant):
        return Ingredients(text, language=evaluate(term_map.language, scope))
    return _with_natural_datatype(term_map, text, scope)


def _with_natural_datatype(term_map: TermMap, text: Value, scope: Scope) -> Ingredients:
    """The natural datatype travels beside the text; where both are arrays, zipped with it."""
    column = _natural_column(term_map, scope)
    if column is None:
        return Ingredients(text)
    if not text.many:
        return Ingredients(text, datatype=Value(column))
    pairs = text.expr.zip(column)
    return Ingredients(Value(pairs, many=True, column=text.column))


def _natural_column(term_map: TermMap, scope: Scope) -> ir.Value | None:
    expression = term_map.expression
    if term_map.datatype or term_map.language or not isinstance(expression, Reference):
        return None
    name = scope.relation.type_columns.get(expression.text)
    return None if name is None else scope.table[name]


def make_term(term_map: TermMap, ingredients: Ingredients, scope: Scope, context: TermContext) -> Value:
    """The terms' N-Triples texts, NULL where there is none, with the faults that withheld one."""
    match term_map.term_type:
        case TermType.IRI | TermType.UNSAFE_IRI:
            return _iri(term_map, ingredients.text, context)
        case TermType.BLANK_NODE:
            text = ingredients.text
            return _made(lambda label: "_:" + ibis.literal(context.label_prefix) + label_safe(label), [text])
        case TermType.LITERAL:
            return _literal(term_map, ingredients, scope)
        case _:
            assert_never(term_map.term_type)


def _made(
    build: Callable[..., ir.Value],
    arguments: Sequence[Value],
    *faults: tuple[Site, int, Callable[..., ir.Value]],
) -> Value:
    """The terms that `build` gives except where a fault's test holds."""

    def term(*values: ir.Value) -> ir.Value:
        result = build(*values)
        for _, _, is_bad in faults:
            result = ibis.ifelse(is_bad(*values), ibis.null("string"), result)
        return result

    return Value(
        lift(term, arguments),
        many=is_many(arguments),
        faults=tuple(fault(site, arguments, culprit, is_bad) for site, culprit, is_bad in faults),
    )


def _iri(term_map: TermMap, text: Value, context: TermContext) -> Value:
    if _is_always_absolute(term_map):
        return _made(lambda iri: "<" + iri + ">", [text])
    base = ibis.literal(context.base)

    def resolve(iri: ir.StringValue) -> ir.StringValue:
        return ibis.ifelse(iri.re_search(ABSOLUTE_IRI), iri, base + iri)

    site = Site("bad-iri", text.column, "IRI", term_map.location)
    return _made(
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
    return isinstance(expression.parts[0], str) and bool(re.search(ABSOLUTE_IRI, expression.parts[0]))


def _literal(term_map: TermMap, ingredients: Ingredients, scope: Scope) -> Value:
    text = ingredients.text
    if ingredients.language is not None:
        return _language_literal(term_map, text, ingredients.language)
    if isinstance(term_map.language, Constant):
        return _made(_quoted(f"@{_checked_tag(term_map, term_map.language.term.value)}"), [text])
    if term_map.datatype is not None:
        return _typed_literal(term_map, text, term_map.datatype)
    if ingredients.datatype is not None:
        return _made(_natural, [text, ingredients.datatype])
    if _natural_column(term_map, scope) is not None:
        return _made(lambda pair: _natural(pair["f1"], pair["f2"]), [text])
    reference = term_map.expression.text if isinstance(term_map.expression, Reference) else ""
    datatype = scope.relation.datatypes.get(reference, XSD_STRING)
    return _made(lambda value: _quoted(_suffix(datatype))(canonical(value, datatype)), [text])


def _language_literal(term_map: TermMap, text: Value, language: Value) -> Value:
    site = Site("bad-language-tag", language.column, "BCP 47", term_map.location)
    return _made(
        lambda value, tag: '"' + escape(value) + '"@' + tag,
        [text, language],
        (site, 1, lambda _, tag: ~tag.re_search(LANGUAGE_TAG)),
    )


def _checked_tag(term_map: TermMap, tag: str) -> str:
    if not re.search(LANGUAGE_TAG, tag):
        raise MappingError(
            f"{tag!r} is no language tag (BCP 47), such as zh, en or zh-Hans",
            message_zh=f"“{tag}”不是语言标签（BCP 47），例如 zh、en、zh-Hans",
            location=term_map.location,
        )
    return tag


def _typed_literal(term_map: TermMap, text: Value, datatype: str) -> Value:
    space = lexical_space(datatype)
    build = _quoted(_suffix(datatype))
    if space is None:
        return _made(build, [text])
    site = Site("bad-lexical-form", text.column, datatype, term_map.location)
    return _made(build, [text], (site, 0, lambda value: is_ill_typed(value, space)))


def _natural(text: ir.StringValue, datatype: ir.StringValue) -> ir.StringValue:
    suffix = ibis.ifelse(datatype.isnull() | (datatype == XSD_STRING), "", "^^<" + datatype + ">")
    return '"' + escape(canonical_by_row(text, datatype)) + '"' + suffix


def _quoted(suffix: str) -> Callable[[ir.Value], ir.Value]:
    end = ibis.literal('"' + suffix)
    return lambda value: '"' + escape(value) + end


def _suffix(datatype: str) -> str:
    return "" if datatype == XSD_STRING else f"^^<{datatype}>"

"""Literals: quotes, escapes, a suffix for language or datatype, and the lexical checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ibis

from emkg.errors import MappingError
from emkg.mapping.call import natural_datatype
from emkg.mapping.datatype import LANGUAGE_TAG, is_ill_typed, is_ill_typed_by_row, lexical_space
from emkg.mapping.encode import escape
from emkg.mapping.ingredient import natural_column
from emkg.mapping.model import Constant, Reference
from emkg.mapping.natural import canonical, canonical_by_row
from emkg.mapping.value import Site, Value, withhold
from emkg.rdf import XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

    from emkg.mapping.expression import Scope
    from emkg.mapping.ingredient import Ingredients
    from emkg.mapping.model import TermMap


def make_literal(term_map: TermMap, ingredients: Ingredients, scope: Scope) -> Value:
    """The literals' N-Triples texts; `ingredients.datatype` holds IRIs in angle brackets."""
    text = ingredients.text
    if ingredients.language is not None:
        return _language_by_row(term_map, text, ingredients.language)
    if ingredients.datatype is not None:
        return _datatype_by_row(term_map, text, ingredients.datatype)
    if ingredients.natural is not None:
        return withhold(_natural_by_row, [text, ingredients.natural])
    if natural_column(term_map, scope) is not None:
        return withhold(lambda pair: _natural_by_row(pair["f1"], pair["f2"]), [text])
    return _fixed(term_map, text, scope)


def _fixed(term_map: TermMap, text: Value, scope: Scope) -> Value:
    """The same language or datatype on every row."""
    if isinstance(term_map.language, Constant):
        return withhold(_quoted(f"@{_checked_tag(term_map, term_map.language.term.value)}"), [text])
    if term_map.datatype is None:
        reference = term_map.expression.text if isinstance(term_map.expression, Reference) else ""
        natural = natural_datatype(term_map.expression)
        datatype = natural or scope.relation.datatypes.get(reference, XSD_STRING)
        return _natural(term_map, text, datatype)
    space = lexical_space(term_map.datatype)
    build = _quoted(_suffix(term_map.datatype), is_plain=space is not None and space.is_plain)
    if space is None:
        return withhold(build, [text])
    site = Site("bad-lexical-form", text.column, term_map.datatype, term_map.location)
    return withhold(build, [text], (site, 0, lambda value: is_ill_typed(value, space)))


def _natural(term_map: TermMap, text: Value, datatype: str) -> Value:
    """By the source's own type for the column; SQLite keeps any value in a column of any type."""
    space = lexical_space(datatype)
    quote = _quoted(_suffix(datatype), is_plain=space is not None and space.is_plain)

    def build(value: ir.StringValue) -> ir.StringValue:
        return quote(canonical(value, datatype))

    if space is None:
        return withhold(build, [text])
    site = Site("bad-lexical-form", text.column, datatype, term_map.location)
    return withhold(build, [text], (site, 0, lambda value: is_ill_typed(canonical(value, datatype), space)))


def _language_by_row(term_map: TermMap, text: Value, language: Value) -> Value:
    site = Site("bad-language-tag", language.column, "BCP 47", term_map.location)
    return withhold(
        lambda value, tag: '"' + escape(value) + '"@' + tag,
        [text, language],
        (site, 1, lambda _, tag: ~tag.re_search(LANGUAGE_TAG)),
    )


def _datatype_by_row(term_map: TermMap, text: Value, datatype: Value) -> Value:
    site = Site("bad-lexical-form", text.column, "the datatype given for it", term_map.location)

    def build(value: ir.StringValue, iri: ir.StringValue) -> ir.StringValue:
        return '"' + escape(value) + '"' + ibis.ifelse(iri == f"<{XSD_STRING}>", "", "^^" + iri)

    return withhold(build, [text, datatype], (site, 0, is_ill_typed_by_row))


def _natural_by_row(text: ir.StringValue, datatype: ir.StringValue) -> ir.StringValue:
    is_plain = datatype.isnull() | (datatype == XSD_STRING)
    return (
        '"'
        + escape(canonical_by_row(text, datatype))
        + '"'
        + ibis.ifelse(is_plain, "", "^^<" + datatype + ">")
    )


def _quoted(suffix: str, *, is_plain: bool = False) -> Callable[[ir.Value], ir.Value]:
    """What puts quotes around a value, and the suffix; a plain one holds nothing to escape."""
    end = ibis.literal('"' + suffix)
    return lambda value: '"' + (value if is_plain else escape(value)) + end


def _suffix(datatype: str) -> str:
    return "" if datatype == XSD_STRING else f"^^<{datatype}>"


def _checked_tag(term_map: TermMap, tag: str) -> str:
    if not re.search(LANGUAGE_TAG, tag):
        raise MappingError(
            f"{tag!r} is no language tag (BCP 47), such as zh, en or zh-Hans",
            message_zh=f"“{tag}”不是语言标签（BCP 47），例如 zh、en、zh-Hans",
            location=term_map.location,
        )
    return tag

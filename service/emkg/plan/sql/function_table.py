"""Which part of the compiler each built-in function is."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from emkg.plan.function import Function
from emkg.plan.sql import number_function as numbers
from emkg.plan.sql import term_function as terms
from emkg.plan.sql import text_function as texts
from emkg.plan.sql import time_function as times
from emkg.plan.sql.made import literal
from emkg.plan.sql.template import sql
from emkg.plan.sql.value import BLANK_NODE, LITERAL, RESOURCE
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from sqlglot import exp

    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

    Compiled: TypeAlias = Callable[[Sequence[Value], Scope, str], Value]
    Test: TypeAlias = Callable[[Sequence[Value], Scope], exp.Expression]


def _plain(compile_function: Callable[[Sequence[Value], Scope], Value]) -> Compiled:
    return lambda values, scope, _: compile_function(values, scope)


def _arithmetic(function: Function) -> Compiled:
    return lambda values, scope, _: numbers.arithmetic(function, values, scope)


def _unary(exact: str, inexact: str) -> Compiled:
    return lambda values, scope, _: numbers.unary(exact, inexact, values, scope)


def _changed(template: str) -> Compiled:
    return lambda values, scope, _: texts.changed(template, values, scope)


def _hashed(template: str) -> Compiled:
    return lambda values, scope, _: texts.hashed(template, values, scope)


def _part(name: str) -> Compiled:
    return lambda values, scope, _: times.part(name, values, scope)


def _paired(template: str) -> Test:
    def test(values: Sequence[Value], scope: Scope) -> exp.Expression:
        a, b = texts.compatible_pair(values, scope)
        return sql(template, a=a, b=b)

    return test


def _substring(values: Sequence[Value], scope: Scope, _: str) -> Value:
    """SUBSTR: characters whose place is at least round(start) and below round(start) + round(length)."""
    template = "fn.substring_from(:a, :b)" if len(values) == 2 else "fn.substring_of(:a, :b, :c)"  # noqa: PLR2004  (without a length)
    return texts.changed(template, values, scope)


def _random(_: Sequence[Value], scope: Scope, __: str) -> Value:
    value = scope.let(sql("random()"))
    return literal(scope.let(sql("fn.double_text(:v)", v=value)), XSD + "double", number_sql=value)


def _language_matches(values: Sequence[Value], scope: Scope) -> exp.Expression:
    """langMatches: basic filtering of RFC 4647."""
    tag, wanted = (scope.let(texts.simple_string_of(value)) for value in values)
    return sql(
        "CASE WHEN :w = '*' THEN :t <> '' ELSE lower(:t) = lower(:w) OR starts_with(lower(:t), lower(:w) || '-') END",
        t=tag,
        w=wanted,
    )


# What yields a boolean.
TESTS: Final[Mapping[Function, Test]] = MappingProxyType(
    {
        Function.IS_IRI: lambda values, _: terms.is_kind(RESOURCE, values[0]),
        Function.IS_BLANK: lambda values, _: terms.is_kind(BLANK_NODE, values[0]),
        Function.IS_LITERAL: lambda values, _: terms.is_kind(LITERAL, values[0]),
        Function.IS_NUMERIC: lambda values, _: terms.is_numeric(values[0]),
        Function.CONTAINS: _paired("contains(:a, :b)"),
        Function.STRSTARTS: _paired("starts_with(:a, :b)"),
        Function.STRENDS: _paired("ends_with(:a, :b)"),
        Function.LANG_MATCHES: _language_matches,
        Function.REGEX: texts.matches,
    }
)
FUNCTIONS: Final[Mapping[Function, Compiled]] = MappingProxyType(
    {
        Function.ADD: _arithmetic(Function.ADD),
        Function.SUBTRACT: _arithmetic(Function.SUBTRACT),
        Function.MULTIPLY: _arithmetic(Function.MULTIPLY),
        Function.DIVIDE: _arithmetic(Function.DIVIDE),
        Function.UNARY_PLUS: _unary(":a", ":a"),
        Function.UNARY_MINUS: _unary("-:a", "-:a"),
        Function.ABS: _unary("abs(:a)", "abs(:a)"),
        Function.ROUND: _unary("floor(:a + 0.5)", "floor(:a + 0.5)"),
        Function.CEIL: _unary("ceil(:a)", "ceil(:a)"),
        Function.FLOOR: _unary("floor(:a)", "floor(:a)"),
        Function.RAND: _random,
        Function.STR: _plain(terms.text_of),
        Function.LANG: _plain(terms.language_of),
        Function.DATATYPE: _plain(terms.datatype_of),
        Function.IRI: terms.to_iri,
        Function.BNODE: _plain(terms.blank_node),
        Function.STRDT: _plain(terms.with_datatype),
        Function.STRLANG: _plain(terms.with_language),
        Function.UUID: lambda _, scope, __: terms.uuid_iri(scope),
        Function.STRUUID: lambda _, scope, __: terms.uuid_text(scope),
        Function.STRLEN: _plain(texts.length),
        Function.SUBSTR: _substring,
        Function.UCASE: _changed("upper(:a)"),
        Function.LCASE: _changed("lower(:a)"),
        Function.STRBEFORE: lambda values, scope, _: texts.around("before", values, scope),
        Function.STRAFTER: lambda values, scope, _: texts.around("after", values, scope),
        Function.ENCODE_FOR_URI: _plain(texts.encoded),
        Function.CONCAT: _plain(texts.concatenated),
        Function.REPLACE: _plain(texts.replaced),
        Function.NOW: _plain(times.now),
        Function.YEAR: _part("year"),
        Function.MONTH: _part("month"),
        Function.DAY: _part("day"),
        Function.HOURS: _part("hours"),
        Function.MINUTES: _part("minutes"),
        Function.SECONDS: _plain(times.seconds),
        Function.TIMEZONE: _plain(times.offset),
        Function.TZ: _plain(times.zone),
        Function.MD5: _hashed("md5(:a)"),
        Function.SHA1: _hashed("sha1(:a)"),
        Function.SHA256: _hashed("sha256(:a)"),
    }
)

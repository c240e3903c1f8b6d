"""Functions on strings (SPARQL 1.1 Query, section 17.4.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.plan.sql.constant import Constant
from emkg.plan.sql.made import integer, string, text
from emkg.plan.sql.not_compiled import NotCompiled
from emkg.plan.sql.template import sql
from emkg.plan.sql.value import null_of
from emkg.rdf import RDF_LANG_STRING, XSD_STRING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

_FLAGS: Final = frozenset("smixq")


def string_of(value: Value) -> exp.Expression:
    """The text of a string literal, with a language tag or not; NULL of anything else."""
    if isinstance(value, Constant):
        is_text = isinstance(value.term, Literal) and value.term.datatype in {XSD_STRING, RDF_LANG_STRING}
        return value.lexical if is_text else null_of("VARCHAR")
    return sql(
        "CASE WHEN :d = :s OR :d = :t THEN :l END",
        d=value.datatype,
        l=value.lexical,
        s=XSD_STRING,
        t=RDF_LANG_STRING,
    )


def simple_string_of(value: Value) -> exp.Expression:
    """The text of a string without a language tag."""
    if isinstance(value, Constant):
        is_text = isinstance(value.term, Literal) and value.term.datatype == XSD_STRING
        return value.lexical if is_text else null_of("VARCHAR")
    return sql("CASE WHEN :d = :s THEN :l END", d=value.datatype, l=value.lexical, s=XSD_STRING)


def changed(template: str, values: Sequence[Value], scope: Scope) -> Value:
    """A string made of the first, which keeps its language tag; further ones are `:b`, `:c`."""
    first, *rest = values
    a = scope.let(string_of(first))
    holes = {name: scope.let(one.exact) for name, one in zip("bc", rest, strict=False)}
    return text(sql(template, a=a, **holes), first.language, scope)


def length(values: Sequence[Value], scope: Scope) -> Value:
    """STRLEN: in characters."""
    return integer(sql("length(:a)", a=string_of(values[0])), scope)


def compatible_pair(values: Sequence[Value], scope: Scope) -> tuple[exp.Expression, exp.Expression]:
    """Two strings of which the second has no language tag or that of the first; else NULL (section 17.4.3.1.2)."""
    left, right = values
    a, b = scope.let(string_of(left)), string_of(right)
    fitting = sql(
        "CASE WHEN :g = '' OR lower(:g) = lower(:h) THEN :b END", g=right.language, h=left.language, b=b
    )
    return a, scope.let(fitting)


def around(function: str, values: Sequence[Value], scope: Scope) -> Value:
    """STRBEFORE and STRAFTER: where the second does not occur, the empty string without a tag."""
    a, b = compatible_pair(values, scope)
    place = scope.let(sql("strpos(:a, :b)", a=a, b=b))
    cut = {
        "before": "CASE WHEN :p > 0 THEN substr(:a, 1, :p - 1) WHEN :p = 0 THEN '' END",
        "after": "CASE WHEN :p > 0 THEN substr(:a, :p + length(:b)) WHEN :p = 0 THEN '' END",
    }[function]
    found = sql(cut, a=a, p=place, b=b) if ":b" in cut else sql(cut, a=a, p=place)
    return text(
        found, sql("CASE WHEN :p > 0 THEN :g WHEN :p = 0 THEN '' END", p=place, g=values[0].language), scope
    )


def concatenated(values: Sequence[Value], scope: Scope) -> Value:
    """CONCAT: with the language tag that all have."""
    if not values:
        return string(exp.Literal.string(""), scope)
    parts = [scope.let(string_of(value)) for value in values]
    joined: exp.Expression = parts[0]
    for part in parts[1:]:
        joined = exp.DPipe(this=joined, expression=part.copy())
    languages = [scope.let(value.language) for value in values]
    language = languages[0]
    if len(values) > 1:
        same = exp.and_(*(sql(":a = :b", a=languages[0], b=other) for other in languages[1:]), copy=False)
        language = sql("CASE WHEN :s THEN :g ELSE '' END", s=same, g=languages[0])
    return text(joined, language, scope)


def matches(values: Sequence[Value], scope: Scope) -> exp.Expression:
    """REGEX."""
    pattern, options = _expression_of(values[1], values[2] if len(values) > 2 else None)  # noqa: PLR2004  (the optional flags)
    return sql("regexp_matches(:a, :b, :c)", a=scope.let(string_of(values[0])), b=pattern, c=options)


def replaced(values: Sequence[Value], scope: Scope) -> Value:
    """REPLACE: `$1` stands for a group."""
    pattern, options = _expression_of(values[1], values[3] if len(values) > 3 else None)  # noqa: PLR2004  (the optional flags)
    replacement = values[2]
    if not isinstance(replacement, Constant):
        raise NotCompiled("a replacement that differs from solution to solution")
    if re.match(pattern.name, ""):
        return text(null_of("VARCHAR"), values[0].language, scope)
    written = re.sub(r"\$(\d)", r"\\\1", replacement.term.value.replace("\\", "\\\\"))
    found = sql(
        "regexp_replace(:a, :b, :r, :c)", a=string_of(values[0]), b=pattern, r=written, c=f"{options}g"
    )
    return text(found, values[0].language, scope)


def _expression_of(pattern: Value, flags: Value | None) -> tuple[exp.Expression, str]:
    """A constant regular expression in RE2's syntax, which is XPath's but for back-references; and DuckDB's options.

    Raises:
        NotCompiled: It differs from solution to solution, or RE2 cannot do it.
    """
    if not isinstance(pattern, Constant) or not (flags is None or isinstance(flags, Constant)):
        raise NotCompiled("a regular expression that differs from solution to solution")
    source, letters = pattern.term.value, flags.term.value if flags else ""
    if not set(letters) <= _FLAGS or re.search(r"\\[1-9]|\(\?[=!<]", source):
        raise NotCompiled("a regular expression that RE2 has not")
    if "q" in letters:
        source = re.escape(source)
    elif "x" in letters:
        source = re.sub(r"\s+", "", source)
    try:
        re.compile(source)
    except re.error as error:
        raise NotCompiled("a text that is no regular expression") from error
    # Unless told otherwise, a dot is no line end, and ^ and $ stand at the ends of the text.
    options = ("i" if "i" in letters else "") + ("s" if "s" in letters else "")
    prefix = "(?m)" if "m" in letters else ""
    return exp.Literal.string(prefix + source), options or "c"


def encoded(values: Sequence[Value], scope: Scope) -> Value:
    """ENCODE_FOR_URI: all but unreserved characters, byte by byte."""
    return string(sql("url_encode(:a)", a=string_of(values[0])), scope)


def hashed(template: str, values: Sequence[Value], scope: Scope) -> Value:
    """A hash of a string's UTF-8, in hexadecimal."""
    return string(sql(template, a=simple_string_of(values[0])), scope)

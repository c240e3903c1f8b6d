"""Functions on terms (SPARQL 1.1 Query, section 17.4.2) and casts (section 17.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from sqlglot import exp

from emkg.plan.sql.column import number as number_literal
from emkg.plan.sql.constant import Constant
from emkg.plan.sql.made import boolean, decimal, decimal_text, integer, iri, literal, nothing, string
from emkg.plan.sql.not_compiled import NotCompiled
from emkg.plan.sql.template import sql
from emkg.plan.sql.text_function import simple_string_of
from emkg.plan.sql.value import BLANK_NODE, LITERAL, RESOURCE, Computed
from emkg.rdf import IRI, RDF_LANG_STRING, XSD_STRING
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.sql.scope import Scope
    from emkg.plan.sql.value import Value

_ABSOLUTE: Final = r"^[A-Za-z][A-Za-z0-9+.-]*:"
_IS_NUMERIC: Final = "CASE WHEN :k IS NOT NULL THEN :n IS NOT NULL END"


def is_kind(kind: int, value: Value) -> exp.Expression:
    """isIRI, isBlank, isLiteral."""
    return sql("(:k = :n)", k=value.kind, n=kind)


def is_numeric(value: Value) -> exp.Expression:
    """A well-formed literal of a numeric datatype."""
    return sql(_IS_NUMERIC, k=value.kind, n=value.number)


def text_of(values: Sequence[Value], scope: Scope) -> Value:
    """STR: of a blank node an error."""
    (value,) = values
    if isinstance(value, Constant):
        return string(value.lexical, scope)
    return string(sql("CASE WHEN :k <> :b THEN :l END", k=value.kind, l=value.lexical, b=BLANK_NODE), scope)


def language_of(values: Sequence[Value], scope: Scope) -> Value:
    """LANG."""
    return string(values[0].language, scope)


def datatype_of(values: Sequence[Value], scope: Scope) -> Value:
    """DATATYPE."""
    return iri(values[0].datatype, scope)


def to_iri(values: Sequence[Value], scope: Scope, base: str) -> Value:
    """IRI: a relative one is resolved against the query's base."""
    (value,) = values
    if isinstance(value, Constant):
        is_text = isinstance(value.term, IRI) or getattr(value.term, "datatype", "") == XSD_STRING
        return Constant(IRI(urljoin(base, value.term.value))) if is_text else nothing()
    found = scope.let(
        sql(
            "CASE WHEN :k = :i OR :d = :s THEN :l END",
            k=value.kind,
            d=value.datatype,
            l=value.lexical,
            i=RESOURCE,
            s=XSD_STRING,
        )
    )
    resolved = sql(
        "CASE WHEN regexp_matches(:f, :a) THEN :f ELSE :b || :f END", f=found, a=_ABSOLUTE, b=_folder(base)
    )
    return iri(resolved, scope)


def _folder(base: str) -> str:
    return urljoin(base, ".") if base else ""


def blank_node(values: Sequence[Value], scope: Scope) -> Value:
    """BNODE: a new one for each solution, the same for the same text within one."""
    if values:
        raise NotCompiled("BNODE of a text")
    label = scope.let(sql("'u' || replace(CAST(uuid() AS VARCHAR), '-', '')"))
    return Computed(number_literal(BLANK_NODE), label)


def with_datatype(values: Sequence[Value], scope: Scope) -> Value:
    """STRDT."""
    lexical = scope.let(simple_string_of(values[0]))
    datatype = scope.let(
        sql("CASE WHEN :k = :i THEN :l END", k=values[1].kind, l=values[1].lexical, i=RESOURCE)
    )
    given = sql(":l IS NOT NULL AND :d IS NOT NULL AND :d <> :t", l=lexical, d=datatype, t=RDF_LANG_STRING)
    return _literal(given, lexical, datatype, exp.Literal.string(""), scope)


def with_language(values: Sequence[Value], scope: Scope) -> Value:
    """STRLANG."""
    lexical, language = scope.let(simple_string_of(values[0])), scope.let(simple_string_of(values[1]))
    given = sql(
        ":l IS NOT NULL AND regexp_full_match(:g, '[A-Za-z]+(-[A-Za-z0-9]+)*')", l=lexical, g=language
    )
    return _literal(given, lexical, exp.Literal.string(RDF_LANG_STRING), language, scope)


def _literal(
    given: exp.Expression,
    lexical: exp.Expression,
    datatype: exp.Expression,
    language: exp.Expression,
    scope: Scope,
) -> Value:
    is_given = scope.let(given)
    return Computed(
        *(
            sql("CASE WHEN :g THEN :v END", g=is_given, v=part)
            for part in (number_literal(LITERAL), lexical, datatype, language)
        )
    )


def uuid_iri(scope: Scope) -> Value:
    """UUID."""
    return iri(sql("'urn:uuid:' || CAST(uuid() AS VARCHAR)"), scope)


def uuid_text(scope: Scope) -> Value:
    """STRUUID."""
    return string(sql("CAST(uuid() AS VARCHAR)"), scope)


# ------------------------------------------------------------------------------------------------------------- casts


def cast(target: str, value: Value, scope: Scope) -> Value:
    """A cast by the local name of its XML Schema type.

    Raises:
        NotCompiled: There is no such cast.
    """
    if target not in _CASTS:
        raise NotCompiled(f"a cast to xsd:{target}")
    return _CASTS[target](value, scope)


def _text(value: Value) -> exp.Expression:
    return sql("CASE WHEN :d = :s THEN :l END", d=value.datatype, l=value.lexical, s=XSD_STRING)


def _to_string(value: Value, scope: Scope) -> Value:
    """Numbers and booleans in XPath's form: no exponent between a millionth and a million, no needless zeros."""
    number, exact = scope.let(value.number), scope.let(value.exact)
    return string(
        sql(
            """CASE WHEN :t IS NOT NULL THEN CASE WHEN :t THEN 'true' ELSE 'false' END
               WHEN :e IS NOT NULL THEN :x
               WHEN :n IS NOT NULL THEN CASE WHEN :n = 0 OR (abs(:n) >= 0.000001 AND abs(:n) < 1000000)
                 THEN rtrim(rtrim(CAST(CAST(:n AS DECIMAL(38, 15)) AS VARCHAR), '0'), '.') ELSE fn.double_text(:n) END
               WHEN :k = :i OR :g = '' THEN :l END""",
            t=scope.let(value.truth),
            e=exact,
            x=decimal_text(exact),
            n=number,
            k=value.kind,
            i=RESOURCE,
            g=value.language,
            l=value.lexical,
        ),
        scope,
    )


def _to_boolean(value: Value, scope: Scope) -> Value:
    found = sql(
        """CASE WHEN :t IS NOT NULL THEN :t WHEN :n IS NOT NULL THEN :n <> 0 AND NOT isnan(:n)
           WHEN :x IN ('true', '1') THEN true WHEN :x IN ('false', '0') THEN false END""",
        t=scope.let(value.truth),
        n=scope.let(value.number),
        x=scope.let(_text(value)),
    )
    return boolean(found, scope)


def _to_integer(value: Value, scope: Scope) -> Value:
    return integer(
        sql(
            """CASE WHEN :t IS NOT NULL THEN CAST(:t AS HUGEINT) WHEN :e IS NOT NULL THEN TRY(CAST(trunc(:e) AS HUGEINT))
               WHEN isfinite(:n) THEN TRY_CAST(trunc(:n) AS HUGEINT)
               WHEN regexp_full_match(:x, '[+-]?[0-9]+') THEN TRY_CAST(:x AS HUGEINT) END""",
            t=scope.let(value.truth),
            e=scope.let(value.exact),
            n=scope.let(value.number),
            x=scope.let(_text(value)),
        ),
        scope,
    )


def _to_decimal(value: Value, scope: Scope) -> Value:
    return decimal(
        sql(
            r"""CASE WHEN :t IS NOT NULL THEN CAST(CAST(:t AS INTEGER) AS DECIMAL(38, 10)) WHEN :e IS NOT NULL THEN :e
               WHEN isfinite(:n) THEN TRY_CAST(:n AS DECIMAL(38, 10))
               WHEN regexp_full_match(:x, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)') THEN TRY_CAST(:x AS DECIMAL(38, 10)) END""",
            t=scope.let(value.truth),
            e=scope.let(value.exact),
            n=scope.let(value.number),
            x=scope.let(_text(value)),
        ),
        scope,
    )


def _to_float(name: str, value: Value, scope: Scope) -> Value:
    text = scope.let(_text(value))
    found = scope.let(
        sql(
            r"""CASE WHEN :t IS NOT NULL THEN CAST(CAST(:t AS INTEGER) AS DOUBLE) WHEN :n IS NOT NULL THEN :n
               WHEN regexp_full_match(:x, '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN')
               THEN TRY_CAST(:x AS DOUBLE) END""",
            t=scope.let(value.truth),
            n=scope.let(value.number),
            x=text,
        )
    )
    return literal(scope.let(sql("fn.double_text(:v)", v=found)), XSD + name, number_sql=found)


def _to_date_time(value: Value, scope: Scope) -> Value:
    text = scope.let(_text(value))
    lexical = sql(
        """CASE WHEN :d = :dt THEN :l WHEN :d = :date AND :i IS NOT NULL THEN substr(:l, 1, 10) || 'T00:00:00' || substr(:l, 11)
           WHEN fn.is_well_formed(:x, :dt) THEN :x END""",
        d=value.datatype,
        l=value.lexical,
        i=value.instant,
        x=text,
        dt=XSD + "dateTime",
        date=XSD + "date",
    )
    return literal(scope.let(lexical), XSD + "dateTime")


def _to_date(value: Value, scope: Scope) -> Value:
    text = scope.let(_text(value))
    lexical = sql(
        """CASE WHEN :d = :date THEN :l WHEN :d = :dt AND :i IS NOT NULL THEN substr(:l, 1, 10) ||
             regexp_extract(:l, '(Z|[+-][0-9]{2}:[0-9]{2})$', 0)
           WHEN fn.is_well_formed(:x, :date) THEN :x END""",
        d=value.datatype,
        l=value.lexical,
        i=value.instant,
        x=text,
        dt=XSD + "dateTime",
        date=XSD + "date",
    )
    return literal(scope.let(lexical), XSD + "date")


_CASTS: Final = {
    "string": _to_string,
    "boolean": _to_boolean,
    "integer": _to_integer,
    "decimal": _to_decimal,
    "double": lambda value, scope: _to_float("double", value, scope),
    "float": lambda value, scope: _to_float("float", value, scope),
    "dateTime": _to_date_time,
    "date": _to_date,
}

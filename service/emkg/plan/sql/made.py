"""Terms that expressions make: booleans, strings, IRIs, numbers; NULL where what they are made from is NULL.

A number's rank is its place among the numeric types: 0 integer, 1 decimal, 2 float, 3 double (section 17.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan.sql.column import number as number_literal
from emkg.plan.sql.template import sql
from emkg.plan.sql.value import LITERAL, RESOURCE, Computed, null_of
from emkg.rdf import RDF_LANG_STRING, XSD_STRING
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from sqlglot import exp

    from emkg.plan.sql.scope import Columns


def nothing() -> Computed:
    """An error, whatever the solution."""
    return Computed(null_of("UTINYINT"), null_of("VARCHAR"))


def boolean(truth: exp.Expression, scope: Columns) -> Computed:
    """xsd:boolean."""
    truth = scope.let(truth)
    lexical = sql("CASE WHEN :t THEN 'true' WHEN NOT :t THEN 'false' END", t=truth)
    return literal(lexical, XSD + "boolean", given=truth, truth_sql=truth)


def literal(
    lexical: exp.Expression, datatype: str, *, given: exp.Expression | None = None, **values: exp.Expression
) -> Computed:
    """A literal of a datatype; `given` is NULL where there is none, the lexical form by default."""
    given = lexical if given is None else given
    return Computed(
        sql("CASE WHEN :g IS NOT NULL THEN :k END", g=given, k=number_literal(LITERAL)),
        lexical,
        sql("CASE WHEN :g IS NOT NULL THEN :d END", g=given, d=datatype),
        sql("CASE WHEN :g IS NOT NULL THEN '' END", g=given),
        **values,
    )


def string(lexical: exp.Expression, scope: Columns) -> Computed:
    """xsd:string."""
    return literal(scope.let(lexical), XSD_STRING)


def text(lexical: exp.Expression, language: exp.Expression, scope: Columns) -> Computed:
    """A string with a language tag, '' for none."""
    lexical = scope.let(lexical)
    language = scope.let(language)
    return Computed(
        sql("CASE WHEN :l IS NOT NULL THEN :k END", l=lexical, k=number_literal(LITERAL)),
        lexical,
        sql(
            "CASE WHEN :l IS NULL THEN NULL WHEN :g = '' THEN :s ELSE :t END",
            l=lexical,
            g=language,
            s=XSD_STRING,
            t=RDF_LANG_STRING,
        ),
        sql("CASE WHEN :l IS NOT NULL THEN :g END", l=lexical, g=language),
    )


def iri(lexical: exp.Expression, scope: Columns) -> Computed:
    """An IRI."""
    lexical = scope.let(lexical)
    return Computed(
        sql("CASE WHEN :l IS NOT NULL THEN :k END", l=lexical, k=number_literal(RESOURCE)), lexical
    )


def integer(value: exp.Expression, scope: Columns) -> Computed:
    """xsd:integer, of any integer type of SQL."""
    value = scope.let(value)
    return literal(
        sql("CAST(:v AS VARCHAR)", v=value),
        XSD + "integer",
        given=value,
        number_sql=sql("CAST(:v AS DOUBLE)", v=value),
        exact_sql=sql("TRY_CAST(:v AS DECIMAL(38, 10))", v=value),
    )


def decimal(value: exp.Expression, scope: Columns) -> Computed:
    """xsd:decimal, of DECIMAL."""
    value = scope.let(sql("CAST(:v AS DECIMAL(38, 10))", v=value))
    return literal(
        decimal_text(value),
        XSD + "decimal",
        given=value,
        number_sql=sql("CAST(:v AS DOUBLE)", v=value),
        exact_sql=value,
    )


def number(rank: exp.Expression, exact: exp.Expression, inexact: exp.Expression, scope: Columns) -> Computed:
    """A number of the datatype of a rank: `exact` is the value up to DECIMAL, `inexact` beyond."""
    rank = scope.let(rank)
    exact = scope.let(sql("CASE WHEN :r <= 1 THEN CAST(:e AS DECIMAL(38, 10)) END", r=rank, e=exact))
    value = scope.let(
        sql("CASE WHEN :r <= 1 THEN CAST(:e AS DOUBLE) WHEN :r > 1 THEN :i END", r=rank, e=exact, i=inexact)
    )
    lexical = scope.let(
        sql(
            "CASE WHEN :r = 0 THEN CAST(CAST(:e AS HUGEINT) AS VARCHAR) WHEN :r = 1 THEN :t ELSE fn.double_text(:v) END",
            r=rank,
            e=exact,
            t=decimal_text(exact),
            v=value,
        )
    )
    datatype = sql(
        "CASE WHEN :l IS NULL THEN NULL WHEN :r = 0 THEN :a WHEN :r = 1 THEN :b WHEN :r = 2 THEN :c ELSE :d END",
        l=lexical,
        r=rank,
        a=XSD + "integer",
        b=XSD + "decimal",
        c=XSD + "float",
        d=XSD + "double",
    )
    return Computed(
        sql("CASE WHEN :l IS NOT NULL THEN :k END", l=lexical, k=number_literal(LITERAL)),
        lexical,
        datatype,
        sql("CASE WHEN :l IS NOT NULL THEN '' END", l=lexical),
        number_sql=value,
        exact_sql=exact,
    )


def decimal_text(value: exp.Expression) -> exp.Expression:
    """The canonical form of a decimal (XML Schema 1.1 Datatypes, section 3.3.3.2)."""
    return sql("rtrim(rtrim(CAST(:v AS VARCHAR), '0'), '.')", v=value)


def rank_of(datatype: exp.Expression, number_sql: exp.Expression) -> exp.Expression:
    """The rank of a numeric literal's datatype; NULL where it is no number."""
    return sql(
        "CASE WHEN :n IS NULL THEN NULL WHEN :d = :b THEN 1 WHEN :d = :c THEN 2 WHEN :d = :e THEN 3 ELSE 0 END",
        n=number_sql,
        d=datatype,
        b=XSD + "decimal",
        c=XSD + "float",
        e=XSD + "double",
    )

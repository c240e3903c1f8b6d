"""Names and small expressions that every part of the compiler writes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.ledger import term_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.pattern import Variable
    from emkg.rdf import Term

ROW: Final = "r"  # the alias of the relation that a SELECT reads, in every SELECT of the compiler
_UPPER: Final = re.compile("[A-Z]")


def column_name(variable: Variable) -> str:
    """The column of a variable's id. DuckDB's names ignore case, SPARQL's do not: `eventType` is `event^Type`."""
    return _UPPER.sub(lambda match: f"^{match[0]}", variable.name)


def column(name: str, table: str = "") -> exp.Expression:
    """A column by its name, quoted."""
    return exp.Column(this=_quoted(name), table=exp.to_identifier(table or None))


def named(expression: exp.Expression, name: str) -> exp.Expression:
    """`expression AS "name"`."""
    return exp.Alias(this=expression, alias=_quoted(name))


def number(value: int) -> exp.Expression:
    """A number."""
    return exp.Literal.number(value)


def cast(expression: exp.Expression, kind: str) -> exp.Expression:
    """The expression as a type of DuckDB."""
    known = _type(kind)
    to = known.copy() if known.expressions else exp.DataType(this=known.this)
    return exp.Cast(this=expression, to=to)


@cache
def _type(kind: str) -> exp.DataType:
    return exp.DataType.build(kind, dialect="duckdb")


def id_literal(identifier: int) -> exp.Expression:
    """A term's id as a constant: one node, since plans are full of them."""
    return exp.Literal(this=f"CAST({identifier} AS UBIGINT)", is_string=False)


def term_literal(term: Term) -> exp.Expression:
    """The id of a term as a constant; hash ids need no look-up."""
    return id_literal(term_id(str(term)))


def no_id() -> exp.Expression:
    """The id of what is not bound."""
    return cast(exp.Null(), "UBIGINT")


def equal(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    """`left = right`."""
    return exp.EQ(this=left, expression=right)


def is_null(expression: exp.Expression) -> exp.Expression:
    """`expression IS NULL`."""
    return exp.Is(this=expression, expression=exp.Null())


def coalesce(*expressions: exp.Expression) -> exp.Expression:
    """The first that is not NULL."""
    return exp.Coalesce(this=expressions[0], expressions=list(expressions[1:]))


def is_in(expression: exp.Expression, identifiers: Sequence[int]) -> exp.Expression:
    """Whether an id is one of several; of none, it never is."""
    if not identifiers:
        return exp.false()
    if len(identifiers) == 1:
        return equal(expression, id_literal(identifiers[0]))
    listed = ", ".join(id_literal(identifier).name for identifier in identifiers)
    return exp.In(this=expression, expressions=[exp.Literal(this=listed, is_string=False)])


def any_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
    """Their disjunction, in parentheses."""
    return exp.paren(exp.or_(*conditions, copy=False), copy=False)


def select(columns: Sequence[exp.Expression], *tables: exp.Expression) -> exp.Select:
    """SELECT columns FROM the tables, crossed; without columns, a column that nobody reads."""
    query = exp.Select(expressions=list(columns) or [named(exp.Literal.number(1), "_")])
    for place, table in enumerate(tables):
        query = joined(query, table, kind="CROSS") if place else query.from_(table, copy=False)
    return query


def joined(query: exp.Select, other: exp.Expression, **how: exp.Expression | str) -> exp.Select:
    """The query joined with a table: `kind` or `side` of the join, and its condition `on`; sqlglot's own way parses a text each time."""
    query.append("joins", exp.Join(this=other, **how))
    return query


def where(query: exp.Select, conditions: Sequence[exp.Expression]) -> exp.Select:
    """The query with these conditions too."""
    return query.where(*conditions, copy=False) if conditions else query


def derived(query: exp.Query, alias: str = ROW) -> exp.Expression:
    """A query as a table of another."""
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(alias)))


def table(name: str, alias: str = "") -> exp.Table:
    """A table or common table expression, by its name."""
    given = exp.TableAlias(this=exp.to_identifier(alias)) if alias else None
    return exp.Table(this=_quoted(name), alias=given)


def with_shared(query: exp.Select, name: str, shared: exp.Query, *, recursive: bool = False) -> exp.Select:
    """The query with a common table expression, computed once."""
    once = None if recursive else True
    return query.with_(_quoted(name), as_=shared, recursive=recursive, materialized=once, copy=False)


def united(*queries: exp.Select, distinct: bool) -> exp.Query:
    """All queries' rows; one that has common table expressions stands in a subquery of its own."""
    sides = [select([exp.Star()], derived(side)) if side.ctes else side for side in queries]
    found: exp.Query = sides[0]
    for side in sides[1:]:
        found = exp.Union(this=found, expression=side, distinct=distinct)
    return found


def _quoted(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)

"""The text of an expression, in DuckDB's SQL."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def sql_text(expression: exp.Expression, *, copy: bool = True) -> str:
    """The SQL of an expression; without `copy` nobody may read the expression afterwards."""
    return _Writer(dialect="duckdb", comments=False).generate(expression, copy=copy)


class _Writer(DuckDB.Generator):
    """sqlglot's own, with a short way for what plans are mostly made of, in its plain form.

    sqlglot asks each SELECT for some twenty clauses that none of ours has, each column for its database, each cast for
    its format. A dialect of one's own would not do: sqlglot takes what it knows of DuckDB (`TRY`, say) from the name.
    """

    def sql(self, expression: Any, key: str | None = None, comment: bool = True) -> str:
        """The text of an expression, or of its argument `key`."""
        if key:
            expression = expression.args.get(key)
        short = _SHORT.get(type(expression))
        text = short(self, expression) if short else None
        return super().sql(expression, comment=comment) if text is None else text


def _identifier(_: _Writer, expression: exp.Identifier) -> str:
    name: str = expression.args["this"]
    return _quoted(name) if expression.args.get("quoted") else _plain(name)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


@cache
def _plain(name: str) -> str:
    """A name without quotes, of which the compiler has a handful."""
    return DuckDB().generator().identifier_sql(exp.Identifier(this=name, quoted=False))


def _literal(_: _Writer, expression: exp.Literal) -> str:
    text: str = expression.args["this"]
    if not expression.args["is_string"]:
        return text
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _column(writer: _Writer, expression: exp.Column) -> str | None:
    if not _has_only(expression, _COLUMN):
        return None
    name, table = expression.args["this"], expression.args.get("table")
    return f"{writer.sql(table)}.{writer.sql(name)}" if table else writer.sql(name)


def _alias(writer: _Writer, expression: exp.Alias) -> str:
    return writer.sql(expression, "this") + _as(writer.sql(expression, "alias"))


def _as(alias: str) -> str:
    return f" AS {alias}" if alias else ""


def _cast(writer: _Writer, expression: exp.Cast) -> str | None:
    if not _has_only(expression, _CAST):
        return None
    return f"CAST({writer.sql(expression, 'this')} AS {writer.sql(expression, 'to')})"


def _datatype(writer: _Writer, kind: exp.DataType) -> str:
    """Of a type; sqlglot parses the names of four types anew for each type that it writes."""
    if kind.this in exp.DataType.TEMPORAL_TYPES or kind.expressions or kind.args.get("nested"):
        text: str = DuckDB.Generator.TRANSFORMS[exp.DataType](writer, kind)
        return text
    return str(DuckDB.Generator.TYPE_MAPPING.get(kind.this, kind.this.value))


def _subquery(writer: _Writer, expression: exp.Subquery) -> str | None:
    if not _has_only(expression, _SUBQUERY):
        return None
    return f"({writer.sql(expression, 'this')})" + _as(writer.sql(expression, "alias"))


def _select(writer: _Writer, expression: exp.Select) -> str | None:
    if not _has_only(expression, _SELECT):
        return None
    args = expression.args
    shared, distinct = writer.sql(args.get("with_")), writer.sql(args.get("distinct"))
    columns = ", ".join(map(writer.sql, args["expressions"]))
    clauses = [writer.sql(args[name]) for name in _CLAUSES if args.get(name)]
    clauses[1:1] = map(writer.sql, args.get("joins") or ())
    start = " ".join(filter(None, (shared, "SELECT", distinct, columns)))
    return start + "".join(clauses)


def _has_only(expression: exp.Expression, names: frozenset[str]) -> bool:
    return all(name in names or not value for name, value in expression.args.items())


_COLUMN: Final = frozenset({"this", "table"})
_CAST: Final = frozenset({"this", "to"})
_SUBQUERY: Final = frozenset({"this", "alias"})
_CLAUSES: Final = ("from_", "where", "group", "having", "order", "limit", "offset")
_SELECT: Final = frozenset({"with_", "distinct", "expressions", "joins", *_CLAUSES})
_SHORT: Final[Mapping[type, Callable[[_Writer, Any], str | None]]] = MappingProxyType(
    {
        exp.Alias: _alias,
        exp.Cast: _cast,
        exp.Column: _column,
        exp.DataType: _datatype,
        exp.Identifier: _identifier,
        exp.Literal: _literal,
        exp.Select: _select,
        exp.Subquery: _subquery,
    }
)

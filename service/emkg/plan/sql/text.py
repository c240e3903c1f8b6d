"""The text of an expression, in DuckDB's SQL."""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB


def sql_text(expression: exp.Expression, *, copy: bool = True) -> str:
    """The SQL of an expression; without `copy` nobody may read the expression afterwards."""
    return _Writer(dialect="duckdb").generate(expression, copy=copy)


def _datatype(writer: Any, kind: exp.DataType) -> str:
    if kind.this in exp.DataType.TEMPORAL_TYPES or kind.expressions or kind.args.get("nested"):
        text: str = DuckDB.Generator.TRANSFORMS[exp.DataType](writer, kind)
        return text
    return str(DuckDB.Generator.TYPE_MAPPING.get(kind.this, kind.this.value))


class _Writer(DuckDB.Generator):
    """sqlglot's own, which parses the names of four types anew for each type that it writes.

    A dialect of one's own would not do: sqlglot takes what it knows of DuckDB (`TRY`, say) from the dialect's name.
    """

    TRANSFORMS = {  # noqa: RUF012  (sqlglot declares it for instances)
        **DuckDB.Generator.TRANSFORMS,
        exp.DataType: _datatype,
    }

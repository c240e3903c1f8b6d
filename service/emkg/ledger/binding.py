"""Parameters of statements, given as literals of an EXECUTE.

DuckDB imports pandas before it takes a parameter from Python, which takes longer than most statements, and binds it in
twice the time that this takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import duckdb

Parameter: TypeAlias = (
    "str | int | float | bool | bytes | datetime | Decimal | Sequence[str] | Sequence[int] | None"
)
Parameters: TypeAlias = "Sequence[Parameter] | Mapping[str, Parameter]"

_NAME: Final = "bound"
_DEFINITION: Final = "CREATE"  # cannot be prepared


def execute(raw: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters) -> duckdb.DuckDBPyConnection:
    """Run a statement with its parameters, or several that have none."""
    if not parameters:
        return raw.execute(sql)
    if sql.lstrip().startswith(_DEFINITION):
        return raw.execute(sql, parameters)
    try:
        if isinstance(parameters, Mapping):
            given = ", ".join(f"{name} := {literal(value)}" for name, value in parameters.items())
        else:
            given = ", ".join(map(literal, parameters))
    except NoLiteralError:
        return raw.execute(sql, parameters)
    return raw.execute(f"PREPARE {_NAME} AS {sql}; EXECUTE {_NAME}({given})")


class NoLiteralError(Exception):
    """A value that is rare enough to be left to DuckDB."""


def literal(value: Parameter) -> str:
    """A value as SQL has it.

    Raises:
        NoLiteralError: It is of a rare kind.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and "\x00" not in value:
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime) and value.tzinfo is None:
        return f"TIMESTAMP '{value.isoformat()}'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    raise NoLiteralError

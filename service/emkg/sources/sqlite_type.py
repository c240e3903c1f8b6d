"""SQL values of SQLite as text, and the natural datatypes of its columns (R2RML, section 10.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from emkg.vocabulary import XSD

SqlValue: TypeAlias = str | int | float | bytes | None

_DECLARED = (
    (("BOOL",), "boolean"),
    (("INT",), "integer"),
    (("CHAR", "CLOB", "TEXT"), ""),
    (("BLOB", "BINARY"), "hexBinary"),
    (("REAL", "FLOA", "DOUB"), "double"),
    (("DEC", "NUM"), "decimal"),
    (("DATETIME", "TIMESTAMP"), "dateTime"),
    (("DATE",), "date"),
    (("TIME",), "time"),
)
_DATE_LENGTH = len("2024-11-01")


def natural_datatype(declared: str) -> str:
    """The XSD datatype of a declared column type; empty for text and for types nobody knows."""
    upper = declared.upper()
    for parts, name in _DECLARED:
        if any(part in upper for part in parts):
            return XSD + name if name else ""
    return ""


def observed_datatype(kinds: set[type]) -> str:
    """The datatype that fits all values of a column without a declared type; empty for text."""
    present = kinds - {type(None)}
    if present == {int}:
        return XSD + "integer"
    if present in ({float}, {int, float}):
        return XSD + "double"
    return XSD + "hexBinary" if present == {bytes} else ""


def sql_text(value: SqlValue, datatype: str | None) -> str | None:
    """A value as text in its datatype's lexical space, as far as the value allows; None for NULL."""
    match value:
        case None:
            return None
        case bytes():
            text = value.hex().upper()
        case int() if datatype == XSD + "boolean" and value in {0, 1}:
            text = "true" if value else "false"
        case float() if datatype == XSD + "decimal":
            text = format(Decimal(repr(value)), "f")
        case float():
            text = {"inf": "INF", "-inf": "-INF"}.get(repr(value), repr(value))
        case str() if datatype == XSD + "dateTime" and value[_DATE_LENGTH : _DATE_LENGTH + 1] == " ":
            text = f"{value[:_DATE_LENGTH]}T{value[_DATE_LENGTH + 1 :]}"
        case _:
            text = str(value)
    return text

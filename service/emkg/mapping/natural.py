"""Canonical lexical forms of the natural RDF mapping (RML core, section on natural mapping; XSD 1.1, part 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from emkg.vocabulary import XSD

if TYPE_CHECKING:
    import ibis.expr.types as ir

_FLOATS: Final = (XSD + "double", XSD + "float")


def canonical(text: ir.StringValue, datatype: str) -> ir.StringValue:
    """The canonical form of a typed source's value; texts of other datatypes pass unchanged.

    Integers are never read as numbers, so they stay exact beyond 2^53.
    """
    if datatype in _FLOATS:
        return canonical_double(text)
    if datatype == XSD + "boolean":
        return text.lower().cases(("1", "true"), ("0", "false"), else_=text.lower())
    if datatype == XSD + "dateTime":
        return text.replace(" ", "T")
    return text


def canonical_by_row(text: ir.StringValue, datatype: ir.StringValue) -> ir.StringValue:
    """The canonical form where each row has its own datatype."""
    branches = [(datatype.isin(_FLOATS), canonical_double(text))]
    branches += [(datatype == XSD + name, canonical(text, XSD + name)) for name in ("boolean", "dateTime")]
    return ibis.cases(*branches, else_=text)


def canonical_double(text: ir.StringValue) -> ir.StringValue:
    """Mantissa with one digit before the point, `E`, exponent: 100 is `1.0E2`."""
    number = text.try_cast("float64")
    shortest = number.cast("string")
    mantissa = shortest.re_extract(r"^-?([0-9.]+)", 1)
    written_exponent = shortest.re_extract(r"[eE]([+-]?[0-9]+)$", 1).try_cast("int64").fill_null(0)
    whole, fraction = mantissa.split(".")[0], mantissa.split(".")[1].fill_null("")
    digits = whole + fraction
    significant = digits.re_replace("^0+", "")
    exponent = whole.length() - 1 - (digits.length() - significant.length()) + written_exponent
    trimmed = significant.re_replace("0+$", "")
    rest = trimmed.substr(1)
    sign = ibis.ifelse(shortest.startswith("-"), "-", "")
    return ibis.cases(
        (number.isnull(), text),
        (number.isnan(), "NaN"),
        (number.isinf(), sign + "INF"),
        (significant == "", sign + "0.0E0"),
        else_=sign
        + trimmed.substr(0, 1)
        + "."
        + ibis.ifelse(rest == "", "0", rest)
        + "E"
        + exponent.cast("string"),
    )

"""The lexical spaces of the XML Schema datatypes (XSD 1.1, part 2), as regular expressions and ranges.

A value is judged as it stands: XSD's white space processing is a mapping's business (`emf:trim`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis

from emkg.vocabulary import XSD

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_YEAR: Final = r"-?(?:[1-9]\d{4,}|\d{4})"
_LEAP_YEAR: Final = r"-?(?:[1-9]\d*)?(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY_OF_MONTH: Final = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
_DATE: Final = rf"(?:{_YEAR}-{_DAY_OF_MONTH}|{_LEAP_YEAR}-02-29)"
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_FLOAT: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"
_SECONDS: Final = r"(?:\d+(?:\.\d+)?S)"
_CLOCK: Final = rf"T(?:\d+H(?:\d+M)?{_SECONDS}?|\d+M{_SECONDS}?|{_SECONDS})"
_DAY_TIME: Final = rf"(?:\d+D(?:{_CLOCK})?|{_CLOCK})"
_SIX_BITS: Final = "[A-Za-z0-9+/] ?"
_BASE64: Final = (
    rf"(?:(?:{_SIX_BITS}){{4}})*(?:(?:{_SIX_BITS}){{3}}[A-Za-z0-9+/]"
    rf"|(?:{_SIX_BITS}){{2}}[AEIMQUYcgkosw048] ?=|{_SIX_BITS}[AQgw] ?= ?=)?"
)
_INTEGER: Final = r"[+-]?\d+"
_MAX_INT64: Final = 2**63 - 1


@dataclass(frozen=True)
class LexicalSpace:
    """What may stand between a literal's quotes: a pattern for the whole text and, for integers, a range.

    `is_plain` where no text within holds a character that N-Triples escape.
    """

    pattern: str
    minimum: int | None = None
    maximum: int | None = None
    is_plain: bool = True


def _signed(bits: int) -> LexicalSpace:
    return LexicalSpace(_INTEGER, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _unsigned(bits: int) -> LexicalSpace:
    return LexicalSpace(_INTEGER, 0, 2**bits - 1)


_NAMED: Final[dict[str, str | LexicalSpace]] = {
    "integer": _INTEGER,
    "nonNegativeInteger": r"\+?\d+|-0+",
    "positiveInteger": r"\+?0*[1-9]\d*",
    "nonPositiveInteger": r"-\d+|\+?0+",
    "negativeInteger": r"-0*[1-9]\d*",
    "long": _signed(64),
    "int": _signed(32),
    "short": _signed(16),
    "byte": _signed(8),
    "unsignedLong": _unsigned(64),
    "unsignedInt": _unsigned(32),
    "unsignedShort": _unsigned(16),
    "unsignedByte": _unsigned(8),
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "double": _FLOAT,
    "float": _FLOAT,
    "boolean": "true|false|0|1",
    "date": rf"{_DATE}{_ZONE}?",
    "dateTime": rf"{_DATE}T{_TIME}{_ZONE}?",
    "dateTimeStamp": rf"{_DATE}T{_TIME}{_ZONE}",
    "time": rf"{_TIME}{_ZONE}?",
    "gYear": rf"{_YEAR}{_ZONE}?",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}?",
    "gMonth": rf"--{_MONTH}{_ZONE}?",
    "gDay": rf"---{_DAY}{_ZONE}?",
    "gMonthDay": rf"--(?:{_DAY_OF_MONTH}|02-29){_ZONE}?",
    "duration": rf"-?P(?:\d+Y(?:\d+M)?{_DAY_TIME}?|\d+M{_DAY_TIME}?|{_DAY_TIME})",
    "yearMonthDuration": r"-?P(?:\d+Y(?:\d+M)?|\d+M)",
    "dayTimeDuration": rf"-?P{_DAY_TIME}",
    "anyURI": LexicalSpace(r'[^\x00-\x20<>"{}|\\^`]*', is_plain=False),
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": _BASE64,
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "normalizedString": LexicalSpace(r"[^\t\n\r]*", is_plain=False),
    "token": LexicalSpace(r"|[^ \t\n\r]+(?: [^ \t\n\r]+)*", is_plain=False),
    "NCName": r"[\pL_][\pL\pN\pM._-]*",
}
_SPACES: Final = {
    XSD + name: space if isinstance(space, LexicalSpace) else LexicalSpace(space)
    for name, space in _NAMED.items()
}

LANGUAGE_TAG: Final = r"^(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*|[xX](?:-[A-Za-z0-9]{1,8})+)$"


def lexical_space(datatype: str) -> LexicalSpace | None:
    """The lexical space of an XSD datatype; None where any text will do."""
    return _SPACES.get(datatype)


def is_ill_typed(text: ir.StringValue, space: LexicalSpace) -> ir.BooleanValue:
    """True where the text is outside the lexical space."""
    bad = ~text.re_search(f"^(?:{space.pattern})$")
    if space.minimum is None or space.maximum is None:
        return bad
    # a cast to decimal(38, 0) would do for both and takes a hundred times as long
    whole = "int64" if space.maximum <= _MAX_INT64 else "uint64"
    number = text.try_cast(whole)
    low, high = ibis.literal(space.minimum, type=whole), ibis.literal(space.maximum, type=whole)
    return bad | number.isnull() | ~number.between(low, high)


def is_ill_typed_by_row(text: ir.StringValue, datatype: ir.StringValue) -> ir.BooleanValue:
    """True where the text is outside the lexical space of its row's datatype, an IRI in angle brackets."""
    branches = [(datatype == f"<{name}>", is_ill_typed(text, space)) for name, space in _SPACES.items()]
    return ibis.cases(*branches, else_=False)

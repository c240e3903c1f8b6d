"""SQL for whether a literal is in the lexical space of its datatype (XML Schema 1.1 Datatypes, section 3).

A datatype that is none of XML Schema's has no lexical space that this knows of: every literal of it is well-formed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ledger.typed_value import VALUE_SQL
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

_ZONE: Final = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY_TIME: Final = (
    r"T([0-9]+H([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|[0-9]+M([0-9]+(\.[0-9]+)?S)?|[0-9]+(\.[0-9]+)?S)"
)
_YEAR: Final = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
_NAME_START: Final = r"_\p{L}"
_NAME: Final = r"_\p{L}\p{N}\p{M}.\x{B7}-"
_PATTERNS: Final[dict[str, str]] = {
    "time": rf"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?){_ZONE}",
    "gYear": rf"{_YEAR}{_ZONE}",
    "gYearMonth": rf"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}",
    "gMonth": rf"--(0[1-9]|1[0-2]){_ZONE}",
    "gMonthDay": rf"--((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9])){_ZONE}",
    "gDay": rf"---(0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "duration": rf"-?P([0-9]+Y([0-9]+M)?([0-9]+D)?({_DAY_TIME})?|[0-9]+M([0-9]+D)?({_DAY_TIME})?|[0-9]+D({_DAY_TIME})?|{_DAY_TIME})",
    "yearMonthDuration": r"-?P([0-9]+Y([0-9]+M)?|[0-9]+M)",
    "dayTimeDuration": rf"-?P([0-9]+D({_DAY_TIME})?|{_DAY_TIME})",
    "hexBinary": r"([0-9A-Fa-f]{2})*",
    "base64Binary": r"(([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]|([A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"([^\t\n\r ]+( [^\t\n\r ]+)*)?",
    "NMTOKEN": rf"[:{_NAME}]+",
    "Name": rf"[:{_NAME_START}][:{_NAME}]*",
    "NCName": rf"[{_NAME_START}][{_NAME}]*",
}
_NUMERIC: Final = [
    "integer",
    "decimal",
    "double",
    "float",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "byte",
    "short",
    "int",
    "long",
    "unsignedByte",
    "unsignedShort",
    "unsignedInt",
    "unsignedLong",
]
_BEYOND_DATE: Final = r"-?[0-9]{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_BEYOND: Final = r"-[0-9]{4,}-.*|[1-9][0-9]{4,}-.*|.*T24:00:00.*"


def _matches(pattern: str) -> str:
    quoted = pattern.replace("'", "''")
    return f"regexp_full_match(lexical, '{quoted}')"


def _date(end: str) -> str:
    """What the ledger's timestamps hold, or what has the right form and a year or hour that they do not hold."""
    beyond = f"({_matches(_BEYOND)} AND {_matches(_BEYOND_DATE + end)})"
    return f"(({VALUE_SQL['instant']}) IS NOT NULL OR {beyond})"


_TIME: Final = r"T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
# Datatype -> the test of a literal's `lexical` and `datatype`.
LEXICAL_SPACES: Final[dict[str, str]] = {
    XSD + name: test
    for name, test in (
        *((name, f"({VALUE_SQL['number']}) IS NOT NULL") for name in _NUMERIC),
        ("boolean", "lexical IN ('true', 'false', '0', '1')"),
        ("dateTime", _date(_TIME + _ZONE)),
        ("dateTimeStamp", f"{_date(_TIME + _ZONE)} AND {_matches('.*(Z|[+-][0-9]{2}:[0-9]{2})')}"),
        ("date", _date(_ZONE)),
        *((name, _matches(pattern)) for name, pattern in _PATTERNS.items()),
    )
}


def _cases() -> Iterator[str]:
    """Datatypes of one test together: DuckDB plans every test anew."""
    for test in dict.fromkeys(LEXICAL_SPACES.values()):
        listed = ", ".join(f"'{name}'" for name, own in LEXICAL_SPACES.items() if own == test)
        yield f"WHEN datatype IN ({listed}) THEN {test}"


WELL_FORMED: Final = f"CASE {' '.join(_cases())} WHEN datatype IS NOT NULL THEN true END"


def space_macro(datatype: str) -> str | None:
    """The SQL function of the lexical space of one datatype (an IRI), which is planned much faster than that of all."""
    return f"is_{datatype.removeprefix(XSD)}" if datatype in LEXICAL_SPACES else None

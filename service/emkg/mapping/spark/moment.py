"""Moments by strptime and strftime directives in Spark, as DuckDB reads and writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import sqlglot.expressions as exp

from emkg.mapping.spark.unsupported import unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT: Final = 3


def _names(names: tuple[str, ...], length: int | None = None) -> str:
    return f"(?i:{'|'.join(name[:length] for name in names)})"


# Directive -> what it reads; digits are taken greedily, for good.
_READ: Final = {
    "Y": r"(\d{1,4}+)", "y": r"(\d{1,2}+)", "m": r"(\d{1,2}+)", "d": r"(\d{1,2}+)",
    "H": r"(\d{1,2}+)", "I": r"(\d{1,2}+)", "M": r"(\d{1,2}+)", "S": r"(\d{1,2}+)",
    "f": r"(\d{1,6}+)", "g": r"(\d{1,3}+)", "p": "((?i:AM|PM))",
    "b": f"({_names(_MONTHS, _SHORT)})", "B": f"({_names(_MONTHS)})",
    "a": _names(_DAYS, _SHORT), "A": _names(_DAYS),
    "z": r"([+-]\d{2}(?::?\d{2})?)",
}  # fmt: skip
_WRITE: Final = {
    "Y": "yyyy",
    "m": "MM",
    "d": "dd",
    "H": "HH",
    "M": "mm",
    "S": "ss",
    "g": "SSS",
    "f": "SSSSSS",
}
_CENTURY_FROM: Final = 69  # two digits of a year: 69 is 1969, 68 is 2068


def read_moment(text: exp.Expression, template: str) -> exp.Expression:
    """The timestamp that a text means; NULL where it does not follow the template or there is no such moment.

    Raises:
        MappingError: The template has a directive that is not read here.
    """
    pattern, places = _pattern(template)

    def group(*directives: str) -> exp.Expression | None:
        found = next((places[one] for one in directives if one in places), None)
        if found is None:
            return None
        taken = call("regexp_extract", text.copy(), string(pattern), number(found))
        return call("nullif", taken, string(""))

    def whole(*directives: str) -> exp.Expression | None:
        taken = group(*directives)
        return None if taken is None else exp.cast(taken, "int")

    month = whole("m")
    if month is None and (name := group("b", "B")) is not None:
        short = call("lower", call("substr", name, number(1), number(_SHORT)))
        month = call("array_position", call("array", *(string(one[:_SHORT]) for one in _MONTHS)), short)
    moment = call(
        "try_make_timestamp",
        _year(whole("Y"), whole("y")),
        month or number(1),
        whole("d") or number(1),
        _hour(whole("H"), whole("I"), group("p")),
        whole("M") or number(0),
        _second(whole("S"), group("f", "g")),
    )
    zone = group("z")
    return moment if zone is None else _in_utc(moment, zone)


def write_moment(moment: exp.Expression, template: str) -> exp.Expression:
    """A timestamp as text.

    Raises:
        MappingError: The template has a directive that is not written here.
    """
    parts = []
    for directive, literal in _directives(template):
        if directive:
            parts.append(_WRITE.get(directive) or _unsupported(directive))
        elif literal:
            parts.append("'" + literal.replace("'", "''") + "'")
    return call("date_format", moment, string("".join(parts)))


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    """A call of one of Spark's functions."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def string(text: str) -> exp.Expression:
    """A text."""
    return exp.Literal.string(text)


def number(value: int) -> exp.Expression:
    """A whole number."""
    return exp.convert(value)


def _pattern(template: str) -> tuple[str, dict[str, int]]:
    """What the template matches, and the number of the group of each directive."""
    written, places = "", dict[str, int]()
    for directive, literal in _directives(template):
        if directive:
            read = _READ.get(directive) or _unsupported(directive)
            if read.startswith("(") and not read.startswith("(?"):
                places[directive] = len(places) + 1
            written += read
        else:
            written += re.sub(r"\s+", r"\\s*", re.sub(r"[^\w\s]", lambda one: rf"\{one.group()}", literal))
    return rf"(?d)^\s*{written}\s*\z", places


def _directives(template: str) -> Iterator[tuple[str, str]]:
    """Directives and what stands between them, one of the two empty."""
    for found in re.finditer(r"%-?(.)|[^%]+", template):
        directive = found.group(1) or ""
        yield ("", "%") if directive == "%" else (directive, "" if directive else found.group())


def _unsupported(directive: str) -> str:
    raise unsupported(f"the directive %{directive} of a date format")


def _year(full: exp.Expression | None, short: exp.Expression | None) -> exp.Expression:
    if full is not None:
        return call("nullif", full, number(0))
    if short is None:
        return number(1900)
    return short + call("if", short.copy() < _CENTURY_FROM, number(2000), number(1900))


def _hour(
    hour: exp.Expression | None, twelfth: exp.Expression | None, half: exp.Expression | None
) -> exp.Expression:
    if hour is not None:
        return hour
    if twelfth is None:
        return number(0)
    valid = call("if", exp.Between(this=twelfth, low=number(1), high=number(12)), twelfth.copy(), exp.null())
    later = (
        number(0) if half is None else call("if", call("lower", half).eq(string("pm")), number(12), number(0))
    )
    return exp.paren(valid % 12) + later


def _second(second: exp.Expression | None, fraction: exp.Expression | None) -> exp.Expression:
    """Seconds with their fraction; Spark would take 60 for the next minute's first."""
    if second is None:
        return number(0)
    valid = call("if", second <= 59, second.copy(), exp.null())  # noqa: PLR2004
    if fraction is None:
        return valid
    return exp.cast(call("concat", exp.cast(valid, "string"), string("."), fraction), "decimal(8, 6)")


def _in_utc(moment: exp.Expression, zone: exp.Expression) -> exp.Expression:
    digits = call(
        "rpad", call("replace", call("substr", zone, number(2)), string(":")), number(4), string("0")
    )
    hours = exp.cast(call("substr", digits, number(1), number(2)), "int")
    minutes = exp.cast(call("substr", digits.copy(), number(3), number(2)), "int")
    offset = call("make_dt_interval", number(0), hours, minutes)
    is_west = call("startswith", zone.copy(), string("-"))
    return call("if", is_west, moment + offset, moment.copy() - offset.copy())

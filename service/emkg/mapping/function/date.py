"""Functions on dates and times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import duckdb

from emkg.errors import MappingError
from emkg.mapping.builtin import try_strptime
from emkg.mapping.function.definition import Body, Check, Constants, Function, Parameter
from emkg.mapping.function.text import VALUE

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

# the same reason as for a literal that does not fit its datatype: to the reader of a file it is one fault
_REASON: Final = "bad-lexical-form"
_ZONES: Final = {"Z": "Z", "UTC": "Z", "Asia/Shanghai": "+08:00"}
_OFFSET: Final = re.compile(r"[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00")
_LETTERS: Final = {"y": "%Y", "M": "%m", "d": "%d", "H": "%H", "m": "%M", "s": "%S"}
_NO_MOMENT: Final = (
    r"(?i)^\s*[+-]?(?:epoch|infinity)\s*$"  # DuckDB makes 1900-01-01 of these, whatever the format
)
_FORMAT: Final = Parameter(
    "format",
    "strptime directives (`%Y年%m月%d日`) or letters (`yyyy-MM-dd HH:mm`)",
    "格式：strptime 记号（%Y年%m月%d日）或字母（yyyy-MM-dd HH:mm）",
    is_constant=True,
)


def strptime_format(text: str) -> str:
    """The format as strptime directives; `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss` are turned into them."""
    if "%" in text:
        return text
    return re.sub(r"y+|M+|d+|H+|m+|s+", lambda run: _LETTERS[run.group()[0]], text)


def _parsed(constants: Constants) -> Callable[[ir.StringValue], ir.TimestampValue]:
    template = strptime_format(constants.get("format"))
    try:
        duckdb.execute("SELECT try_strptime('', ?)", [template])
    except duckdb.Error as error:
        raise MappingError(
            f"emf:format is no date format: {str(error).splitlines()[0]}",
            message_zh=f"emf:format“{template}”不是有效的日期格式",
            location=constants.location,
        ) from None
    return lambda value: value.re_search(_NO_MOMENT).ifelse(None, try_strptime(value, template))


def _unread(parsed: Callable[[ir.StringValue], ir.Value], constants: Constants) -> Check:
    return Check(0, _REASON, constants.get("format"), lambda value: value.notnull() & parsed(value).isnull())


def _parse_date(constants: Constants) -> Body:
    parsed = _parsed(constants)
    return Body(lambda value: parsed(value).strftime("%Y-%m-%d"), (_unread(parsed, constants),))


def _parse_date_time(constants: Constants) -> Body:
    parsed, zone = _parsed(constants), _offset(constants)
    return Body(
        lambda value: parsed(value).strftime("%Y-%m-%dT%H:%M:%S") + zone,
        (_unread(parsed, constants),),
    )


def _offset(constants: Constants) -> str:
    zone = constants.get("zone")
    offset = _ZONES.get(zone, zone)
    if offset in ("", "Z") or _OFFSET.fullmatch(offset):
        return offset
    raise MappingError(
        f"{zone!r} is no time zone known here; write an offset such as +08:00, Z or Asia/Shanghai",
        message_zh=f"未知时区“{zone}”；请写偏移量（如 +08:00）、Z 或 Asia/Shanghai",
        location=constants.location,
    )


DATE_FUNCTIONS: Final = (
    Function(
        "parseDate",
        (VALUE, _FORMAT),
        "An xsd:date; a text that does not follow the format, or names no real day, is quarantined.",
        "得到 xsd:date；不符合格式或日期不存在的值进入隔离区。",
        _parse_date,
    ),
    Function(
        "parseDateTime",
        (
            VALUE,
            _FORMAT,
            Parameter(
                "zone",
                "the offset of local times that carry none: +08:00, Z, Asia/Shanghai (+08:00 always)",
                "无时区本地时间的偏移：+08:00、Z 或 Asia/Shanghai（一律 +08:00）",
                is_constant=True,
                is_required=False,
            ),
        ),
        "An xsd:dateTime with whole seconds and the zone's offset.",
        "得到精确到秒并带时区偏移的 xsd:dateTime。",
        _parse_date_time,
    ),
)

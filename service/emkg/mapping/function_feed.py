"""Functions on what feeds and exports of others hold: moments as numbers, links among notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.mapping.function import Body, Check, Constants, Function, Parameter
from emkg.mapping.function_text import VALUE

if TYPE_CHECKING:
    import ibis.expr.types as ir

# as for literals that do not fit their datatype: to the reader of a file it is the same fault
_REASON: Final = "bad-lexical-form"
_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999
_WEB_ADDRESS: Final = r"^https?://[^\s<>\"{}|\\^`\x{3000}]+$"


def _moment(value: ir.StringValue) -> ir.TimestampValue:
    number = value.try_cast("int64")
    return number.between(_FIRST_MS, _LAST_MS).ifelse(number, None).as_timestamp("ms")


def _epoch_millis(_: Constants) -> Body:
    def is_unread(value: ir.StringValue) -> ir.BooleanValue:
        return value.notnull() & _moment(value).isnull()

    return Body(
        lambda value: _moment(value).strftime("%Y-%m-%dT%H:%M:%S.%g") + "Z",
        (Check(0, _REASON, "milliseconds since 1970-01-01", is_unread),),
    )


def _web_address(_: Constants) -> Body:
    return Body(
        lambda value: value.re_search(_WEB_ADDRESS).ifelse(value, None),
        (Check(0, _REASON, "a web address (http, https)", lambda value: ~value.re_search(_WEB_ADDRESS)),),
    )


FEED_FUNCTIONS: Final = (
    Function(
        "epochMillis",
        (
            Parameter(
                "value", "milliseconds since 1970-01-01T00:00:00Z", "自 1970-01-01T00:00:00Z 起的毫秒数"
            ),
        ),
        "An xsd:dateTime in UTC with its milliseconds; what is no whole number is quarantined.",
        "把毫秒时间戳换成带毫秒的 UTC xsd:dateTime；不是整数的值进入隔离区。",
        _epoch_millis,
    ),
    Function(
        "webAddress",
        (VALUE,),
        "The text where it is an http or https address; a note or a bare host in its place is quarantined.",
        "http 或 https 网址原样保留；混入的备注或缺少协议的网址进入隔离区。",
        _web_address,
    ),
)

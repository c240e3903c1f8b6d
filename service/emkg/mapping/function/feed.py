"""Functions on what feeds and exports of others hold: moments as numbers, notes where codes should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.mapping.function.definition import Body, Check, Constants, Function, Parameter
from emkg.mapping.function.text import VALUE, checked_pattern

if TYPE_CHECKING:
    import ibis.expr.types as ir

# as for literals that do not fit their datatype: to the reader of a file it is the same fault
_REASON: Final = "bad-lexical-form"
_WHOLE: Final = r"^[+-]?[0-9]{1,18}$"
_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999


def _moment(value: ir.StringValue) -> ir.TimestampValue:
    # a cast alone would round 1.5 and read 0x10 and 1_000
    number = value.re_search(_WHOLE).ifelse(value, None).try_cast("int64")
    return number.between(_FIRST_MS, _LAST_MS).ifelse(number, None).as_timestamp("ms")


def _epoch_millis(_: Constants) -> Body:
    def is_unread(value: ir.StringValue) -> ir.BooleanValue:
        return value.notnull() & _moment(value).isnull()

    return Body(
        lambda value: _moment(value).strftime("%Y-%m-%dT%H:%M:%S.%g") + "Z",
        (Check(0, _REASON, "milliseconds since 1970-01-01", is_unread),),
    )


def _matching(constants: Constants) -> Body:
    pattern = checked_pattern(constants)

    def fits(value: ir.StringValue) -> ir.BooleanValue:
        return value.re_search(pattern)

    expected = constants.get("meaning") or constants.get("pattern")
    return Body(
        lambda value: fits(value).ifelse(value, None),
        (Check(0, _REASON, expected, lambda value: ~fits(value)),),
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
        "matching",
        (
            VALUE,
            Parameter(
                "pattern",
                "a regular expression for the whole text",
                "匹配整个文本的正则表达式",
                is_constant=True,
            ),
            Parameter(
                "meaning",
                "what such a text is, for the message (`a web address`)",
                "此类文本的含义，用于提示信息（如“网址”）",
                is_constant=True,
                is_required=False,
            ),
        ),
        "The text where it has the form of what it should be; a note in a code's place is quarantined.",
        "文本符合规定的形式时原样保留；代码位置上的备注等进入隔离区。",
        _matching,
    ),
)

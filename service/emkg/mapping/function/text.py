"""Functions on texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import duckdb
import ibis

from emkg.errors import MappingError
from emkg.mapping.encode import iri_safe
from emkg.mapping.function.definition import Body, Function, Parameter
from emkg.mapping.value import bind

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from emkg.mapping.function.definition import Constants

VALUE: Final = Parameter("value", "the text", "文本")
_WIDE: Final = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
_NARROW: Final = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)) + " "


def _trimmed(text: ir.StringValue) -> ir.StringValue:
    return text.re_replace(r"^[\s\x{3000}\x{A0}\x{FEFF}]+|[\s\x{3000}\x{A0}\x{FEFF}]+$", "")


def _nothing_if_empty(text: ir.StringValue) -> ir.StringValue:
    return text.nullif("")


def _split(constants: Constants) -> Body:
    separator, prefix = constants.get("separator", ";"), constants.get("prefix")

    def piece(text: ir.Value) -> ir.Value:
        trimmed = _nothing_if_empty(_trimmed(text))
        return ibis.literal(prefix) + iri_safe(trimmed) if prefix else trimmed

    return Body(lambda value: value.split(separator).map(bind("one_piece", piece)), gives_many=True)


def _concat(constants: Constants) -> Body:
    separator = constants.get("separator")

    return Body(lambda value, other: value + separator + other)


def checked_pattern(constants: Constants) -> str:
    """emf:pattern as a regular expression for the whole text.

    Raises:
        MappingError: It is none.
    """
    pattern = f"^(?:{constants.get('pattern')})$"
    try:
        duckdb.execute("SELECT regexp_matches('', ?)", [pattern])
    except duckdb.Error as error:
        raise MappingError(
            f"emf:pattern is no regular expression: {error}",
            message_zh="emf:pattern 不是有效的正则表达式",
            location=constants.location,
        ) from None
    return pattern


TEXT_FUNCTIONS: Final = (
    Function(
        "split",
        (
            VALUE,
            Parameter("separator", "what stands between the pieces; `;` if absent", "分隔符，默认“;”", is_constant=True, is_required=False),
            Parameter("prefix", "put before every piece, which is then IRI-safe encoded", "加在每一段之前的前缀，段内容按 IRI 安全编码", is_constant=True, is_required=False),
        ),
        "Several values from one cell: its pieces, trimmed, empty ones left out.",
        "把一个单元格拆成多个值：各段去除首尾空白，空段略去。",
        _split,
    ),
    Function("trim", (VALUE,), "The text without white space at its ends, the ideographic space included.", "去除首尾空白（含全角空格）。", lambda _: Body(lambda value: _nothing_if_empty(_trimmed(value)))),
    Function("normaliseWidth", (VALUE,), "Full-width digits, letters, punctuation and space as ASCII.", "全角数字、字母、标点和空格转为半角。", lambda _: Body(lambda value: value.translate(_WIDE, _NARROW))),
    Function(
        "concat",
        (VALUE, Parameter("other", "the text after it", "接在其后的文本"), Parameter("separator", "put between them", "连接符", is_constant=True, is_required=False)),
        "Two texts in one; nothing where one of them is missing.",
        "把两个文本连接成一个；缺少任何一个则无值。",
        _concat,
    ),
    Function("lower", (VALUE,), "The text in lower case.", "转为小写。", lambda _: Body(lambda value: value.lower())),
    Function("upper", (VALUE,), "The text in upper case.", "转为大写。", lambda _: Body(lambda value: value.upper())),
)  # fmt: skip

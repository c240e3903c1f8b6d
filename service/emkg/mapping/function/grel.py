"""Functions of other people's vocabularies that RML mappings call: GREL's and IDLab's, by their own IRIs.

What they do is what their descriptions say (https://openrefine.org/docs/manual/grelfunctions for GREL). Parameters
have two names in use, that of the parameter and that of its predicate; both are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.function.definition import Body, Check, Constants, Function, Output, Parameter
from emkg.mapping.function.truth import truth
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

GREL: Final = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
IDLAB: Final = "https://w3id.org/imec/idlab/function#"

_GREL_TEXT: Final = (Output(GREL + "stringOut"), Output(GREL + "stringOutput"))
_GREL_NUMBER: Final = (
    Output(GREL + "output_number", XSD + "integer"),
    Output(GREL + "o_int", XSD + "integer"),
)
_IDLAB_TEXT: Final = (Output(IDLAB + "_stringOut"),)
_IDLAB_TRUTH: Final = (Output(IDLAB + "_boolOut", XSD + "boolean"),)
_GREL_TRUTH: Final = (Output(GREL + "output_bool", XSD + "boolean"), Output(GREL + "o_bool", XSD + "boolean"))
_WHOLE: Final = r"^[+-]?[0-9]{1,9}$"


def _named(name: str, summary: str, summary_zh: str, *iris: str, is_required: bool = True) -> Parameter:
    return Parameter(name, summary, summary_zh, is_required=is_required, other_iris=iris)


_VALUE: Final = _named("value", "the text", "文本", GREL + "valueParam", GREL + "valueParameter")
_OTHER: Final = _named("other", "the other text", "另一文本", GREL + "valueParam2", GREL + "valueParameter2")
_TEXT: Final = _named("text", "the text", "文本", IDLAB + "str", IDLAB + "_str")
_FIND: Final = _named(
    "find", "what to look for, as it stands", "要查找的文本", GREL + "param_find", GREL + "p_string_find"
)
_REPLACE: Final = _named(
    "replacement", "what to put there", "替换文本", GREL + "param_replace", GREL + "p_string_replace"
)
_FROM: Final = _named("from", "the first character, counted from 0; from the end if negative", "起始字符（从 0 数起；负数从末尾数起）", GREL + "p_int_i_from", GREL + "param_int_i_from")  # fmt: skip
_TO: Final = _named("to", "the character to stop before", "结束字符（不含）", GREL + "p_int_i_opt_to", GREL + "param_int_i_opt_to", is_required=False)  # fmt: skip


def _plain(apply: Callable[..., ir.Value]) -> Callable[[Constants], Body]:
    return lambda _: Body(apply)


def _index(text: ir.StringValue, number: ir.StringValue) -> ir.IntegerValue:
    """A place in the text; one from its end may lie before its beginning, which is then meant."""
    place = number.try_cast("int64")
    return ibis.ifelse(place < 0, ibis.greatest(text.length() + place, 0), place)


def _substring(
    text: ir.StringValue, first: ir.StringValue, end: ir.StringValue | None = None
) -> ir.StringValue:
    start = _index(text, first)
    stop = text.length() if end is None else ibis.least(_index(text, end), text.length())
    found = text.substr(start, ibis.greatest(stop - start, 0))
    return ibis.ifelse(start > text.length(), ibis.null("string"), found)


def _is_no_number(_: ir.StringValue, number: ir.StringValue, *_end: ir.StringValue) -> ir.BooleanValue:
    return ~number.re_search(_WHOLE)


def _substring_body(_: Constants) -> Body:
    return Body(_substring, (Check(1, "bad-lexical-form", "a whole number", _is_no_number),))


def _url(text: ir.StringValue) -> ir.StringValue:
    upper = text.upper()
    return ibis.ifelse(upper.re_search("^HTTPS?://"), upper, "http://" + upper)


GREL_FUNCTIONS: Final = (
    Function("toUpperCase", (_VALUE,), "The text in upper case.", "转为大写。", _plain(lambda text: text.upper()), GREL, _GREL_TEXT),
    Function("toLowerCase", (_VALUE,), "The text in lower case.", "转为小写。", _plain(lambda text: text.lower()), GREL, _GREL_TEXT),
    Function("string_trim", (_VALUE,), "The text without white space at its ends.", "去除首尾空白。", _plain(lambda text: text.strip()), GREL, _GREL_TEXT),
    Function("string_length", (_VALUE,), "How many characters it has.", "字符数。", _plain(lambda text: text.length().cast("string")), GREL, _GREL_NUMBER),
    Function("string_replace", (_VALUE, _FIND, _REPLACE), "The text with every occurrence of one text replaced by another.", "替换文本中的每一处。", _plain(lambda text, find, by: text.replace(find, by)), GREL, _GREL_TEXT),
    Function("string_substring", (_VALUE, _FROM, _TO), "The characters from one place up to another; nothing if it begins beyond the end.", "取子串；起点超出末尾则无值。", _substring_body, GREL, _GREL_TEXT),
    Function("boolean_not", (_named("truth", "true or false", "true 或 false", GREL + "bool_b", GREL + "param_bool_b"),), "The opposite.", "取反。", _plain(lambda value: truth(value == "false")), GREL, _GREL_TRUTH),
    Function("equal", (_VALUE, _OTHER), "Whether two texts are the same.", "两个文本是否相同。", _plain(lambda one, other: truth(one == other)), IDLAB, _IDLAB_TRUTH),
    Function("notEqual", (_VALUE, _OTHER), "Whether two texts differ.", "两个文本是否不同。", _plain(lambda one, other: truth(one != other)), IDLAB, _IDLAB_TRUTH),
    Function("isNull", (_TEXT,), "Whether there is no value.", "是否无值。", _plain(lambda text: truth(text.isnull())), IDLAB, _IDLAB_TRUTH),
    Function("toUpperCaseURL", (_TEXT,), "The web address in upper case, `http://` put before it where it has no scheme.", "网址转为大写；无协议时加 http://。", _plain(_url), IDLAB, _IDLAB_TEXT),
    Function("alwaysReturnsABC", (), "`ABC`, for trying out mappings.", "总是返回 ABC，用于试验映射。", _plain(lambda: ibis.literal("ABC")), IDLAB, _IDLAB_TEXT),
)  # fmt: skip

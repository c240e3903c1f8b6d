"""Functions that answer `true` or `false`, for conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.function.definition import RESULT, Body, Constants, Function, Output, Parameter
from emkg.mapping.function.text import VALUE, checked_pattern
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

TRUTH: Final = (Output(RESULT.iri, XSD + "boolean"),)
_OTHER: Final = Parameter("other", "the text to compare it with", "用于比较的文本")


def truth(value: ir.BooleanValue) -> ir.StringValue:
    """`true` or `false`, as xsd:boolean writes them."""
    return ibis.cases((value, "true"), (~value, "false"))


def _plain(test: Callable[..., ir.BooleanValue]) -> Callable[[Constants], Body]:
    return lambda _: Body(lambda *values: truth(test(*values)))


def _matches(constants: Constants) -> Body:
    pattern = checked_pattern(constants)
    return Body(lambda value: truth(value.re_search(pattern)))


TRUTH_FUNCTIONS: Final = (
    Function("equal", (VALUE, _OTHER), "Whether two texts are the same; neither where one is missing.", "两个文本是否相同；缺少任何一个则无结果。", _plain(lambda one, other: one == other), outputs=TRUTH),
    Function("notEqual", (VALUE, _OTHER), "Whether two texts differ; neither where one is missing.", "两个文本是否不同；缺少任何一个则无结果。", _plain(lambda one, other: one != other), outputs=TRUTH),
    Function("isPresent", (VALUE,), "Whether there is a value.", "是否有值。", _plain(lambda value: value.notnull()), outputs=TRUTH),
    Function("isMissing", (VALUE,), "Whether there is no value.", "是否无值。", _plain(lambda value: value.isnull()), outputs=TRUTH),
    Function(
        "matches",
        (VALUE, Parameter("pattern", "a regular expression for the whole text", "匹配整个文本的正则表达式", is_constant=True)),
        "Whether the text has the form.",
        "文本是否符合规定的形式。",
        _matches,
        outputs=TRUTH,
    ),
    Function("not", (Parameter("truth", "true or false", "true 或 false"),), "The opposite.", "取反。", _plain(lambda value: value == "false"), outputs=TRUTH),
    Function("and", (Parameter("truth", "true or false", "true 或 false"), Parameter("other", "true or false", "true 或 false")), "Whether both are true.", "两者是否都为 true。", _plain(lambda one, other: (one == "true") & (other == "true")), outputs=TRUTH),
    Function("or", (Parameter("truth", "true or false", "true 或 false"), Parameter("other", "true or false", "true 或 false")), "Whether either is true.", "两者是否至少有一个为 true。", _plain(lambda one, other: (one == "true") | (other == "true")), outputs=TRUTH),
)  # fmt: skip

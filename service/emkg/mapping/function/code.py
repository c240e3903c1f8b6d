"""Functions on national codes: what each code must be, and its normal form."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Final

import ibis

from emkg.errors import MappingError
from emkg.mapping.function.definition import Body, Check, Constants, Function, Parameter
from emkg.mapping.function.text import VALUE
from emkg.sources.checksum import CREDIT_ALPHABET

if TYPE_CHECKING:
    import ibis.expr.types as ir

_CREDIT_FORM: Final = f"^[{CREDIT_ALPHABET}]{{18}}$"
_CREDIT_BODY: Final = 17
_CREDIT_BASE: Final = 31
# GB/T 2260: two digits for the province, two for the prefecture, two for the county; three more for the township and
# three for the village in the statistics' codes (GB/T 10114)
_PROVINCES: Final = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82"
_DIVISION_FORM: Final = f"^(?:{_PROVINCES})(?:[0-9]{{2}}(?:[0-9]{{2}}(?:[0-9]{{3}}(?:[0-9]{{3}})?)?)?)?$"
_DIVISION_LENGTHS: Final = ("2", "4", "6", "9", "12")


def _upper(value: ir.StringValue) -> ir.StringValue:
    return value.strip().upper()


def _is_no_credit_code(value: ir.StringValue) -> ir.BooleanValue:
    code, alphabet = _upper(value), ibis.literal(CREDIT_ALPHABET)
    weighted = (
        alphabet.find(code.substr(place, 1)) * pow(3, place, _CREDIT_BASE) for place in range(_CREDIT_BODY)
    )
    digit = (_CREDIT_BASE - reduce(add, weighted) % _CREDIT_BASE) % _CREDIT_BASE
    return ~code.re_search(_CREDIT_FORM) | (alphabet.find(code.substr(_CREDIT_BODY, 1)) != digit)


def _credit_code(_: Constants) -> Body:
    check = Check(0, "bad-code", "unified social credit code (统一社会信用代码)", _is_no_credit_code)
    return Body(lambda value: _is_no_credit_code(value).ifelse(ibis.null("string"), _upper(value)), (check,))


def _division_code(constants: Constants) -> Body:
    digits = constants.get("digits", "6")
    if digits not in _DIVISION_LENGTHS:
        raise MappingError(
            f"emf:digits is {', '.join(_DIVISION_LENGTHS[:-1])} or {_DIVISION_LENGTHS[-1]}, not {digits!r}",
            message_zh=f"emf:digits 应为 {'、'.join(_DIVISION_LENGTHS)} 之一",
            location=constants.location,
        )

    def is_bad(value: ir.StringValue) -> ir.BooleanValue:
        return ~value.strip().re_search(_DIVISION_FORM)

    def normal(value: ir.StringValue) -> ir.StringValue:
        padded = value.strip().substr(0, int(digits)).rpad(int(digits), "0")
        return is_bad(value).ifelse(ibis.null("string"), padded)

    return Body(normal, (Check(0, "bad-code", "division code (GB/T 2260, 行政区划代码)", is_bad),))


CODE_FUNCTIONS: Final = (
    Function("creditCode", (VALUE,), "A unified social credit code in upper case; one of the wrong form or check digit is quarantined.", "统一社会信用代码（大写）；形式或校验码有误的进入隔离区。", _credit_code),
    Function(
        "divisionCode",
        (VALUE, Parameter("digits", "how many digits to give: 2, 4, 6, 9 or 12; 6 if absent", "输出位数：2、4、6、9 或 12，默认 6", is_constant=True, is_required=False)),
        "The division that a GB/T 2260 code of 2, 4, 6, 9 or 12 digits lies in, cut or filled with zeros; other codes are quarantined.",
        "把 2、4、6、9、12 位行政区划代码截取或补零为指定位数；其他代码进入隔离区。",
        _division_code,
    ),
)  # fmt: skip

"""Conversion between units of one quantity, named by their UCUM codes (https://ucum.org), 亩 and 万 among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.fault import unknown_name
from emkg.mapping.function.definition import Body, Check, Constants, Function, Parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Unit:
    """A unit: a value times `factor`, plus `offset`, is in the quantity's first unit."""

    quantity: str
    factor: float
    offset: float = 0.0


UNITS: Final = {
    "m": Unit("length", 1), "mm": Unit("length", 0.001), "cm": Unit("length", 0.01), "km": Unit("length", 1000),
    "[ft_i]": Unit("length", 0.3048), "[mi_i]": Unit("length", 1609.344), "[nmi_i]": Unit("length", 1852),
    "m2": Unit("area", 1), "km2": Unit("area", 1e6), "har": Unit("area", 1e4), "[mu]": Unit("area", 2000 / 3),
    "m3": Unit("volume", 1), "L": Unit("volume", 0.001), "10*4.m3": Unit("volume", 1e4), "10*8.m3": Unit("volume", 1e8),
    "g": Unit("mass", 0.001), "kg": Unit("mass", 1), "t": Unit("mass", 1000), "10*4.t": Unit("mass", 1e7),
    "s": Unit("time", 1), "ms": Unit("time", 0.001), "min": Unit("time", 60), "h": Unit("time", 3600), "d": Unit("time", 86400),
    "m/s": Unit("speed", 1), "km/h": Unit("speed", 1 / 3.6), "[kn_i]": Unit("speed", 1852 / 3600),
    "K": Unit("temperature", 1), "Cel": Unit("temperature", 1, 273.15), "[degF]": Unit("temperature", 5 / 9, 459.67 * 5 / 9),
    "Pa": Unit("pressure", 1), "hPa": Unit("pressure", 100), "kPa": Unit("pressure", 1000), "mbar": Unit("pressure", 100),
    "ug/m3": Unit("mass concentration", 1e-6), "mg/m3": Unit("mass concentration", 0.001), "g/m3": Unit("mass concentration", 1),
    "1": Unit("number", 1), "%": Unit("number", 0.01), "10*3": Unit("number", 1000), "10*4": Unit("number", 1e4), "10*8": Unit("number", 1e8),
}  # fmt: skip
_DECIMALS: Final = 9
_NUMBER: Final = r"^[+-]?(?:[0-9]{1,15}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?$"
_MOST: Final = 1e20  # what nine decimals leave of 38 digits, and some room


def _number(value: ir.StringValue) -> ir.FloatingValue:
    text = value.strip()
    return text.re_search(_NUMBER).ifelse(text, ibis.null("string")).try_cast("float64")


def _convert(constants: Constants) -> Body:
    source = _unit(constants, "from")
    candidates = {code: unit for code, unit in UNITS.items() if unit.quantity == source.quantity}
    target = _unit(constants, "to", candidates, f"unit of {source.quantity}")

    def converted(value: ir.StringValue) -> ir.FloatingValue:
        # dividing by the target's factor, not multiplying by its inverse, keeps 25 mm at 2.5 cm
        return (_number(value) * source.factor + (source.offset - target.offset)) / target.factor

    def is_bad(value: ir.StringValue) -> ir.BooleanValue:
        return _number(value).isnull() | (converted(value).abs() > _MOST)

    def text(value: ir.StringValue) -> ir.StringValue:
        found = is_bad(value).ifelse(ibis.null("float64"), converted(value))
        plain = found.round(_DECIMALS).cast("decimal(38, 9)").cast("string")
        return plain.re_replace(r"\.?0+$", "").re_replace("^-0$", "0")

    return Body(text, (Check(0, "bad-lexical-form", f"a number of {constants.get('from')}", is_bad),))


def _unit(constants: Constants, name: str, units: dict[str, Unit] = UNITS, what: str = "unit") -> Unit:
    code = constants.get(name)
    if code not in units:
        raise unknown_name(constants.location, what, "单位", code, units)
    return units[code]


UNIT_FUNCTIONS: Final = (
    Function(
        "convertUnit",
        (
            Parameter("value", "the number", "数值"),
            Parameter("from", "the UCUM code of the unit it is in: `km/h`, `ug/m3`, `[degF]`, `[mu]` for 亩, `10*4` for 万", "原单位的 UCUM 代码，如 km/h、ug/m3、[degF]、[mu]（亩）、10*4（万）", is_constant=True),
            Parameter("to", "the UCUM code of the unit to give it in", "目标单位的 UCUM 代码", is_constant=True),
        ),
        "The number in the other unit, with at most nine decimals; what is no number is quarantined.",
        "换算为目标单位，最多九位小数；不是数字的值进入隔离区。",
        _convert,
    ),
)  # fmt: skip

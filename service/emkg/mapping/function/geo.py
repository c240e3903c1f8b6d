"""Coordinates to WKT in WGS 84: from WGS 84 itself, from GCJ-02, the shifted datum of Chinese maps, and from BD-09.

The shifts are published by nobody; the formulas are those that leaked and every map library uses. Their inverses are
iterated; three steps come within 1e-7 degrees (about a centimetre) of what the forward formulas shift back.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import ibis

from emkg.mapping.builtin import print_point
from emkg.mapping.function.definition import Body, Check, Function, Parameter
from emkg.mapping.value import bind

if TYPE_CHECKING:
    import ibis.expr.types as ir

Box: TypeAlias = tuple[float, float, float, float]  # west, east, south, north, in degrees
Shift: TypeAlias = Callable[..., "tuple[ir.NumericValue, ir.NumericValue]"]

_AXIS: Final = 6378245.0  # metres, Krasovsky 1940
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_STEPS: Final = 3
_BAIDU: Final = math.pi * 3000 / 180
_CHINA: Final[Box] = (72.004, 137.8347, 0.8293, 55.8271)  # GCJ-02 is defined within this box only
_WORLD: Final[Box] = (-180.0, 180.0, -90.0, 90.0)
_REASON: Final = "bad-coordinate"


def _waves(angle: ir.NumericValue, other: ir.NumericValue) -> ir.NumericValue:
    """The part of the shift that repeats with `other`."""
    common = (20 * (6 * math.pi * angle).sin() + 20 * (2 * math.pi * angle).sin()) * 2 / 3
    return common + (20 * (math.pi * other).sin() + 40 * (math.pi * other / 3).sin()) * 2 / 3


def _shift(longitude: ir.NumericValue, latitude: ir.NumericValue) -> tuple[ir.NumericValue, ir.NumericValue]:
    """How far GCJ-02 moves a WGS 84 point, in degrees."""
    x, y = longitude - 105.0, latitude - 35.0
    root = x.abs().sqrt()
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + _waves(x, y)
    north = north + (160 * (math.pi * y / 12).sin() + 320 * (math.pi * y / 30).sin()) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + _waves(x, x)
    east = east + (150 * (math.pi * x / 12).sin() + 300 * (math.pi * x / 30).sin()) * 2 / 3
    radians = latitude / 180 * math.pi
    magic = 1 - _ECCENTRICITY_SQUARED * radians.sin() * radians.sin()
    meridian = _AXIS * (1 - _ECCENTRICITY_SQUARED) / (magic * magic.sqrt()) * math.pi
    parallel = _AXIS / magic.sqrt() * radians.cos() * math.pi
    return east * 180 / parallel, north * 180 / meridian


def _baidu_shift(
    longitude: ir.NumericValue, latitude: ir.NumericValue
) -> tuple[ir.NumericValue, ir.NumericValue]:
    """How far BD-09 moves a GCJ-02 point, in degrees."""
    radius = (longitude * longitude + latitude * latitude).sqrt() + 0.00002 * (latitude * _BAIDU).sin()
    angle = latitude.atan2(longitude) + 0.000003 * (longitude * _BAIDU).cos()
    return radius * angle.cos() + 0.0065 - longitude, radius * angle.sin() + 0.006 - latitude


def _unshifted(points: ir.ArrayValue, shift: Shift) -> ir.ArrayValue:
    """The points that the shift moves to the given ones.

    Lists of one point make each step's result a name, so that the expression does not double at every step.
    """

    def invert(given: ir.Value) -> ir.Value:
        def step(guess: ir.Value) -> ir.Value:
            east, north = shift(guess["east"], guess["north"])
            return ibis.struct({"east": given["east"] - east, "north": given["north"] - north})

        guesses = ibis.array([given])
        for _ in range(_STEPS):
            guesses = guesses.map(bind("guess", step))
        return guesses[0]

    return points.map(bind("given", invert))


def _outside(text: ir.StringValue, low: float, high: float) -> ir.BooleanValue:
    number = text.try_cast("float64")
    return text.notnull() & ~number.between(low, high).fill_null(False)


def _to_wkt(datum: str, box: Box, *shifts: Shift) -> Body:
    """From a datum that the shifts, undone in turn, bring to WGS 84; it is defined within the box only."""
    west, east, south, north = box

    def wkt(longitude: ir.StringValue, latitude: ir.StringValue) -> ir.StringValue:
        given = {"east": longitude.try_cast("float64"), "north": latitude.try_cast("float64")}
        points = ibis.array([ibis.struct(given)])
        for shift in shifts:
            points = _unshifted(points, shift)
        texts = points.map(
            bind("point", lambda point: print_point("POINT(%.6f %.6f)", point["east"], point["north"]))
        )
        is_outside = _outside(longitude, west, east) | _outside(latitude, south, north)
        return ibis.ifelse(is_outside, ibis.null("string"), texts[0])

    return Body(
        wkt,
        (
            Check(0, _REASON, datum, lambda longitude, _: _outside(longitude, west, east)),
            Check(1, _REASON, datum, lambda _, latitude: _outside(latitude, south, north)),
        ),
    )


def _function(name: str, datum: str, box: Box, *shifts: Shift) -> Function:
    return Function(
        name,
        (
            Parameter("longitude", f"degrees east, {datum}", f"{datum} 经度（度）"),
            Parameter("latitude", f"degrees north, {datum}", f"{datum} 纬度（度）"),
        ),
        "`POINT(longitude latitude)` in WGS 84, six decimals; what lies outside the datum's box is quarantined.",
        f"得到 WGS 84 的 POINT(经度 纬度)，六位小数；超出 {datum} 范围的坐标进入隔离区。",
        lambda _: _to_wkt(datum, box, *shifts),
    )


GEO_FUNCTIONS: Final = (
    _function("wgs84ToWkt", "WGS 84 or CGCS2000", _WORLD),
    _function("gcj02ToWkt", "GCJ-02", _CHINA, _shift),
    _function("bd09ToWkt", "BD-09", _CHINA, _baidu_shift, _shift),
)

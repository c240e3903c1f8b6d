"""Degrees: columns in pairs, their order, and of their datum only what there is evidence for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from emkg.sources.inspection.kind import ENOUGH, CodeFinding, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emkg.sources.inspection.column import ColumnProfile

_AXES: Final = {
    "longitude": (
        re.compile(r"经度|longitude|(?:^|[^a-z])(?:lon|lng|long|x)(?:$|[^a-z])|coordinates\[0\]$"),
        Kind("longitude", ("longitude", "经度"), bool),
    ),
    "latitude": (
        re.compile(r"纬度|latitude|(?:^|[^a-z])(?:lat|y)(?:$|[^a-z])|coordinates\[1\]$"),
        Kind("latitude", ("latitude", "纬度"), bool),
    ),
}
_GEOJSON: Final = re.compile(r"coordinates\[[01]\]$")
_DEGREES: Final = re.compile(r"[-+]?\d{1,3}(\.\d+)?")
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)  # China
_WORLD, _HALF = 180, 90
_DATUMS: Final = (
    (re.compile(r"gcj|高德|腾讯|火星|amap"), "GCJ-02"),
    (re.compile(r"bd ?-?0?9|百度|baidu"), "BD-09"),
    (re.compile(r"wgs|gps"), "WGS 84"),
)
GCJ_FUNCTION: Final = "emf:gcj02ToWkt"


@dataclass(frozen=True)
class _Axis:
    column: ColumnProfile
    numbers: dict[int, float]
    words: str


def with_coordinates(
    columns: tuple[ColumnProfile, ...], cells: Mapping[str, Sequence[tuple[int, str | None]]]
) -> tuple[ColumnProfile, ...]:
    """The columns, those that name an axis and hold degrees told as such; a lone axis says nothing of the datum."""
    east, north = (
        [axis for one in columns if not one.codes and (axis := _axis(one, cells[one.name], pattern))]
        for pattern, _ in _AXES.values()
    )
    found: dict[str, CodeFinding] = {}
    for one in east:
        partner = max(north, key=lambda other: _alike(one, other), default=None)
        if partner is None or max(east, key=lambda other: _alike(other, partner)) is not one:
            continue
        first, second = _judged(one, partner)
        found |= {one.column.name: first, partner.column.name: second}
    return tuple(
        replace(column, codes=(found[column.name],)) if column.name in found else column for column in columns
    )


def _axis(
    column: ColumnProfile, cells: Sequence[tuple[int, str | None]], pattern: re.Pattern[str]
) -> _Axis | None:
    """The column as an axis: its name says so, and nearly all its values can be degrees, some with decimals."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.name).lower()
    if not pattern.search(words):
        return None
    texts = {row: text.strip() for row, text in cells if text and _DEGREES.fullmatch(text.strip())}
    numbers = {row: float(text) for row, text in texts.items()}
    has_decimals = any("." in text for text in texts.values())
    if not has_decimals or len(numbers) < ENOUGH * column.values:
        return None
    if any(abs(one) > _WORLD for one in numbers.values()):
        return None
    return _Axis(column, numbers, words)


def _alike(one: _Axis, other: _Axis) -> tuple[int, int]:
    """How much of its name an axis shares with another: what is left of the name without the axis itself."""
    start = 0
    for first, second in zip(one.words, other.words, strict=False):
        if first != second:
            break
        start += 1
    return start, -abs(len(one.words) - len(other.words))


def _judged(east: _Axis, north: _Axis) -> tuple[CodeFinding, CodeFinding]:
    """What a pair is; exchanged where what is called a latitude cannot be one, or the two fit China only so."""
    pairs = [(number, north.numbers[row]) for row, number in east.numbers.items() if row in north.numbers]
    turned = [(second, first) for first, second in pairs]
    is_turned = any(abs(second) > _HALF for _, second in pairs) or (
        _share_in_china(turned) >= ENOUGH > _share_in_china(pairs)
    )
    datum, notes = _datum(east, north, _share_in_china(turned if is_turned else pairs))
    order = (
        (
            "the two seem to be exchanged: what is called the latitude can only be a longitude",
            "两列似乎颠倒：标为纬度的数值只能是经度",
        ),
    )
    hint = GCJ_FUNCTION if datum == "GCJ-02" else ""
    first, second = ("latitude", "longitude") if is_turned else ("longitude", "latitude")
    told = (*order, *notes) if is_turned else notes
    return (
        CodeFinding(replace(_AXES[first][1], hint=hint), len(east.numbers) / east.column.values, told),
        CodeFinding(replace(_AXES[second][1], hint=hint), len(north.numbers) / north.column.values, told),
    )


def _share_in_china(pairs: Sequence[tuple[float, float]]) -> float:
    inside = sum(_EAST[0] <= east <= _EAST[1] and _NORTH[0] <= north <= _NORTH[1] for east, north in pairs)
    return inside / len(pairs) if pairs else 0.0


def _datum(east: _Axis, north: _Axis, share: float) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The datum that a name states, else "", and what can be said."""
    for pattern, datum in _DATUMS:
        if pattern.search(east.words) and pattern.search(north.words):
            return datum, ((f"its name says {datum}", f"列名表明为 {datum}"),)
    if share == 0:
        return "", (
            (
                "outside China: GCJ-02 and BD-09 do not apply, most likely WGS 84",
                "在中国境外，不适用 GCJ-02 与 BD-09，多为 WGS 84",
            ),
        )
    where = (
        ("inside China", "在中国境内")
        if share >= ENOUGH
        else (f"{share:.0%} of the places inside China", f"{share:.0%} 的点在中国境内")
    )
    standard = (
        (
            "; GeoJSON prescribes WGS 84, longitude first, which not every producer keeps to",
            "；GeoJSON 规定 WGS 84、经度在前，但并非所有数据都遵守",
        )
        if _GEOJSON.search(east.words)
        else ("", "")
    )
    return "", (
        (
            f"{where[0]}: the numbers cannot tell WGS 84 from GCJ-02 or BD-09 (some 500 m apart){standard[0]}; ask who made the file",
            f"{where[1]}：仅凭数值无法区分 WGS 84 与 GCJ-02、BD-09（相差约 500 米）{standard[1]}；请询问数据提供方",
        ),
    )

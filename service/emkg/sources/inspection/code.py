"""What a column's values are likely to be: codes, identifiers, moments, places; each by a test and a share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from emkg.sources.inspection.checksum import is_credit_code, is_person_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class KnownCodes:
    """The codes that the reference tables hold."""

    divisions: frozenset[str] = frozenset()
    event_types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kind:
    """A kind of values.

    Attributes:
        name: A slug.
        label: What a reader calls it, English and Chinese.
        test: Whether a value is of the kind.
        is_personal: Values are personal data and are never shown.
        hint: The mapping function or datatype that reads it.
    """

    name: str
    label: tuple[str, str]
    test: Callable[[str], bool]
    is_personal: bool = False
    hint: str = ""


@dataclass(frozen=True)
class CodeFinding:
    """A kind that a column's values are of, and how many of them are."""

    kind: Kind
    share: float
    notes: tuple[tuple[str, str], ...] = field(default=())


ENOUGH: Final = 0.9
_MILLIS: Final = range(631_152_000_000, 4_102_444_800_000)  # 1990 to 2100
_PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)  # China


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _clock(text: str) -> bool:
    return bool(re.fullmatch(r"\d{3,4}", text)) and int(text[:-2]) < 24 and int(text[-2:]) < 60  # noqa: PLR2004 - hours, minutes


def kinds(known: KnownCodes) -> tuple[Kind, ...]:
    """Every kind, the surest first."""
    return (
        Kind(
            "person-number", ("resident identity number", "居民身份证号"), is_person_number, is_personal=True
        ),
        Kind(
            "mobile-number", ("mobile telephone number", "手机号"), _matches(r"1[3-9]\d{9}"), is_personal=True
        ),
        Kind("credit-code", ("unified social credit code", "统一社会信用代码"), is_credit_code),
        Kind(
            "event-type",
            ("event type code", "事件类型代码"),
            lambda text: text in known.event_types,
            hint="emf:translate",
        ),
        Kind(
            "division",
            ("division code (GB/T 2260)", "行政区划代码（GB/T 2260）"),
            _division,
            hint="emf:translate",
        ),
        Kind("icd-10", ("ICD-10 code", "ICD-10 编码"), _matches(r"[A-TV-Z]\d[\dA-Z](\.[\dA-Z]{1,4})?")),
        Kind("web-address", ("web address", "网址"), _matches(r"https?://\S+"), hint="~iri"),
        Kind(
            "epoch-millis",
            ("milliseconds since 1970", "1970 年以来的毫秒数"),
            lambda text: bool(re.fullmatch(r"\d{12,13}", text)) and int(text) in _MILLIS,
            hint="emf:epochMillis",
        ),
        Kind(
            "geometry",
            ("geometry (WKT)", "几何（WKT）"),
            _matches(r"(POINT|LINESTRING|POLYGON|MULTI\w+) ?Z? ?\(.*\)"),
        ),
        Kind("clock", ("time of day as HHmm", "HHmm 形式的时刻"), _clock),
    )


def _division(text: str) -> bool:
    """Six, nine or twelve digits, the first two those of a province."""
    return bool(re.fullmatch(r"\d{6}(\d{3}|\d{6})?", text)) and text[:2] in _PROVINCES


def find_codes(name: str, values: Sequence[str], known: KnownCodes) -> list[CodeFinding]:
    """The kinds of which nine tenths of the values are; a clock only where the column's name says time."""
    found = []
    for kind in kinds(known):
        share = sum(map(kind.test, values)) / len(values) if values else 0.0
        if share < ENOUGH or (kind.name == "clock" and not re.search(r"时|hora|time|hour", name.lower())):
            continue
        notes: tuple[tuple[str, str], ...] = ()
        if kind.name == "division":
            held = sum(text[:6] in known.divisions for text in values) / len(values)
            if held < ENOUGH and not re.search(r"code|代码|编码|区划", name.lower()):
                continue
            notes = ((f"{held:.0%} of them are in the reference table", f"其中 {held:.0%} 在参考表中"),)
        found.append(CodeFinding(kind, share, notes))
    return found or _coordinates(name, values)


def _coordinates(name: str, values: Sequence[str]) -> list[CodeFinding]:
    """Degrees, where the name says so and the values fit; of the datum only what there is evidence for."""
    axis = _axis(name.lower())
    numbers = [float(text) for text in values if re.fullmatch(r"-?\d{1,3}\.\d+", text)]
    if not axis or not values or len(numbers) < ENOUGH * len(values):
        return []
    limit = 180 if axis == "longitude" else 90
    if any(abs(number) > limit for number in numbers):
        return []
    low, high = _EAST if axis == "longitude" else _NORTH
    is_chinese = all(low <= number <= high for number in numbers)
    label = ("longitude", "经度") if axis == "longitude" else ("latitude", "纬度")
    kind = Kind(axis, label, bool, hint="emf:gcj02ToWkt" if is_chinese else "")
    return [CodeFinding(kind, len(numbers) / len(values), (_datum(name.lower(), is_chinese=is_chinese),))]


def _axis(name: str) -> str:
    if re.search(r"经度|lon|lng|^x$", name):
        return "longitude"
    return "latitude" if re.search(r"纬度|lat|^y$", name) else ""


def _datum(name: str, *, is_chinese: bool) -> tuple[str, str]:
    for pattern, datum in ((r"gcj|高德|腾讯|火星", "GCJ-02"), (r"bd|百度", "BD-09"), (r"wgs|gps", "WGS 84")):
        if re.search(pattern, name):
            return f"its name says {datum}", f"列名表明为 {datum}"
    if not is_chinese:
        return (
            "outside China: GCJ-02 and BD-09 do not apply, most likely WGS 84",
            "在中国境外，不适用 GCJ-02 与 BD-09，多为 WGS 84",
        )
    return (
        "inside China: the numbers cannot tell WGS 84 from GCJ-02 or BD-09 (some 500 m apart); ask who made the file",
        "在中国境内：仅凭数值无法区分 WGS 84 与 GCJ-02、BD-09（相差约 500 米），请询问数据提供方",
    )

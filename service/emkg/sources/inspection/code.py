"""What a column's values are likely to be: codes, identifiers, moments, places; each by a test and a share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.sources.checksum import is_credit_code
from emkg.sources.inspection.kind import CodeFinding, Kind, KnownCodes
from emkg.sources.inspection.personal import find_personal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_MILLIS: Final = range(631_152_000_000, 4_102_444_800_000)  # 1990 to 2100
_DIVISION: Final = re.compile(
    r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d\d(\d\d(\d{3}|\d{6})?)?"
)  # a province, then 2, 4, 7 or 10 digits
_CODE_NAMES: Final = re.compile(r"code|代码|编码|区划|adm")


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _clock(text: str) -> bool:
    return bool(re.fullmatch(r"\d{3,4}", text)) and int(text[:-2]) < 24 and int(text[-2:]) < 60  # noqa: PLR2004 - hours, minutes


def kinds(known: KnownCodes) -> tuple[Kind, ...]:
    """Every kind, the surest first."""
    return (
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
            lambda text: _DIVISION.fullmatch(text) is not None,
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


def find_codes(name: str, values: Sequence[str], known: KnownCodes) -> list[CodeFinding]:
    """The kinds of which enough of the values are; where any is personal data, that alone.

    Digits are a clock only where the column's name says time, division codes only where its name says code or the
    reference table holds them.
    """
    if personal := find_personal(name, values):
        return [personal]
    found = []
    for kind in kinds(known):
        share = sum(map(kind.test, values)) / len(values) if values else 0.0
        if share < kind.enough or (
            kind.name == "clock" and not re.search(r"时|hora|time|hour", name.lower())
        ):
            continue
        if kind.name != "division":
            found.append(CodeFinding(kind, share))
        elif division := _divisions(name, values, kind, share, known):
            found.append(division)
    return found


def _divisions(
    name: str, values: Sequence[str], kind: Kind, share: float, known: KnownCodes
) -> CodeFinding | None:
    held = sum(text[:6].ljust(6, "0") in known.divisions for text in values) / len(values)
    lengths = {len(text) for text in values}
    is_short = min(lengths) < 6  # noqa: PLR2004 - years and numbers have four digits, too
    if not _CODE_NAMES.search(name.lower()) and (held < kind.enough or is_short):
        return None
    digits = lengths.pop() if len(lengths) == 1 else 0
    notes = (
        (
            f"of {digits or 'different numbers of'} digits; {held:.0%} of them are in the reference table",
            f"{digits or '位数不一'}{' 位' if digits else ''}；其中 {held:.0%} 在参考表中",
        ),
    )
    return CodeFinding(kind, share, notes, digits)

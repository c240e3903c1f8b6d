"""One column's profile: type, nulls, range, uniqueness, likely codes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from emkg.sources.inspection.code import find_codes
from emkg.sources.inspection.personal import holds_personal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.sources.inspection.kind import CodeFinding, KnownCodes

NULL_TOKENS: Final = frozenset(
    [
        "NA",
        "N/A",
        "n/a",
        "#N/A",
        "NULL",
        "Null",
        "null",
        "None",
        "none",
        "NaN",
        "nan",
        "-",
        "--",
        "—",
        "——",
        "-;",
        "/",
        "\\N",
        "无",
        "暂无",
        "不详",
        "未知",
        "空",
        "缺失",
        "*",
    ]
)
_ENOUGH: Final = 0.95
_SHOWN: Final = 5
_HIDDEN: Final = "…"  # in place of personal data
# name, pattern, XSD datatype, the format that a mapping function takes
_TYPES: Final = (
    ("integer", r"0|-?[1-9]\d*", "integer", ""),
    ("decimal", r"-?(0|[1-9]\d*)(\.\d+)?", "decimal", ""),
    ("double", r"-?\d+(\.\d+)?[eE][+-]?\d+", "double", ""),
    ("boolean", r"true|false|True|False|TRUE|FALSE", "boolean", ""),
    ("date and time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "dateTime", ""),
    ("date and time", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "dateTime", "%Y-%m-%d %H:%M:%S"),
    ("date and time", r"\d{4}-\d\d-\d\d \d\d:\d\d", "dateTime", "%Y-%m-%d %H:%M"),
    ("date and time", r"\d{4}/\d\d?/\d\d? \d\d?:\d\d(:\d\d)?", "dateTime", "%Y/%m/%d %H:%M:%S"),
    ("date and time", r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d [AP]M", "dateTime", "%m/%d/%Y %I:%M:%S %p"),
    ("date", r"\d{4}-\d\d-\d\d", "date", ""),
    ("date", r"\d{4}年\d\d?月\d\d?日", "date", "%Y年%m月%d日"),
    ("date", r"\d{4}/\d\d?/\d\d?", "date", "%Y/%m/%d"),
    ("date", r"(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])/\d{4}", "date", "%m/%d/%Y"),
    ("date", r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", "date", "%Y%m%d"),
    ("time", r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", "time", ""),
)
_COMPILED: Final = tuple((name, re.compile(pattern), xsd, form) for name, pattern, xsd, form in _TYPES)


@dataclass(frozen=True)
class ColumnProfile:
    """What the sampled values of a column show.

    Attributes:
        name: The reference.
        datatype: The local name of an XSD datatype; `string` where none fits nine tenths and a half of the values.
        form: How its dates are written, for `emf:parseDate` and `emf:parseDateTime`; empty for XSD's own way.
        values: How many records have a value.
        empty: How many have none, null tokens included.
        null_tokens: Texts that stand for "no value".
        distinct: How many values are different.
        lowest: The least, as numbers or texts compare.
        highest: The greatest.
        examples: The most frequent values, none of personal data.
        misfits: Values that are not of the datatype, with their rows; five at most.
        is_key: Every record has a value and no two the same.
        codes: What the values are likely to be.
        tag: The column's HXL tag; empty where it has none.
    """

    name: str
    datatype: str
    form: str
    values: int
    empty: int
    null_tokens: tuple[str, ...]
    distinct: int
    lowest: str
    highest: str
    examples: tuple[str, ...]
    misfits: tuple[tuple[int, str], ...]
    is_key: bool
    codes: tuple[CodeFinding, ...]
    tag: str = ""

    @property
    def is_personal(self) -> bool:
        """The values are personal data: none is shown."""
        return any(code.kind.is_personal for code in self.codes)


def profile_column(name: str, cells: Sequence[tuple[int, str | None]], known: KnownCodes) -> ColumnProfile:
    """Judge a column by its cells, each with its row."""
    tokens = Counter(text.strip() for _, text in cells if text is not None and text.strip() in NULL_TOKENS)
    held = [
        (row, text.strip())
        for row, text in cells
        if text is not None and text.strip() and text.strip() not in NULL_TOKENS
    ]
    values = [text for _, text in held]
    codes = tuple(find_codes(name, values, known))
    datatype, form, misfits = _datatype(held)
    is_personal = any(code.kind.is_personal for code in codes)
    if is_personal or any(code.kind.hint == "emf:translate" for code in codes):
        datatype, form, misfits = "string", "", ()
    counts = Counter(values)
    lowest, highest = _range(values, datatype, form)
    return ColumnProfile(
        name,
        datatype,
        form,
        len(values),
        len(cells) - len(values),
        tuple(sorted(tokens)),
        len(counts),
        "" if is_personal or holds_personal(lowest) else lowest,
        "" if is_personal or holds_personal(highest) else highest,
        () if is_personal else _examples(counts),
        tuple((row, _HIDDEN if holds_personal(text) else text) for row, text in misfits),
        bool(cells) and len(counts) == len(cells),
        codes,
    )


def _examples(counts: Counter[str]) -> tuple[str, ...]:
    """The three most frequent values that hold no personal data."""
    return tuple(islice((text for text, _ in counts.most_common() if not holds_personal(text)), 3))


def _datatype(held: Sequence[tuple[int, str]]) -> tuple[str, str, tuple[tuple[int, str], ...]]:
    """The first type that fits all values, else the one that fits most, if that is nearly all."""
    best = ("string", "", 0)
    for _, pattern, xsd, form in _COMPILED:
        fitting = sum(pattern.fullmatch(text) is not None for _, text in held)
        if fitting > best[2]:
            best = (xsd, form, fitting)
        if held and fitting == len(held):
            break
    xsd, form, fitting = best
    if not held or fitting < _ENOUGH * len(held):
        return "string", "", ()
    pattern = next(one for _, one, name, written in _COMPILED if (name, written) == (xsd, form))
    misfits = [(row, text) for row, text in held if not pattern.fullmatch(text)]
    return xsd, form, tuple(misfits[:_SHOWN])


def _range(values: Sequence[str], datatype: str, form: str) -> tuple[str, str]:
    if not values:
        return "", ""
    if form.startswith("%Y") and len(form) > len("%Y%m%d"):
        return min(values, key=_parts), max(values, key=_parts)
    if datatype in {"integer", "decimal", "double"}:
        numbers = [text for text in values if re.fullmatch(r"-?[\d.eE+-]+", text)]
        return min(numbers, key=_number), max(numbers, key=_number)
    return min(values), max(values)


def _parts(text: str) -> list[int]:
    """Year, month, day and what follows, as numbers: a month of one digit comes before one of two."""
    return [int(digits) for digits in re.findall(r"\d+", text)]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0

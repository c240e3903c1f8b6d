"""What all departments of the demonstration city share: districts, the week, sources of chance, names."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

BEIJING_TIME: Final = timezone(timedelta(hours=8))
DAYS: Final = 7

DISTRICTS: Final[tuple[tuple[str, str, float, float], ...]] = (
    ("310101", "黄浦区", 121.490, 31.222),
    ("310104", "徐汇区", 121.437, 31.180),
    ("310105", "长宁区", 121.380, 31.220),
    ("310106", "静安区", 121.450, 31.260),
    ("310107", "普陀区", 121.390, 31.260),
    ("310109", "虹口区", 121.490, 31.280),
    ("310110", "杨浦区", 121.530, 31.290),
    ("310112", "闵行区", 121.410, 31.090),
    ("310113", "宝山区", 121.410, 31.400),
    ("310114", "嘉定区", 121.250, 31.370),
    ("310115", "浦东新区", 121.650, 31.150),
    ("310116", "金山区", 121.220, 30.830),
    ("310117", "松江区", 121.220, 31.030),
    ("310118", "青浦区", 121.080, 31.130),
    ("310120", "奉贤区", 121.520, 30.930),
    ("310151", "崇明区", 121.500, 31.650),
)
"""GB/T 2260 code, name, and a point well inside (GCJ-02 longitude and latitude, degrees)."""

_NUMERALS: Final = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Setting:
    """The week, its size and its chance."""

    seed: int
    scale: int
    start: date

    @property
    def event_key(self) -> str:
        """The haze event's key: the weather service's incident number."""
        return f"haze-{self.start:%Y%m%d}"

    @property
    def days(self) -> tuple[date, ...]:
        """The seven days of the week."""
        return tuple(self.start + timedelta(days=day) for day in range(DAYS))

    def chance(self, file: str) -> random.Random:
        """A source of chance for one file, so that a change in one export leaves the others as they were."""
        return random.Random(f"{self.seed}/{file}")  # noqa: S311 — reproducible data, nothing secret

    def moment(self, day: int, hour: int, minute: int = 0) -> str:
        """A time of the week, ISO 8601 with the zone of the city."""
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=BEIJING_TIME)
        return (midnight + timedelta(days=day, hours=hour, minutes=minute)).isoformat()


def district(index: int) -> tuple[str, str, float, float]:
    """The district of the nth thing of a kind, in turn."""
    return DISTRICTS[index % len(DISTRICTS)]


def numeral(number: int) -> str:
    """A positive number in Chinese numerals as school names have it: 一, 十二, 一百零三; from 10,000 on, in digits."""
    if number >= 10_000:  # noqa: PLR2004 — the first number that needs 万
        return str(number)
    if number < 10:  # noqa: PLR2004 — the base of the numerals
        return _NUMERALS[number]
    digits = [int(digit) for digit in str(number)]
    units = ("", "十", "百", "千")
    text = ""
    for position, digit in enumerate(digits):
        unit = units[len(digits) - 1 - position]
        if digit:
            text += _NUMERALS[digit] + unit
        elif not text.endswith("零") and any(digits[position:]):
            text += "零"
    return text.removeprefix("一") if text.startswith("一十") else text


def chinese_date(day: date) -> str:
    """`2026年11月16日`, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"

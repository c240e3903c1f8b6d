"""Deadlines and time words of the duties are held against the statutes' texts: each stands in its article, or its note says why not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Table: TypeAlias = Callable[[str], list[dict[str, str]]]

pytestmark = pytest.mark.shared

DIGITS: Final = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2}
UNITS: Final = {"十": 10, "百": 100, "千": 1000}
ARTICLE: Final = re.compile(r"^(?:\*\*)?第([零一二两三四五六七八九十百千]+)条", re.MULTILINE)
SPAN: Final = re.compile(r"([一二两三四五六七八九十百0-9]+)个?(小时|工作日|日|天|月|年|分钟)")
NAMES: Final = {"TH": {"小时"}, "TM": {"分钟"}, "D": {"日", "天", "工作日"}, "M": {"月"}, "Y": {"年"}}
TIME_WORDS: Final = {
    "immediate": ("立即", "立刻", "即时", "马上"),
    "prompt": ("及时", "尽快", "迅速", "尽早"),
}
# Spans that the article words otherwise, each by the kind of its note.
OTHERWISE: Final = {
    "interval": "how often something is done: daily, quarterly, every so many years",
    "coded": "the text counts in another unit",
    "引自": "the span stands in another article, which the note names",
    "inferred": "the limit is that of accident-report 11",
    "one year": "the text counts in years",
}


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    total = digit = 0
    for character in text:
        if character in UNITS:
            total, digit = total + (digit or 1) * UNITS[character], 0
        else:
            digit = DIGITS[character]
    return total + digit


@pytest.fixture(scope="module")
def articles(shared_dir: Path) -> dict[tuple[str, str], str]:
    """(act, article) -> its text."""
    found = {}
    for file in sorted((shared_dir / "domain" / "law-texts").glob("*.md")):
        act = re.sub(r"-\d{4}-\d\d-\d\d$", "", file.stem)
        text = file.read_text(encoding="utf-8")
        starts = list(ARTICLE.finditer(text))
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            body = text[start.end() : end.start() if end else len(text)]
            found[act, str(_number(start[1]))] = body
    return found


def _spans(text: str) -> set[tuple[int, str]]:
    return {(_number(count), unit) for count, unit in SPAN.findall(text)}


def test_every_deadline_stands_in_its_article_or_its_note_says_why_not(
    table: Table, articles: dict[tuple[str, str], str]
) -> None:
    with_deadline = [duty for duty in table("duties") if duty["deadline"]]
    unexplained = []
    for duty in with_deadline:
        time, count, unit = re.fullmatch(r"P(T?)(\d+)([A-Z])", duty["deadline"]).groups()  # type: ignore[union-attr]  # no match fails the test as well
        wanted = {(int(count), name) for name in NAMES[time + unit]}
        is_there = wanted & _spans(articles[duty["act"], duty["article"]])
        if not is_there and not any(word in duty["note"] for word in OTHERWISE):
            unexplained.append((duty["id"], duty["deadline"], duty["note"]))

    assert len(with_deadline) > 100
    assert [row for row in unexplained if "reporting interval" not in row[2]] == []


def test_a_deadline_in_days_counts_working_days_where_the_article_does(
    table: Table, articles: dict[tuple[str, str], str]
) -> None:
    in_days = [duty for duty in table("duties") if re.fullmatch(r"P\d+D", duty["deadline"])]
    for duty in in_days:
        count = int(duty["deadline"][1:-1])
        units = {unit for number, unit in _spans(articles[duty["act"], duty["article"]]) if number == count}
        if units:
            assert (duty["deadline_unit"] == "working-day") == ("工作日" in units), duty["id"]


@pytest.mark.parametrize("urgency", TIME_WORDS)
def test_every_time_word_stands_in_its_article(
    table: Table, articles: dict[tuple[str, str], str], urgency: str
) -> None:
    urgent = [duty for duty in table("duties") if duty["urgency"] == urgency]
    without = [
        duty["id"]
        for duty in urgent
        if not any(word in articles[duty["act"], duty["article"]] for word in TIME_WORDS[urgency])
    ]

    assert len(urgent) > 100
    assert without == []

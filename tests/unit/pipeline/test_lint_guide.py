from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.pipeline.lint import RULES

if TYPE_CHECKING:
    from pathlib import Path


def test_the_guide_lists_every_rule_as_it_describes_itself(checkout: Path) -> None:
    text = (checkout / "docs" / "guide" / "lint.md").read_text(encoding="utf-8")
    rules = text.partition("## Rules")[2].partition("## Preview")[0]

    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (.+?) \| (.+) \|$", rules, re.MULTILINE)

    assert [row[:3] for row in rows] == [
        (rule.code, rule.severity.value, rule.summary) for rule in RULES.values()
    ]
    assert all(example.strip() for *_, example in rows)


def test_every_rule_is_described_in_chinese_too() -> None:
    assert all(re.search("[\u4e00-\u9fff]", rule.summary_zh) for rule in RULES.values())

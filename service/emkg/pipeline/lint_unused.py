"""Prefixes and sources that a document declares and does not use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.pipeline.lint_finding import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.yarrrml.node import Node
    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding

_SOURCES = ("sources", "source")


def lint_unused(context: LintContext) -> Iterator[LintFinding]:
    """One finding for each prefix and source that nothing refers to."""
    text = context.text
    skipped = {number for one in text.prefixes if (number := one.location.line) is not None}
    lines = [line for number, line in enumerate(text.lines, start=1) if number not in skipped]
    for one in text.prefixes:
        pattern = re.compile(rf"(?<![\w.-]){re.escape(one.name)}:(?!//)")
        if not any(pattern.search(line.partition(" #")[0]) for line in lines if not line.startswith("#")):
            yield found(
                "unused-prefix",
                one.location,
                f"the prefix {one.name} is not used",
                f"前缀 {one.name} 未使用",
            )
    used = {name for _, mapping in _mappings(context) for name in _named_sources(mapping)}
    for key, _ in text.section("sources"):
        name = str(key.raw.value)
        if name not in used:
            yield found(
                "unused-source",
                key.location,
                f"no mapping reads the source {name}",
                f"没有映射读取数据源 {name}",
            )


def _mappings(context: LintContext) -> list[tuple[Node, Node]]:
    return [pair for name in ("mappings", "mapping", "m") for pair in context.text.section(name)]


def _named_sources(mapping: Node) -> Iterator[str]:
    for key, value in mapping.pairs("a mapping"):
        if key.raw.value in _SOURCES:
            yield from (str(item.raw.value) for item in value.items())

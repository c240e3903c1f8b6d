"""Rules in strata: what a rule negates is complete before the rule is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import ShapesError
from emkg.plan import Variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from emkg.plan import Slot, TriplePattern
    from emkg.reasoning.rule import Rule


def stratify(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """The rules in the order of evaluation, those without negation between them together.

    Raises:
        ShapesError: A rule depends on its own negation.
    """
    if not any(rule.body.negated for rule in rules):
        return (tuple(rules),) if rules else ()
    levels = [0] * len(rules)
    for _ in range(len(rules) + 1):
        raised = [_level(rule, rules, levels) for rule in rules]
        if raised == levels:
            used = sorted(set(levels))
            return tuple(
                tuple(r for r, at in zip(rules, levels, strict=True) if at == level) for level in used
            )
        levels = raised
    culprit = rules[levels.index(max(levels))]
    raise ShapesError(
        f"rule {culprit.name} depends on its own negation; no order of evaluation gives it a meaning",
        message_zh=f"规则 {culprit.name} 依赖于自身的否定，无法确定求值顺序",
        location=culprit.location,
    )


def _level(rule: Rule, rules: Sequence[Rule], levels: Sequence[int]) -> int:
    level = 0
    for other, at in zip(rules, levels, strict=True):
        if _meets(other.head, rule.body.triples):
            level = max(level, at)
        if _meets(other.head, rule.body.negated_triples()):
            level = max(level, at + 1)
    return level


def _meets(head: Iterable[TriplePattern], body: Iterable[TriplePattern]) -> bool:
    patterns = list(body)
    return any(_may_match(derived, read) for derived in head for read in patterns)


def _may_match(derived: TriplePattern, read: TriplePattern) -> bool:
    return all(_agree(a, b) for a, b in zip(derived.slots, read.slots, strict=True))


def _agree(a: Slot, b: Slot) -> bool:
    return isinstance(a, Variable) or isinstance(b, Variable) or a == b

"""A lint report as SARIF 2.1.0, for code hosts and editors (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.pipeline.lint_finding import RULES
from emkg.pipeline.place import shown
from emkg.validation.sarif import sarif_log, sarif_place

if TYPE_CHECKING:
    from emkg.pipeline.lint import LintReport
    from emkg.pipeline.lint_finding import LintFinding, LintRule


def lint_sarif(report: LintReport, language: str = "en") -> dict[str, object]:
    """One run with every rule and a result for each finding; messages in `zh` or `en`."""
    indexes = {code: index for index, code in enumerate(RULES)}
    rules = [_rule(rule, language) for rule in RULES.values()]
    results = [_result(one, indexes[one.code], language) for one in report.findings]
    return sarif_log("emkg map lint", rules, results)


def _rule(rule: LintRule, language: str) -> dict[str, object]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary_zh if language == "zh" else rule.summary},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: LintFinding, index: int, language: str) -> dict[str, object]:
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": finding.message_zh if language == "zh" else finding.message},
        "locations": [sarif_place(finding.location, shown(finding.location.file))],
        "properties": {"suggestion": finding.suggestion},
    }

"""A lint report as SARIF 2.1.0, for code hosts and editors (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.pipeline.lint_finding import RULES
from emkg.pipeline.place import shown

if TYPE_CHECKING:
    from emkg.pipeline.lint import LintReport
    from emkg.pipeline.lint_finding import LintFinding, LintRule

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def lint_sarif(report: LintReport, language: str = "en") -> dict[str, object]:
    """One run with every rule and a result for each finding; messages in `zh` or `en`."""
    indexes = {code: index for index, code in enumerate(RULES)}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "emkg map lint",
                        "rules": [_rule(rule, language) for rule in RULES.values()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, indexes[one.code], language) for one in report.findings],
            }
        ],
    }


def _rule(rule: LintRule, language: str) -> dict[str, object]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary_zh if language == "zh" else rule.summary},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: LintFinding, index: int, language: str) -> dict[str, object]:
    place = finding.location
    region = {"startLine": place.line or 1, "startColumn": place.column or 1}
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": finding.message_zh if language == "zh" else finding.message},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": shown(place.file)}, "region": region}}
        ],
        "properties": {"suggestion": finding.suggestion},
    }

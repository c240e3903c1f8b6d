"""What `emkg map lint` and `emkg map preview` show: lines and tables for people, documents for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.pipeline.lint import LintReport, Severity
from emkg.pipeline.lint_sarif import lint_sarif
from emkg.pipeline.place import shown

if TYPE_CHECKING:
    from emkg.cli.console import Console
    from emkg.pipeline.lint import LintFinding

_SEVERITY_ZH: Final = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}


def show_lint(console: Console, report: LintReport, form: str) -> None:
    """The findings in one of the formats text, json and sarif."""
    if form == "sarif":
        console.json(lint_sarif(report, console.language))
    elif form == "json":
        console.json(_lint_json(report))
    else:
        for one in report.findings:
            place, level = shown(one.location), one.severity
            console.say(
                f"{place}：{_SEVERITY_ZH[level]} {one.code}：{one.message_zh}",
                f"{place}: {level.value} {one.code}: {one.message}",
            )
        errors, warnings, notes = (report.count(level) for level in Severity)
        files = len(report.files)
        console.say(
            f"{files} 个映射文件：{errors} 个错误，{warnings} 个警告，{notes} 个提示",
            f"{files} mapping files: {errors} errors, {warnings} warnings, {notes} notes",
        )


def _lint_json(report: LintReport) -> dict[str, object]:
    return {
        "files": [shown(str(file)) for file in report.files],
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
        "findings": [_finding(one) for one in report.findings],
    }


def _finding(finding: LintFinding) -> dict[str, object]:
    place = finding.location
    return {
        "file": shown(place.file),
        "line": place.line,
        "column": place.column,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "message_zh": finding.message_zh,
        "suggestion": finding.suggestion or None,
    }

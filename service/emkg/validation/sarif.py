"""Findings as SARIF 2.1.0, for code hosts and editors (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from emkg.validation.message import shorten
from emkg.validation.report import INFO, VIOLATION, WARNING
from emkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.errors import Location
    from emkg.rdf import IRI
    from emkg.validation.data_place import DataPlaces
    from emkg.validation.report import ValidationReport, ValidationResult

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {VIOLATION: "error", WARNING: "warning", INFO: "note"}


def sarif_log(
    tool: str, rules: Sequence[dict[str, object]], results: Sequence[dict[str, object]]
) -> dict[str, object]:
    """A log of one run of a tool."""
    driver = {"name": tool, "rules": list(rules)}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": list(results)}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def sarif_place(place: Location, uri: str) -> dict[str, object]:
    """A place in a file; the file's first line where none is known."""
    region = {"startLine": place.line or 1, "startColumn": place.column or 1}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def report_sarif(report: ValidationReport, places: DataPlaces, language: str = "en") -> str:
    """A validation report; each result at its line of the data, a rule for each constraint component."""
    components = sorted({result.component for result in report.results}, key=str)
    rules = [_rule(component) for component in components]
    results = [_result(one, components.index(one.component), places, language) for one in report.results]
    return json.dumps(sarif_log("emkg validate", rules, results), ensure_ascii=False, indent=2) + "\n"


def _rule(component: IRI) -> dict[str, object]:
    rule: dict[str, object] = {"id": shorten(component)}
    if component.value.startswith(SH):
        rule["helpUri"] = f"https://www.w3.org/TR/shacl/#{component.value.removeprefix(SH)}"
    return rule


def _result(result: ValidationResult, index: int, places: DataPlaces, language: str) -> dict[str, object]:
    parts = [shorten(result.focus_node), *([result.path] if result.path else [])]
    place = places.of(result)
    return {
        "ruleId": shorten(result.component),
        "ruleIndex": index,
        "level": _LEVELS.get(result.severity, "error"),
        "message": {"text": f"{' '.join(parts)}: {result.message(language)}"},
        "locations": [] if place is None else [sarif_place(place, place.file)],
        "properties": {
            "focusNode": str(result.focus_node),
            "resultPath": result.path,
            "value": None if result.value is None else str(result.value),
            "sourceShape": str(result.source_shape),
        },
    }

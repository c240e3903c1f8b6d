"""SHACL: shapes graphs, the port of validation and its engines, reports.

A name is imported when it is first used: pySHACL and rdflib take a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.lazy import names_of

if TYPE_CHECKING:
    from emkg.validation.changed_run import Changed, judge_changed
    from emkg.validation.compiled import CompiledValidator
    from emkg.validation.data_place import DataPlaces
    from emkg.validation.engine import Limits, PyshaclValidator, Validator
    from emkg.validation.files import validate_files
    from emkg.validation.lint import lint_shapes
    from emkg.validation.lint_finding import ShapesFinding
    from emkg.validation.render import ReportLanguage, report_json, report_text, report_turtle
    from emkg.validation.report import INFO, VIOLATION, WARNING, ValidationReport, ValidationResult
    from emkg.validation.report_graph import count_results, renewed_statements, report_statements
    from emkg.validation.sarif import report_sarif
    from emkg.validation.shapes import ShapesGraph, load_shapes
    from emkg.validation.staged_run import judge_staged
    from emkg.validation.standing import Refresh, StandingReport

__all__ = [
    "INFO",
    "VIOLATION",
    "WARNING",
    "Changed",
    "CompiledValidator",
    "DataPlaces",
    "Limits",
    "PyshaclValidator",
    "Refresh",
    "ReportLanguage",
    "ShapesFinding",
    "ShapesGraph",
    "StandingReport",
    "ValidationReport",
    "ValidationResult",
    "Validator",
    "count_results",
    "judge_changed",
    "judge_staged",
    "lint_shapes",
    "load_shapes",
    "renewed_statements",
    "report_json",
    "report_sarif",
    "report_statements",
    "report_text",
    "report_turtle",
    "validate_files",
]

_HOME: Final = {
    "INFO": "report",
    "VIOLATION": "report",
    "WARNING": "report",
    "Changed": "changed_run",
    "CompiledValidator": "compiled",
    "DataPlaces": "data_place",
    "Limits": "engine",
    "PyshaclValidator": "engine",
    "Refresh": "standing",
    "ReportLanguage": "render",
    "ShapesFinding": "lint_finding",
    "ShapesGraph": "shapes",
    "StandingReport": "standing",
    "ValidationReport": "report",
    "ValidationResult": "report",
    "Validator": "engine",
    "count_results": "report_graph",
    "judge_changed": "changed_run",
    "judge_staged": "staged_run",
    "lint_shapes": "lint",
    "load_shapes": "shapes",
    "renewed_statements": "report_graph",
    "report_json": "render",
    "report_sarif": "sarif",
    "report_statements": "report_graph",
    "report_text": "render",
    "report_turtle": "render",
    "validate_files": "files",
}

__getattr__ = names_of(__name__, _HOME)

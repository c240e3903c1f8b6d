"""SHACL: shapes graphs, the port of validation and its engines, reports."""

from emkg.validation.engine import Limits, PyshaclValidator, Validator
from emkg.validation.files import validate_files
from emkg.validation.lint import ShapesFinding, lint_shapes
from emkg.validation.render import ReportLanguage, report_json, report_text, report_turtle
from emkg.validation.report import INFO, VIOLATION, WARNING, ValidationReport, ValidationResult
from emkg.validation.shapes import ShapesGraph, load_shapes

__all__ = [
    "INFO",
    "VIOLATION",
    "WARNING",
    "Limits",
    "PyshaclValidator",
    "ReportLanguage",
    "ShapesFinding",
    "ShapesGraph",
    "ValidationReport",
    "ValidationResult",
    "Validator",
    "lint_shapes",
    "load_shapes",
    "report_json",
    "report_text",
    "report_turtle",
    "validate_files",
]

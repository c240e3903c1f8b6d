"""What an auditor asks of the law in the graph: coverage by event type, phase and level on a date."""

from emkg.audit.coverage import Cell, Coverage, CoverageState, DutyReference, UnreadAct, compute_coverage
from emkg.audit.render import Grid, coverage_csv, coverage_detail, coverage_json, coverage_matrix

__all__ = [
    "Cell",
    "Coverage",
    "CoverageState",
    "DutyReference",
    "Grid",
    "UnreadAct",
    "compute_coverage",
    "coverage_csv",
    "coverage_detail",
    "coverage_json",
    "coverage_matrix",
]

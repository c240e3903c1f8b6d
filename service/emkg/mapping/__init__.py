"""RML and YARRRML mappings: parsed into one model, compiled to relational plans, run."""

from emkg.mapping.cell import SourceCell
from emkg.mapping.changed_rows import FormerRows
from emkg.mapping.function.definition import Body, Check, Constants, Function, Output, Parameter
from emkg.mapping.function.table import FUNCTIONS
from emkg.mapping.hooks import Hooks, Progress
from emkg.mapping.lineage import absent_cells, locate
from emkg.mapping.model import Mapping, TriplesMap
from emkg.mapping.parse import parse_mapping
from emkg.mapping.quarantine import SCHEMA as QUARANTINE_SCHEMA
from emkg.mapping.report import MappingReport, TriplesMapReport
from emkg.mapping.run import STATEMENT_SCHEMA, MappingRun, run_mapping

__all__ = [
    "FUNCTIONS",
    "QUARANTINE_SCHEMA",
    "STATEMENT_SCHEMA",
    "Body",
    "Check",
    "Constants",
    "FormerRows",
    "Function",
    "Hooks",
    "Mapping",
    "MappingReport",
    "MappingRun",
    "Output",
    "Parameter",
    "Progress",
    "SourceCell",
    "TriplesMap",
    "TriplesMapReport",
    "absent_cells",
    "locate",
    "parse_mapping",
    "run_mapping",
]

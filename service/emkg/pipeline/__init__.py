"""Use cases over the whole way: only this package knows the order of the stages."""

from emkg.pipeline.catalogue import discover_datasets, select_datasets
from emkg.pipeline.dataset import Dataset, Policy
from emkg.pipeline.gate import Gate
from emkg.pipeline.hooks import IngestHooks, Stage, StageProgress
from emkg.pipeline.ingest import IngestInputs, IngestOptions, ingest
from emkg.pipeline.reason import Rules
from emkg.pipeline.report import DatasetReport, GateFinding, IngestReport, Outcome
from emkg.pipeline.why import FactSource, WhyAnswer, WhyInputs, why
from emkg.pipeline.why_render import why_json, why_text, why_turtle

__all__ = [
    "Dataset",
    "DatasetReport",
    "FactSource",
    "Gate",
    "GateFinding",
    "IngestHooks",
    "IngestInputs",
    "IngestOptions",
    "IngestReport",
    "Outcome",
    "Policy",
    "Rules",
    "Stage",
    "StageProgress",
    "WhyAnswer",
    "WhyInputs",
    "discover_datasets",
    "ingest",
    "select_datasets",
    "why",
    "why_json",
    "why_text",
    "why_turtle",
]

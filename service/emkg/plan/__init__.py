"""Graph patterns and queries over the ledger: what a query touches, and the fallback evaluator."""

from emkg.plan.fallback import Dataset, FallbackEvaluator, QueryLimits, StatementSource
from emkg.plan.fallback_pool import PoolLimits
from emkg.plan.sparql_bindings import bind_values
from emkg.plan.sparql_outline import QueryKind, QueryOutline, Touched, outline, touched
from emkg.plan.sparql_results import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    QueryResult,
    ResultFormat,
    Solution,
    Solutions,
    formats_of,
)

__all__ = [
    "GRAPH_FORMATS",
    "SOLUTION_FORMATS",
    "Dataset",
    "FallbackEvaluator",
    "PoolLimits",
    "QueryKind",
    "QueryLimits",
    "QueryOutline",
    "QueryResult",
    "ResultFormat",
    "Solution",
    "Solutions",
    "StatementSource",
    "Touched",
    "bind_values",
    "formats_of",
    "outline",
    "touched",
]

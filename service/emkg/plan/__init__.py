"""Graph patterns, queries and updates over the ledger: what a query touches, and the fallback evaluator."""

from emkg.plan.evaluator import Compiled, Evaluator, PlanSource
from emkg.plan.fallback import FallbackEvaluator, QueryLimits, StatementSource
from emkg.plan.fallback_pool import PoolLimits
from emkg.plan.pattern import Comparison, Operator, Pattern, Slot, TriplePattern, Variable
from emkg.plan.pattern_answer import answer_pattern
from emkg.plan.pattern_order import Counts, Statistics
from emkg.plan.pattern_sparql import Construct, parse_construct
from emkg.plan.pattern_sql import Constants, Relations, derivations_sql, solutions_sql
from emkg.plan.sparql_bindings import bind_values
from emkg.plan.sparql_outline import Dataset, QueryKind, QueryOutline, outline, touched
from emkg.plan.sparql_results import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    QueryResult,
    ResultFormat,
    Solution,
    Solutions,
    formats_of,
    parse_solutions,
)
from emkg.plan.touched import Touched
from emkg.plan.update import DEFAULT_GRAPH, UpdateLimits, Updater

__all__ = [
    "DEFAULT_GRAPH",
    "GRAPH_FORMATS",
    "SOLUTION_FORMATS",
    "Comparison",
    "Compiled",
    "Constants",
    "Construct",
    "Counts",
    "Dataset",
    "Evaluator",
    "FallbackEvaluator",
    "Operator",
    "Pattern",
    "PlanSource",
    "PoolLimits",
    "QueryKind",
    "QueryLimits",
    "QueryOutline",
    "QueryResult",
    "Relations",
    "ResultFormat",
    "Slot",
    "Solution",
    "Solutions",
    "StatementSource",
    "Statistics",
    "Touched",
    "TriplePattern",
    "UpdateLimits",
    "Updater",
    "Variable",
    "answer_pattern",
    "bind_values",
    "derivations_sql",
    "formats_of",
    "outline",
    "parse_construct",
    "parse_solutions",
    "solutions_sql",
    "touched",
]

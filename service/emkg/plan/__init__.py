"""Graph patterns, queries and updates over the ledger: what a query touches, and the fallback evaluator.

A name is imported when it is first used: shapes need neither queries nor their fallback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.lazy import names_of

if TYPE_CHECKING:
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
    from emkg.plan.touch import Touched
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

_HOME: Final = {
    "Comparison": "pattern",
    "Compiled": "evaluator",
    "Constants": "pattern_sql",
    "Construct": "pattern_sparql",
    "Counts": "pattern_order",
    "DEFAULT_GRAPH": "update",
    "Dataset": "sparql_outline",
    "Evaluator": "evaluator",
    "FallbackEvaluator": "fallback",
    "GRAPH_FORMATS": "sparql_results",
    "Operator": "pattern",
    "Pattern": "pattern",
    "PlanSource": "evaluator",
    "PoolLimits": "fallback_pool",
    "QueryKind": "sparql_outline",
    "QueryLimits": "fallback",
    "QueryOutline": "sparql_outline",
    "QueryResult": "sparql_results",
    "Relations": "pattern_sql",
    "ResultFormat": "sparql_results",
    "SOLUTION_FORMATS": "sparql_results",
    "Slot": "pattern",
    "Solution": "sparql_results",
    "Solutions": "sparql_results",
    "StatementSource": "fallback",
    "Statistics": "pattern_order",
    "Touched": "touch",
    "TriplePattern": "pattern",
    "UpdateLimits": "update",
    "Updater": "update",
    "Variable": "pattern",
    "answer_pattern": "pattern_answer",
    "bind_values": "sparql_bindings",
    "derivations_sql": "pattern_sql",
    "formats_of": "sparql_results",
    "outline": "sparql_outline",
    "parse_construct": "pattern_sparql",
    "parse_solutions": "sparql_results",
    "solutions_sql": "pattern_sql",
    "touched": "sparql_outline",
}

__getattr__ = names_of(__name__, _HOME)

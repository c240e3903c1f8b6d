"""Graph patterns and queries over the ledger: what a query touches, and the fallback evaluator."""

from emkg.plan.sparql_outline import QueryKind, QueryOutline, Touched, outline, touched

__all__ = ["QueryKind", "QueryOutline", "Touched", "outline", "touched"]

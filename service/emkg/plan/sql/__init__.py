"""SPARQL algebra compiled to DuckDB SQL over the ledger's `quad` and `term`."""

from emkg.plan.sql.extension import WELL_FORMED
from emkg.plan.sql.not_compiled import NotCompiled

__all__ = ["WELL_FORMED", "NotCompiled"]

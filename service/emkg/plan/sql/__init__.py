"""SPARQL algebra compiled to DuckDB SQL over the ledger's `quad` and `term`."""

from emkg.plan.sql.extension import HOLDS, WELL_FORMED
from emkg.plan.sql.not_compiled import NotCompiled

__all__ = ["HOLDS", "WELL_FORMED", "NotCompiled"]

"""EMKG: one meaning for every department's data.

What is listed here is the public API; it is imported when it is first used, so that `import emkg` costs nothing.

    >>> import emkg
    >>> workspace = emkg.open_workspace()
    >>> with emkg.open_ledger(workspace, read_only=True) as ledger:
    ...     with emkg.open_evaluator(ledger, workspace.settings) as evaluator:
    ...         answer = emkg.ask("who-must-act", {"event_type": "11B19"}, evaluator, context=workspace.ask_context)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.lazy import names_of

if TYPE_CHECKING:
    from emkg.audit import compute_coverage
    from emkg.bootstrap import (
        ingest_workspace,
        open_evaluator,
        open_ledger,
        open_workspace,
        run_demonstration,
        why_inputs,
    )
    from emkg.errors import EmkgError
    from emkg.mapping import parse_mapping
    from emkg.pipeline.map_run import map_run
    from emkg.pipeline.why import why
    from emkg.query import ask, questions
    from emkg.validation import validate_files

__all__ = [
    "EmkgError",
    "ask",
    "compute_coverage",
    "ingest_workspace",
    "map_run",
    "open_evaluator",
    "open_ledger",
    "open_workspace",
    "parse_mapping",
    "questions",
    "run_demonstration",
    "validate_files",
    "why",
    "why_inputs",
]

_HOME: Final = {
    "EmkgError": "errors",
    "ask": "query",
    "compute_coverage": "audit",
    "ingest_workspace": "bootstrap",
    "map_run": "pipeline.map_run",
    "open_evaluator": "bootstrap",
    "open_ledger": "bootstrap",
    "open_workspace": "bootstrap",
    "parse_mapping": "mapping",
    "questions": "query",
    "run_demonstration": "bootstrap",
    "validate_files": "validation",
    "why": "pipeline.why",
    "why_inputs": "bootstrap",
}


__getattr__ = names_of(__name__, _HOME)

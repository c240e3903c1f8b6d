"""EMKG: one meaning for every department's data.

What is listed here is the public API; it is imported when it is first used, so that `import emkg` costs nothing.

    >>> import emkg
    >>> workspace = emkg.open_workspace()
    >>> with emkg.open_ledger(workspace, read_only=True) as ledger:
    ...     with emkg.open_evaluator(ledger, workspace.settings) as evaluator:
    ...         answer = emkg.ask("who-must-act", {"event_type": "11B19"}, evaluator, context=workspace.ask_context)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

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
    "EmkgError": "emkg.errors",
    "ask": "emkg.query",
    "compute_coverage": "emkg.audit",
    "ingest_workspace": "emkg.bootstrap",
    "map_run": "emkg.pipeline.map_run",
    "open_evaluator": "emkg.bootstrap",
    "open_ledger": "emkg.bootstrap",
    "open_workspace": "emkg.bootstrap",
    "parse_mapping": "emkg.mapping",
    "questions": "emkg.query",
    "run_demonstration": "emkg.bootstrap",
    "validate_files": "emkg.validation",
    "why": "emkg.pipeline.why",
    "why_inputs": "emkg.bootstrap",
}


def __getattr__(name: str) -> object:
    """A name of the public API, from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module 'emkg' has no attribute {name!r}")
    found: object = getattr(import_module(_HOME[name]), name)
    return found

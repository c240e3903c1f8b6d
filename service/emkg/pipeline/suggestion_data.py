"""A suggestion as data for a program: every proposal with its score, its reason and the candidates beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.ontology.term import shorten

if TYPE_CHECKING:
    from emkg.pipeline.suggestion import ColumnProposal, Suggestion
    from emkg.pipeline.suggestion_score import Fit


def suggestion_data(suggestion: Suggestion, mapping: str) -> dict[str, object]:
    """The suggestion, JSON-ready; `mapping` is its YARRRML."""
    return {
        "file": str(suggestion.inspection.path),
        "table": suggestion.table.sample.name,
        "other_tables": list(suggestion.other_tables),
        "classes": [
            {"term": shorten(one.term.iri), "score": one.score, "reason": one.reason}
            for one in suggestion.classes
        ],
        "missing": [shorten(one) for one in suggestion.missing],
        "key": list(suggestion.key),
        "columns": [_column(one) for one in suggestion.columns],
        "mapping": mapping,
    }


def _column(proposal: ColumnProposal) -> dict[str, object]:
    return {
        "name": proposal.column.name,
        "is_personal": proposal.column.is_personal,
        "proposed": proposal.chosen and _fit(proposal.chosen),
        "candidates": [_fit(one) for one in proposal.candidates],
    }


def _fit(fit: Fit) -> dict[str, object]:
    return {"property": shorten(fit.target.iri), "score": fit.score, "reason": fit.reason}

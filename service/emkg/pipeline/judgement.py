"""The whole ledger judged by shapes, and the report kept in it, where it can be asked for as of any date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ledger import PROVENANCE_GRAPH, Activity
from emkg.plan import Dataset
from emkg.reasoning import INFERRED_GRAPHS
from emkg.validation import REPORT_GRAPH, StandingReport, report_statements
from emkg.validation.sparql_check import SHAPES_GRAPH

if TYPE_CHECKING:
    from emkg.ledger import Commit, Ledger
    from emkg.validation import ShapesGraph, ValidationReport

_APART: Final = frozenset({PROVENANCE_GRAPH, REPORT_GRAPH, *INFERRED_GRAPHS})


def judge_ledger(ledger: Ledger, shapes: ShapesGraph) -> ValidationReport:
    """The report on everything that was asserted: every graph but provenance, reports and what rules inferred.

    Raises:
        ShapesError: The shapes cannot be judged by.
    """
    graphs = tuple(graph.name for graph in ledger.graphs() if graph.name not in _APART)
    standing = StandingReport(ledger, shapes, Dataset(graphs, (SHAPES_GRAPH,)))
    standing.refresh()
    return standing.report


def keep_report(ledger: Ledger, report: ValidationReport, *, agent: str) -> Commit:
    """Write a report into its own graph, in the place of the last one; what did not change stays as it is."""
    activity = Activity("validation", agent=agent, counts={"violations": len(report.results)})
    with ledger.stage({REPORT_GRAPH: report_statements(report)}) as staged:
        return staged.commit(activity)

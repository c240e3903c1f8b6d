"""The whole ledger judged by shapes, and the report kept in it, where it can be asked for as of any date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ledger import PROVENANCE_GRAPH, Activity
from emkg.pipeline.digest import digest_inputs
from emkg.plan import Dataset
from emkg.reasoning import INFERRED_GRAPHS
from emkg.validation import StandingReport, report_statements
from emkg.validation.sparql_check import SHAPES_GRAPH
from emkg.vocabulary import REPORT_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ledger import Commit, Ledger
    from emkg.validation import ShapesGraph, ValidationReport

_RUN: Final = "validation"
_APART: Final = frozenset({PROVENANCE_GRAPH, REPORT_GRAPH, *INFERRED_GRAPHS})


def asserted_graphs(ledger: Ledger) -> tuple[str, ...]:
    """The graphs that say what was asserted: every one but provenance, the report and what rules inferred."""
    return tuple(graph.name for graph in ledger.graphs() if graph.name not in _APART)


def judge_ledger(ledger: Ledger, shapes: ShapesGraph) -> ValidationReport:
    """The report on everything that was asserted.

    Raises:
        ShapesError: The shapes cannot be judged by.
    """
    standing = StandingReport(ledger, shapes, Dataset(asserted_graphs(ledger), (SHAPES_GRAPH,)))
    standing.refresh()
    return standing.report


def keep_report(
    ledger: Ledger, report: ValidationReport, *, agent: str, files: tuple[Path, ...] = ()
) -> Commit:
    """Write a report by these shapes files into its own graph, in the place of the last one; what stays is not rewritten."""
    digest = digest_inputs(files, agent)
    counts = {"violations": len(report.results)}
    activity = Activity(_RUN, digest.files, digest.text, agent=agent, counts=counts)
    with ledger.stage({REPORT_GRAPH: report_statements(report)}) as staged:
        return staged.commit(activity)


def renew_report(
    ledger: Ledger, shapes: ShapesGraph, files: tuple[Path, ...], *, agent: str, force: bool = False
) -> ValidationReport | None:
    """Judge the ledger and keep the report; None when neither the shapes nor what is asserted changed since last time.

    Raises:
        ShapesError: The shapes cannot be judged by.
    """
    last = ledger.last_run(_RUN)
    changed = max((one.generation for one in ledger.graphs() if one.name not in _APART), default=0)
    is_current = (
        last is not None and last.digest == digest_inputs(files, agent).text and changed <= last.generation
    )
    if is_current and not force:
        return None
    report = judge_ledger(ledger, shapes)
    keep_report(ledger, report, agent=agent, files=files)
    return report

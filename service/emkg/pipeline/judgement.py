"""The whole ledger judged by shapes, and the report kept in it, where it can be asked for as of any date."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

from emkg.ledger import PROVENANCE_GRAPH, Activity
from emkg.mapping.parse import parse_mapping
from emkg.pipeline.digest import InputDigest, digest_inputs
from emkg.pipeline.trace import Judged, trace_results
from emkg.plan import Dataset
from emkg.reasoning import INFERRED_GRAPHS
from emkg.validation import (
    VIOLATION,
    WARNING,
    Changed,
    ValidationReport,
    count_results,
    judge_changed,
    renewed_statements,
    report_statements,
)
from emkg.validation.changed_run import MOST
from emkg.validation.compiled import by_reference, compiled_results
from emkg.validation.sparql_check import SHAPES_GRAPH
from emkg.vocabulary import REPORT_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from emkg.ledger import Commit, Ledger, Workbench
    from emkg.ledger.statistics import Statistics
    from emkg.mapping import SourceCell
    from emkg.pipeline.dataset import Dataset as IngestedDataset
    from emkg.rdf import Term
    from emkg.validation import ShapesGraph

_RUN: Final = "validation"
# The graphs that say nothing that was asserted of the world.
APART: Final = frozenset({PROVENANCE_GRAPH, REPORT_GRAPH, *INFERRED_GRAPHS})


def asserted_graphs(ledger: Ledger) -> tuple[str, ...]:
    """The graphs that say what was asserted: every one but provenance, the report and what rules inferred."""
    return tuple(graph.name for graph in ledger.graphs() if graph.name not in APART)


def judge_ledger(ledger: Ledger, shapes: ShapesGraph) -> ValidationReport:
    """The report on everything that was asserted, sorted by focus node, path and component.

    Raises:
        ShapesError: The shapes cannot be judged by.
        MemoryLimitError: It needs more than the ledger's memory limit.
    """
    with ledger.workbench() as workbench, workbench.snapshot() as generation:
        graphs = asserted_graphs(ledger)
        dataset = Dataset(graphs, (SHAPES_GRAPH,))
        results, handed_over = compiled_results(_Bench(workbench, ledger, generation), shapes, dataset)
    if handed_over:
        data = ledger.statements(graphs=graphs).read_all()
        results += by_reference(handed_over, shapes, data)
    return ValidationReport.of(results)


@dataclass(frozen=True)
class Traced:
    """Where a result comes from: the asserted graphs that state something of its focus node, and the cells of the source at fault.

    Attributes:
        graphs: Their names.
        cells: As `TracedResult` has them; none where no mapping makes the statements.
    """

    graphs: tuple[str, ...]
    cells: tuple[SourceCell, ...]


def trace_report(  # noqa: PLR0913 - what was judged, by what, and what it was made from
    ledger: Ledger,
    report: ValidationReport,
    shapes: ShapesGraph,
    datasets: Sequence[IngestedDataset],
    *,
    base: str,
    data_root: Path | None,
) -> tuple[Traced, ...]:
    """Where each result of a report on the ledger comes from, in the report's order; sources are read once each.

    Raises:
        MappingError: A mapping cannot be compiled.
        SourceError: A source cannot be read as described.
    """
    graphs = ledger.graphs_of(str(one.focus_node) for one in report.results)
    traced = [
        Traced(tuple(name for name in graphs[str(one.focus_node)] if name not in APART), ())
        for one in report.results
    ]
    for dataset in datasets:
        own = [at for at, one in enumerate(traced) if dataset.graph in one.graphs and not one.cells]
        if dataset.mapping is None or not own:
            continue
        data = ledger.statements(graphs=[dataset.graph]).read_all()
        results = [report.results[at] for at in own]
        mapping = parse_mapping(dataset.mapping, data_root=data_root)
        found = trace_results(
            results, Judged(data, shapes.compared), mapping, base=base, dataset=dataset.name
        )
        for at, one in zip(own, found, strict=True):
            traced[at] = Traced(traced[at].graphs, one.cells)
    return tuple(traced)


def keep_report(
    ledger: Ledger, report: ValidationReport, *, agent: str, files: tuple[Path, ...] = ()
) -> Commit:
    """Write a report by these shapes files into its own graph, in the place of the last one; what stays is not rewritten."""
    return _keep(ledger, report_statements(report), agent, files)


def _keep(ledger: Ledger, statements: pa.Table, agent: str, files: tuple[Path, ...]) -> Commit:
    digest = _digest(ledger, files, agent)
    counts = {
        "violations": count_results(statements, VIOLATION),
        "warnings": count_results(statements, WARNING),
    }
    activity = Activity(_RUN, digest.files, digest.text, agent=agent, counts=counts)
    with ledger.stage({REPORT_GRAPH: statements}) as staged:
        return staged.commit(activity)


def renew_report(
    ledger: Ledger, shapes: ShapesGraph, files: tuple[Path, ...], *, agent: str, force: bool = False
) -> None:
    """Judge the ledger and keep the report, unless neither the shapes nor what is asserted changed since last time.

    Where little changed, only the nodes are judged again whose results it can concern.

    Raises:
        ShapesError: The shapes cannot be judged by.
    """
    last = ledger.last_run(_RUN)
    statements = None
    if not force and last is not None and last.digest == _digest(ledger, files, agent).text:
        changed = max((one.generation for one in ledger.graphs() if one.name not in APART), default=0)
        if changed <= last.generation:
            return
        statements = _renewed(ledger, shapes, last.generation)
    if statements is None:
        statements = report_statements(judge_ledger(ledger, shapes))
    _keep(ledger, statements, agent, files)


def _renewed(ledger: Ledger, shapes: ShapesGraph, since: int) -> pa.Table | None:
    """The kept report brought from a generation to the current one; None where everything has to be judged."""
    graphs = asserted_graphs(ledger)
    with ledger.workbench() as workbench, workbench.snapshot() as generation:
        changed = workbench.changes(since, MOST, graphs)
        if changed is None:
            return None
        found = judge_changed(_Bench(workbench, ledger, generation), shapes, graphs, Changed(changed))
    if found is None:
        return None
    return renewed_statements(ledger.statements(graphs=[REPORT_GRAPH]).read_all(), found)


@dataclass(frozen=True)
class _Bench:
    """What plans read of one state: a workbench, and the ledger that knows its terms; several threads may ask."""

    workbench: Workbench
    ledger: Ledger
    generation: int
    lock: Lock = field(default_factory=Lock)

    def statistics(self) -> Statistics:
        with self.lock:
            return self.workbench.statistics()

    def select(self, sql: str, *, timeout_s: float | None = None) -> pa.RecordBatchReader:
        del timeout_s
        with self.lock:
            return self.workbench.select(sql).read_all().to_reader()

    def narrow(self, quads: pa.Table, nodes: Iterable[int], relations: Mapping[str, Iterable[int]]) -> None:
        self.workbench.narrow(quads, nodes, relations)

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        return self.ledger.terms(ids)


def _digest(ledger: Ledger, files: tuple[Path, ...], agent: str) -> InputDigest:
    """Of the shapes, and of which graphs there are: of one that became empty no generation tells."""
    return digest_inputs(files, agent, *asserted_graphs(ledger))

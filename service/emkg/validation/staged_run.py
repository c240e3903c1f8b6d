"""A staged run judged where it lies: the compiled plans read its quads, and nothing is encoded a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan import Dataset
from emkg.validation.compiled import by_reference, compiled_results, statements_table
from emkg.validation.report import ValidationReport
from emkg.validation.sparql_check import SHAPES_GRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.ledger import Staged
    from emkg.validation.engine import Validator
    from emkg.validation.shapes import ShapesGraph


def judge_staged(
    staged: Staged, shapes: ShapesGraph, graphs: Sequence[str], *, reference: Validator | None = None
) -> ValidationReport:
    """The results on the nodes of a staged run, sorted by focus node, path and component.

    Args:
        staged: The run.
        shapes: What it is judged by.
        graphs: The graphs of the ledger (IRIs) that shapes may read of what the run points at, and of classes.
        reference: Judges by the shapes that have no plan; pySHACL by default.

    Raises:
        ShapesError: The run cannot be judged by these shapes.
        MemoryLimitError: It needs more than the ledger's memory limit.
    """
    with staged.state(graphs, {SHAPES_GRAPH: statements_table(shapes.quads)}) as state:
        found, handed_over = compiled_results(state, shapes, Dataset(state.graphs, (SHAPES_GRAPH,)))
        own = state.stated({str(one.focus_node) for one in found})
    results = [one for one in found if str(one.focus_node) in own]
    if handed_over:
        data, context = staged.statements().read_all(), staged.context(graphs).read_all()
        results += by_reference(handed_over, shapes, data, context, reference=reference)
    return ValidationReport.of(results)

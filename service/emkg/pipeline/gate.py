"""The SHACL gate: judges a staged run, and keeps the focus nodes at fault out of it where the policy says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from emkg.arrow import empty_table
from emkg.ledger import term_id
from emkg.mapping import QUARANTINE_SCHEMA
from emkg.pipeline.dataset import Dataset, GatePolicy, Policy
from emkg.pipeline.judgement import APART, asserted_graphs
from emkg.pipeline.report import GateFinding
from emkg.pipeline.trace import Judged, TracedResult, trace_results
from emkg.rdf import IRI, Literal
from emkg.validation import Changed, ShapesGraph, Validator, judge_changed, judge_staged, load_shapes
from emkg.validation.changed_run import MOST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.ledger import Ledger, Staged, StagedPart
    from emkg.mapping import Mapping
    from emkg.validation import ValidationResult

REASON = "shacl"
# A mapping's records, and the focus node that the gate's are about.
RECORDS_SCHEMA: Final = QUARANTINE_SCHEMA.append(pa.field("node", pa.string()))


@dataclass(frozen=True)
class Gate:
    """Shapes, the files they stand in, and what judges by those that have no plan (pySHACL by default)."""

    shapes: ShapesGraph
    files: tuple[Path, ...]
    reference: Validator | None = None

    @classmethod
    def of(cls, files: Sequence[Path]) -> Gate:
        """The gate of some shapes files.

        Raises:
            ShapesError: A file is missing or its shapes are wrong.
        """
        return cls(load_shapes(files), tuple(files))

    @classmethod
    def of_content(cls, root: Path) -> Gate:
        """The gate of a folder that holds shapes/; the rules below it judge nothing.

        Raises:
            ShapesError: There is no shapes file, or one is wrong.
        """
        return cls.of(sorted((root / "shapes").glob("*.ttl")))


@dataclass(frozen=True)
class Judgement:
    """What the gate decided on a run.

    Attributes:
        findings: All of them.
        rejecting: Those for which nothing of the run may be loaded.
        withheld: Statements that were taken out of the run.
        released: Nodes at fault that pass because somebody released them.
        quarantine: A record of each finding for which statements were withheld.
    """

    findings: tuple[GateFinding, ...] = ()
    rejecting: tuple[GateFinding, ...] = ()
    withheld: int = 0
    released: int = 0
    quarantine: pa.Table = field(default_factory=partial(empty_table, RECORDS_SCHEMA))


@dataclass(frozen=True)
class Origin:
    """How a staged run was made, to follow its statements back to the source."""

    mapping: Mapping
    base: str


@dataclass(frozen=True)
class LastRun:
    """What is known of a dataset's last accepted run where only a part of it is run again.

    Attributes:
        generation: Of the ledger when it was accepted.
        findings: What the gate found then.
        origin: How its statements were made, and are made now.
        has_moved_rows: Whether rows that did not change have other numbers now.
    """

    generation: int
    findings: tuple[GateFinding, ...]
    origin: Origin
    has_moved_rows: bool


def judge(
    gate: Gate | None, ledger: Ledger, staged: Staged, dataset: Dataset, origin: Origin | None = None
) -> Judgement:
    """Judge a staged run by the dataset's policy for each severity.

    Shapes that look at other things than the run's own see what other datasets assert of the things it points at,
    and the class hierarchy. A statement that points at a withheld node stays. The records of what is withheld
    name file, row, column and mapping line where the origin is known. A node that was released passes.

    Raises:
        ShapesError: The run cannot be judged by these shapes.
    """
    if gate is None or dataset.policy is None:
        return Judgement()
    results = judge_staged(staged, gate.shapes, asserted_graphs(ledger), reference=gate.reference).results
    return _decide(gate, staged, dataset, results, origin)


def _decide(
    gate: Gate, staged: Staged, dataset: Dataset, results: Sequence[ValidationResult], origin: Origin | None
) -> Judgement:
    """Withhold what the policy says of results on a staged run."""
    policy = dataset.policy or GatePolicy()
    passing = staged.released(dataset.name)
    at_fault = [one for one in results if str(one.focus_node) not in passing]
    rejecting = [one for one in at_fault if policy.of(one.severity) is Policy.REJECT]
    withholding = [one for one in at_fault if policy.of(one.severity) is Policy.QUARANTINE]
    withheld = 0
    traced: Sequence[TracedResult] = ()
    if withholding and not rejecting:
        nodes = sorted({str(one.focus_node) for one in withholding})
        judged = Judged(staged.statements_of(nodes), gate.shapes.compared)
        traced = _traced(withholding, judged, dataset, origin)
        withheld = staged.withhold(nodes)
    return Judgement(
        tuple(_finding(result) for result in results),
        tuple(_finding(result) for result in rejecting),
        withheld,
        len({str(one.focus_node) for one in results} & passing),
        _records(dataset, traced),
    )


def judge_part(
    gate: Gate | None, ledger: Ledger, staged: StagedPart, dataset: Dataset, last: LastRun
) -> Judgement | None:
    """Judge what a run of some subjects changes, and keep the last run's verdict on the rest; None where all has to be judged.

    The outcome is what `judge` would say of the whole dataset.

    Raises:
        ShapesError: The run cannot be judged by these shapes.
    """
    if gate is None or dataset.policy is None:
        return Judgement()
    waiting = ledger.quarantine.waiting(dataset.name)
    with staged.part(asserted_graphs(ledger), last.generation, APART) as state:
        changed = state.changed(MOST)
        if changed is None:
            return None
        own, others = changed
        more = {node for s, _, o in own for node in (s, o)}
        more |= {term_id(node) for node in waiting} if last.has_moved_rows else set()
        what = Changed([*own, *others], frozenset(more), state.stated_ids)
        found = judge_changed(state, gate.shapes, state.graphs, what)
    if found is None:
        return None
    results = found.results
    staged.extend({str(one.focus_node) for one in results} | (found.nodes & waiting))
    decided = _decide(gate, staged, dataset, results, last.origin)
    if decided.rejecting:
        return decided
    kept = tuple(one for one in last.findings if one.focus_node not in found.nodes)
    released = {one.node for one in ledger.quarantine.releases(dataset.name)} - waiting
    records = ledger.quarantine.records(dataset.name).read_all()
    stay = [row for row in records.to_pylist() if row["node"] is not None and row["node"] not in found.nodes]
    return Judgement(
        tuple(sorted((*kept, *decided.findings), key=_order)),
        decided.rejecting,
        staged.waiting_count(),
        decided.released + len({one.focus_node for one in kept} & released),
        pa.concat_tables([pa.Table.from_pylist(stay, schema=RECORDS_SCHEMA), decided.quarantine]),
    )


def _order(finding: GateFinding) -> tuple[str, ...]:
    return finding.focus_node, finding.path, finding.value, finding.shape


def _traced(
    results: Sequence[ValidationResult], judged: Judged, dataset: Dataset, origin: Origin | None
) -> tuple[TracedResult, ...]:
    if origin is None:
        return tuple(TracedResult(one, (), ()) for one in results)
    return trace_results(results, judged, origin.mapping, base=origin.base, dataset=dataset.name)


def _finding(result: ValidationResult) -> GateFinding:
    return GateFinding(
        severity=result.severity.value.rpartition("#")[2],
        focus_node=str(result.focus_node),
        path=result.path or "",
        value="" if result.value is None else str(result.value),
        shape=str(result.source_shape),
        messages=dict(result.messages),
    )


def _records(dataset: Dataset, traced: Sequence[TracedResult]) -> pa.Table:
    """One record for each finding; without a place in the source its path is the column, its shape the mapping."""
    return pa.Table.from_pylist([_record(dataset, one) for one in traced], schema=RECORDS_SCHEMA)


def _record(dataset: Dataset, traced: TracedResult) -> dict[str, str | int | None]:
    result, cells = traced.result, traced.cells
    columns = list(dict.fromkeys(cell.column for cell in cells))
    shape = f" [{result.source_shape.value}]" if isinstance(result.source_shape, IRI) else ""
    rows = ", ".join(map(str, traced.rows)) if len(traced.rows) > 1 else ""
    return {
        "dataset": dataset.name,
        "file": cells[0].file if cells else "",
        "row": cells[0].row if cells else None,
        "column": ", ".join(columns) if cells else result.path or "",
        "value": ", ".join(cell.value for cell in cells) if cells else _value(result),
        "reason": REASON,
        "message": f"{result.focus_node}: {result.message('en')}{rows and f' (rows {rows})'}{shape}",
        "message_zh": f"{result.focus_node}：{result.message('zh')}{rows and f'（第 {rows} 行）'}{shape}",
        "mapping": cells[0].mapping if cells else str(result.source_shape),
        "node": str(result.focus_node),
    }


def _value(result: ValidationResult) -> str:
    term = result.focus_node if result.value is None else result.value
    return term.value if isinstance(term, Literal) else str(term)

"""The SHACL gate: judges a staged run, and keeps the focus nodes at fault out of it where the policy says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.mapping import QUARANTINE_SCHEMA
from emkg.pipeline.dataset import Dataset, Policy
from emkg.pipeline.report import GateFinding
from emkg.pipeline.trace import Judged, TracedResult, trace_results
from emkg.rdf import IRI, Literal
from emkg.validation import VIOLATION, CompiledValidator, ShapesGraph, Validator, load_shapes
from emkg.vocabulary import RDFS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.ledger import Ledger, Staged
    from emkg.mapping import Mapping
    from emkg.validation import ValidationReport, ValidationResult

REASON = "shacl"


@dataclass(frozen=True)
class Gate:
    """Shapes, the files they stand in, and the engine that judges by them."""

    shapes: ShapesGraph
    files: tuple[Path, ...]
    validator: Validator = field(default_factory=CompiledValidator)

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

    `is_rejected`: nothing of the run may be loaded. `withheld`: statements that were taken out of the run;
    `quarantine` holds a record of each violation for which they were.
    """

    findings: tuple[GateFinding, ...]
    is_rejected: bool
    withheld: int
    quarantine: pa.Table


@dataclass(frozen=True)
class Origin:
    """How a staged run was made, to follow its statements back to the source."""

    mapping: Mapping
    base: str


def judge(
    gate: Gate | None, ledger: Ledger, staged: Staged, dataset: Dataset, origin: Origin | None = None
) -> Judgement:
    """Judge a staged run by the dataset's policy; only violations, not warnings, have consequences.

    Shapes that look at other things than the run's own see what the ledger says of the things it points at,
    and the class hierarchy. A statement that points at a withheld node stays. The records of what is withheld
    name file, row, column and mapping line where the origin is known.

    Raises:
        ShapesError: The run cannot be judged by these shapes.
    """
    if gate is None or dataset.policy is Policy.UNCHECKED:
        return Judgement((), is_rejected=False, withheld=0, quarantine=QUARANTINE_SCHEMA.empty_table())
    data = staged.statements().read_all()
    report = _validate(gate, ledger, staged, data)
    violations = report.with_severity(VIOLATION)
    withheld = 0
    traced: Sequence[TracedResult] = ()
    if dataset.policy is Policy.QUARANTINE and violations:
        traced = _traced(violations, Judged(data, gate.shapes.compared), dataset, origin)
        withheld = staged.withhold(sorted({str(one.focus_node) for one in violations}))
    return Judgement(
        tuple(_finding(result) for result in report.results),
        is_rejected=dataset.policy is Policy.REJECT and bool(violations),
        withheld=withheld,
        quarantine=_records(dataset, traced),
    )


def _validate(gate: Gate, ledger: Ledger, staged: Staged, data: pa.Table) -> ValidationReport:
    hierarchy = ledger.statements(predicates=[RDFS + "subClassOf"]).read_all()
    context = pa.concat_tables([hierarchy, staged.neighbours().read_all()])
    return gate.validator.validate(data, gate.shapes, context)


def _traced(
    violations: Sequence[ValidationResult], judged: Judged, dataset: Dataset, origin: Origin | None
) -> tuple[TracedResult, ...]:
    if origin is None:
        return tuple(TracedResult(one, (), ()) for one in violations)
    return trace_results(violations, judged, origin.mapping, base=origin.base, dataset=dataset.name)


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
    """One record for each violation; without a place in the source its path is the column, its shape the mapping."""
    return pa.Table.from_pylist([_record(dataset, one) for one in traced], schema=QUARANTINE_SCHEMA)


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
    }


def _value(result: ValidationResult) -> str:
    term = result.focus_node if result.value is None else result.value
    return term.value if isinstance(term, Literal) else str(term)

"""The SHACL gate: judges a staged run, and keeps the focus nodes at fault out of it where the policy says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.mapping import QUARANTINE_SCHEMA
from emkg.pipeline.dataset import Dataset, Policy
from emkg.pipeline.report import GateFinding
from emkg.rdf import Literal
from emkg.validation import VIOLATION, PyshaclValidator, ShapesGraph, Validator, load_shapes
from emkg.vocabulary import RDFS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.ledger import Ledger, Staged
    from emkg.validation import ValidationReport, ValidationResult

REASON = "shacl"


@dataclass(frozen=True)
class Gate:
    """Shapes, the files they stand in, and the engine that judges by them."""

    shapes: ShapesGraph
    files: tuple[Path, ...]
    validator: Validator = field(default_factory=PyshaclValidator)

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


def judge(gate: Gate | None, ledger: Ledger, staged: Staged, dataset: Dataset) -> Judgement:
    """Judge a staged run by the dataset's policy; only violations, not warnings, have consequences.

    Shapes that look at other things than the run's own see what the ledger says of the things it points at,
    and the class hierarchy. A statement that points at a withheld node stays.

    Raises:
        ShapesError: The run cannot be judged by these shapes.
    """
    if gate is None or dataset.policy is Policy.UNCHECKED:
        return Judgement((), is_rejected=False, withheld=0, quarantine=QUARANTINE_SCHEMA.empty_table())
    report = _validate(gate, ledger, staged)
    violations = report.with_severity(VIOLATION)
    withheld = 0
    records: Sequence[ValidationResult] = ()
    if dataset.policy is Policy.QUARANTINE and violations:
        records = violations
        withheld = staged.withhold(sorted({str(one.focus_node) for one in violations}))
    return Judgement(
        tuple(_finding(result) for result in report.results),
        is_rejected=dataset.policy is Policy.REJECT and bool(violations),
        withheld=withheld,
        quarantine=_records(dataset, records),
    )


def _validate(gate: Gate, ledger: Ledger, staged: Staged) -> ValidationReport:
    hierarchy = ledger.statements(predicates=[RDFS + "subClassOf"]).read_all()
    data = staged.statements().read_all()
    context = pa.concat_tables([hierarchy, staged.neighbours().read_all()])
    return gate.validator.validate(data, gate.shapes, context)


def _finding(result: ValidationResult) -> GateFinding:
    return GateFinding(
        severity=result.severity.value.rpartition("#")[2],
        focus_node=str(result.focus_node),
        path=result.path or "",
        value="" if result.value is None else str(result.value),
        shape=str(result.source_shape),
        messages=dict(result.messages),
    )


def _records(dataset: Dataset, results: Sequence[ValidationResult]) -> pa.Table:
    """One record for each violation: its focus node stands before the message, its shape as the mapping."""
    rows = [
        {
            "dataset": dataset.name,
            "file": "",
            "row": None,
            "column": result.path or "",
            "value": _value(result),
            "reason": REASON,
            "message": f"{result.focus_node}: {result.message('en')}",
            "message_zh": f"{result.focus_node}：{result.message('zh')}",
            "mapping": str(result.source_shape),
        }
        for result in results
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE_SCHEMA)


def _value(result: ValidationResult) -> str:
    term = result.focus_node if result.value is None else result.value
    return term.value if isinstance(term, Literal) else str(term)

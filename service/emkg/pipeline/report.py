"""What an ingest did, as data."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from emkg.errors import GateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.reasoning import Materialisation


class Outcome(StrEnum):
    """What became of a dataset."""

    LOADED = "loaded"  # the ledger changed
    UNCHANGED = "unchanged"  # it was run, and the ledger already held its result
    SKIPPED = "skipped"  # nothing it depends on changed since its last accepted run
    REJECTED = "rejected"  # the gate let nothing of it pass


@dataclass(frozen=True)
class GateFinding:
    """One validation result as text: terms in N-Triples form, messages by language tag."""

    severity: str
    focus_node: str
    path: str
    value: str
    shape: str
    messages: Mapping[str, str]


@dataclass(frozen=True)
class DatasetReport:
    """One dataset's part. Of a skipped one, the figures are those of its last accepted run, and nothing changed.

    Attributes:
        rows: Rows read; 0 for RDF documents.
        statements: Statements made.
        added: Statements that were new to the ledger.
        removed: Statements that the ledger held and the run did not state again.
        quarantined: Records by reason; `shacl` for focus nodes that the gate withheld.
        findings: What the gate found.
        rejected_for: Of these, the ones for which nothing was loaded.
        withheld: Statements that the gate kept out.
        released: Nodes at fault that it let pass because somebody had released them.
        generation: The ledger's after this dataset.
    """

    dataset: str
    department: str
    outcome: Outcome
    rows: int = 0
    statements: int = 0
    added: int = 0
    removed: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[GateFinding, ...] = ()
    rejected_for: tuple[GateFinding, ...] = ()
    withheld: int = 0
    released: int = 0
    generation: int = 0
    seconds: float = 0.0

    @property
    def severities(self) -> dict[str, int]:
        """How many findings of each severity (`Violation`, `Warning`, `Info`)."""
        return dict(Counter(finding.severity for finding in self.findings))

    def to_json(self) -> str:
        """All of it as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def skipped(cls, text: str, generation: int) -> DatasetReport:
        """The report that `to_json` wrote, of a dataset that was not run again."""
        values = json.loads(text)
        for name in ("findings", "rejected_for"):
            values[name] = tuple(GateFinding(**finding) for finding in values.get(name, ()))
        values["outcome"] = Outcome.SKIPPED
        return replace(cls(**values), added=0, removed=0, generation=generation, seconds=0.0)


@dataclass(frozen=True)
class IngestReport:
    """The whole ingest: datasets in the order they were run, then what reasoning did (empty: nothing to do)."""

    datasets: tuple[DatasetReport, ...]
    inferred: tuple[Materialisation, ...]
    generation: int
    seconds: float

    @property
    def rejected(self) -> tuple[DatasetReport, ...]:
        """The datasets that the gate rejected; nothing of their run was loaded."""
        return tuple(one for one in self.datasets if one.outcome is Outcome.REJECTED)

    def department(self, name: str) -> tuple[DatasetReport, ...]:
        """The reports of one department."""
        return tuple(one for one in self.datasets if one.department == name)

    def raise_for_gate(self) -> None:
        """Return when nothing was rejected.

        Raises:
            GateError: Names the rejected datasets and the first finding that each was rejected for.
        """
        if self.rejected:
            raise GateError(
                "; ".join(_rejection(one, "en") for one in self.rejected),
                message_zh="；".join(_rejection(one, "zh") for one in self.rejected),
            )


def _rejection(report: DatasetReport, language: str) -> str:
    count, first = len(report.rejected_for), report.rejected_for[0]
    text = first.messages.get(language) or next(iter(first.messages.values()), "")
    if language == "zh":
        return f"{report.dataset} 因 {count} 处校验结果被拒，例如 {first.focus_node}：{text}"
    return f"{report.dataset} was rejected for {count} findings, such as {first.focus_node}: {text}"

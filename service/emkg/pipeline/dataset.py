"""What is ingested: one dataset of one department, and what happens to its nodes at fault."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from emkg.validation.report import INFO, VIOLATION, WARNING

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.rdf import IRI


class Policy(StrEnum):
    """What becomes of a focus node that a shape finds fault with."""

    REJECT = "reject"  # nothing of the run is loaded
    QUARANTINE = "quarantine"  # its statements are withheld and recorded
    REPORT = "report"  # it is loaded and reported


@dataclass(frozen=True)
class GatePolicy:
    """What findings of each severity lead to; those of a severity that SHACL does not name are reported."""

    violation: Policy = Policy.QUARANTINE
    warning: Policy = Policy.REPORT
    info: Policy = Policy.REPORT

    def of(self, severity: IRI) -> Policy:
        """What a finding of this severity leads to."""
        known = {VIOLATION: self.violation, WARNING: self.warning, INFO: self.info}
        return known.get(severity, Policy.REPORT)


@dataclass(frozen=True)
class Dataset:
    """One dataset, which is one named graph.

    Attributes:
        name: `department/dataset`.
        graph: The IRI of its graph.
        mapping: The mapping file that makes its statements; None where `rdf_files` hold them.
        rdf_files: RDF documents taken as they are.
        policy: What the gate's findings lead to; None where no shape is read: reference data that was judged when it
            was made.
    """

    name: str
    graph: str
    mapping: Path | None = None
    rdf_files: tuple[Path, ...] = ()
    policy: GatePolicy | None = GatePolicy()

    @property
    def department(self) -> str:
        """The part of the name before the slash."""
        return self.name.partition("/")[0]

"""What is ingested: one dataset of one department, and what happens to its nodes at fault."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Policy(StrEnum):
    """What becomes of a focus node that violates a shape."""

    REJECT = "reject"  # nothing of the run is loaded
    QUARANTINE = "quarantine"  # its statements are withheld and recorded
    REPORT = "report"  # it is loaded and reported
    UNCHECKED = "unchecked"  # no shape is read: reference data that was judged when it was made


@dataclass(frozen=True)
class Dataset:
    """One dataset, which is one named graph.

    Attributes:
        name: `department/dataset`.
        graph: The IRI of its graph.
        mapping: The mapping file that makes its statements; None where `rdf_files` hold them.
        rdf_files: RDF documents taken as they are.
        policy: What becomes of a focus node that violates a shape.
    """

    name: str
    graph: str
    mapping: Path | None = None
    rdf_files: tuple[Path, ...] = ()
    policy: Policy = Policy.QUARANTINE

    @property
    def department(self) -> str:
        """The part of the name before the slash."""
        return self.name.partition("/")[0]

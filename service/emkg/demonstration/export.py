"""What one department's export comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from emkg.demonstration.faults import PlantedFault


@dataclass(frozen=True)
class Export:
    """Files written (relative to the city's directory), source rows by file, and the faults in them.

    A workbook's or database's rows are those of all its sheets or tables, headers and titles not counted.
    """

    rows: tuple[tuple[str, int], ...]
    faults: tuple[PlantedFault, ...] = ()


def merge(exports: Iterable[Export]) -> Export:
    """One export of several, in order."""
    parts = tuple(exports)
    return Export(
        tuple(row for part in parts for row in part.rows),
        tuple(fault for part in parts for fault in part.faults),
    )


def target(directory: Path, file: str) -> Path:
    """The place of a file in the city's directory; its folder exists afterwards."""
    path = directory / file
    path.parent.mkdir(parents=True, exist_ok=True)
    return path

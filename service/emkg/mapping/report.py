"""What a mapping run did, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class TriplesMapReport:
    """One triples map: rows read, statements made (before de-duplication), seconds taken."""

    triples_map: str
    file: str
    rows: int
    statements: int
    seconds: float


@dataclass(frozen=True)
class MappingReport:
    """A whole run; `quarantined` counts records by reason."""

    dataset: str
    triples_maps: tuple[TriplesMapReport, ...]
    quarantined: Mapping[str, int]
    seconds: float

    @property
    def rows(self) -> int:
        """Rows read; a file that several triples maps read counts once, with the most rows that one of them saw."""
        by_file: Counter[str] = Counter()
        for one in self.triples_maps:
            by_file[one.file] = max(by_file[one.file], one.rows)
        return by_file.total()

    @property
    def statements(self) -> int:
        """Statements made, before de-duplication across rows and triples maps."""
        return sum(one.statements for one in self.triples_maps)

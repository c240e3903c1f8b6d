"""What the rules look at: one mapping, everything linted beside it, and what it is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from emkg.errors import Location
    from emkg.mapping.model import Mapping, TriplesMap
    from emkg.ontology import Ontology
    from emkg.pipeline.act_table import Acts
    from emkg.pipeline.lint_source_names import SourceReader
    from emkg.pipeline.lint_statement import Things
    from emkg.pipeline.lint_text import MappingText
    from emkg.validation import ShapesGraph


@dataclass(frozen=True)
class LintInputs:
    """What mappings are judged by.

    Attributes:
        ontology: The terms that exist.
        shapes: What things of a class need.
        acts: The acts and when they were repealed.
        as_of: The date on which cited articles should be in force.
        data_root: What `data:` means; None leaves such sources unread.
    """

    ontology: Ontology
    shapes: ShapesGraph
    acts: Acts
    as_of: date
    data_root: Path | None = None


@dataclass(frozen=True)
class LintContext:
    """One mapping beside the others (`mappings`, itself among them)."""

    mapping: Mapping
    text: MappingText
    mappings: Sequence[Mapping]
    things: Things
    inputs: LintInputs
    reader: SourceReader

    def end_of(self, triples_map: TriplesMap) -> Location | None:
        """Where the next triples map of the file begins, on a later line; None for the last one."""
        start = triples_map.location.line or 0
        later = [one.location for one in self.mapping.triples_maps if (one.location.line or 0) > start]
        return min(later, key=lambda place: place.line or 0, default=None)

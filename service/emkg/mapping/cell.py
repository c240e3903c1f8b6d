"""The source cells that expressions of a mapping read on one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import Location
from emkg.mapping.expression import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.mapping.model import Expression, TriplesMap
    from emkg.sources import SourceRelation


@dataclass(frozen=True)
class SourceCell:
    """A cell that a statement was made of.

    Attributes:
        mapping: The mapping's line that read it, `path:line`.
        triples_map: The triples map's IRI.
        file: The source file's name.
        row: The row, as the format counts.
        column: The column name, JSONPath or XPath; empty where the statement needs no cell of the row.
        value: What the cell holds; the values of an array are joined by `; `.
    """

    mapping: str
    triples_map: str
    file: str
    row: int
    column: str
    value: str


@dataclass(frozen=True)
class RowReader:
    """One triples map's source, to look into the cells of a row."""

    triples_map: TriplesMap
    relation: SourceRelation

    def cells(self, row: int, expressions: Iterable[tuple[Expression, Location]]) -> Iterator[SourceCell]:
        """The cells that the expressions (each with its mapping line) read; cells without a value are left out."""
        table = self.relation.table
        found = table.filter(table["row"] == row).to_pyarrow().to_pylist()
        for expression, location in expressions:
            for reference in dict.fromkeys(references(expression)):
                value = found[0][self.relation.columns[reference]] if found else None
                if value is not None:
                    yield self._cell(
                        location, row, reference, value if isinstance(value, str) else "; ".join(value)
                    )

    def row_itself(self, row: int) -> SourceCell:
        """The row as a whole, for a statement that is made of constants."""
        return self._cell(self.triples_map.location, row, "", "")

    def _cell(self, location: Location, row: int, column: str, value: str) -> SourceCell:
        line = str(Location(location.file, location.line))
        return SourceCell(line, self.triples_map.iri, self.triples_map.source.path.name, row, column, value)

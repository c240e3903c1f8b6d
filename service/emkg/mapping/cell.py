"""The source cells that expressions of a mapping read on one row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from emkg.errors import Location
from emkg.mapping.expression import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from emkg.mapping.model import Expression, TriplesMap
    from emkg.sources import SourceRelation

Record: TypeAlias = "Mapping[str, str | list[str] | None]"


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
        is_key: Whether the statement's subject is made of it.
    """

    mapping: str
    triples_map: str
    file: str
    row: int
    column: str
    value: str
    is_key: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class RowReader:
    """One triples map's source, to look into the cells of some rows."""

    triples_map: TriplesMap
    relation: SourceRelation

    def read(self, rows: Iterable[int]) -> dict[int, Record]:
        """The records of these rows, read at once."""
        table = self.relation.table
        wanted = sorted(set(rows))
        found = table.filter(table["row"].isin(wanted)).to_pyarrow().to_pylist() if wanted else []
        return {record["row"]: record for record in found}

    def cells(
        self, row: int, record: Record, expressions: Iterable[tuple[Expression, Location]]
    ) -> Iterator[SourceCell]:
        """The cells that the expressions (each with its mapping line) read; cells without a value are left out."""
        subject = self.triples_map.subject.expression
        for expression, location in expressions:
            for reference in dict.fromkeys(references(expression)):
                value = record.get(self.relation.columns[reference])
                if value is not None:
                    text = value if isinstance(value, str) else "; ".join(value)
                    yield self._cell(location, row, reference, text, is_key=expression is subject)

    def row_itself(self, row: int) -> SourceCell:
        """The row as a whole, for a statement that is made of constants."""
        return self._cell(self.triples_map.location, row, "", "", is_key=True)

    def _cell(self, location: Location, row: int, column: str, value: str, *, is_key: bool) -> SourceCell:
        line = str(Location(location.file, location.line))
        file = self.triples_map.source.path.name
        return SourceCell(line, self.triples_map.iri, file, row, column, value, is_key)

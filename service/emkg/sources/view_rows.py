"""The rows that a view's fields make of one record: every value of a field with every value of its siblings."""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from emkg.errors import Location, SourceError
from emkg.sources.description import INDEX, ExpressionField, FieldExpression, IterableField
from emkg.sources.item_table import STRING
from emkg.sources.view_record import INTEGER, Pair, Records, records_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emkg.sources.description import Field, Formulation, SourceDescription
    from emkg.sources.fault import SourceFault

Row: TypeAlias = dict[str, Pair]
_MOST_ROWS: Final = 1_000_000  # of one record: the values of sibling fields multiply
_NOTHING: Final[tuple[Row, ...]] = ({},)  # a field without values leaves its siblings their row


@dataclass(frozen=True)
class RowMaker:
    """Makes rows of records.

    Args:
        description: The source that is viewed.
        faults: Where to say what a text within could not give.
    """

    description: SourceDescription
    faults: list[SourceFault]
    _known: dict[Formulation, Records] = dataclasses.field(default_factory=dict)

    def rows(
        self, row: int, node: object, fields: Sequence[Field], formulation: Formulation
    ) -> Iterator[Row]:
        """The rows of one record."""
        return self._product(row, node, fields, self._records(formulation), "")

    def _records(self, formulation: Formulation) -> Records:
        if formulation not in self._known:
            self._known[formulation] = records_of(formulation, self.description, self.faults)
        return self._known[formulation]

    def _product(
        self, row: int, node: object, fields: Sequence[Field], records: Records, prefix: str
    ) -> Iterator[Row]:
        return self._combined(row, [self._field(row, node, field, records, prefix) for field in fields])

    def _combined(self, row: int, fields: Sequence[Iterator[Row]]) -> Iterator[Row]:
        """Every row of a field with every one of the others; no more of one record than can be held."""
        choices = [list(itertools.islice(rows, _MOST_ROWS + 1)) or _NOTHING for rows in fields]
        if math.prod(map(len, choices)) > _MOST_ROWS:
            raise SourceError(
                f"the record makes more than {_MOST_ROWS:,} rows of the view: its fields' values multiply",
                message_zh=f"该记录产生的视图行超过 {_MOST_ROWS:,} 行：各字段的值相乘",
                location=Location(str(self.description.path), row=row),
            )
        for chosen in itertools.product(*choices):
            yield {key: pair for one in chosen for key, pair in one.items()}

    def _field(self, row: int, node: object, field: Field, records: Records, prefix: str) -> Iterator[Row]:
        name = prefix + field.name
        if isinstance(field, ExpressionField):
            for index, pair in enumerate(_evaluate(row, node, field.expression, records)):
                own = {name: pair, f"{name}.{INDEX}": (str(index), INTEGER)}
                inner = [self._within(row, pair[0], each, name) for each in field.fields]
                yield from (own | found for found in self._combined(row, inner))
        else:
            inside = self._records(field.formulation) if field.formulation else records
            yield from self._items(row, node, field, inside, name)

    def _items(
        self, row: int, node: object, field: IterableField, records: Records, name: str
    ) -> Iterator[Row]:
        for index, item in enumerate(records.items(row, node, field.iterator)):
            for inner in self._product(row, item, field.fields, records, f"{name}."):
                yield {f"{name}.{INDEX}": (str(index), INTEGER), **inner}

    def _within(self, row: int, text: str, field: IterableField, name: str) -> Iterator[Row]:
        """The records of a text, read in the field's own formulation."""
        assert field.formulation is not None  # noqa: S101 - a field within an expression field has one
        records = self._records(field.formulation)
        for node in records.parse(row, text, name):
            yield from self._items(row, node, field, records, f"{name}.{field.name}")


def _evaluate(row: int, node: object, expression: FieldExpression, records: Records) -> Iterator[Pair]:
    if len(expression.parts) == 1 and not isinstance(expression.parts[0], str):
        yield from records.values(row, node, expression.parts[0].text)
        return
    choices = [
        [(part, STRING)] if isinstance(part, str) else records.values(row, node, part.text)
        for part in expression.parts
    ]
    for chosen in itertools.product(*choices):
        yield "".join(text for text, _ in chosen), STRING

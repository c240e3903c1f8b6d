"""What a triples map's terms hold, counted in one pass: rows, statements, and which fault columns have any."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from emkg.mapping.engine import Engine
    from emkg.mapping.statement import Pattern
    from emkg.mapping.terms import FaultColumn, Place


@dataclass(frozen=True)
class Tally:
    """Rows, statements before de-duplication (joined ones not included), and the fault columns that hold a value."""

    rows: int
    statements: int
    faults: tuple[FaultColumn, ...]


def count_terms(
    engine: Engine, table: ir.Table, patterns: Sequence[Pattern], faults: Sequence[FaultColumn]
) -> Tally:
    """Count a triples map's kept terms by one query."""
    own = [pattern for pattern in patterns if pattern.join is None]
    made = {f"pattern_{index}": _statements(table, pattern).sum() for index, pattern in enumerate(own)}
    found = {f"fault_{index}": _values(table, fault.place).sum() for index, fault in enumerate(faults)}
    [counts] = engine.fetch(table.aggregate(rows=table.count(), **made, **found)).to_pylist()
    return Tally(
        counts["rows"],
        sum(counts[name] or 0 for name in made),
        tuple(fault for fault, name in zip(faults, found, strict=True) if counts[name]),
    )


def _statements(table: ir.Table, pattern: Pattern) -> ir.IntegerValue:
    """How many statements the pattern makes of a row: every value of each place with every other."""
    places = (pattern.subject, pattern.predicate, pattern.object, pattern.graph)
    factors = (_values(table, place) for place in places if place.constant is None)
    return reduce(mul, factors, table["row"].notnull().cast("int64"))


def _values(table: ir.Table, place: Place) -> ir.IntegerValue:
    """How many values a row has in the place."""
    column = table[place.column]
    if place.many:
        return column.filter(lambda value: value.notnull()).length().fill_null(0)
    return column.notnull().cast("int64")

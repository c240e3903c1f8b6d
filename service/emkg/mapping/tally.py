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
    from emkg.mapping.place import Place
    from emkg.mapping.statement import Pattern
    from emkg.mapping.terms import FaultColumn


@dataclass(frozen=True)
class Tally:
    """What was counted.

    Attributes:
        rows: The rows of the source.
        statements: Statements before de-duplication; those joined, and those of collections, not included.
        faults: The fault columns that hold a value.
        has_unique_subjects: No two rows have the same subject; false where that is not certain.
    """

    rows: int
    statements: int
    faults: tuple[FaultColumn, ...]
    has_unique_subjects: bool


def count_terms(
    engine: Engine, table: ir.Table, patterns: Sequence[Pattern], faults: Sequence[FaultColumn]
) -> Tally:
    """Count a triples map's kept terms by one query."""
    own = [pattern for pattern in patterns if pattern.is_of_one_row]
    made = {f"pattern_{index}": _statements(table, pattern).sum() for index, pattern in enumerate(own)}
    found = {f"fault_{index}": _values(table, fault.place).sum() for index, fault in enumerate(faults)}
    subjects = _subjects(table, patterns)
    [counts] = engine.fetch(table.aggregate(rows=table.count(), **made, **found, **subjects)).to_pylist()
    return Tally(
        counts["rows"],
        sum(counts[name] or 0 for name in made),
        tuple(fault for fault, name in zip(faults, found, strict=True) if counts[name]),
        bool(subjects) and counts["subjects"] == counts["distinct_subjects"],
    )


def _subjects(table: ir.Table, patterns: Sequence[Pattern]) -> dict[str, ir.IntegerValue]:
    """How many subjects there are, and how many hashes of them; two subjects of one hash seem one, which does no harm.

    A missing subject has a hash too, which is not counted.
    """
    place = next((pattern.subject for pattern in patterns if pattern.is_of_one_row), None)
    if place is None or place.constant is not None or place.many:
        return {}
    column = table[place.column]
    return {"subjects": column.count(), "distinct_subjects": column.hash().nunique(where=column.notnull())}


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

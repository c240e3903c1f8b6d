"""Joins of logical views, as one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from emkg.sources.description import INDEX
from emkg.sources.relation import SourceRelation
from emkg.sources.view_record import INTEGER

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from emkg.sources.description import ViewJoin


def joined(child: SourceRelation, parent: SourceRelation, join: ViewJoin, number: int) -> SourceRelation:
    """The child's rows with the fields of each parent row whose keys are equal.

    Args:
        child: The rows so far.
        parent: The rows of the parent view.
        join: The keys and fields.
        number: Which join of its view it is; its columns are called by it.
    """
    keys = [f"j{number}_key_{index}" for index in range(len(join.keys))]
    left_keys = {name: child.text_of(own.parts)[0] for name, (own, _) in zip(keys, join.keys, strict=True)}
    right_keys = {
        name: parent.text_of(theirs.parts)[0] for name, (_, theirs) in zip(keys, join.keys, strict=True)
    }
    columns = {field.name: f"j{number}_{index}" for index, field in enumerate(join.fields)}
    kinds = {name: f"{column}_type" for name, column in columns.items()}
    right: dict[str, ir.Value] = {}
    for field in join.fields:
        right[columns[field.name]], right[kinds[field.name]] = parent.text_of(field.expression.parts)
    row, iteration = f"j{number}_row", f"j{number}_iteration"
    order = parent.table[parent.iteration] if parent.iteration else ibis.literal(1, type="int64")
    parents = parent.table.select(**right_keys, **right, **{row: parent.table["row"], iteration: order})
    children = child.table.mutate(**left_keys)
    table = children.join(parents, keys, how="left" if join.is_left else "inner")
    within = [table["row"], table[child.iteration], table[row], table[iteration]]
    place = ibis.row_number().over(ibis.window(group_by=["row", child.iteration], order_by=within[2:]))
    numbers = {f"{name}.{INDEX}": f"{column}_index" for name, column in columns.items()}
    counted = {
        numbers[f"{name}.{INDEX}"]: table[column].isnull().ifelse(None, place.cast("string"))
        for name, column in columns.items()
    }
    counted_kinds = {f"{key}": f"{column}_type" for key, column in numbers.items()}
    fresh = f"j{number}_place"
    table = table.mutate(
        **counted,
        **{column: ibis.literal(INTEGER) for column in counted_kinds.values()},
        **{fresh: ibis.row_number().over(ibis.window(group_by="row", order_by=within[1:])) + 1},
    )
    kept = [name for name in table.columns if not name.startswith((*keys, row, f"{iteration}"))]
    return SourceRelation(
        table.select(*kept),
        {**child.columns, **columns, **numbers},
        datatypes=child.datatypes,
        type_columns={**child.type_columns, **kinds, **counted_kinds},
        faults=(*child.faults, *parent.faults),
        iteration=fresh,
    )

"""Quads of templates (SPARQL 1.1 Update, section 3.1.3): whole columns, never a solution at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from emkg.arrow import text_array, text_scalar
from emkg.plan.pattern import Variable
from emkg.rdf import IRI, BlankNode
from emkg.rdf.relation import NO_STATEMENTS, STATEMENTS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from emkg.plan.pattern import Slot
    from emkg.plan.request import QuadPattern

Solutions: TypeAlias = "tuple[int, Mapping[str, pa.Array]]"
"""How many there are, and for each variable the N-Triples text of its term in each; null where it is unbound."""

_ONE: Final[Solutions] = (1, {})


def variables_of(quads: Iterable[QuadPattern]) -> tuple[Variable, ...]:
    """The variables that templates use, each once."""
    slots = (slot for quad in quads for slot in (*quad.triple.slots, quad.graph))
    return tuple(dict.fromkeys(slot for slot in slots if isinstance(slot, Variable)))


def quads_of(
    quads: Sequence[QuadPattern], graph: IRI, scope: str, solutions: Solutions | None = None
) -> pa.Table:
    """The quads that templates make of solutions, as statements; what is no quad is left out.

    Args:
        quads: The templates.
        graph: The graph of those that name none.
        scope: What makes blank node labels new; each solution has blank nodes of its own.
        solutions: Without any, the templates hold no variables and are made once.
    """
    rows, columns = solutions or _ONE
    tables = [_instances(quad, graph, scope, rows, columns) for quad in quads]
    return pa.concat_tables(tables) if tables else NO_STATEMENTS


def _instances(
    quad: QuadPattern, graph: IRI, scope: str, rows: int, columns: Mapping[str, pa.Array]
) -> pa.Table:
    slots = (*quad.triple.slots, graph if quad.graph is None else quad.graph)
    texts = [_texts(slot, scope, rows, columns) for slot in slots]
    table = pa.table(texts, schema=STATEMENTS_SCHEMA)
    s, p, o, g = (table[name] for name in STATEMENTS_SCHEMA.names)
    is_quad = pc.and_(
        pc.invert(pc.starts_with(s, '"')), pc.and_(pc.starts_with(p, "<"), pc.starts_with(g, "<"))
    )
    return table.filter(pc.and_(is_quad, o.is_valid()))  # null is no quad either


def _texts(slot: Slot, scope: str, rows: int, columns: Mapping[str, pa.Array]) -> pa.Array:
    if isinstance(slot, Variable):
        return columns.get(slot.name, pa.nulls(rows, pa.string()))
    if isinstance(slot, BlankNode):
        return text_array([f"_:u{scope}n{row}l{slot.value}" for row in range(rows)])
    return pa.repeat(text_scalar(str(slot)), rows)

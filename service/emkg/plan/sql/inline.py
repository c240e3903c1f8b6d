"""VALUES: rows of constants, each a term with its parts, since the ledger may not know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from emkg.ledger import term_id
from emkg.plan.sql.column import column, column_name, id_literal, named, no_id, number, select
from emkg.plan.sql.relation import MIXED, PARTS, Relation, typed
from emkg.plan.sql.value import BLANK_NODE, LITERAL, RESOURCE
from emkg.rdf import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.pattern import Variable
    from emkg.rdf import Term


def inline_rows(variables: Sequence[Variable], rows: Sequence[Sequence[Term | None]]) -> Relation:
    """The rows as solutions; None is unbound."""
    places = [i for i, variable in enumerate(variables) if variable not in variables[:i]]
    names = [label for place in places for label in _labels(variables[place])]
    if not rows or not names:
        columns = [named(typed(*_null(label)), label) for label in names]
        query = select(columns).where(exp.false(), copy=False)
        if rows:
            query = select([column("_", "v")], _table([[number(1)]] * len(rows), ["_"]))
        return Relation(query, dict.fromkeys(variables, MIXED))
    cells = [[cell for place in places for cell in term_cells(row[place])] for row in rows]
    certain = frozenset(variables[place] for place in places if all(row[place] is not None for row in rows))
    query = select([column(name, "v") for name in names], _table(cells, names))
    return Relation(query, dict.fromkeys(variables, MIXED), certain)


def term_cells(term: Term | None) -> list[exp.Expression]:
    """The id of a term, and its parts."""
    if term is None:
        return [no_id(), *(typed(part, exp.Null()) for part in PARTS)]
    kind = LITERAL if isinstance(term, Literal) else RESOURCE if isinstance(term, IRI) else BLANK_NODE
    parts = [number(kind), exp.Literal.string(term.value)]
    if isinstance(term, Literal):
        parts += [exp.Literal.string(term.datatype), exp.Literal.string(term.language)]
    else:
        parts += [exp.Null(), exp.Null()]
    return [id_literal(term_id(str(term))), *(typed(p, cell) for p, cell in zip(PARTS, parts, strict=True))]


def _labels(variable: Variable) -> list[str]:
    name = column_name(variable)
    return [name, *(f"{name}.{part}" for part in PARTS)]


def _null(label: str) -> tuple[str, exp.Expression]:
    _, _, part = label.rpartition(".")
    return (part if part in PARTS and "." in label.lstrip(".") else "id", exp.Null())


def _table(rows: Sequence[Sequence[exp.Expression]], names: Sequence[str]) -> exp.Expression:
    values = [exp.Tuple(expressions=list(row)) for row in rows]
    alias = exp.TableAlias(
        this=exp.to_identifier("v"), columns=[exp.to_identifier(name, quoted=True) for name in names]
    )
    return exp.Values(expressions=values, alias=alias)

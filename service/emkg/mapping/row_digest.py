"""What is kept of a source's rows until the next run: of each its number, a digest of its cells, and its subject."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.builtin import md5, unhex
from emkg.mapping.demand import Demand
from emkg.mapping.inversion import makes_collections
from emkg.mapping.model import Constant, FunctionCall, Reference, RowKey, expressions_of, term_maps_of
from emkg.mapping.terms import compile_terms
from emkg.mapping.value import bind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import ibis.expr.types as ir

    from emkg.mapping.engine import Engine
    from emkg.mapping.model import Expression, Mapping, TriplesMap
    from emkg.mapping.stage import Compiled
    from emkg.mapping.term import TermContext
    from emkg.sources import SourceRelation

_DIGEST: Final = Reference("emkg row digest")
_COLUMN: Final = "emkg_row_digest"


def is_made_of_rows(mapping: Mapping) -> bool:
    """Whether every statement's subject tells the rows that it can be made of, so that some of them can be mapped alone.

    Not so where a row's number is part of a term, where rows share a collection, and where all have one subject.
    """
    return not any(
        makes_collections(one)
        or isinstance(one.subject.expression, Constant)
        or any(_is_of_row(part) for term_map in term_maps_of(one) for part in expressions_of(term_map))
        for one in mapping.triples_maps
    )


def digest_rows(engine: Engine, compiled: Compiled, context: TermContext) -> ir.Table | None:
    """A table row, digest (16 bytes), subject (NULL for none) of a triples map's rows; None where a row may have several."""
    relation = compiled.relation
    digested = replace(
        relation,
        table=relation.table.mutate(**{_COLUMN: _digest(relation)}),
        columns={**relation.columns, _DIGEST.text: _COLUMN},
    )
    demand = subject_demand(compiled.demand, (_DIGEST,))
    terms = compile_terms(demand, digested, context)
    subject = terms.term_maps[demand.triples_map.subject]
    if subject.many:
        return None
    table = terms.table.select(
        row=terms.table["row"],
        digest=unhex(terms.table[terms.keys[_DIGEST].column]),
        subject=terms.table[subject.column],
    )
    return engine.keep(table)


def subject_demand(demand: Demand, keys: Sequence[Expression]) -> Demand:
    """Of a triples map its subjects alone, and some keys."""
    bare: TriplesMap = replace(demand.triples_map, classes=(), graphs=(), predicate_objects=())
    return Demand(bare, (bare.subject,), tuple(keys), {}, {})


def write_rows(engine: Engine, rows: Sequence[ir.Table], path: Path) -> None:
    """Write the rows of all triples maps, in their order, as Parquet; read back by `read_rows`."""
    numbered = [
        table.select(
            triples_map=ibis.literal(number, type="int64"), row="row", digest="digest", subject="subject"
        )
        for number, table in enumerate(rows)
    ]
    engine.connection.sql(engine.sql(ibis.union(*numbered))).write_parquet(str(path), compression="zstd")


def read_rows(engine: Engine, path: Path, count: int) -> list[ir.Table]:
    """The tables of what was written for so many triples maps: row, digest, subject."""
    written = engine.backend.read_parquet(path)
    return [
        engine.keep(written.filter(written["triples_map"] == number).drop("triples_map"))
        for number in range(count)
    ]


def _digest(relation: SourceRelation) -> ir.StringValue:
    """Of every cell that is read of a row, missing ones told from empty ones, and of their datatypes."""
    many = {relation.columns[reference] for reference in relation.multi}
    many |= {relation.type_columns[reference] for reference in relation.multi & relation.type_columns.keys()}
    names = sorted({*relation.columns.values(), *relation.type_columns.values()})
    pieces = [_piece(relation.table[name], many=name in many) for name in names]
    return md5(reduce(lambda one, other: one + other, pieces, ibis.literal("")))


def _piece(column: ir.Value, *, many: bool) -> ir.StringValue:
    if not many:
        return ibis.ifelse(column.isnull(), "-", _counted(column))
    texts = column.map(bind("cell", lambda cell: ibis.ifelse(cell.isnull(), "-", _counted(cell))))
    return ibis.ifelse(column.isnull(), "-", _counted(texts.join("")))


def _counted(text: ir.StringValue) -> ir.StringValue:
    """With its length, so that texts put together are told apart."""
    return text.length().cast("string") + ":" + text


def _is_of_row(expression: Expression) -> bool:
    return isinstance(expression, RowKey) or any(map(_is_of_row, _arguments(expression)))


def _arguments(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, FunctionCall):
        yield from (argument for _, argument in expression.arguments)

"""From a statement back to the cells it came from, with nothing stored: templates are inverted, rows selected.

The terms of the selected rows are made again by the plans of a run, so a cell is named only where it really
gives the statement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import ibis

from emkg.mapping.cell import RowReader, SourceCell
from emkg.mapping.demand import demand_of, find_parent
from emkg.mapping.engine import Engine
from emkg.mapping.inversion import invert_term, narrowed
from emkg.mapping.model import RefObjectMap, TermMap, TriplesMap
from emkg.mapping.statement import patterns, statement_table
from emkg.mapping.term import context_of
from emkg.mapping.terms import compile_terms
from emkg.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from emkg.errors import Location
    from emkg.mapping.model import Expression
    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.statement import Pattern
    from emkg.mapping.terms import Terms
    from emkg.rdf import Quad, Triple


@dataclass(frozen=True)
class _Search:
    """What is looked for, where, and the run it came from."""

    engine: Engine
    statement: Triple | Quad
    mapping: MappingFile
    dataset: str
    base: str


@dataclass(frozen=True)
class _Rows:
    """The rows of a triples map's source that the statement's keys allow, and their terms."""

    reader: RowReader
    terms: Terms
    table: ir.Table


def locate(
    statement: Triple | Quad, mappings: Sequence[MappingFile], *, base: str, dataset: str = ""
) -> tuple[SourceCell, ...]:
    """The cells from which the mappings make the statement, by mapping and row; empty where none does.

    A quad's graph is not looked at. `base` and `dataset` are those of the run (blank nodes are a dataset's own).

    Raises:
        MappingError: A mapping cannot be compiled.
        SourceError: A source cannot be read as described.
    """
    with Engine() as engine:
        cells = [
            cell
            for mapping in mappings
            for triples_map in mapping.triples_maps
            for cell in _in_triples_map(_Search(engine, statement, mapping, dataset, base), triples_map)
        ]
    return tuple(dict.fromkeys(cells))


def _in_triples_map(search: _Search, triples_map: TriplesMap) -> Iterator[SourceCell]:
    base = triples_map.base or search.base
    keys = invert_term(triples_map.subject, search.statement.subject, base)
    able = narrowed(triples_map, search.statement, search.mapping, base)
    if keys is None or not (able.classes or able.predicate_objects):
        return
    own = _select(search, able, keys)
    parents = _parents(search, able)
    terms = {iri: parent.terms for iri, parent in parents.items()}
    for pattern in patterns(able, own.terms, terms, search.mapping):
        parent = parents[pattern.join.parent] if pattern.join else None
        for row, parent_row in _matching(search, pattern, own, parent):
            cells = list(own.reader.cells(row, _read_by(pattern.item, able, search.mapping)))
            yield from cells or [own.reader.row_itself(row)]
            if parent is not None and parent_row is not None and isinstance(pattern.item, RefObjectMap):
                yield from parent.reader.cells(parent_row, _read_in_parent(pattern.item, parent))


def _select(search: _Search, triples_map: TriplesMap, keys: Mapping[str, str]) -> _Rows:
    """Read the source, keep the rows that have the keys, make their terms."""
    demand = demand_of(triples_map, search.mapping)
    relation = read_source(search.engine.backend, triples_map.source, demand.references)
    table = relation.table
    tests = []
    for reference, text in keys.items():
        column = table[relation.columns[reference]]
        tests.append(column.contains(text) if reference in relation.multi else column == text)
    relation = replace(
        relation, table=search.engine.keep(table.filter(reduce(and_, tests, ibis.literal(True))))
    )
    terms = compile_terms(demand, relation, context_of(triples_map, search.dataset, search.base))
    return _Rows(RowReader(triples_map, relation), terms, search.engine.keep(terms.table))


def _parents(search: _Search, triples_map: TriplesMap) -> dict[str, _Rows]:
    """The joined parents' rows whose subject can be the statement's object."""
    parents = {}
    for predicate_object in triples_map.predicate_objects:
        for item in predicate_object.objects:
            if isinstance(item, RefObjectMap) and item.joins:
                parent = find_parent(item, search.mapping)
                keys = invert_term(parent.subject, search.statement.object, parent.base or search.base)
                parents[parent.iri] = _select(
                    search, replace(parent, classes=(), predicate_objects=()), keys or {}
                )
    return parents


def _matching(
    search: _Search, pattern: Pattern, own: _Rows, parent: _Rows | None
) -> list[tuple[int, int | None]]:
    """The rows (and the parent's) on which the pattern makes just this statement."""
    table = statement_table(pattern, own.table, parent.table if parent else None, with_rows=True)
    statement = search.statement
    table = table.filter(
        table["s"] == str(statement.subject),
        table["p"] == str(statement.predicate),
        table["o"] == str(statement.object),
    )
    found = table.select("row", "parent_row").distinct().order_by("row", "parent_row").to_pyarrow()
    return list(zip(found["row"].to_pylist(), found["parent_row"].to_pylist(), strict=True))


def _read_by(
    item: TermMap | RefObjectMap, triples_map: TriplesMap, mapping: MappingFile
) -> Iterator[tuple[Expression, Location]]:
    """What the statement takes from the triples map's own row."""
    yield triples_map.subject.expression, triples_map.subject.location
    if isinstance(item, TermMap):
        yield item.expression, item.location
        if item.language is not None:
            yield item.language, item.location
        return
    for join in item.joins:
        yield join.child, item.location
    if not item.joins:
        yield find_parent(item, mapping).subject.expression, item.location


def _read_in_parent(item: RefObjectMap, parent: _Rows) -> Iterator[tuple[Expression, Location]]:
    subject = parent.reader.triples_map.subject
    yield subject.expression, subject.location
    for join in item.joins:
        yield join.parent, item.location

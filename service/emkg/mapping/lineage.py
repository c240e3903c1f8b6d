"""From statements back to the cells they came from, with nothing stored: templates are inverted, rows selected.

The terms of the selected rows are made again by the plans of a run, so a cell is named only where it really
gives the statement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from emkg.errors import Location
from emkg.mapping.cell import RowReader, SourceCell
from emkg.mapping.demand import demand_of, find_parent
from emkg.mapping.engine import Engine
from emkg.mapping.expression import references
from emkg.mapping.inversion import invert_term, is_of_collection, makes_collections, narrowed
from emkg.mapping.model import Constant, RefObjectMap, TermMap, TriplesMap, expressions_of
from emkg.mapping.statement import patterns, statement_table
from emkg.mapping.term import context_of
from emkg.mapping.terms import compile_terms
from emkg.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from emkg.mapping.model import Expression
    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.statement import Pattern
    from emkg.mapping.terms import Terms
    from emkg.rdf import IRI, Triple


@dataclass(frozen=True)
class _Search:
    """What is looked for, where, and the run it came from."""

    engine: Engine
    statements: tuple[Triple, ...]
    mapping: MappingFile
    dataset: str
    base: str


@dataclass(frozen=True)
class _Rows:
    """The rows of a triples map's source that the statements' keys allow, and their terms."""

    reader: RowReader
    terms: Terms
    table: ir.Table


@dataclass(frozen=True)
class _Match:
    """A statement, and the row (and the parent's) that makes it by a pattern."""

    statement: Triple
    pattern: Pattern
    row: int
    parent_row: int | None


def locate(
    statements: Iterable[Triple], mappings: Sequence[MappingFile], *, base: str, dataset: str = ""
) -> dict[Triple, tuple[SourceCell, ...]]:
    """The cells from which the mappings make each statement, by mapping and row; empty where none does.

    However many statements there are, a source is read once for each triples map that can make one of them.
    `base` and `dataset` are those of the run (blank nodes are a dataset's own).

    Raises:
        MappingError: A mapping cannot be compiled.
        SourceError: A source cannot be read as described.
    """
    wanted = tuple(dict.fromkeys(statements))
    found: dict[Triple, dict[SourceCell, None]] = {statement: {} for statement in wanted}
    with Engine() as engine:
        for mapping in mappings:
            search = _Search(engine, wanted, mapping, dataset, base)
            for triples_map in mapping.triples_maps:
                for statement, cell in _in_triples_map(search, triples_map):
                    found[statement][cell] = None
    return {statement: tuple(cells) for statement, cells in found.items()}


def absent_cells(mapping: MappingFile, beside: SourceCell, predicate: IRI) -> Iterator[SourceCell]:
    """The cells of a row from which its triples map would make a statement of this predicate; their values are left out."""
    for triples_map in mapping.triples_maps:
        if triples_map.iri != beside.triples_map:
            continue
        for predicate_object in triples_map.predicate_objects:
            if not any(one.expression == Constant(predicate) for one in predicate_object.predicates):
                continue
            for item in predicate_object.objects:
                for expression, location in _read_by(item, triples_map, mapping):
                    if expression is not triples_map.subject.expression:
                        for reference in references(expression):
                            yield replace(
                                beside,
                                mapping=str(Location(location.file, location.line)),
                                column=reference,
                                value="",
                                is_key=False,
                            )


def _in_triples_map(search: _Search, triples_map: TriplesMap) -> Iterator[tuple[Triple, SourceCell]]:
    base = triples_map.base or search.base
    keys = {
        statement: values
        for statement in search.statements
        if (values := _keys_of(triples_map, statement, base)) is not None
    }
    able = narrowed(triples_map, tuple(keys), search.mapping, base)
    if not (able.classes or able.predicate_objects or able.subject.gather):
        return
    own = _select(search, able, keys.values())
    parents = _parents(search, able, tuple(keys))
    terms = {iri: parent.terms for iri, parent in parents.items()}
    matches = [
        match
        for pattern in patterns(able, own.terms, terms, search.mapping)
        for match in _matching(pattern, own, parents.get(pattern.join.parent) if pattern.join else None, keys)
    ]
    records = own.reader.read(match.row for match in matches)
    for match in matches:
        expressions = _read_by(match.pattern.item, able, search.mapping)
        cells = list(own.reader.cells(match.row, records[match.row], expressions))
        for cell in cells or [own.reader.row_itself(match.row)]:
            yield match.statement, cell
        for cell in _parent_cells(match, parents):
            yield match.statement, cell


def _keys_of(triples_map: TriplesMap, statement: Triple, base: str) -> dict[str, str] | None:
    """The cells that the statement's subject needs, None where the triples map cannot make it.

    Rows share collections, so a collection's statements are looked for on every row.
    """
    if makes_collections(triples_map) and is_of_collection(statement):
        return {}
    return invert_term(triples_map.subject, statement.subject, base)


def _parent_cells(match: _Match, parents: Mapping[str, _Rows]) -> Iterator[SourceCell]:
    item, row = match.pattern.item, match.parent_row
    if match.pattern.join is None or row is None or not isinstance(item, RefObjectMap):
        return
    parent = parents[match.pattern.join.parent]
    yield from parent.reader.cells(row, parent.reader.read([row])[row], _read_in_parent(item, parent))


def _select(search: _Search, triples_map: TriplesMap, keys: Iterable[Mapping[str, str]]) -> _Rows:
    """Read the source, keep the rows that have one of the keys, make their terms."""
    demand = demand_of(triples_map, search.mapping)
    relation = read_source(search.engine.backend, triples_map.source, demand.references)
    table = relation.table
    tests = [
        _holds(table[relation.columns[reference]], texts, is_list=reference in relation.multi)
        for reference, texts in _texts(list(keys)).items()
    ]
    relation = replace(
        relation, table=search.engine.keep(table.filter(reduce(and_, tests, ibis.literal(True))))
    )
    terms = compile_terms(demand, relation, context_of(triples_map, search.dataset, search.base))
    return _Rows(RowReader(triples_map, relation), terms, search.engine.keep(terms.table))


def _texts(keys: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """The texts that a cell may hold, for the references that every key knows."""
    known = reduce(and_, (key.keys() for key in keys)) if keys else set()
    return {reference: sorted({key[reference] for key in keys}) for reference in sorted(known)}


def _holds(column: ir.Value, texts: Sequence[str], *, is_list: bool) -> ir.BooleanValue:
    if not is_list:
        return column.isin(texts)
    return reduce(or_, (column.contains(text) for text in texts))


def _parents(search: _Search, triples_map: TriplesMap, statements: Sequence[Triple]) -> dict[str, _Rows]:
    """The joined parents' rows whose subject can be one of the statements' objects."""
    parents = {}
    for predicate_object in triples_map.predicate_objects:
        for item in predicate_object.objects:
            if isinstance(item, RefObjectMap) and item.joins:
                parent = find_parent(item, search.mapping)
                inverted = (
                    invert_term(parent.subject, statement.object, parent.base or search.base)
                    for statement in statements
                )
                keys = [key for key in inverted if key is not None]
                parents[parent.iri] = _select(search, replace(parent, classes=(), predicate_objects=()), keys)
    return parents


def _matching(
    pattern: Pattern, own: _Rows, parent: _Rows | None, statements: Iterable[Triple]
) -> Iterator[_Match]:
    """The rows on which the pattern makes just one of these statements."""
    wanted = {(str(one.subject), str(one.predicate), str(one.object)): one for one in statements}
    columns = dict(zip("spo", zip(*wanted, strict=True), strict=True))
    table = statement_table(pattern, own.table, parent.table if parent else None, with_rows=True)
    table = table.semi_join(ibis.memtable(pa.table(columns)), ["s", "p", "o"])
    found = table.select("s", "p", "o", "row", "parent_row").distinct().order_by("row", "parent_row")
    for one in found.to_pyarrow().to_pylist():
        statement = wanted[one["s"], one["p"], one["o"]]
        yield _Match(statement, pattern, one["row"], one["parent_row"])


def _read_by(
    item: TermMap | RefObjectMap, triples_map: TriplesMap, mapping: MappingFile
) -> Iterator[tuple[Expression, Location]]:
    """What the statement takes from the triples map's own row."""
    yield triples_map.subject.expression, triples_map.subject.location
    if isinstance(item, TermMap):
        for expression in expressions_of(item):
            yield expression, item.location
        for member in item.gather.items if item.gather else ():
            yield from _read_by(member, triples_map, mapping)
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

"""The two steps of a run: compile every triples map, then run each one's terms into a table."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from emkg.errors import DataError, Location, MappingError, SourceError
from emkg.mapping.demand import demand_of
from emkg.mapping.hooks import Progress
from emkg.mapping.quarantine import data_error, file_record, value_record, without_repeats
from emkg.mapping.statement import patterns, statement_table
from emkg.mapping.tally import count_terms
from emkg.mapping.term import context_of
from emkg.mapping.terms import compile_terms
from emkg.sources import Formulation, are_read_together, read_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from emkg.mapping.demand import Demand
    from emkg.mapping.engine import Engine
    from emkg.mapping.hooks import Hooks
    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.model import TriplesMap
    from emkg.mapping.quarantine import QuarantineRecord
    from emkg.mapping.statement import Pattern
    from emkg.mapping.tally import Tally
    from emkg.mapping.terms import FaultColumn, Terms
    from emkg.sources import SourceDescription, SourceRelation


@dataclass(frozen=True)
class Part:
    """A pattern's statements as a plan (columns s, p, o, g); `is_distinct` where it certainly makes none twice."""

    pattern: Pattern
    table: ir.Table
    is_distinct: bool


@dataclass(frozen=True)
class Compiled:
    """One triples map's plan: what its source gave, and the statement patterns of its terms."""

    demand: Demand
    relation: SourceRelation
    terms: Terms
    patterns: tuple[Pattern, ...]
    seconds: float


@dataclass(frozen=True)
class Ran:
    """One triples map's terms, now a table of the back-end."""

    compiled: Compiled
    table: ir.Table
    tally: Tally
    seconds: float
    records: tuple[QuarantineRecord, ...]


def compile_all(
    engine: Engine, mapping: MappingFile, dataset: str, base: str, hooks: Hooks
) -> dict[str, Compiled]:
    """Open every source and compile every triples map, before the first one runs.

    Raises:
        MappingError: At its line.
        SourceError: A source cannot be read as described.
    """
    gathered = {}
    demands = {each.iri: demand_of(each, mapping) for each in mapping.triples_maps}
    read: list[tuple[SourceDescription, SourceRelation]] = []
    for triples_map in mapping.triples_maps:
        hooks.check()
        started = time.perf_counter()
        demand = demands[triples_map.iri]
        relation = _read_once(engine, triples_map.source, demands.values(), read)
        relation = relation.narrowed(demand.references)
        terms = compile_terms(demand, relation, context_of(triples_map, dataset, base))
        gathered[triples_map.iri] = Compiled(demand, relation, terms, (), time.perf_counter() - started)
    terms_by_iri = {iri: one.terms for iri, one in gathered.items()}
    return {
        iri: replace(one, patterns=tuple(patterns(one.demand.triples_map, one.terms, terms_by_iri, mapping)))
        for iri, one in gathered.items()
    }


def _read_once(
    engine: Engine,
    source: SourceDescription,
    demands: Collection[Demand],
    read: list[tuple[SourceDescription, SourceRelation]],
) -> SourceRelation:
    """The source with what all its triples maps refer to, and a document once for all its iterators.

    Reading costs more than all that comes after.
    """
    for known, relation in read:
        if known == source:
            return relation
    together = [source]
    for other in (demand.triples_map.source for demand in demands):
        if other not in together and are_read_together(source, other):
            together.append(other)
    wanted = [(one, _wanted(one, demands)) for one in together]
    relations = read_sources(engine.backend, wanted)
    read += zip(together, relations, strict=True)
    return relations[0]


def _wanted(source: SourceDescription, demands: Iterable[Demand]) -> list[str]:
    """What all triples maps of a source refer to."""
    own = (demand.references for demand in demands if demand.triples_map.source == source)
    return list(dict.fromkeys(reference for references in own for reference in references))


def _refuse(records: Sequence[QuarantineRecord]) -> None:
    for record in without_repeats(records)[:1]:
        raise data_error(record)


def _refuse_absent(triples_map: TriplesMap, relation: SourceRelation) -> None:
    """A JSON or XML reference that no item has gives nothing, which in a strict run is an error."""
    for reference in sorted(relation.absent):
        place = Location(triples_map.location.file, triples_map.location.line)
        raise DataError(
            f"no item has {reference}, which this triples map refers to (mapping {place})",
            message_zh=f"没有任何条目含有该三元组映射引用的 {reference}（映射 {place}）",
            location=Location(triples_map.source.path.name, field=reference),
        )


def run_terms(engine: Engine, compiled: Compiled, dataset: str, hooks: Hooks, *, strict: bool) -> Ran:
    """Compute a triples map's terms, once, and take out what fits none.

    Raises:
        DataError: `strict`, and a value does not fit, or no item has what is referred to.
        CancelledError: The caller stopped the run.
    """
    started = time.perf_counter()
    triples_map = compiled.demand.triples_map
    with hooks.interruptible(engine):
        table = _kept_terms(engine, compiled)
        tally = count_terms(engine, table, compiled.patterns, compiled.terms.faults)
        records = (
            *(file_record(triples_map, dataset, fault) for fault in compiled.relation.faults),
            *(
                value_record(triples_map, dataset, column.site, row, value)
                for column in tally.faults
                for row, value in _withheld(engine, table, column)
            ),
        )
    if strict:
        _refuse(records)
        _refuse_absent(triples_map, compiled.relation)
    hooks.progress(Progress(triples_map.iri, tally.rows, tally.statements))
    return Ran(compiled, table, tally, compiled.seconds + time.perf_counter() - started, records)


def _kept_terms(engine: Engine, compiled: Compiled) -> ir.Table:
    """A Parquet file is not read before its terms are, so only here can its damage show.

    Raises:
        SourceError: It does.
        MappingError: The engine cannot do part of the triples map; at its line.
    """
    try:
        return engine.keep(compiled.terms.table)
    except MappingError as error:
        error.location = error.location or compiled.demand.triples_map.location
        raise
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException) as error:
        source = compiled.demand.triples_map.source
        if source.formulation is not Formulation.PARQUET:
            raise
        raise SourceError(
            f"the file is damaged, or holds text that is not UTF-8: {str(error).splitlines()[0]}",
            message_zh="文件已损坏，或含有非 UTF-8 文本",
            location=Location(str(source.path)),
        ) from None


def _withheld(engine: Engine, table: ir.Table, column: FaultColumn) -> Iterator[tuple[int, str]]:
    """Row and value of what a site withheld."""
    values = table.select(row=table["row"], value=table[column.place.column])
    if column.place.many:
        values = values.mutate(value=values["value"].unnest())
    found = engine.fetch(values.filter(values["value"].notnull()))
    return zip(found["row"].to_pylist(), found["value"].to_pylist(), strict=True)


def statement_tables(
    ran: Mapping[str, Ran], parents: Mapping[str, ir.Table] | None = None
) -> dict[str, list[Part]]:
    """Each triples map's patterns with their statements, not yet computed; `parents` if not the triples maps themselves."""
    tables = {iri: one.table for iri, one in ran.items()} if parents is None else parents
    return {
        iri: [
            Part(
                pattern,
                statement_table(pattern, one.table, _parent_table(pattern, tables)),
                one.tally.has_unique_subjects and _gives_one_a_row(pattern),
            )
            for pattern in one.compiled.patterns
        ]
        for iri, one in ran.items()
    }


def _gives_one_a_row(pattern: Pattern) -> bool:
    """A row makes no statement twice by it: no place holds several values, nor does a key of its join."""
    if pattern.collection is not None:
        return False
    places = [pattern.subject, pattern.predicate, pattern.object, pattern.graph]
    places += [key for keys in (pattern.join.keys if pattern.join else ()) for key in keys]
    return not any(place.many for place in places)


def _parent_table(pattern: Pattern, tables: Mapping[str, ir.Table]) -> ir.Table | None:
    return None if pattern.join is None else tables[pattern.join.parent]

"""Run a mapping: sources in, a stream of distinct statements and the quarantine out."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import pyarrow as pa

from emkg.mapping.demand import demand_of
from emkg.mapping.engine import Engine
from emkg.mapping.hooks import Hooks, Progress
from emkg.mapping.quarantine import as_table, data_error, file_record, value_record, without_repeats
from emkg.mapping.report import MappingReport, TriplesMapReport
from emkg.mapping.statement import patterns, statement_table
from emkg.mapping.term import context_of
from emkg.mapping.terms import compile_terms
from emkg.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import Self

    import ibis.expr.types as ir

    from emkg.mapping.demand import Demand
    from emkg.mapping.model import Mapping
    from emkg.mapping.quarantine import QuarantineRecord
    from emkg.mapping.statement import Pattern
    from emkg.mapping.terms import Terms

STATEMENT_SCHEMA: Final = pa.schema([(name, pa.string()) for name in "spog"])
_BATCH_ROWS: Final = 100_000


@dataclass(frozen=True)
class _Ran:
    """One triples map's terms, now a table of the back-end, and its statement patterns."""

    demand: Demand
    terms: Terms
    table: ir.Table
    rows: int
    seconds: float
    records: tuple[QuarantineRecord, ...]


class MappingRun:
    """The outcome of `run_mapping`; a context manager, because the terms wait in a temporary database.

    Attributes:
        report: Rows, statements, quarantined values by reason, seconds.
    """

    def __init__(
        self, engine: Engine, statements: ir.Table, records: list[QuarantineRecord], report: MappingReport
    ) -> None:
        self._engine = engine
        self._statements = statements
        self._records = records
        self.report = report

    def statements(self) -> pa.RecordBatchReader:
        """The distinct statements as columns s, p, o, g (N-Triples texts; g NULL for the dataset's own graph).

        They stream, in no particular order; a second call starts again and ends the first.
        """
        reader = self._statements.to_pyarrow_batches(chunk_size=_BATCH_ROWS)
        return pa.RecordBatchReader.from_batches(
            STATEMENT_SCHEMA, (batch.cast(STATEMENT_SCHEMA) for batch in reader)
        )

    def quarantine(self) -> pa.Table:
        """The values that were withheld, one record for each cell and reason, by file and row."""
        return as_table(self._records)

    def close(self) -> None:
        """Drop the temporary database."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def run_mapping(
    mapping: Mapping, *, dataset: str, base: str, strict: bool = False, hooks: Hooks | None = None
) -> MappingRun:
    """Map every source of a mapping file.

    A value that fits no term withholds its statement and becomes a quarantine record. Relative IRIs are resolved
    against the triples map's base, or `base`.

    Raises:
        MappingError: The mapping cannot be compiled; at its line.
        SourceError: A source cannot be read as described.
        DataError: `strict`, and a value does not fit; at the first one's file, row and column.
        CancelledError: The caller stopped the run.
    """
    started = time.perf_counter()
    hooks = hooks or Hooks()
    engine = Engine()
    try:
        ran: dict[str, _Ran] = {}
        for triples_map in mapping.triples_maps:
            hooks.check()
            ran[triples_map.iri] = _run_triples_map(
                engine, demand_of(triples_map, mapping), dataset, base, hooks
            )
            if strict:
                _refuse(ran[triples_map.iri].records)
        statements, reports = _state(ran, mapping, engine, hooks)
        records = without_repeats(record for one in ran.values() for record in one.records)
        counts = Counter(record.reason for record in records)
        report = MappingReport(dataset, reports, dict(counts), time.perf_counter() - started)
        return MappingRun(engine, statements, records, report)
    except BaseException:
        engine.close()
        raise


def _refuse(records: Sequence[QuarantineRecord]) -> None:
    for record in without_repeats(records)[:1]:
        raise data_error(record)


def _run_triples_map(engine: Engine, demand: Demand, dataset: str, base: str, hooks: Hooks) -> _Ran:
    started = time.perf_counter()
    triples_map = demand.triples_map
    relation = read_source(engine.backend, triples_map.source, demand.references)
    terms = compile_terms(demand, relation, context_of(triples_map, dataset, base))
    with hooks.interruptible(engine.connection):
        table = engine.keep(terms.table)
        records = (
            *(file_record(triples_map, dataset, fault) for fault in relation.faults),
            *_value_records(terms, table, demand, dataset),
        )
        rows = table.count().to_pyarrow().as_py()
    return _Ran(demand, terms, table, rows, time.perf_counter() - started, records)


def _value_records(terms: Terms, table: ir.Table, demand: Demand, dataset: str) -> Iterator[QuarantineRecord]:
    for column in terms.faults:
        values = table.select(row=table["row"], value=table[column.place.column])
        if column.place.many:
            values = values.mutate(value=values["value"].unnest())
        found = values.filter(values["value"].notnull()).to_pyarrow()
        for row, value in zip(found["row"].to_pylist(), found["value"].to_pylist(), strict=True):
            yield value_record(demand.triples_map, dataset, column.site, row, value)


def _state(
    ran: dict[str, _Ran], mapping: Mapping, engine: Engine, hooks: Hooks
) -> tuple[ir.Table, tuple[TriplesMapReport, ...]]:
    """The distinct statements of all triples maps, not yet computed, and what each one gives, counted."""
    tables = {iri: one.table for iri, one in ran.items()}
    terms = {iri: one.terms for iri, one in ran.items()}
    parts: list[tuple[Pattern, ir.Table]] = []
    reports = []
    for iri, one in ran.items():
        started = time.perf_counter()
        own = [
            (pattern, statement_table(pattern, one.table, _parent_table(pattern, tables)))
            for pattern in patterns(one.demand.triples_map, one.terms, terms, mapping)
        ]
        with hooks.interruptible(engine.connection):
            count = sum(table.count().to_pyarrow().as_py() for _, table in own)
        seconds = one.seconds + time.perf_counter() - started
        hooks.progress(Progress(iri, one.rows, count))
        reports.append(
            TriplesMapReport(iri, one.demand.triples_map.source.path.name, one.rows, count, seconds)
        )
        parts += own
    return _distinct(parts), tuple(reports)


def _parent_table(pattern: Pattern, tables: dict[str, ir.Table]) -> ir.Table | None:
    return None if pattern.join is None else tables[pattern.join.parent]


def _distinct(parts: list[tuple[Pattern, ir.Table]]) -> ir.Table:
    """The union without repeats.

    Statements of different constant predicates never are the same, so each has a small hash table of its own.
    """
    by_predicate: dict[str | None, list[ir.Table]] = {}
    for pattern, table in parts:
        by_predicate.setdefault(pattern.predicate.constant, []).append(table)
    if None in by_predicate:
        by_predicate = {None: [table for _, table in parts]}
    distinct = [
        ibis.union(*tables).distinct() if len(tables) > 1 else tables[0].distinct()
        for tables in by_predicate.values()
    ]
    if not distinct:
        return ibis.memtable(STATEMENT_SCHEMA.empty_table())
    return ibis.union(*distinct) if len(distinct) > 1 else distinct[0]

"""Run a mapping: sources in, a stream of distinct statements and the quarantine out."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import ibis
import pyarrow as pa

from emkg.mapping.engine import Engine
from emkg.mapping.hooks import Hooks
from emkg.mapping.quarantine import as_table, without_repeats
from emkg.mapping.report import MappingReport, TriplesMapReport
from emkg.mapping.stage import compile_all, run_terms, statement_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    import ibis.expr.types as ir

    from emkg.mapping.model import Mapping
    from emkg.mapping.quarantine import QuarantineRecord
    from emkg.mapping.stage import Part, Ran

STATEMENT_SCHEMA: Final = pa.schema([(name, pa.string()) for name in "spog"])
_BATCH_ROWS: Final = 100_000


class MappingRun:
    """The outcome of `run_mapping`; a context manager, because the terms wait in a temporary database.

    Attributes:
        report: Rows, statements, quarantined values by reason, seconds.
    """

    def __init__(
        self,
        engine: Engine,
        statements: ir.Table,
        records: list[QuarantineRecord],
        report: MappingReport,
        hooks: Hooks,
    ) -> None:
        self._engine = engine
        self._statements = statements
        self._records = records
        self._hooks = hooks
        self.report = report

    def statements(self) -> pa.RecordBatchReader:
        """The distinct statements as columns s, p, o, g (N-Triples texts; g NULL for the dataset's own graph).

        They stream, in no particular order; a second call starts again and ends the first. Reading raises
        CancelledError once the caller has stopped the run.
        """
        with self._hooks.interruptible(self._engine.connection):
            reader = self._statements.to_pyarrow_batches(chunk_size=_BATCH_ROWS)
        return pa.RecordBatchReader.from_batches(STATEMENT_SCHEMA, self._batches(reader))

    def _batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        while True:
            with self._hooks.interruptible(self._engine.connection):
                batch = next(reader, None)
            if batch is None:
                return
            yield batch.cast(STATEMENT_SCHEMA)

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
        compiled = compile_all(engine, mapping, dataset, base, hooks)
        ran = {iri: run_terms(engine, one, dataset, hooks, strict=strict) for iri, one in compiled.items()}
        parts = statement_tables(ran)
        reports = _reports(engine, ran, parts, hooks)
        records = without_repeats(record for one in ran.values() for record in one.records)
        counts = Counter(record.reason for record in records)
        report = MappingReport(dataset, reports, dict(counts), time.perf_counter() - started)
        statements = _distinct([part for own in parts.values() for part in own])
        return MappingRun(engine, statements, records, report, hooks)
    except BaseException:
        engine.close()
        raise


def _reports(
    engine: Engine, ran: dict[str, Ran], parts: dict[str, list[Part]], hooks: Hooks
) -> tuple[TriplesMapReport, ...]:
    """The counts of each triples map, its joins now counted too."""
    reports = []
    for iri, one in ran.items():
        started = time.perf_counter()
        with hooks.interruptible(engine.connection):
            joined = sum(table.count().to_pyarrow().as_py() for pattern, table in parts[iri] if pattern.join)
        seconds = one.seconds + time.perf_counter() - started
        file = one.compiled.demand.triples_map.source.path.name
        reports.append(TriplesMapReport(iri, file, one.tally.rows, one.tally.statements + joined, seconds))
    return tuple(reports)


def _distinct(parts: list[Part]) -> ir.Table:
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

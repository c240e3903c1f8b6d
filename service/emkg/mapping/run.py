"""Run a mapping: sources in, a stream of distinct statements and the quarantine out."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import pyarrow as pa

from emkg.arrow import empty_table
from emkg.mapping.changed_rows import Run, rows_of, run_changed
from emkg.mapping.engine import Engine
from emkg.mapping.hooks import Hooks
from emkg.mapping.quarantine import as_table, without_repeats
from emkg.mapping.report import MappingReport, TriplesMapReport
from emkg.mapping.row_digest import write_rows
from emkg.mapping.stage import compile_all, run_terms, statement_tables
from emkg.rdf import IRI
from emkg.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import ibis.expr.types as ir

    from emkg.mapping.changed_rows import Change, FormerRows
    from emkg.mapping.model import Mapping
    from emkg.mapping.quarantine import QuarantineRecord
    from emkg.mapping.stage import Compiled, Part, Ran
    from emkg.mapping.statement import Pattern

STATEMENT_SCHEMA: Final = pa.schema([(name, pa.string()) for name in "spog"])
_TYPE: Final = str(IRI(RDF_TYPE))


@dataclass(frozen=True)
class _Left:
    """What a run leaves behind."""

    run: Run
    compiled: dict[str, Compiled]
    parts: Sequence[Part]
    records: list[QuarantineRecord]
    rows: dict[str, ir.Table] | None
    change: Change | None


class MappingRun:
    """The outcome of `run_mapping`; a context manager, because the terms wait in a temporary database.

    Attributes:
        report: Rows, statements, quarantined values by reason, seconds.
    """

    def __init__(
        self, engine: Engine, left: _Left, report: MappingReport, hooks: Hooks, *, owns_engine: bool
    ) -> None:
        self._engine = engine
        self._left = left
        self._hooks = hooks
        self._owns_engine = owns_engine
        self.report = report

    @property
    def parts(self) -> Sequence[Part]:
        """The statements as plans over the engine's tables."""
        return self._left.parts

    def statements(self) -> pa.RecordBatchReader:
        """The distinct statements as columns s, p, o, g (N-Triples texts; g NULL for the dataset's own graph).

        They stream, in no particular order; a second call starts again and ends the first. Reading raises
        CancelledError once the caller has stopped the run.
        """
        if not self._left.parts:
            return empty_table(STATEMENT_SCHEMA).to_reader()
        plan = distinct_statements(self._left.parts)
        if self._left.change is not None:
            plan = plan.semi_join(self._left.change.subjects, "s")
        return pa.RecordBatchReader.from_batches(STATEMENT_SCHEMA, self._batches(self._engine.stream(plan)))

    def _batches(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        while True:
            with self._hooks.interruptible(self._engine):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch.cast(STATEMENT_SCHEMA)

    def quarantine(self) -> pa.Table:
        """The values that were withheld, one record for each cell and reason, by file and row."""
        return as_table(self._left.records)

    def subjects(self) -> pa.Table | None:
        """The subjects (column s, N-Triples form) whose statements these are, all of them; None: of every subject."""
        return None if self._left.change is None else self._engine.fetch(self._left.change.subjects)

    @property
    def has_moved_rows(self) -> bool:
        """Whether a row that did not change may have another number than in the run before."""
        return self._left.change is None or self._left.change.has_moved

    def write_rows(self, path: Path) -> bool:
        """Write what the next run has to know of this one's rows, see `FormerRows`: no cells, digests of them.

        Returns:
            Whether anything was written: not where rows of this mapping cannot be mapped alone.
        """
        left = self._left
        with self._hooks.interruptible(self._engine):
            rows = left.rows or rows_of(left.run, left.compiled)
            if rows:
                write_rows(self._engine, tuple(rows.values()), path)
        return bool(rows)

    def close(self) -> None:
        """Drop the temporary database, if it is the run's own."""
        if self._owns_engine:
            self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def run_mapping(  # noqa: PLR0913 - the options of a run, each by its name
    mapping: Mapping,
    *,
    dataset: str,
    base: str,
    strict: bool = False,
    hooks: Hooks | None = None,
    engine: Engine | None = None,
    former: FormerRows | None = None,
) -> MappingRun:
    """Map every source of a mapping file.

    A value that fits no term withholds its statement and becomes a quarantine record. Relative IRIs are resolved
    against the triples map's base, or `base`. Runs that share an engine can be written as one file.

    Args:
        mapping: What to run.
        dataset: The records' dataset; blank nodes are its own.
        base: The base of relative IRIs.
        strict: End at the first value that does not fit.
        hooks: To follow the run and to stop it.
        engine: Where to run; a database of its own, gone with the run, for None.
        former: What the last run of this mapping kept. Where little changed since, only the subjects concerned are
            mapped (see `MappingRun.subjects`).

    Raises:
        MappingError: The mapping cannot be compiled; at its line.
        SourceError: A source cannot be read as described.
        DataError: `strict`, and a value does not fit; at the first one's file, row and column.
        CancelledError: The caller stopped the run.
    """
    started = time.perf_counter()
    hooks = hooks or Hooks()
    used = engine or Engine()
    try:
        compiled = compile_all(used, mapping, dataset, base, hooks)
        run = Run(used, mapping, dataset, base, hooks)
        with hooks.interruptible(used):
            rows = rows_of(run, compiled) if former else None
        change = run_changed(run, compiled, rows, former, strict=strict) if rows and former else None
        if change is None:
            ran = {iri: run_terms(used, one, dataset, hooks, strict=strict) for iri, one in compiled.items()}
            parts = statement_tables(ran)
        else:
            ran, parts = change.ran, statement_tables(change.ran, change.parents)
        reports = _reports(used, ran, parts, hooks, rows or {})
        records = without_repeats(record for one in ran.values() for record in one.records)
        counts = Counter(record.reason for record in records)
        report = MappingReport(dataset, reports, dict(counts), time.perf_counter() - started)
        every = [part for own in parts.values() for part in own]
        left = _Left(run, compiled, every, records, rows, change)
        return MappingRun(used, left, report, hooks, owns_engine=engine is None)
    except BaseException:
        if engine is None:
            used.close()
        raise


def _reports(
    engine: Engine,
    ran: dict[str, Ran],
    parts: dict[str, list[Part]],
    hooks: Hooks,
    rows: dict[str, ir.Table],
) -> tuple[TriplesMapReport, ...]:
    """The counts of each triples map, its joins and collections now counted too; `rows` where not all were run."""
    reports = []
    for iri, one in ran.items():
        started = time.perf_counter()
        with hooks.interruptible(engine):
            joined = sum(_count(engine, part.table) for part in parts[iri] if not part.pattern.is_of_one_row)
        seconds = one.seconds + time.perf_counter() - started
        file = one.compiled.demand.triples_map.source.path.name
        read = _count(engine, rows[iri]) if iri in rows else one.tally.rows
        reports.append(TriplesMapReport(iri, file, read, one.tally.statements + joined, seconds))
    return tuple(reports)


def _count(engine: Engine, table: ir.Table) -> int:
    [row] = engine.fetch(table.aggregate(rows=table.count())).to_pylist()
    return int(row["rows"])


def distinct_statements(parts: Sequence[Part]) -> ir.Table:
    """The union without repeats.

    Statements of different constant predicates never are the same, nor those of one class and another, so each has a
    small hash table of its own; a pattern that makes no statement twice needs none.
    """
    groups: dict[object, list[Part]] = {}
    for part in parts:
        groups.setdefault(_apart(part.pattern), []).append(part)
    if None in groups:
        groups = {None: list(parts)}
    distinct = [_without_repeats(group) for group in groups.values()]
    return ibis.union(*distinct) if len(distinct) > 1 else distinct[0]


def _apart(pattern: Pattern) -> object:
    """What sets a pattern's statements apart from those of other patterns; None where nothing certainly does."""
    if pattern.predicate.constant == _TYPE and pattern.object.constant is not None:
        return pattern.predicate.constant, pattern.object.constant
    return pattern.predicate.constant


def _without_repeats(group: Sequence[Part]) -> ir.Table:
    if len(group) == 1:
        return group[0].table if group[0].is_distinct else group[0].table.distinct()
    return ibis.union(*(part.table for part in group)).distinct()

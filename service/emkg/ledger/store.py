"""The ledger: one DuckDB file that holds every statement, what it was before, and who wrote it when."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from emkg.errors import LedgerCorruptError, LedgerError
from emkg.ledger.backup import copy_quiet, replace_file
from emkg.ledger.change import Change
from emkg.ledger.compaction import rewrite
from emkg.ledger.cursor import check_select
from emkg.ledger.decoding import Decoder
from emkg.ledger.delta import texts_sql
from emkg.ledger.dictionary import term_id
from emkg.ledger.engine import Limits
from emkg.ledger.excerpt import Excerpt
from emkg.ledger.head import Head
from emkg.ledger.integrity import check_integrity
from emkg.ledger.loading import create_staging, finish_staging, load_statements, name_graph
from emkg.ledger.opening import open_engine
from emkg.ledger.quarantine import Quarantine
from emkg.ledger.record import Generation, GraphSummary, RunRecord, utc
from emkg.ledger.snapshot import Snapshot, resolve_generation, save_snapshot
from emkg.ledger.staged import Staged
from emkg.ledger.staged_part import StagedPart, name_subjects, read_pointing_at
from emkg.ledger.statistics import read_statistics
from emkg.ledger.workbench import Workbench
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa

    from emkg.ledger.binding import Parameters
    from emkg.ledger.compaction import Compaction
    from emkg.ledger.cursor import Cursor, Row
    from emkg.ledger.engine import Engine
    from emkg.ledger.integrity import IntegrityReport
    from emkg.ledger.statistics import Statistics
    from emkg.rdf import Quad, Term

    Statements: TypeAlias = pa.RecordBatchReader | pa.Table

S = TypeVar("S", bound=Staged)


class Ledger:
    """Quads in named graphs, in generations; safe to use from several threads of the process that opened it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._head = Head(engine.generation(), engine.path)
        self._decoder = Decoder(engine.readers)
        self._statistics: Statistics | None = None

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        memory_limit_mb: int = 1280,
        spill_limit_mb: int = 8192,
        threads: int | None = None,
        read_only: bool = False,
    ) -> Ledger:
        """Open a ledger file, or make one; None keeps everything in memory.

        What needs more than `memory_limit_mb` goes to files beside the ledger, up to `spill_limit_mb`.

        Raises:
            LedgerLockedError: Another process has it open.
            LedgerCorruptError: It is damaged, or lacks runs that were accepted, or is a file of something else, or of
                another version.
            LedgerError: It is to be read only and does not exist.
        """
        return cls(open_engine(path, Limits(memory_limit_mb, spill_limit_mb, threads), read_only=read_only))

    @classmethod
    def restore(cls, backup: Path, path: Path) -> Path | None:
        """Put a backup in a ledger's place, once it is found sound; the former file is kept beside it.

        Returns:
            Where the former file is now; None when there was none.

        Raises:
            LedgerLockedError: Another process has the ledger open.
            LedgerCorruptError: The backup is damaged or no ledger.
        """
        with cls.open(backup, read_only=True) as copy:
            flaws = copy.check().flaws
        if flaws:
            raise LedgerCorruptError(
                f"{backup} is not sound ({flaws[0].name}: {flaws[0].message}); nothing was restored",
                message_zh=f"{backup} 不完好（{flaws[0].message_zh}），未恢复",
            )
        if path.exists():
            with suppress(LedgerCorruptError):  # a damaged one is what backups are for
                cls.open(path).close()
        return replace_file(backup, path)

    @classmethod
    def compact(cls, path: Path, *, memory_limit_mb: int = 1280, spill_limit_mb: int = 8192) -> Compaction:
        """Write a ledger's file anew: sorted as a whole, without terms that nothing uses, its free space given back.

        Every generation stays. The former file is there until the new one is complete.

        Raises:
            LedgerLockedError: It is open somewhere.
            LedgerError: There is none at `path`.
        """
        if not path.exists():
            raise LedgerError(f"there is no ledger at {path}", message_zh=f"{path} 处没有账本")
        cls.open(
            path, memory_limit_mb=memory_limit_mb
        ).close()  # takes its log in, and an earlier format to this one
        return rewrite(path, Limits(memory_limit_mb, spill_limit_mb, None))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; staged runs and open readers end here."""
        self._engine.close()

    def interrupt(self) -> None:
        """Stop what any thread is doing in the ledger now: it raises CancelledError and changes nothing."""
        self._engine.interrupt()

    @property
    def generation(self) -> int:
        """The number of the current state; 0 when nothing was ever committed."""
        return self._head.generation

    def generation_at(self, instant: datetime) -> int:
        """The generation that was current at an instant (with a time zone); 0 before the first."""
        sql = "SELECT coalesce(max(id), 0) FROM generation WHERE committed_at <= make_timestamp(?)"
        return self._count(sql, [round(instant.timestamp() * 1_000_000)])

    def generation_of(self, text: str) -> int:
        """The generation that a reader's text means: a number, a snapshot's name, a date (its end, UTC) or an instant.

        Raises:
            ParameterError: It is none of them.
        """
        return resolve_generation(text, self.generation, self.snapshots(), self.generation_at)

    def take_snapshot(self, name: str) -> Snapshot:
        """Name the current generation, so that it can be asked for by that name.

        Raises:
            ParameterError: The name is taken, or cannot be one.
        """
        with self._own_cursor() as cursor, self._head.lock:
            return save_snapshot(cursor, name, self.generation)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """The named generations, oldest name first."""
        rows = self._table("SELECT * FROM snapshot ORDER BY taken_at, name").to_pylist()
        return tuple(Snapshot(row["name"], row["generation"], utc(row["taken_at"])) for row in rows)

    def generations(self) -> tuple[Generation, ...]:
        """Every committed state, oldest first."""
        rows = self._table("SELECT * FROM generation ORDER BY id").to_pylist()
        return tuple(Generation(row["id"], utc(row["committed_at"]), row["activity"]) for row in rows)

    def stage(
        self,
        graphs: Mapping[str, Statements],
        *,
        blank_node_scope: str = "",
        is_distinct: bool = False,
    ) -> Staged:
        """Read statement relations as the new state of graphs; nothing is visible before `Staged.commit`.

        Every graph named here is replaced as a whole, and so is every graph that a statement names itself in
        its column `g`. A graph with an empty relation becomes empty.

        Args:
            graphs: Graph IRI -> its statements (columns s, p, o and g in N-Triples form).
            blank_node_scope: Put in front of blank node labels, to keep those of different documents apart.
            is_distinct: The caller promises that no statement is there twice, and spares looking for it.

        Raises:
            InputError: A relation lacks a column.
            RdfSyntaxError: A value is not a term in canonical N-Triples form, or stands where it may not.
            TermClashError: Two terms share an id.
        """
        return self._stage(graphs, blank_node_scope, Staged, is_distinct=is_distinct)

    def stage_part(self, graphs: Mapping[str, Statements], subjects: pa.Table, dataset: str) -> StagedPart:
        """Read what a dataset now says of some subjects; what it says of others stays, and waits where it waits.

        Args:
            graphs: As `stage` takes them; every graph of the dataset has to be named, statements are distinct.
            subjects: The subjects (column s, N-Triples form) of which the statements say everything.
            dataset: Whose run it is.
        """

        def staged(cursor: Cursor, head: Head, *, statement_count: int) -> StagedPart:
            name_subjects(cursor, subjects)
            return StagedPart(cursor, head, dataset, statement_count=statement_count)

        return self._stage(graphs, "", staged, is_distinct=True)

    def _stage(
        self, graphs: Mapping[str, Statements], scope: str, make: Callable[..., S], *, is_distinct: bool
    ) -> S:
        cursor = self._engine.cursor()
        try:
            create_staging(cursor)
            rows = 0
            for graph, statements in graphs.items():
                name_graph(cursor, graph)
                rows += load_statements(cursor, graph, statements, scope=scope)
            finish_staging(cursor, is_distinct=is_distinct)
            return make(cursor, self._head, statement_count=rows)
        except BaseException:
            cursor.close()
            raise

    def change(self, *, timeout_s: float | None = None) -> Change:
        """Edits of single quads, each seen by the next; a context manager that others' commits wait for.

        Args:
            timeout_s: What all of it may take before it is committed.
        """
        return Change(self._engine, self._head, self.statistics, timeout_s)

    def workbench(self) -> Workbench:
        """Temporary relations beside the quads, for reasoning; a context manager."""
        return Workbench(self._engine.cursor(), self._head)

    def excerpt(self, relations: Iterable[str]) -> Excerpt:
        """A place for a few statements at a time, and relations of ids, that SELECTs see alone; close it after use."""
        return Excerpt(self._engine.cursor(), relations)

    def select(
        self, sql: str, parameters: Parameters = (), *, timeout_s: float | None = None
    ) -> pa.RecordBatchReader:
        """The rows of one SELECT over `quad`, `term`, `quad_history`, `quad_as_of(n)`: the door for compiled plans.

        `quad_by_subject` and `quad_by_object` hold the same as `quad`, in the order for look-ups by these; each has
        its `…_as_of(n)`. Write an id as a number in the text, or as `?::UBIGINT`: DuckDB compares a bare parameter
        by casting the whole column.

        Raises:
            QueryRefusedError: The text is not one SELECT.
            QueryTimeoutError: `timeout_s` passed, here or while the answer is read.
            MemoryLimitError: It needs more than the ledger's memory limit.
            CancelledError: `interrupt` was called.
        """
        check_select(sql)
        return self._engine.readers.stream(sql, parameters, timeout_s=timeout_s)

    def rows(self, sql: str, parameters: Parameters = (), *, timeout_s: float | None = None) -> list[Row]:
        """The rows of a SELECT as `select` reads them, all at once: for small answers, in half the time."""
        check_select(sql)
        return self._engine.readers.rows(sql, parameters, timeout_s=timeout_s)

    def statements(
        self,
        *,
        graphs: Sequence[str] | None = None,
        predicates: Sequence[str] | None = None,
        as_of: int | None = None,
    ) -> pa.RecordBatchReader:
        """Statements as s, p, o, g in N-Triples form, in no order.

        Args:
            graphs: Only these graphs (IRIs); None for all.
            predicates: Only these predicates (IRIs); None for all.
            as_of: As that generation had them; None for now.
        """
        conditions = [
            f"{column} IN ({', '.join(str(term_id(str(IRI(iri)))) for iri in iris) or 'NULL'})"
            for column, iris in (("g", graphs), ("p", predicates))
            if iris is not None
        ]
        source = "quad" if as_of is None else f"quad_as_of({int(as_of)})"
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = texts_sql(f"(SELECT g, s, p, o FROM {source}{where})")
        return self._engine.readers.stream(sql)

    def graphs(self) -> tuple[GraphSummary, ...]:
        """The named graphs that hold quads now, by name."""
        rows = self._table("""
            SELECT t.lexical AS name, q.quads, greatest(q.last, coalesce(h.last, 0)) AS generation
            FROM (SELECT g, count(*) AS quads, max(from_generation) AS last FROM quad GROUP BY g) q
            LEFT JOIN (SELECT g, max(until_generation) AS last FROM quad_history GROUP BY g) h USING (g)
            JOIN term t ON q.g = t.id ORDER BY name""").to_pylist()
        return tuple(GraphSummary(row["name"], row["quads"], row["generation"]) for row in rows)

    def graphs_of(self, subjects: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The graphs that state something of each of these subjects (N-Triples form), by name."""
        names = {term_id(text): text for text in subjects}
        ids = ", ".join(map(str, names)) or "NULL"
        rows = self._table(f"""
            SELECT q.s, list(DISTINCT t.lexical ORDER BY t.lexical) AS graphs
            FROM quad_by_subject q JOIN term t ON t.id = q.g WHERE q.s IN ({ids}) GROUP BY q.s""").to_pylist()
        found = {row["s"]: tuple(row["graphs"]) for row in rows}
        return {text: found.get(number, ()) for number, text in names.items()}

    def pointing_at(self, objects: pa.Table, graphs: Sequence[str], dataset: str) -> pa.Table:
        """The subjects (column s) of which a dataset says something with one of these objects (column s), in graphs or waiting."""
        with self._own_cursor() as cursor:
            return read_pointing_at(cursor, objects, graphs, dataset)

    def contains(self, quad: Quad) -> bool:
        """Whether a quad is in its graph now; one without a graph: whether any graph has it."""
        places = {"s": quad.subject, "p": quad.predicate, "o": quad.object, "g": quad.graph}
        conditions = [
            f"{column} = {term_id(str(term))}" for column, term in places.items() if term is not None
        ]
        return self._count(f"SELECT count(*) FROM quad_by_subject WHERE {' AND '.join(conditions)}") > 0

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of those ids that the ledger knows; ten in less than a millisecond."""
        return self._decoder.terms(ids)

    def statistics(self) -> Statistics:
        """What a planner wants to know of each predicate now; kept until the next generation, so cheap to ask again."""
        kept, generation = self._statistics, self.generation
        if kept is not None and kept.generation == generation:
            return kept
        with self._own_cursor() as cursor, cursor.transaction():  # one state for the number and the counts
            found = read_statistics(cursor)
        self._statistics = found
        return found

    def last_run(self, name: str) -> RunRecord | None:
        """The last accepted run of a dataset or stage; None when there was none."""
        return next((run for run in self.runs() if run.name == name), None)

    def runs(self) -> tuple[RunRecord, ...]:
        """The last accepted run of each dataset and stage, by name."""
        rows = self._table("SELECT * FROM run ORDER BY name").to_pylist()
        return tuple(RunRecord.of(row) for row in rows)

    def check(self) -> IntegrityReport:
        """What is wrong inside, each rule counted with an example; reads everything, changes nothing."""
        with self._own_cursor() as cursor:
            return check_integrity(cursor)

    def backup(self, path: Path) -> None:
        """Write the current state, with all its past, to a new file; readers go on, commits wait meanwhile.

        Raises:
            LedgerError: There is a file of that name, it cannot be written, or the ledger is in memory.
        """
        if self._engine.path is None:
            raise LedgerError(
                "a ledger in memory has no file to back up", message_zh="内存账本没有可备份的文件"
            )
        if path.exists():
            raise LedgerError(
                f"{path} is there already; name another file", message_zh=f"{path} 已存在，请换一个文件名"
            )
        with self._head.lock:
            copy_quiet(self._engine.path, path)

    @property
    def quarantine(self) -> Quarantine:
        """What the last accepted runs could not take in, and what of it was released."""
        return Quarantine(self._engine, self._head.lock)

    @contextmanager
    def _own_cursor(self) -> Iterator[Cursor]:
        cursor = self._engine.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _table(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        return self._engine.readers.stream(sql, parameters).read_all()

    def _count(self, sql: str, parameters: Parameters = ()) -> int:
        return int(str(self._engine.readers.rows(sql, parameters)[0][0]))

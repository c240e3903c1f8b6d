"""Edits of the current state, one after the other: what an update request does before anybody sees it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from emkg.errors import CancelledError, QueryTimeoutError
from emkg.ledger.decoding import Decoder
from emkg.ledger.delta import compute_change
from emkg.ledger.dictionary import TERM_COLUMNS, TEXT_SQL, id_sql, parsed_terms_sql, term_id
from emkg.ledger.loading import create_edits, load_edit
from emkg.ledger.schema import QUAD_TABLES
from emkg.ledger.staged import Staged
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

    import pyarrow as pa

    from emkg.ledger.cursor import Cursor
    from emkg.ledger.deadline import Deadline
    from emkg.ledger.engine import Engine
    from emkg.ledger.head import Head
    from emkg.ledger.record import Activity, Commit
    from emkg.ledger.statistics import Statistics
    from emkg.rdf import Term

_SAME: Final = "USING (g, s, p, o)"


class Change:
    """A context manager in which quads are added and removed; leaving it without `commit` drops everything.

    Each edit sees what those before it did, and so does what is read here; others see nothing of it. Commits of others
    wait until the block is left.
    """

    def __init__(
        self, engine: Engine, head: Head, statistics: Callable[[], Statistics], timeout_s: float | None
    ) -> None:
        self._engine = engine
        self._head = head
        self._read_statistics = statistics
        self._timeout_s = timeout_s
        self._deadline: Deadline | None = None
        self._cursor: Cursor
        self._decoder: Decoder
        self._is_edited = False

    def __enter__(self) -> Self:
        self._head.lock.acquire()
        try:
            self._cursor = self._engine.cursor()
            self._base = self._cursor.database
            create_edits(self._cursor)
            self._decoder = Decoder(self._cursor)
            if self._timeout_s is not None:
                self._deadline = self._engine.readers.watch(self._cursor, self._timeout_s)
        except BaseException:
            self._head.lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.readers.forget(self._deadline)
        self._cursor.close()
        self._head.lock.release()

    def statistics(self) -> Statistics | None:
        """What a planner wants to know of the state that is read here; None once it was edited."""
        return None if self._is_edited else self._read_statistics()

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of the graphs that hold quads here."""
        with self._in_time():
            rows = self._cursor.rows("SELECT lexical FROM term WHERE id IN (SELECT g FROM quad) ORDER BY 1")
        return tuple(str(name) for (name,) in rows)

    def read(self, sql: str) -> pa.Table:
        """The rows of a SELECT over `quad`, its copies and `term`, all at once.

        Raises:
            QueryTimeoutError: The time of the whole change is over.
        """
        with self._in_time():
            return self._cursor.stream(sql).read_all()

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of those ids that are known here."""
        with self._in_time():
            return self._decoder.terms(ids)

    def edit(self, removed: pa.Table, added: pa.Table) -> None:
        """Remove quads, then add others (columns s, p, o, g in N-Triples form); those not there, or there, are no error.

        Raises:
            RdfSyntaxError: An added value is no term in canonical N-Triples form.
            TermClashError: Two terms share an id.
        """
        with self._in_time():
            if removed.num_rows:
                load_edit(self._cursor, removed, with_terms=False)
                self._remove()
            if added.num_rows:
                load_edit(self._cursor, added, with_terms=True)
                self._add()

    def clear(self, graphs: Sequence[str]) -> None:
        """Remove every quad of these graphs (IRIs)."""
        with self._in_time():
            self._edit_quads(f"SELECT g, s, p, o FROM quad WHERE g IN ({_ids(graphs)})")
            self._remove()

    def copy(self, source: str, target: str) -> None:
        """Add every quad of one graph (an IRI) to another."""
        with self._in_time():
            text = str(IRI(target))
            self._cursor.run(
                f"""INSERT INTO new_term SELECT {id_sql("text")} AS id, text, 1 FROM (SELECT ?::VARCHAR AS text)
                  WHERE id NOT IN (SELECT id FROM term WHERE id = {term_id(text)})""",
                [text],
            )
            self._edit_quads(
                f"SELECT {term_id(text)}::UBIGINT AS g, s, p, o FROM quad WHERE g IN ({_ids([source])})"
            )
            self._add()

    def commit(self, activity: Activity) -> Commit:
        """Make this the current state: one Delta, one generation, one PROV-O record; none where nothing changed."""
        with self._in_time():
            if self._is_edited:
                for name in ("term", *QUAD_TABLES):
                    self._cursor.run(f"DROP VIEW temp.{name}")
            self._cursor.run("""
                ALTER TABLE inserted_quad RENAME TO staged_quad;
                CREATE TEMP VIEW staged_term AS
                  SELECT id, kind, text FROM new_term UNION ALL SELECT id, kind, text FROM term;
                INSERT INTO replaced_graph SELECT id, substr(text, 2, length(text) - 2) FROM staged_term
                  SEMI JOIN (SELECT g FROM staged_quad UNION SELECT g FROM deleted_quad) ON id = g""")
            rows = self._cursor.count("SELECT count(*) FROM staged_quad")
            staged = Staged(
                self._cursor, self._head, statement_count=rows, has_unused_terms=True, compute=compute_change
            )
        self._engine.readers.forget(self._deadline)
        return staged.commit(activity)

    def _edit_quads(self, sql: str) -> None:
        self._cursor.run(f"CREATE OR REPLACE TEMP TABLE edit_quad AS {sql}")

    def _remove(self) -> None:
        self._cursor.run(f"""
            DELETE FROM inserted_quad i USING edit_quad e WHERE i.g = e.g AND i.s = e.s AND i.p = e.p AND i.o = e.o;
            INSERT INTO deleted_quad SELECT g, s, p, o FROM edit_quad
              SEMI JOIN {self._base}.quad {_SAME} ANTI JOIN deleted_quad {_SAME}""")
        self._show()

    def _add(self) -> None:
        self._cursor.run(f"""
            DELETE FROM deleted_quad d USING edit_quad e WHERE d.g = e.g AND d.s = e.s AND d.p = e.p AND d.o = e.o;
            INSERT INTO inserted_quad SELECT g, s, p, o FROM edit_quad
              ANTI JOIN {self._base}.quad {_SAME} ANTI JOIN inserted_quad {_SAME}""")
        self._show()

    def _show(self) -> None:
        """From the first edit on, the names of the ledger's tables mean what they hold with the edits."""
        if self._is_edited:
            return
        self._is_edited = True
        for name in QUAD_TABLES:
            self._cursor.run(f"""CREATE TEMP VIEW {name} AS
              SELECT g, s, p, o FROM {self._base}.{name} ANTI JOIN deleted_quad {_SAME}
              UNION ALL SELECT g, s, p, o FROM inserted_quad""")
        self._cursor.run(f"""CREATE TEMP VIEW term AS
          SELECT {TERM_COLUMNS}, text FROM {self._base}.term
          UNION ALL SELECT {TERM_COLUMNS}, {TEXT_SQL} AS text FROM ({parsed_terms_sql("new_term")})""")

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Ends what runs past the time, and what begins after it: an idle cursor notices nothing."""
        if self._is_over:
            raise _timed_out()
        try:
            yield
        except CancelledError as error:
            if not self._is_over:
                raise
            raise _timed_out() from error

    @property
    def _is_over(self) -> bool:
        return self._deadline is not None and self._deadline.is_over


def _timed_out() -> QueryTimeoutError:
    return QueryTimeoutError(
        "the update reached its time limit and was stopped; nothing was changed",
        message_zh="更新超时，已停止，未作改动",
    )


def _ids(graphs: Iterable[str]) -> str:
    return ", ".join(str(term_id(str(IRI(graph)))) for graph in graphs) or "NULL"

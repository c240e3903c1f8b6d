"""A run before it is accepted: everything the gate wants to see, and the one step that makes it current."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from emkg.arrow import text_array
from emkg.errors import LedgerError
from emkg.ledger.delta import Delta, compute_delta, texts_sql
from emkg.ledger.dictionary import TERM_COLUMNS, id_sql, parsed_terms_sql, term_id
from emkg.ledger.loading import check_clashes, load_new_statements
from emkg.ledger.provenance import PROVENANCE_GRAPH, activity_iri, describe_activity
from emkg.ledger.quarantine import released_nodes, replace_quarantine, replace_withheld
from emkg.ledger.record import Activity, Commit
from emkg.ledger.schema import QUAD_TABLES, without_term_index
from emkg.ledger.staged_state import create_context, staged_state
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType

    from emkg.ledger.cursor import Cursor
    from emkg.ledger.head import Head
    from emkg.ledger.staged_state import StagedState


class Staged:
    """The new state of some graphs, invisible to readers until `commit`; leaving without it drops everything.

    Attributes:
        delta: What accepting this would change; renewed by `withhold`.
        statement_count: Statements that were handed in, duplicates included.
    """

    def __init__(
        self,
        cursor: Cursor,
        head: Head,
        *,
        statement_count: int,
        has_unused_terms: bool = False,
        compute: Callable[[Cursor], None] = compute_delta,
    ) -> None:
        self._cursor = cursor
        self._head = head
        self._base = _generation(cursor)
        self._is_spent = False
        self._is_parsed = False
        # A term is new because a new quad uses it, unless quads were withheld or terms only declared.
        self._has_unused_terms = has_unused_terms
        self.statement_count = statement_count
        self._compute = compute
        cursor.run("CREATE TEMP TABLE withheld_text (s VARCHAR, p VARCHAR, o VARCHAR, g VARCHAR)")
        compute(cursor)
        self.delta = Delta(cursor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()

    @property
    def graphs(self) -> tuple[str, ...]:
        """The IRIs of the graphs that this run replaces, sorted."""
        return tuple(change.graph for change in self.delta.graphs)

    def statements(self, graph: str | None = None) -> pa.RecordBatchReader:
        """The staged state of one graph, or of all: s, p, o, g in N-Triples form; read it before the next call."""
        condition = "" if graph is None else f" WHERE g = {term_id(str(IRI(graph)))}"
        return self._cursor.stream(texts_sql(f"(SELECT * FROM staged_quad{condition})", terms="staged_term"))

    def context(self, graphs: Iterable[str]) -> pa.RecordBatchReader:
        """What the ledger says, in these graphs (IRIs), of the things that staged statements point at, and of classes.

        Two steps, and no graph that this run replaces; s, p, o, g in N-Triples form; read it before the next call.
        """
        create_context(self._cursor, graphs)
        return self._cursor.stream(texts_sql("context_quad"))

    def state(
        self, graphs: Iterable[str], beside: Mapping[str, pa.Table] | None = None
    ) -> AbstractContextManager[StagedState]:
        """What plans may read to judge this run: it and, of these graphs (IRIs), its `context`.

        Call nothing else here until the block is left. `beside`: graph IRI -> more statements (s, p, o).
        """
        self._is_parsed = True
        return staged_state(self._cursor, self._base, graphs, beside or {})

    def statements_of(self, subjects: Iterable[str]) -> pa.Table:
        """The staged statements of these subjects (N-Triples form), as s, p, o, g."""
        ids = ", ".join(str(term_id(text)) for text in subjects) or "NULL"
        sql = texts_sql(f"(SELECT * FROM staged_quad WHERE s IN ({ids}))", terms="staged_term")
        return self._cursor.stream(sql).read_all()

    def released(self, dataset: str) -> frozenset[str]:
        """The nodes (N-Triples form) that were released for a dataset and state here what they stated then."""
        return released_nodes(self._cursor, dataset)

    def withhold(self, subjects: Iterable[str]) -> int:
        """Take the statements of these subjects (N-Triples form) out of the run, and renew `delta`.

        What the ledger already holds of them goes too when the run is accepted: a graph is what its last run says.
        From then on they wait, see `Quarantine`.

        Returns:
            The number of statements taken out.
        """
        self._has_unused_terms = True
        relation = pa.table({"text": text_array(list(subjects))})
        before = self._cursor.count("SELECT count(*) FROM staged_quad")
        kept_out = f"s IN (SELECT {id_sql('text')} FROM kept_out)"
        with self._cursor.registered("kept_out", relation):
            texts = texts_sql(f"(SELECT * FROM staged_quad WHERE {kept_out})", terms="staged_term")
            self._cursor.run(f"INSERT INTO withheld_text {texts}")
            self._cursor.run(f"DELETE FROM staged_quad WHERE {kept_out}")
        self._renew()
        return before - self._cursor.count("SELECT count(*) FROM staged_quad")

    def commit(self, activity: Activity, *, quarantine: pa.Table | None = None) -> Commit:
        """Make this the current state, in one transaction: one generation, with its PROV-O record.

        When the ledger already holds exactly this, no generation is made; the run's digest is still recorded.
        `quarantine` replaces the records kept of earlier runs of the same name.

        Raises:
            LedgerError: The run was committed before, or failed to be.
        """
        if self._is_spent:
            raise LedgerError("this run was committed before, or failed to be; stage it again")
        with self._head.lock:
            self._catch_up()
            self._is_spent = True
            self._cursor.run("DROP TABLE staged_quad")  # a fifth of the memory, needed for sorting
            ended = datetime.now(UTC)
            is_empty = self.delta.is_empty
            generation = self._base if is_empty else self._base + 1
            new_terms = 0 if is_empty else self._cursor.count("SELECT count(*) FROM new_term")
            with without_term_index(self._cursor, new_terms), self._cursor.transaction():
                if not is_empty:
                    self._apply(activity, generation, ended)
                self._record(activity, generation, ended)
                replace_quarantine(self._cursor, activity.name, quarantine)
                self._replace_withheld(activity.name)
            self._head.advance(generation)
        iri = "" if is_empty else activity_iri(generation)
        return Commit(generation, iri, self.delta.added_count, self.delta.removed_count)

    def _replace_withheld(self, dataset: str) -> None:
        replace_withheld(self._cursor, dataset)

    def _catch_up(self) -> None:
        """Renew the delta when another run was accepted since this one was staged."""
        current = _generation(self._cursor)
        if current != self._base:
            self._base = current
            check_clashes(self._cursor, "new_term")
            self._renew()

    def _renew(self) -> None:
        self._compute(self._cursor)
        self.delta = Delta(self._cursor)

    def _apply(self, activity: Activity, generation: int, ended: datetime) -> None:
        load_new_statements(
            self._cursor, PROVENANCE_GRAPH, describe_activity(activity, generation, ended, self.delta.graphs)
        )
        used = "WHERE id IN (SELECT unnest([g, s, p, o]) FROM added_quad)" if self._has_unused_terms else ""
        unparsed = "new_term ANTI JOIN parsed_term USING (id)" if self._is_parsed else "new_term"
        terms = parsed_terms_sql(f"(SELECT * FROM {unparsed} ANTI JOIN term USING (id) {used})")
        if self._is_parsed:
            terms = f"SELECT * FROM parsed_term ANTI JOIN term USING (id) {used} UNION ALL {terms}"
        self._cursor.run(f"""
            INSERT INTO term ({TERM_COLUMNS}) {terms};
            INSERT INTO quad_history
              SELECT g, s, p, o, from_generation, {generation} FROM removed_quad ORDER BY p, s""")
        for table, order in QUAD_TABLES.items():
            if self.delta.removed_count:
                self._cursor.run(f"""DELETE FROM {table} q USING removed_quad r
                  WHERE q.g = r.g AND q.s = r.s AND q.p = r.p AND q.o = r.o""")
            self._cursor.run(
                f"INSERT INTO {table} SELECT g, s, p, o, {generation} FROM added_quad ORDER BY {order}"
            )
        self._cursor.run(
            "INSERT INTO generation VALUES (?, ?, ?)",
            [generation, ended.replace(tzinfo=None), activity_iri(generation)],
        )

    def _record(self, activity: Activity, generation: int, ended: datetime) -> None:
        self._cursor.run("DELETE FROM run WHERE name = ?", [activity.name])
        self._cursor.run(
            "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)",
            [
                activity.name,
                activity.digest,
                list(self.graphs),
                generation,
                ended.replace(tzinfo=None),
                activity.details,
            ],
        )


def _generation(cursor: Cursor) -> int:
    return cursor.count("SELECT coalesce(max(id), 0) FROM generation")

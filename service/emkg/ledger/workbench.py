"""Temporary relations for semi-naive reasoning, and their way into a staged run without leaving the ids."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from emkg.errors import LedgerError
from emkg.ledger.cursor import check_select
from emkg.ledger.delta import compute_change
from emkg.ledger.dictionary import checked_terms_sql, id_sql, term_id
from emkg.ledger.excerpt import Excerpt
from emkg.ledger.loading import name_graph
from emkg.ledger.staged import Staged
from emkg.ledger.statistics import read_statistics
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    import pyarrow as pa

    from emkg.ledger.binding import Parameters
    from emkg.ledger.cursor import Cursor
    from emkg.ledger.head import Head
    from emkg.ledger.statistics import Statistics

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = frozenset({
    "meta", "term", "quad", "quad_by_subject", "quad_by_object", "quad_history", "generation", "run", "quarantine", "snapshot",
    "withheld", "release", "withheld_text",
    "staged_quad", "deleted_quad", "staged_term", "new_term", "replaced_graph", "added_quad", "removed_quad",
    "loaded_quad", "loaded_term", "narrow_quad", "distinct_term", "chunk", "given", "incoming",
})  # fmt: skip


class Workbench:
    """Named temporary relations beside the ledger's tables; nobody else sees them, leaving drops them.

    SQL handed in is one SELECT over `quad`, `term`, `quad_as_of(n)` and the relations made so far.
    """

    def __init__(self, cursor: Cursor, head: Head) -> None:
        self._cursor = cursor
        self._head = head
        cursor.run("CREATE TEMP TABLE declared_term (id UBIGINT, text VARCHAR)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Everything that is read inside is of one state; its generation."""
        with self._cursor.transaction():
            yield self._cursor.count("SELECT coalesce(max(id), 0) FROM generation")

    def create(self, name: str, sql: str, parameters: Parameters = ()) -> int:
        """Make a relation of the rows of a SELECT; its column names are the SELECT's.

        Returns:
            The number of rows.
        """
        check_select(sql)
        self._cursor.run(f"CREATE TEMP TABLE {_checked(name)} AS {sql}", parameters)
        return self.count(name)

    def show(self, name: str, sql: str) -> None:
        """Make a relation that is a SELECT, run anew wherever it is read."""
        check_select(sql)
        self._cursor.run(f"CREATE OR REPLACE TEMP VIEW {_checked(name)} AS {sql}")

    def changes(
        self, since: int, most: int, graphs: Sequence[str] | None = None
    ) -> list[tuple[int, int, int]] | None:
        """The statements (ids s, p, o) that were added or removed after a generation; None where there are too many.

        Args:
            since: The generation.
            most: So many at most.
            graphs: Only of these graphs (IRIs); None for all.
        """
        within = ""
        if graphs is not None:
            ids = ", ".join(str(term_id(str(IRI(graph)))) for graph in graphs)
            within = f" AND g IN ({ids or 'NULL'})"
        rows = self._cursor.rows(f"""
            SELECT s, p, o FROM quad WHERE from_generation > {int(since)}{within}
            UNION SELECT s, p, o FROM quad_history
            WHERE from_generation <= {int(since)} AND until_generation > {int(since)}{within} LIMIT {int(most) + 1}""")
        return None if len(rows) > most else [(int(str(s)), int(str(p)), int(str(o))) for s, p, o in rows]

    def statistics(self) -> Statistics:
        """What a planner wants to know of each predicate; counted each time."""
        return read_statistics(self._cursor)

    def narrow(self, quads: pa.Table, nodes: Iterable[int], relations: Mapping[str, Iterable[int]]) -> None:
        """From here on a SELECT sees these quads alone, and relations of ids: see `Excerpt.holding`."""
        Excerpt(self._cursor, relations).fill(quads, nodes, relations)

    def append_new(self, name: str, sql: str, parameters: Parameters = (), *, new: str) -> int:
        """Append the distinct rows of a SELECT that `name` does not hold yet.

        The relation `new` then holds exactly the appended rows; its former rows may be read by the SELECT,
        which is what a round of semi-naive evaluation does.

        Returns:
            The number of rows appended.
        """
        check_select(sql)
        fresh = f"{_checked(new)}__next"
        self._cursor.run(
            f"CREATE TEMP TABLE {fresh} AS SELECT DISTINCT * FROM ({sql}) EXCEPT SELECT * FROM {_checked(name)}",
            parameters,
        )
        self._cursor.run(f"""
            DROP TABLE IF EXISTS temp.{new}; ALTER TABLE {fresh} RENAME TO {new};
            INSERT INTO {name} SELECT * FROM {new}""")
        return self.count(new)

    def append(self, name: str, sql: str, parameters: Parameters = ()) -> int:
        """Append the rows of a SELECT as they are.

        Returns:
            The number of rows appended.
        """
        check_select(sql)
        return self._cursor.count(f"INSERT INTO {_checked(name)} {sql}", parameters)

    def count(self, name: str) -> int:
        """The number of rows of a relation."""
        return self._cursor.count(f"SELECT count(*) FROM {_checked(name)}")

    def drop(self, name: str) -> None:
        """Forget a relation; one that is not there is no error."""
        self._cursor.run(f"DROP TABLE IF EXISTS temp.{_checked(name)}")

    def select(self, sql: str, parameters: Parameters = ()) -> pa.RecordBatchReader:
        """The rows of a SELECT; read them before the next call."""
        check_select(sql)
        return self._cursor.stream(sql, parameters)

    def declare(self, terms: Iterable[str]) -> tuple[int, ...]:
        """The ids of terms (N-Triples form) that derived statements may use though no quad does yet."""
        texts = list(terms)
        if texts:
            marks = ", ".join("(?)" for _ in texts)
            sql = f"INSERT INTO declared_term SELECT {id_sql('text')}, text FROM (VALUES {marks}) v(text)"
            self._cursor.run(sql, texts)
        return tuple(term_id(text) for text in texts)

    def stage(self, graphs: Mapping[str, str]) -> Staged:
        """Stage relations with the id columns s, p, o as the new state of graphs: graph IRI -> relation.

        Works once, as the workbench's last step; leaving the staged run leaves the workbench too.

        Raises:
            LedgerError: A row holds an id that is neither in the ledger nor declared.
        """
        self._prepare(graphs)
        rows = 0
        for graph, relation in graphs.items():
            g = term_id(str(IRI(graph)))
            self._cursor.run(
                f"INSERT INTO staged_quad SELECT DISTINCT {g}, s, p, o FROM {_checked(relation)}"
            )
            rows += self.count(relation)
        self._check_ids()
        return Staged(self._cursor, self._head, statement_count=rows, has_unused_terms=True)

    def stage_change(self, graph: str, added: str, removed: str) -> Staged:
        """Stage what comes into a graph (an IRI) and what leaves it: two relations with the id columns s, p, o.

        Works once, as `stage` does.

        Raises:
            LedgerError: As `stage`.
        """
        g = term_id(str(IRI(graph)))
        self._prepare([graph])
        self._cursor.run(f"""
            INSERT INTO staged_quad SELECT DISTINCT {g}, s, p, o FROM {_checked(added)};
            CREATE TEMP TABLE deleted_quad AS SELECT DISTINCT {g}::UBIGINT AS g, s, p, o FROM {_checked(removed)}""")
        self._check_ids()
        rows = self.count(added)
        return Staged(
            self._cursor, self._head, statement_count=rows, has_unused_terms=True, compute=compute_change
        )

    def _prepare(self, graphs: Iterable[str]) -> None:
        """The tables of a staged run, empty but for the terms declared and the graphs."""
        names = list(graphs)
        self.declare(str(IRI(graph)) for graph in names)
        unknown = checked_terms_sql("(SELECT DISTINCT id, text FROM declared_term ANTI JOIN term USING (id))")
        self._cursor.run(f"""
            CREATE TEMP TABLE staged_quad (g UBIGINT, s UBIGINT, p UBIGINT, o UBIGINT);
            CREATE TEMP TABLE replaced_graph (g UBIGINT, name VARCHAR);
            CREATE TEMP TABLE new_term AS {unknown};
            CREATE TEMP VIEW staged_term AS SELECT id, kind, text FROM new_term UNION ALL SELECT id, kind, text FROM term""")
        for graph in names:
            name_graph(self._cursor, graph)

    def _check_ids(self) -> None:
        unknown = self._cursor.count("""
            SELECT count(*) FROM (SELECT unnest([s, p, o]) AS id FROM staged_quad) ANTI JOIN staged_term USING (id)""")
        if unknown:
            raise LedgerError(
                f"{unknown} ids to be staged belong to no term; declare the terms of rule heads"
            )
        misplaced = self._cursor.rows("""
            SELECT id FROM staged_term SEMI JOIN (SELECT s AS id FROM staged_quad UNION SELECT p FROM staged_quad)
            USING (id) WHERE kind = 2 LIMIT 1""")
        for (number,) in misplaced:
            [(text,)] = self._cursor.rows(f"SELECT text FROM staged_term WHERE id = {int(str(number))}")
            raise LedgerError(f"the literal {text!s} cannot be a subject or predicate; filter it in the rule")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise LedgerError(f"{name!r} cannot name a temporary relation: use lower-case letters, digits and _")
    return name

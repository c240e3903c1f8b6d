"""The difference between the staged state of some graphs and what the ledger holds of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.ledger.record import GraphChange

if TYPE_CHECKING:
    import pyarrow as pa

    from emkg.ledger.cursor import Cursor

_TEXTS = """
  SELECT s.text AS s, p.text AS p, o.text AS o, g.text AS g FROM {quads} q
  JOIN {terms} s ON q.s = s.id JOIN {terms} p ON q.p = p.id JOIN {terms} o ON q.o = o.id JOIN {terms} g ON q.g = g.id"""


def texts_sql(quads: str, *, terms: str = "term") -> str:
    """SELECT of s, p, o, g as N-Triples text from a relation of ids (a name, or a SELECT in parentheses)."""
    return _TEXTS.format(quads=quads, terms=terms)


def compute_delta(cursor: Cursor) -> None:
    """Make `added_quad` and `removed_quad` from `staged_quad`, against the current quads of the replaced graphs."""
    cursor.run("""
        CREATE OR REPLACE TEMP TABLE added_quad AS SELECT * FROM staged_quad ANTI JOIN quad USING (g, s, p, o);
        CREATE OR REPLACE TEMP TABLE removed_quad AS
          SELECT q.* FROM quad q SEMI JOIN replaced_graph r ON q.g = r.g
          ANTI JOIN staged_quad s ON q.g = s.g AND q.s = s.s AND q.p = s.p AND q.o = s.o""")


def compute_change(cursor: Cursor) -> None:
    """Make `added_quad` and `removed_quad` from what is to be added (`staged_quad`) and to be removed (`deleted_quad`)."""
    cursor.run("""
        CREATE OR REPLACE TEMP TABLE added_quad AS SELECT * FROM staged_quad ANTI JOIN quad USING (g, s, p, o);
        CREATE OR REPLACE TEMP TABLE removed_quad AS SELECT * FROM quad SEMI JOIN deleted_quad USING (g, s, p, o)""")


class Delta:
    """What a staged run would change; its readers work until the staged run is left."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.graphs = _changes(cursor)

    @property
    def added_count(self) -> int:
        """Quads the ledger does not hold yet."""
        return sum(change.added for change in self.graphs)

    @property
    def removed_count(self) -> int:
        """Quads the ledger holds that the new state of their graph does not."""
        return sum(change.removed for change in self.graphs)

    @property
    def is_empty(self) -> bool:
        """Whether the ledger already holds exactly this."""
        return not self.added_count and not self.removed_count

    def added(self) -> pa.RecordBatchReader:
        """The quads to be added, as s, p, o, g in N-Triples form; read it before the next call."""
        return self._cursor.stream(texts_sql("added_quad", terms="staged_term"))

    def removed(self) -> pa.RecordBatchReader:
        """The quads to be removed, as s, p, o, g in N-Triples form; read it before the next call."""
        return self._cursor.stream(texts_sql("removed_quad"))


def _changes(cursor: Cursor) -> tuple[GraphChange, ...]:
    rows = cursor.rows("""
        SELECT name, (SELECT count(*) FROM added_quad a WHERE a.g = r.g),
          (SELECT count(*) FROM removed_quad d WHERE d.g = r.g) FROM replaced_graph r ORDER BY name""")
    return tuple(GraphChange(str(name), int(str(added)), int(str(removed))) for name, added, removed in rows)

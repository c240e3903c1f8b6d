"""A run that says everything anew of some subjects of a dataset; what was said of the others stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from emkg.arrow import text_array
from emkg.ledger.dictionary import checked_terms_sql, id_sql, term_id
from emkg.ledger.loading import check_clashes
from emkg.ledger.part_state import create_other_changes, part_state, waiting_sql
from emkg.ledger.staged import Staged
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from emkg.ledger.cursor import Cursor
    from emkg.ledger.head import Head
    from emkg.ledger.part_state import PartState

# What the dataset's last run said of the subjects: what was accepted, and what waits.
_ACCEPTED: Final = (
    "SELECT g, s, p, o FROM quad_by_subject SEMI JOIN replaced_graph USING (g) SEMI JOIN {} USING (s)"
)
_WAITING: Final = f"{waiting_sql()} AND s IN (SELECT text FROM {{}})"


class StagedPart(Staged):
    """See `Ledger.stage_part`.

    Attributes:
        former_count: Statements that the last run made of the subjects handed in, those that wait included.
    """

    def __init__(self, cursor: Cursor, head: Head, dataset: str, *, statement_count: int) -> None:
        self._dataset = dataset
        super().__init__(cursor, head, statement_count=statement_count, compute=_compute_part)
        accepted = cursor.count(f"SELECT count(*) FROM ({_ACCEPTED.format('replaced_subject')})")
        waiting = cursor.count(f"SELECT count(*) FROM ({_WAITING.format('replaced_subject')})", [dataset])
        self.former_count = accepted + waiting

    def extend(self, subjects: Iterable[str]) -> None:
        """Take more subjects (N-Triples form) in, as the last run had them, those of its statements included that wait."""
        name_subjects(self._cursor, pa.table({"s": text_array(list(subjects))}), "further_subject")
        self._cursor.run("""
            DELETE FROM further_subject WHERE s IN (SELECT s FROM replaced_subject);
            INSERT INTO replaced_subject SELECT * FROM further_subject""")
        self._cursor.run(
            f"INSERT INTO staged_quad {_ACCEPTED.format('further_subject')} UNION {_WAITING.format('further_subject')}",
            [self._dataset],
        )
        texts = " UNION ".join(
            f"SELECT {place} AS text FROM withheld WHERE dataset = $name AND s IN (SELECT text FROM further_subject)"
            for place in "spog"
        )
        fresh = f"SELECT {id_sql('text')} AS id, text FROM ({texts}) WHERE text IS NOT NULL"
        terms = checked_terms_sql(f"({fresh}) ANTI JOIN term USING (id) ANTI JOIN new_term USING (id)")
        self._cursor.run(f"INSERT INTO new_term {terms}", {"name": self._dataset})
        check_clashes(self._cursor, "new_term")
        self._has_unused_terms = True
        self._renew()

    def waiting_count(self) -> int:
        """How many statements of the dataset will wait when this is accepted."""
        kept = """SELECT count(*) FROM withheld WHERE dataset = ? AND s NOT IN (SELECT text FROM replaced_subject)"""
        return self._cursor.count(kept, [self._dataset]) + self._cursor.count(
            "SELECT count(*) FROM withheld_text"
        )

    def part(
        self, graphs: Iterable[str], since: int, apart: Iterable[str]
    ) -> AbstractContextManager[PartState]:
        """What plans may read to judge what this run changes: the dataset as it would be, and these graphs (IRIs).

        Args:
            graphs: The other graphs that shapes may read.
            since: The generation of the dataset's last run.
            apart: The graphs whose changes since then are no matter.

        Call nothing else here until the block is left.
        """
        create_other_changes(self._cursor, since, apart)
        return part_state(self._cursor, self._base, graphs, self._dataset)

    def _replace_withheld(self, dataset: str) -> None:
        self._cursor.run(
            "DELETE FROM withheld WHERE dataset = ? AND s IN (SELECT text FROM replaced_subject)", [dataset]
        )
        self._cursor.run("INSERT INTO withheld SELECT ?, s, p, o, g FROM withheld_text", [dataset])


def name_subjects(cursor: Cursor, subjects: pa.Table, name: str = "replaced_subject") -> None:
    """Make a relation of subjects (column s, N-Triples form): their ids, and the texts."""
    with cursor.registered("given", subjects):
        cursor.run(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT {id_sql('s')} AS s, s AS text FROM given"
        )


def read_pointing_at(cursor: Cursor, objects: pa.Table, graphs: Iterable[str], dataset: str) -> pa.Table:
    """See `Ledger.pointing_at`."""
    ids = ", ".join(str(term_id(str(IRI(graph)))) for graph in graphs) or "NULL"
    name_subjects(cursor, objects, "pointed_at")
    return cursor.stream(
        f"""SELECT text AS s FROM term SEMI JOIN (
            SELECT q.s AS id FROM quad_by_object q SEMI JOIN pointed_at a ON q.o = a.s WHERE q.g IN ({ids})) USING (id)
          UNION SELECT s FROM withheld WHERE dataset = ? AND o IN (SELECT text FROM pointed_at)""",
        [dataset],
    ).read_all()


def _compute_part(cursor: Cursor) -> None:
    """Make `added_quad` and `removed_quad` from `staged_quad`, against what the replaced graphs say of the subjects."""
    cursor.run("""
        CREATE OR REPLACE TEMP TABLE former_quad AS
          SELECT q.* FROM quad_by_subject q SEMI JOIN replaced_graph USING (g) SEMI JOIN replaced_subject USING (s);
        CREATE OR REPLACE TEMP TABLE added_quad AS SELECT * FROM staged_quad ANTI JOIN former_quad USING (g, s, p, o);
        CREATE OR REPLACE TEMP TABLE removed_quad AS SELECT * FROM former_quad ANTI JOIN staged_quad USING (g, s, p, o)""")

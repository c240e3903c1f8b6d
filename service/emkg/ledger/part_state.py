"""What plans see of a run that says some subjects anew: the dataset as it would be, and what it is judged beside."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from emkg.ledger.dictionary import (
    TERM_COLUMNS,
    checked_terms_sql,
    id_sql,
    parsed_terms_sql,
    term_id,
)
from emkg.ledger.schema import QUAD_TABLES
from emkg.ledger.staged_state import StagedState
from emkg.rdf import IRI
from emkg.vocabulary import RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from emkg.ledger.cursor import Cursor, Row

_CHANGES: Final = ("changed_quad", "other_change")
_SUB_CLASS: Final = term_id(str(IRI(RDFS + "subClassOf")))


def waiting_sql() -> str:
    """SELECT of the ids of a dataset's withheld statements; the dataset is a parameter."""
    ids = ", ".join(f"{id_sql(place)} AS {place}" for place in "gspo")
    return f"SELECT {ids} FROM withheld WHERE dataset = ?"


class PartState(StagedState):
    """The dataset with the statements that wait, as the run would leave both, and every statement of the other graphs."""

    def __init__(
        self, cursor: Cursor, generation: int, own: tuple[str, ...], others: tuple[str, ...]
    ) -> None:
        super().__init__(cursor, generation, (*own, *others))
        self._own = _listed(own)
        self._others = _listed(others)

    def changed(self, most: int) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]] | None:
        """The statements (ids s, p, o) that come or go, of the dataset, and of others since its last run; None: too many."""
        own, others = (_ids(self.rows(f"SELECT s, p, o FROM {name} LIMIT {most + 1}")) for name in _CHANGES)
        return (own, others) if len(own) + len(others) <= most else None

    def stated_ids(self, nodes: Iterable[int]) -> frozenset[int]:
        """Those nodes that are subject or object of a statement of the dataset."""
        listed = ", ".join(map(str, nodes)) or "NULL"
        rows = self.rows(f"""SELECT DISTINCT s FROM quad_by_subject WHERE s IN ({listed}) AND g IN ({self._own})
          UNION SELECT DISTINCT o FROM quad_by_object WHERE o IN ({listed}) AND g IN ({self._own})""")
        return frozenset(int(str(number)) for (number,) in rows)

    def narrow(self, quads: pa.Table, nodes: Iterable[int], relations: Mapping[str, Iterable[int]]) -> None:
        """From here on a SELECT sees these quads (ids g, s, p, o) alone, as far as a whole run would (see `Staged.context`), and relations of ids."""
        run = self._cursor.run
        for name, ids in relations.items():
            listed = ", ".join(str(int(one)) for one in ids)
            run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest([{listed}]::UBIGINT[]) AS id")
        terms = {*nodes, *(number for column in quads.columns for number in column.to_pylist())}
        own, others = f"g IN ({self._own})", f"g IN ({self._others})"
        with self._cursor.registered("narrow", quads):
            run("CREATE TEMP TABLE narrow_quad AS SELECT g, s, p, o FROM narrow")
        run(f"""
            CREATE TEMP TABLE beside_node AS SELECT DISTINCT s AS id FROM narrow_quad WHERE {others} AND p <> {_SUB_CLASS};
            CREATE TEMP TABLE near_node AS SELECT DISTINCT o AS id FROM quad_by_object SEMI JOIN beside_node ON o = id WHERE {own};
            CREATE TEMP TABLE step AS SELECT DISTINCT s, o FROM quad_by_object SEMI JOIN (
              SELECT id FROM beside_node ANTI JOIN near_node USING (id)) ON o = id WHERE {others};
            INSERT INTO near_node SELECT DISTINCT step.o FROM step SEMI JOIN (
              SELECT o FROM quad_by_object SEMI JOIN (SELECT DISTINCT s AS o FROM step) USING (o) WHERE {own}) q ON step.s = q.o;
            DELETE FROM narrow_quad WHERE {others} AND p <> {_SUB_CLASS} AND s NOT IN (SELECT id FROM near_node)""")
        known = ", ".join(map(str, terms)) or "NULL"
        run(f"CREATE TEMP TABLE narrow_term AS SELECT {TERM_COLUMNS} FROM term WHERE id IN ({known})")
        run(f"CREATE OR REPLACE TEMP VIEW term AS SELECT {TERM_COLUMNS} FROM narrow_term")
        for name in QUAD_TABLES:
            run(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM narrow_quad")


@contextmanager
def part_state(cursor: Cursor, generation: int, graphs: Iterable[str], dataset: str) -> Iterator[PartState]:
    """The state of a run of a part of a dataset; until the block is left the cursor sees it in the place of the ledger's."""
    own = tuple(str(name) for (name,) in cursor.rows("SELECT name FROM replaced_graph ORDER BY name"))
    others = tuple(graph for graph in graphs if graph not in own)
    base = cursor.database
    cursor.run(f"CREATE TEMP TABLE waiting_quad AS {waiting_sql()}", [dataset])
    cursor.run("""
        CREATE TEMP TABLE changed_quad AS
          (SELECT s, p, o FROM staged_quad EXCEPT (SELECT s, p, o FROM former_quad UNION SELECT s, p, o FROM waiting_quad))
          UNION ((SELECT s, p, o FROM former_quad UNION
            SELECT s, p, o FROM waiting_quad SEMI JOIN replaced_subject USING (s)) EXCEPT SELECT s, p, o FROM staged_quad);
        DELETE FROM waiting_quad WHERE s IN (SELECT s FROM replaced_subject)""")
    texts = " UNION ".join(f"SELECT {place} AS text FROM withheld" for place in "spog")
    fresh = f"(SELECT {id_sql('text')} AS id, text FROM ({texts}) WHERE text IS NOT NULL) ANTI JOIN new_term USING (id)"
    waiting = checked_terms_sql(f"(SELECT * FROM {fresh})")
    unknown = (
        f"(SELECT * FROM (SELECT id, text, kind FROM new_term UNION ALL {waiting}) ANTI JOIN term USING (id))"
    )
    cursor.run(f"CREATE TEMP TABLE part_term AS {parsed_terms_sql(unknown)}")
    for name in QUAD_TABLES:
        cursor.run(f"""CREATE TEMP VIEW {name} AS
          SELECT g, s, p, o FROM {base}.{name} WHERE g IN ({_listed(others)})
          UNION ALL SELECT g, s, p, o FROM {base}.{name} ANTI JOIN replaced_subject USING (s) WHERE g IN ({_listed(own)})
          UNION ALL SELECT g, s, p, o FROM staged_quad UNION ALL SELECT g, s, p, o FROM waiting_quad""")
    cursor.run(f"""CREATE TEMP VIEW term AS SELECT {TERM_COLUMNS} FROM {base}.term
      UNION ALL SELECT {TERM_COLUMNS} FROM part_term""")
    try:
        yield PartState(cursor, generation, own, others)
    finally:
        for name in ("term", *QUAD_TABLES):
            cursor.run(f"DROP VIEW temp.{name}")


def create_other_changes(cursor: Cursor, since: int, apart: Iterable[str]) -> None:
    """Make `other_change` of what others came to say, or no longer do, since a generation; graphs empty now included."""
    unread = "".join(f" AND g <> {term_id(str(IRI(graph)))}" for graph in apart)
    others = f"g NOT IN (SELECT g FROM replaced_graph){unread}"
    cursor.run(f"""
        CREATE TEMP TABLE other_change AS SELECT s, p, o FROM quad WHERE from_generation > {since} AND {others}
          UNION SELECT s, p, o FROM quad_history
          WHERE from_generation <= {since} AND until_generation > {since} AND {others}""")


def _ids(rows: Iterable[Row]) -> list[tuple[int, int, int]]:
    return [(int(str(s)), int(str(p)), int(str(o))) for s, p, o in rows]


def _listed(graphs: Iterable[str]) -> str:
    return ", ".join(str(term_id(str(IRI(graph)))) for graph in graphs) or "NULL"

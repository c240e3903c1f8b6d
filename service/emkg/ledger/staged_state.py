"""A staged run as plans see it: under the names of the ledger's tables, with what it is judged beside."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from emkg.arrow import id_array, text_array
from emkg.ledger.cursor import check_select
from emkg.ledger.decoding import Decoder
from emkg.ledger.dictionary import (
    TERM_COLUMNS,
    TEXT_SQL,
    checked_terms_sql,
    id_sql,
    parsed_terms_sql,
    term_id,
)
from emkg.ledger.schema import QUAD_TABLES
from emkg.ledger.statistics import read_statistics
from emkg.rdf import IRI
from emkg.rdf.relation import NO_STATEMENTS
from emkg.vocabulary import RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from emkg.ledger.binding import Parameters
    from emkg.ledger.cursor import Cursor, Row
    from emkg.ledger.statistics import Statistics
    from emkg.rdf import Term


class StagedState:
    """What plans read while a staged run is judged; several threads may ask, one is answered at a time.

    Attributes:
        generation: The ledger's, on which the run was staged.
        graphs: The IRIs of the graphs that the run replaces, and of those it is judged beside.
    """

    def __init__(self, cursor: Cursor, generation: int, graphs: tuple[str, ...]) -> None:
        self._cursor = cursor
        self._lock = Lock()
        self._decoder = Decoder(self)
        self._statistics: Statistics | None = None
        self.generation = generation
        self.graphs = graphs

    def statistics(self) -> Statistics:
        """What a planner wants to know of each predicate."""
        if self._statistics is None:
            with self._lock:
                self._statistics = read_statistics(self._cursor)
        return self._statistics

    def select(self, sql: str, *, timeout_s: float | None = None) -> pa.RecordBatchReader:
        """The rows of one SELECT over `quad`, its copies and `term`; `timeout_s` is not looked at."""
        del timeout_s
        check_select(sql)
        with self._lock:
            return self._cursor.stream(sql).read_all().to_reader()

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """The rows of a small answer."""
        with self._lock:
            return self._cursor.rows(sql, parameters)

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of those ids that are known here."""
        return self._decoder.terms(ids)

    def stated(self, nodes: Iterable[str]) -> frozenset[str]:
        """Those nodes (N-Triples form) that are subject or object of a statement of the run."""
        texts = {term_id(text): text for text in nodes}
        wanted = pa.table({"id": id_array(texts)})
        sql = " UNION ".join(
            f"SELECT {place} FROM staged_quad SEMI JOIN wanted ON {place} = id" for place in "so"
        )
        with self._lock, self._cursor.registered("wanted", wanted):
            return frozenset(texts[int(str(number))] for (number,) in self._cursor.rows(sql))


def create_context(cursor: Cursor, graphs: Iterable[str]) -> tuple[str, ...]:
    """Make `context_quad`: what these graphs (IRIs), unless the run replaces them, say of what it points at, and of classes.

    Shapes read it that ask what a value is (`sh:class`), or something of it (an article's act); so two steps.

    Returns:
        The graphs among them that the run does not replace.
    """
    replaced = {str(name) for (name,) in cursor.rows("SELECT name FROM replaced_graph")}
    others = tuple(graph for graph in graphs if graph not in replaced)
    within = f"g IN ({', '.join(str(term_id(str(IRI(graph)))) for graph in others) or 'NULL'})"
    sub_class = term_id(str(IRI(RDFS + "subClassOf")))
    found = "SELECT g, s, p, o FROM quad_by_subject SEMI JOIN (SELECT o AS s FROM {}) USING (s) WHERE {}"
    cursor.run(f"""
        CREATE OR REPLACE TEMP TABLE neighbour AS {found.format("staged_quad", within)};
        CREATE OR REPLACE TEMP TABLE context_quad AS SELECT * FROM neighbour
          UNION {found.format("neighbour", within)}
          UNION SELECT g, s, p, o FROM quad WHERE p = {sub_class} AND {within}""")
    return others


_QUADS: Final = ("staged_quad", "context_quad", "beside_quad")
_MOST_COPIED: Final = 1_000_000  # 32 MB; of more the copy costs memory that the run needs


@contextmanager
def staged_state(
    cursor: Cursor, generation: int, graphs: Iterable[str], beside: Mapping[str, pa.Table]
) -> Iterator[StagedState]:
    """The state of a staged run within these graphs; `beside`: graph IRI -> statements (s, p, o) that are in it too.

    Until the block is left the cursor sees the run in the place of the ledger's quads.
    """
    others = create_context(cursor, graphs)
    own = tuple(str(name) for (name,) in cursor.rows("SELECT name FROM replaced_graph ORDER BY name"))
    # terms as `term` has them, which they become when the run is accepted
    cursor.run(f"CREATE TEMP TABLE IF NOT EXISTS parsed_term AS {parsed_terms_sql('new_term')}")
    _create_beside(cursor, beside)
    quads = " UNION ALL ".join(f"SELECT g, s, p, o FROM {one}" for one in _QUADS)
    terms = f"""SELECT {TERM_COLUMNS}, text FROM {cursor.database}.term
      UNION ALL SELECT {TERM_COLUMNS}, {TEXT_SQL} AS text FROM parsed_term
      UNION ALL SELECT {TERM_COLUMNS}, {TEXT_SQL} AS text FROM beside_term"""
    if cursor.count(f"SELECT count(*) FROM ({quads})") <= _MOST_COPIED:
        quads, terms = _copied(cursor, quads, terms)
    for name in QUAD_TABLES:
        cursor.run(f"CREATE TEMP VIEW {name} AS {quads}")
    cursor.run(f"CREATE TEMP VIEW term AS {terms}")
    try:
        yield StagedState(cursor, generation, (*own, *others))
    finally:
        for name in ("term", *QUAD_TABLES):
            cursor.run(f"DROP VIEW temp.{name}")


def _copied(cursor: Cursor, quads: str, terms: str) -> tuple[str, str]:
    """SELECTs of the same quads, and of their terms alone, from one table each: plans of a third the size."""
    ids = " UNION ".join(f"SELECT {place} AS id FROM judged_quad" for place in "gspo")
    cursor.run(f"""
        CREATE OR REPLACE TEMP TABLE judged_quad AS {quads};
        CREATE OR REPLACE TEMP TABLE judged_term AS SELECT * FROM ({terms}) SEMI JOIN ({ids}) USING (id)""")
    return "SELECT * FROM judged_quad", "SELECT * FROM judged_term"


def _create_beside(cursor: Cursor, beside: Mapping[str, pa.Table]) -> None:
    """Make `beside_quad` and, of terms that nobody else knows, `beside_term`."""
    tables = [
        table.select(["s", "p", "o"]).append_column("g", text_array([str(IRI(graph))] * table.num_rows))
        for graph, table in beside.items()
    ]
    ids = ", ".join(f"{id_sql(place)} AS {place}" for place in "gspo")
    texts = " UNION ".join(f"SELECT {place} AS text FROM given" for place in "spog")
    fresh = f"(SELECT {id_sql('text')} AS id, text FROM ({texts})) ANTI JOIN term USING (id) ANTI JOIN new_term USING (id)"
    with cursor.registered("given", pa.concat_tables([NO_STATEMENTS, *tables])):
        cursor.run(f"""
            CREATE OR REPLACE TEMP TABLE beside_quad AS SELECT DISTINCT {ids} FROM given;
            CREATE OR REPLACE TEMP TABLE beside_term AS
              {parsed_terms_sql(f"({checked_terms_sql(f'(SELECT * FROM {fresh})')})")}""")

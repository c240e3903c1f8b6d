"""Statements in memory for plans to read: terms and quads as a ledger has them, without generations and provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa

from emkg.arrow import text_scalar
from emkg.ledger.cursor import check_select
from emkg.ledger.decoding import Decoder
from emkg.ledger.dictionary import TERM_COLUMNS, parsed_terms_sql, term_id
from emkg.ledger.engine import Engine, Limits
from emkg.ledger.loading import create_staging, finish_staging, load_statements
from emkg.ledger.schema import QUAD_TABLES, TERM_TABLE
from emkg.ledger.statistics import Statistics, predicate_statistics
from emkg.rdf import IRI
from emkg.rdf.relation import NO_STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from emkg.ledger.binding import Parameters
    from emkg.ledger.cursor import Row
    from emkg.rdf import Term

_SPILL_MB: Final = 8192
_NO_GRAPH: Final = "https://w3id.org/emkg/graph/none"  # every statement names its own


class Scratch:
    """The statistics are there at once, so that plans can be made; they can be run once it is filled.

    Args:
        graphs: Graph IRI -> its statements (columns s, p, o in N-Triples form).
        memory_limit_mb: What all work in it may use.
    """

    generation: Final = 0

    def __init__(self, graphs: Mapping[str, pa.Table], *, memory_limit_mb: int) -> None:
        tables = [
            table.select(["s", "p", "o"]).append_column(
                "g", pa.repeat(text_scalar(str(IRI(graph))), table.num_rows)
            )
            for graph, table in graphs.items()
        ]
        self._statements = pa.concat_tables([NO_STATEMENTS, *tables])
        self._engine = Engine(None, Limits(memory_limit_mb, _SPILL_MB, None), read_only=False)
        self._decoder = Decoder(self._engine.readers)
        try:
            self._statistics = self._counted()
        except BaseException:
            self._engine.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.close()

    def fill(self) -> None:
        """Read the statements in; once, from any thread.

        Raises:
            RdfSyntaxError: A value is not a term in canonical N-Triples form, or stands where it may not.
            TermClashError: Two terms share an id.
            MemoryLimitError: They do not fit.
        """
        cursor = self._engine.cursor()
        try:
            cursor.run(TERM_TABLE)
            create_staging(cursor)
            load_statements(cursor, _NO_GRAPH, self._statements, scope="")
            finish_staging(cursor)
            cursor.run(f"INSERT INTO term ({TERM_COLUMNS}) {parsed_terms_sql('new_term')}")
            first, *others = QUAD_TABLES
            cursor.run(
                f"CREATE TABLE {first} AS SELECT g, s, p, o FROM staged_quad ORDER BY {QUAD_TABLES[first]}"
            )
            for name in others:  # read once, a second order is not worth its making
                cursor.run(f"CREATE VIEW {name} AS SELECT * FROM {first}")
        finally:
            cursor.close()

    def statistics(self) -> Statistics:
        """What a planner wants to know of each predicate."""
        return self._statistics

    def select(
        self, sql: str, parameters: Parameters = (), *, timeout_s: float | None = None
    ) -> pa.RecordBatchReader:
        """The rows of one SELECT over `quad`, its copies and `term`; see `Ledger.select`."""
        check_select(sql)
        return self._engine.readers.stream(sql, parameters, timeout_s=timeout_s)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """The rows of a small answer."""
        check_select(sql)
        return self._engine.readers.rows(sql, parameters)

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of those ids that are known here."""
        return self._decoder.terms(ids)

    def _counted(self) -> Statistics:
        cursor = self._engine.cursor()
        try:
            with cursor.streamed(self._statements):
                rows = cursor.rows(
                    "SELECT p, count(*), approx_count_distinct(s), approx_count_distinct(o), count(DISTINCT g) FROM chunk GROUP BY p"
                )
        finally:
            cursor.close()
        found = {}
        for p, *row in rows:
            counts = [int(str(count)) for count in row]
            found[term_id(str(p))] = predicate_statistics(*counts, is_repeated=counts[-1] > 1)
        return Statistics(self.generation, found)

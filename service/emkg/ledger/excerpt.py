"""A few statements of a ledger by themselves: plans that are asked of other few statements again and again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from emkg.ledger.cursor import check_select
from emkg.ledger.decoding import LOOKED_UP
from emkg.ledger.dictionary import TERM_COLUMNS
from emkg.ledger.schema import QUAD_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from emkg.ledger.cursor import Cursor

_MOST_ROWS: Final = 100_000


class Excerpt:
    """Some statements, their terms without `text`, and relations of ids; a SELECT sees these alone.

    Planning such a SELECT takes longer than running it, so plans are kept, and the terms, which never change.

    Args:
        cursor: Its own.
        relations: The names of the relations, each with a column `id`.
    """

    def __init__(self, cursor: Cursor, relations: Iterable[str]) -> None:
        self._cursor = cursor
        self._ledger_terms = f"SELECT {TERM_COLUMNS} FROM {cursor.database}.term"
        self._relations = tuple(relations)
        self._plans: dict[str, str] = {}
        self._terms: set[int] = set()
        self._rows = 0
        self._is_empty = True
        self._create()

    def close(self) -> None:
        """Let go of everything."""
        self._cursor.close()

    @contextmanager
    def holding(
        self, quads: pa.Table, nodes: Iterable[int], relations: Mapping[str, Iterable[int]]
    ) -> Iterator[None]:
        """Inside, a SELECT sees these quads (ids g, s, p, o) alone, their terms and those of other nodes, and relations.

        Args:
            quads: The quads.
            nodes: The ids of more terms.
            relations: The ids in each of some relations; of others, and of empty ones, a SELECT may not read.
        """
        if self._rows > _MOST_ROWS:  # rows that were deleted are still walked over
            self._create()
        try:
            with self._cursor.transaction():
                self.fill(quads, nodes, relations)
                yield
                names = ("narrow_quad", *relations)
                self._cursor.run("; ".join(f"DELETE FROM {name}" for name in names))
        except BaseException:
            self._rows = _MOST_ROWS + 1  # begin anew next time
            raise

    def fill(self, quads: pa.Table, nodes: Iterable[int], relations: Mapping[str, Iterable[int]]) -> None:
        """The same for the rest of a transaction that somebody else has opened."""
        columns = [column.to_pylist() for column in quads.columns]
        fresh = {*nodes, *(number for column in columns for number in column)} - self._terms
        known = ", ".join(map(str, fresh)) if len(fresh) <= LOOKED_UP else f"SELECT {_unnested(fresh)}"
        filled = ["INSERT INTO term (id) VALUES (NULL)"]
        if fresh:
            filled.append(f"INSERT INTO term {self._ledger_terms} WHERE id IN ({known})")
        filled += [f"INSERT INTO {name} SELECT {_unnested(own)}" for name, own in relations.items()]
        filled.append(f"INSERT INTO narrow_quad SELECT {', '.join(map(_unnested, columns))}")
        self._cursor.run("; ".join(filled))
        self._terms |= fresh
        self._rows += len(fresh) + quads.num_rows
        self._is_empty = not quads.num_rows

    def select(self, sql: str) -> pa.RecordBatchReader:
        """The rows of a SELECT; read them before the next call."""
        name = self._plans.get(sql)
        if name is None:
            check_select(sql)
            # DuckDB leaves out of a plan what the values of a table rule out at that time, and keeps to it when there
            # are others. It does not where a table has rows of the open transaction.
            if self._is_empty:
                return self._cursor.stream(sql)
            name = f"plan_{len(self._plans)}"
            self._cursor.run(f"PREPARE {name} AS {sql}")
            self._plans[sql] = name
        return self._cursor.stream(f"EXECUTE {name}")

    def _create(self) -> None:
        """Start anew; the plans of what was there would be made once more anyway."""
        run = self._cursor.run
        for name in self._plans.values():
            run(f"DEALLOCATE {name}")
        run("CREATE OR REPLACE TEMP TABLE narrow_quad (g UBIGINT, s UBIGINT, p UBIGINT, o UBIGINT)")
        run(f"CREATE OR REPLACE TEMP TABLE term AS {self._ledger_terms} LIMIT 0")
        for name in QUAD_TABLES:
            run(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM narrow_quad")
        for name in self._relations:
            run(f"CREATE OR REPLACE TEMP TABLE {name} (id UBIGINT)")
        self._plans, self._terms = {}, set()
        self._rows = 0
        self._is_empty = True


def _unnested(ids: Iterable[int]) -> str:
    """A column of ids: one text is read several times as fast as that many constants."""
    return f"unnest('[{', '.join(str(int(one)) for one in ids)}]'::UBIGINT[])"

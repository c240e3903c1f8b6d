"""What the gate kept out of the last accepted runs: its records, its statements, and the nodes released all the same."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from emkg.errors import NotFoundError
from emkg.ledger.delta import texts_sql
from emkg.ledger.dictionary import id_sql, term_id
from emkg.ledger.schema import QUARANTINE_COLUMNS
from emkg.rdf import IRI
from emkg.vocabulary import RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from threading import RLock

    import pyarrow as pa

    from emkg.ledger.cursor import Cursor
    from emkg.ledger.engine import Engine
    from emkg.ledger.record import RunRecord

# One text for what a node's statements say, whatever their order.
_DIGEST: Final = "sha256(string_agg(concat_ws(' ', p, o, g), chr(10) ORDER BY p, o, g))"
_OF_NODE: Final = "dataset = ? AND node = ?"
_NAMED: Final = ", ".join(f'"{column}"' for column in QUARANTINE_COLUMNS)
_RECORDS: Final = f'SELECT {_NAMED} FROM quarantine{{where}} ORDER BY dataset, file, "row", "column", reason'
_STATEMENTS: Final = "SELECT dataset, s, p, o, g FROM withheld{where} ORDER BY ALL"
_RELEASES: Final = "SELECT * FROM release{where} ORDER BY released_at, node"


@dataclass(frozen=True)
class Release:
    """A focus node that somebody accepted although shapes find fault with it.

    Attributes:
        dataset: Whose run states it.
        node: The node, in N-Triples form.
        statements: A digest of what it stated then; with other statements it is judged like any other node.
        reason: Why, in the words of who released it.
        released: When, in UTC.
    """

    dataset: str
    node: str
    statements: str
    reason: str
    released: datetime


class Quarantine:
    """What a ledger's datasets have waiting: one run's in the place of the last one's, in its transaction."""

    def __init__(self, engine: Engine, lock: RLock) -> None:
        self._engine = engine
        self._lock = lock

    def records(self, dataset: str | None = None) -> pa.RecordBatchReader:
        """What the last accepted run of a dataset, or of each, could not accept; ordered by place.

        `node` is the focus node that a record of the gate is about, in N-Triples form; NULL in a mapping's records.
        """
        return self._read(_RECORDS, dataset)

    def statements(self, dataset: str | None = None) -> pa.RecordBatchReader:
        """The statements that the gate kept out of them: dataset, s, p, o, g in N-Triples form."""
        return self._read(_STATEMENTS, dataset)

    def waiting(self, dataset: str) -> frozenset[str]:
        """The nodes (N-Triples form) of a dataset whose statements wait."""
        return frozenset(self.statements(dataset).read_all()["s"].to_pylist())

    def releases(self, dataset: str | None = None) -> tuple[Release, ...]:
        """The nodes of a dataset, or of all, that were released; the oldest release first."""
        rows = self._read(_RELEASES, dataset).read_all().to_pylist()
        return tuple(
            Release(
                row["dataset"],
                row["node"],
                row["statements"],
                row["reason"],
                row["released_at"].replace(tzinfo=UTC),
            )
            for row in rows
        )

    def release(self, dataset: str, nodes: Sequence[str], reason: str) -> None:
        """Have the gate accept nodes that wait (N-Triples form), as they stand, from the dataset's next run on.

        Raises:
            NotFoundError: One does not wait in this dataset; nothing is released.
        """
        now = datetime.now(UTC).replace(tzinfo=None)
        digest = f"SELECT {_DIGEST} FROM withheld WHERE dataset = ? AND s = ? GROUP BY s"
        with self._change() as cursor:
            for node in nodes:
                found = cursor.rows(digest, [dataset, node])
                if not found:
                    raise NotFoundError(
                        f"{node} does not wait in {dataset}; `emkg quarantine {dataset}` lists what does",
                        message_zh=f"{node} 不在 {dataset} 的隔离区；emkg quarantine {dataset} 可列出被隔离的内容",
                    )
                cursor.run(f"DELETE FROM release WHERE {_OF_NODE}", [dataset, node])
                cursor.run(
                    "INSERT INTO release VALUES (?, ?, ?, ?, ?)", [dataset, node, found[0][0], reason, now]
                )

    def revoke(self, dataset: str, nodes: Sequence[str]) -> None:
        """Take releases back; from the dataset's next run on the nodes are judged as any other.

        Raises:
            NotFoundError: One was not released; nothing is taken back.
        """
        with self._change() as cursor:
            for node in nodes:
                if not cursor.count(f"SELECT count(*) FROM release WHERE {_OF_NODE}", [dataset, node]):
                    raise NotFoundError(
                        f"{node} of {dataset} was not released; `emkg release --list` lists what was",
                        message_zh=f"{dataset} 的 {node} 未曾放行；emkg release --list 可列出已放行的节点",
                    )
                cursor.run(f"DELETE FROM release WHERE {_OF_NODE}", [dataset, node])

    def is_to_be_retried(self, run: RunRecord, apart: Iterable[str]) -> bool:
        """Whether, since a run, others say something else of what its withheld nodes point at, or of classes.

        Others are all graphs but its own and those that stand `apart` (IRIs), also such as are empty now.
        """
        unread = ", ".join(str(term_id(str(IRI(graph)))) for graph in (*run.graphs, *apart)) or "0"
        changed = " UNION ALL ".join(
            f"SELECT s, p FROM {table} WHERE {column} > {run.generation} AND g NOT IN ({unread})"
            for table, column in (("quad", "from_generation"), ("quad_history", "until_generation"))
        )
        pointed_at = f"SELECT {id_sql('o')} AS id FROM withheld WHERE dataset = $dataset"
        further = f"SELECT o AS id FROM quad_by_subject WHERE s IN ({pointed_at})"
        sql = f"""SELECT count(*) FROM ({changed})
          WHERE EXISTS (SELECT 1 FROM withheld WHERE dataset = $dataset)
          AND (p = {term_id(str(IRI(RDFS + "subClassOf")))} OR s IN ({pointed_at} UNION {further}))"""
        return self._engine.readers.rows(sql, {"dataset": run.name})[0][0] != 0

    def _read(self, sql: str, dataset: str | None) -> pa.RecordBatchReader:
        where, parameters = ("", []) if dataset is None else (" WHERE dataset = ?", [dataset])
        return self._engine.readers.stream(sql.format(where=where), parameters)

    @contextmanager
    def _change(self) -> Iterator[Cursor]:
        """One transaction, while no run is accepted."""
        cursor = self._engine.cursor()
        try:
            with self._lock, cursor.transaction():
                yield cursor
        finally:
            cursor.close()


def released_nodes(cursor: Cursor, dataset: str) -> frozenset[str]:
    """Those nodes of a staged run that were released and state what they stated then."""
    nodes = [node for (node,) in cursor.rows("SELECT node FROM release WHERE dataset = ?", [dataset])]
    if not nodes:
        return frozenset()
    ids = ", ".join(str(term_id(str(node))) for node in nodes)
    texts = texts_sql(f"(SELECT * FROM staged_quad WHERE s IN ({ids}))", terms="staged_term")
    rows = cursor.rows(
        f"""SELECT node FROM (SELECT s AS node, {_DIGEST} AS statements FROM ({texts}) GROUP BY s)
          JOIN release USING (node, statements) WHERE dataset = ?""",
        [dataset],
    )
    return frozenset(str(node) for (node,) in rows)


def replace_withheld(cursor: Cursor, dataset: str) -> None:
    """Put what a staged run withheld (`withheld_text`) in the place of what the last one did."""
    cursor.run("DELETE FROM withheld WHERE dataset = ?", [dataset])
    cursor.run("INSERT INTO withheld SELECT ?, s, p, o, g FROM withheld_text", [dataset])


def replace_quarantine(cursor: Cursor, dataset: str, records: pa.Table | None) -> None:
    """Put a run's records in the place of those of the last one of its name."""
    cursor.run("DELETE FROM quarantine WHERE dataset = ?", [dataset])
    if records is None or not records.num_rows:
        return
    columns = ", ".join(
        f'"{column}"' if column in records.column_names else "NULL" for column in QUARANTINE_COLUMNS[1:]
    )
    with cursor.registered("incoming", records):
        cursor.run(f"INSERT INTO quarantine SELECT ?, {columns} FROM incoming", [dataset])

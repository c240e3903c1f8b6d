from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
import pytest

from emkg.errors import (
    CancelledError,
    LedgerCorruptError,
    LedgerError,
    LedgerLockedError,
    MemoryLimitError,
    QueryRefusedError,
    QueryTimeoutError,
)
from emkg.ledger import Activity, GraphSummary, Ledger, term_id
from emkg.rdf import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.ledger import Commit

    Build: TypeAlias = Callable[..., pa.Table]
    Row: TypeAlias = tuple[str, ...]
    ReadRows: TypeAlias = Callable[[pa.RecordBatchReader], set[Row]]
    from pathlib import Path

G, H = "http://e/g", "http://e/h"
A, B, P, Q = "<http://e/a>", "<http://e/b>", "<http://e/p>", "<http://e/q>"
ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range, b.range) = 1"


def put(ledger: Ledger, graph: str, statements: pa.Table, name: str = "d/x") -> Commit:
    with ledger.stage({graph: statements}) as staged:
        return staged.commit(Activity(name))


def test_a_new_ledger_is_empty(ledger: Ledger) -> None:
    assert (ledger.generation, ledger.graphs(), ledger.generations()) == (0, (), ())


def test_a_file_keeps_what_was_committed(tmp_path: Path, table: Build, rows_of: ReadRows) -> None:
    with Ledger.open(tmp_path / "l.duckdb") as ledger:
        put(ledger, G, table((A, P, B)))
    with Ledger.open(tmp_path / "l.duckdb") as again:
        assert rows_of(again.statements(graphs=[G])) == {(A, P, B)}


def test_statements_can_be_asked_by_graph_predicate_and_generation(
    ledger: Ledger, table: Build, rows_of: ReadRows
) -> None:
    put(ledger, G, table((A, P, B), (A, Q, B)))
    put(ledger, H, table((B, P, A)))
    put(ledger, G, table((A, P, B)))
    assert rows_of(ledger.statements(graphs=[G], predicates=["http://e/q"], as_of=2)) == {(A, Q, B)}
    assert rows_of(ledger.statements(predicates=["http://e/p"])) == {(A, P, B), (B, P, A)}
    assert rows_of(ledger.statements(graphs=[])) == set()
    assert rows_of(ledger.statements(graphs=[G, H], as_of=0)) == set()


def test_graphs_are_summed_up_with_the_generation_that_changed_them_last(
    ledger: Ledger, table: Build
) -> None:
    put(ledger, G, table((A, P, B), (A, Q, B)))
    put(ledger, H, table((A, P, B)))
    put(ledger, G, table((A, P, B)))
    summary = {graph.name: graph for graph in ledger.graphs()}
    assert summary[G] == GraphSummary(G, 1, 3)
    assert summary[H] == GraphSummary(H, 1, 2)


def test_contains_tells_a_quad_of_its_graph_or_of_any(ledger: Ledger, table: Build) -> None:
    put(ledger, G, table((A, P, '"x"')))
    quad = Quad(IRI("http://e/a"), IRI("http://e/p"), Literal("x"))
    assert ledger.contains(quad)
    assert ledger.contains(Quad(quad.subject, quad.predicate, quad.object, IRI(G)))
    assert not ledger.contains(Quad(quad.subject, quad.predicate, quad.object, IRI(H)))


def test_ids_and_texts_translate_both_ways(ledger: Ledger, table: Build) -> None:
    put(ledger, G, table((A, P, '"数据"@zh')))
    ids = [term_id(text) for text in (A, '"数据"@zh', "<http://e/unknown>")]
    assert {number: str(term) for number, term in ledger.terms(ids).items()} == {
        ids[0]: A,
        ids[1]: '"数据"@zh',
    }


def test_a_generation_can_be_found_by_its_time(ledger: Ledger, table: Build) -> None:
    before = datetime.now(UTC)
    put(ledger, G, table((A, P, B)))
    (generation,) = ledger.generations()
    assert ledger.generation_at(before - timedelta(seconds=1)) == 0
    assert ledger.generation_at(generation.committed) == 1
    assert before <= generation.committed <= datetime.now(UTC)


def test_select_answers_a_compiled_plan(ledger: Ledger, table: Build) -> None:
    put(ledger, G, table((A, P, '"7"^^<http://www.w3.org/2001/XMLSchema#integer>')))
    sql = "SELECT t.number FROM quad q JOIN term t ON q.o = t.id WHERE q.p = $p"
    assert ledger.select(sql, {"p": term_id(P)}).read_all().to_pylist() == [{"number": 7.0}]


@pytest.mark.parametrize("sql", ["DELETE FROM quad", "SELECT 1; SELECT 2", "ATTACH 'x.duckdb'"])
def test_select_refuses_what_is_not_one_select(ledger: Ledger, sql: str) -> None:
    with pytest.raises(QueryRefusedError):
        ledger.select(sql)


def test_select_reads_no_files(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(LedgerError):
        ledger.select(f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")  # noqa: S608 - a path of the test


def test_a_plan_that_does_not_parse_is_an_error_of_the_ledger(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        ledger.select("SELEC 1")


def test_a_query_is_stopped_at_its_time_limit_and_the_next_one_answered(ledger: Ledger) -> None:
    with pytest.raises(QueryTimeoutError):
        ledger.select(ENDLESS, timeout_s=0.1).read_all()
    assert ledger.select("SELECT 1 AS one", timeout_s=5).read_all().to_pylist() == [{"one": 1}]


def test_interrupt_stops_the_running_query(ledger: Ledger) -> None:
    timer = threading.Timer(0.1, ledger.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        ledger.select(ENDLESS).read_all()
    timer.join()


def test_a_query_over_the_memory_limit_fails_and_the_ledger_lives() -> None:
    with Ledger.open(None, memory_limit_mb=60) as ledger:
        with pytest.raises(MemoryLimitError):
            ledger.select("SELECT list(hash(range)) FROM range(50000000)").read_all()
        assert ledger.generation == 0


def test_a_reader_in_another_thread_sees_the_old_state_until_the_commit(
    tmp_path: Path, table: Build, rows_of: ReadRows
) -> None:
    with Ledger.open(tmp_path / "l.duckdb") as ledger:
        put(ledger, G, table((A, P, B)))
        with ledger.stage({G: table((A, Q, B))}) as staged:
            seen = []
            reader = threading.Thread(target=lambda: seen.append(rows_of(ledger.statements(graphs=[G]))))
            reader.start()
            reader.join()
            staged.commit(Activity("d/x"))
        assert seen == [{(A, P, B)}]
        assert rows_of(ledger.statements(graphs=[G])) == {(A, Q, B)}


def _open_elsewhere(path: Path) -> subprocess.CompletedProcess[str]:
    code = f"from pathlib import Path; from emkg.ledger import Ledger; Ledger.open(Path({str(path)!r}))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_a_second_process_is_told_that_the_ledger_is_in_use(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.duckdb"):
        assert "LedgerLockedError" in _open_elsewhere(tmp_path / "l.duckdb").stderr


def test_the_same_process_cannot_open_it_with_other_settings(tmp_path: Path) -> None:
    with (
        Ledger.open(tmp_path / "l.duckdb", memory_limit_mb=500),
        pytest.raises(LedgerLockedError),
    ):
        Ledger.open(tmp_path / "l.duckdb", memory_limit_mb=600)


def test_a_ledger_opened_to_read_refuses_to_write(tmp_path: Path, table: Build, rows_of: ReadRows) -> None:
    with Ledger.open(tmp_path / "l.duckdb") as ledger:
        put(ledger, G, table((A, P, B)))
    with Ledger.open(tmp_path / "l.duckdb", read_only=True) as reader:
        assert rows_of(reader.statements(graphs=[G])) == {(A, P, B)}
        with pytest.raises(LedgerError):
            put(reader, G, table((A, Q, B)))


def test_reading_a_ledger_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="ingest first"):
        Ledger.open(tmp_path / "none.duckdb", read_only=True)


@pytest.mark.parametrize("content", [b"not a database" * 500, b"\0" * 20_000])
def test_a_file_of_something_else_is_not_taken_for_a_ledger(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "l.duckdb").write_bytes(content)
    with pytest.raises(LedgerCorruptError):
        Ledger.open(tmp_path / "l.duckdb")


def test_a_ledger_of_another_format_is_refused(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.duckdb") as ledger:
        ledger._engine.cursor().run("UPDATE meta SET value = '99'")
    with pytest.raises(LedgerCorruptError, match="format 99"):
        Ledger.open(tmp_path / "l.duckdb")


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.duckdb") as ledger:
        ledger._engine.cursor().run("DROP TABLE meta")
    with pytest.raises(LedgerCorruptError, match="not a ledger"):
        Ledger.open(tmp_path / "l.duckdb")


def test_an_unusable_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="missing"):
        Ledger.open(tmp_path / "missing" / "l.duckdb")


def test_many_threads_may_read_at_once(ledger: Ledger, table: Build) -> None:
    put(ledger, G, table(*((f"<http://e/{i}>", P, B) for i in range(1000))))
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(ledger.statements(graphs=[G]).read_all().num_rows))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [1000] * 8


def test_an_answer_is_read_in_batches(ledger: Ledger, table: Build) -> None:
    put(ledger, G, table(*((f"<http://e/{i}>", P, B) for i in range(1000))))
    batch = next(iter(ledger.statements(graphs=[G])))
    assert isinstance(batch, pa.RecordBatch)


def test_interrupt_passes_over_what_has_ended(ledger: Ledger, table: Build) -> None:
    with ledger.stage({G: table((A, P, B))}) as staged:
        pass
    ledger.interrupt()
    assert staged.statement_count == 1
    assert ledger.generation == 0


def test_work_larger_than_the_memory_limit_goes_to_disk(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.duckdb", memory_limit_mb=60, threads=1) as ledger:
        sql = "SELECT max(r) AS m FROM (SELECT range AS r, row_number() OVER (ORDER BY hash(range)) FROM range(3000000))"
        assert ledger.select(sql).read_all().to_pylist() == [{"m": 2_999_999}]

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.errors import CancelledError, MemoryLimitError, QueryRefusedError, QueryTimeoutError
from emkg.ledger import Activity, Ledger, term_id
from emkg.ledger.cursor import Cursor
from emkg.ledger.deadline import Watchdog
from emkg.rdf import IRI, BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    Build: TypeAlias = Callable[..., pa.Table]

ENDLESS = "SELECT count(*) AS n FROM range(3000000) a, range(3000000) b WHERE a.range + b.range = -1"
MANY = "SELECT range AS n FROM range(1000000)"


def test_a_small_answer_comes_as_rows(ledger: Ledger) -> None:
    assert ledger.rows("SELECT 1, 'a' UNION ALL SELECT 2, 'b' ORDER BY 1", timeout_s=5) == [
        (1, "a"),
        (2, "b"),
    ]
    with pytest.raises(QueryRefusedError):
        ledger.rows("DROP TABLE quad")


def test_rows_end_at_their_time_limit_and_the_next_query_runs(ledger: Ledger) -> None:
    with pytest.raises(QueryTimeoutError):
        ledger.rows(ENDLESS, timeout_s=0.05)
    assert ledger.rows("SELECT 1", timeout_s=5) == [(1,)]


def test_a_time_limit_that_was_kept_stops_nothing_later(ledger: Ledger) -> None:
    assert ledger.rows("SELECT 1", timeout_s=0.05) == [(1,)]
    time.sleep(0.1)
    assert ledger.rows("SELECT 2") == [(2,)]


def test_the_rest_of_a_stream_is_under_the_limit_too(ledger: Ledger) -> None:
    reader = ledger.select("SELECT range AS n FROM range(1000000000000)", timeout_s=0.3)
    assert next(reader).num_rows
    with pytest.raises(QueryTimeoutError):
        for _ in reader:
            pass


def test_a_stream_that_is_left_or_never_read_holds_nothing(ledger: Ledger) -> None:
    ledger.select(MANY)
    for _ in ledger.select(MANY):
        break
    assert ledger._engine.readers._running == 0
    assert ledger.select(MANY).read_all().num_rows == 1_000_000


def test_interrupting_ends_what_runs_and_not_what_comes(ledger: Ledger) -> None:
    timer = threading.Timer(0.1, ledger.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        ledger.rows(ENDLESS)
    timer.join()
    assert ledger.rows("SELECT 1") == [(1,)]


def test_terms_come_back_by_id_asked_once_or_twice(ledger: Ledger, table: Build) -> None:
    with ledger.stage({"http://e/g": table(("_:b", "<http://e/p>", '"空\\n气"@zh'))}) as staged:
        staged.commit(Activity("d/x"))
    ids = [term_id(text) for text in ("_:b", "<http://e/p>", '"空\\n气"@zh', "<http://e/unknown>")]
    expected = {
        ids[0]: BlankNode("b"),
        ids[1]: IRI("http://e/p"),
        ids[2]: Literal("空\n气", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "zh"),
    }
    assert ledger.terms(ids) == expected
    assert ledger.terms(ids) == expected
    assert ledger.terms(range(3000)) == {}


class _Starved(Cursor):
    """A cursor whose first queries find no memory, as beside a heavy neighbour."""

    failures = 0

    def __init__(self, cursor: Cursor) -> None:
        self.raw, self.file = cursor.raw, cursor.file

    @property
    def raw(self) -> object:
        if type(self).failures:
            type(self).failures -= 1
            raise MemoryLimitError("no memory")
        return self._raw

    @raw.setter
    def raw(self, value: object) -> None:
        self._raw = value


def test_who_fails_by_a_neighbours_memory_tries_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = ledger._engine.readers
    monkeypatch.setattr(readers, "_open_cursor", lambda: _Starved(ledger._engine.cursor()))
    readers._idle.clear()
    neighbour = ledger.select(MANY)
    _Starved.failures = 3
    assert ledger.rows("SELECT 1", timeout_s=5) == [(1,)]
    assert neighbour.read_all().num_rows == 1_000_000


def test_who_fails_alone_is_told_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = ledger._engine.readers
    monkeypatch.setattr(readers, "_open_cursor", lambda: _Starved(ledger._engine.cursor()))
    readers._idle.clear()
    _Starved.failures = 1
    with pytest.raises(MemoryLimitError):
        ledger.rows("SELECT 1", timeout_s=5)


def test_each_deadline_stops_its_own_and_a_forgotten_one_nothing() -> None:
    watchdog, stopped = Watchdog(), []
    late = watchdog.watch(0.15, lambda: stopped.append("late"))
    watchdog.watch(0.05, lambda: stopped.append("early"))
    forgotten = watchdog.watch(0.05, lambda: stopped.append("forgotten"))
    watchdog.forget(forgotten)
    for _ in range(100):
        if late.is_over:
            break
        time.sleep(0.02)
    watchdog.close()
    assert stopped == ["early", "late"]
    assert not forgotten.is_over

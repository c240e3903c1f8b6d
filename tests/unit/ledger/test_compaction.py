from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from emkg.errors import LedgerError, LedgerLockedError, ParameterError
from emkg.ledger import Activity, Ledger
from emkg.ledger.benchmark import synthetic_statements

if TYPE_CHECKING:
    from pathlib import Path

G = "http://e/g"


def _put(ledger: Ledger, count: int, shift: int = 0) -> None:
    with ledger.stage({G: synthetic_statements(count, shift)}) as staged:
        staged.commit(Activity("d/x"))


def _state(ledger: Ledger, as_of: int) -> set[tuple[str, ...]]:
    return {tuple(row.values()) for row in ledger.statements(as_of=as_of).read_all().to_pylist()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of three generations, with a term that nothing uses."""
    with Ledger.open(tmp_path / "l.duckdb") as ledger:
        for shift in (0, 300, 2000):
            _put(ledger, 3000, shift)
        ledger._engine.cursor().run(
            """INSERT INTO term (id, kind, lexical) VALUES (7, 1, 'http://e/nobody')"""
        )
        ledger.take_snapshot("before")
    return tmp_path / "l.duckdb"


def test_a_compacted_ledger_says_the_same_of_every_generation(path: Path) -> None:
    with Ledger.open(path, read_only=True) as ledger:
        before = [_state(ledger, number) for number in range(4)]
        runs, snapshots = ledger.runs(), ledger.snapshots()

    done = Ledger.compact(path)

    assert done.terms_dropped == 1
    assert done.bytes_after == path.stat().st_size
    with Ledger.open(path) as ledger:
        assert [_state(ledger, number) for number in range(4)] == before
        assert (ledger.runs(), ledger.snapshots()) == (runs, snapshots)
        assert ledger.check().is_sound
        _put(ledger, 10)
        assert ledger.generation == 4
    assert not list(path.parent.glob("*.compacting*"))


def test_a_ledger_that_is_open_or_missing_is_not_compacted(path: Path) -> None:
    with Ledger.open(path) as ledger:
        with pytest.raises(LedgerLockedError):
            Ledger.compact(path)
        assert ledger.generation == 3
    with pytest.raises(LedgerError, match="no ledger"):
        Ledger.compact(path.with_name("other.duckdb"))


def test_a_generation_is_found_by_number_name_date_and_instant(path: Path) -> None:
    with Ledger.open(path) as ledger:
        _put(ledger, 5)
        today = datetime.now(UTC)
        committed = ledger.generations()[1].committed
        assert ledger.generation_of("2") == 2
        assert ledger.generation_of("before") == 3
        assert ledger.generation_of(committed.isoformat()) == 2
        assert ledger.generation_of(f"{today:%Y-%m-%d}") == 4
        assert ledger.generation_of(f"{today - timedelta(days=2):%Y-%m-%d}") == 0


@pytest.mark.parametrize("text", ["5", "nonsense", "2026-13-01", ""])
def test_what_means_no_generation_is_refused(path: Path, text: str) -> None:
    with Ledger.open(path) as ledger, pytest.raises(ParameterError):
        ledger.generation_of(text)


@pytest.mark.parametrize("name", ["before", "3", "2026-01-01", "a b", ""])
def test_a_name_that_is_taken_or_could_mean_something_else_is_refused(path: Path, name: str) -> None:
    with Ledger.open(path) as ledger:
        with pytest.raises(ParameterError):
            ledger.take_snapshot(name)
        assert ledger.take_snapshot("演练-2026").generation == 3

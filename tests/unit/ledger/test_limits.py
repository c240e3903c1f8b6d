from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from emkg.errors import MemoryLimitError, QueryTimeoutError
from emkg.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Distinct values spill; one value that holds everything cannot.
DISTINCT = "SELECT count(*) FROM (SELECT DISTINCT hash(range), hash(range + 1) FROM range(8000000))"
ONE_VALUE = "SELECT length(string_agg(hash(range)::VARCHAR, ',')) AS n FROM range(20000000)"
ENDLESS = "SELECT count(*) FROM range(3000000) a, range(3000000) b WHERE a.range + b.range = -1"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "l.duckdb", memory_limit_mb=128, spill_limit_mb=1000) as opened:
        yield opened


def test_what_does_not_fit_into_memory_goes_to_disk(small: Ledger, tmp_path: Path) -> None:
    assert small.rows(DISTINCT, timeout_s=60) == [(8_000_000,)]
    assert not [file for file in tmp_path.glob("*.tmp/*") if file.stat().st_size]


def test_a_ledger_in_memory_spills_too_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Ledger.open(None, memory_limit_mb=128, spill_limit_mb=1000) as ledger:
        assert ledger.rows(DISTINCT, timeout_s=60) == [(8_000_000,)]
        assert list(tmp_path.glob("emkg-ledger-*.tmp"))
    assert not list(tmp_path.iterdir())


def test_disk_has_its_limit_too(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.duckdb", memory_limit_mb=128, spill_limit_mb=1) as ledger:
        with pytest.raises(MemoryLimitError, match="spill_limit_mb"):
            ledger.rows(DISTINCT, timeout_s=60)
        assert ledger.rows("SELECT 1") == [(1,)]


@pytest.mark.parametrize(("heavy", "error"), [(ONE_VALUE, MemoryLimitError), (ENDLESS, QueryTimeoutError)])
def test_a_heavy_query_ends_and_those_beside_it_do_not_notice(
    small: Ledger, heavy: str, error: type[Exception]
) -> None:
    answers, done = [], threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.append(small.rows("SELECT count(*) FROM quad", timeout_s=5))
            time.sleep(0.005)

    beside = threading.Thread(target=ask)
    beside.start()
    with pytest.raises(error):
        small.rows(heavy, timeout_s=1)
    done.set()
    beside.join()
    assert answers
    assert set(map(tuple, answers)) == {((0,),)}

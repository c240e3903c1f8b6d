"""What start-up says of a damaged log or file, and what a full disk leaves."""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from emkg.errors import LedgerCorruptError, LedgerFullError
from emkg.ledger import Activity, Ledger
from emkg.ledger.benchmark import synthetic_statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMITS = """
import os, sys
from pathlib import Path
from emkg.ledger import Activity, Ledger
from emkg.ledger.benchmark import synthetic_statements
ledger = Ledger.open(Path(sys.argv[1]))
for number in range(3):
    with ledger.stage({f"http://e/g{number}": synthetic_statements(200, number)}) as staged:
        staged.commit(Activity("d/x"))
os.kill(os.getpid(), 9)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a ledger whose process was killed after its third commit, by suffix."""
    path = tmp_path_factory.mktemp("killed") / "l.duckdb"
    assert subprocess.run([sys.executable, "-c", COMMITS, str(path)], check=False).returncode == -9
    return {file.name.removeprefix("l.duckdb"): file.read_bytes() for file in path.parent.iterdir()}


def _place(files: dict[str, bytes], folder: Path) -> Path:
    for suffix, content in files.items():
        (folder / f"l.duckdb{suffix}").write_bytes(content)
    return folder / "l.duckdb"


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut by a byte": lambda log: log[:-1],
    "cut in half": lambda log: log[: len(log) // 2],
    "empty": lambda log: log[:0],
    "zeros": lambda log: b"\0" * len(log),
    "another beginning": lambda log: _flipped(log, 0),
    "a byte changed": lambda log: _flipped(log, len(log) // 2),
    "a byte of the last entry changed": lambda log: _flipped(log, len(log) - 50),
}


def test_what_a_killed_process_had_accepted_is_there(killed: dict[str, bytes], tmp_path: Path) -> None:
    path = _place(killed, tmp_path)
    with Ledger.open(path) as ledger:
        assert ledger.generation == 3
        assert ledger.check().is_sound
    assert not list(tmp_path.glob("*.damaged"))


def test_an_unfinished_entry_after_the_last_accepted_run_is_no_damage(
    killed: dict[str, bytes], tmp_path: Path
) -> None:
    path = _place({**killed, ".wal": killed[".wal"] + b"\x01\x02" * 100}, tmp_path)
    with Ledger.open(path) as ledger:
        assert ledger.generation == 3


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_log_is_said_and_kept(
    killed: dict[str, bytes], tmp_path: Path, damage: str, *, read_only: bool
) -> None:
    log = DAMAGE[damage](killed[".wal"])
    path = _place({**killed, ".wal": log}, tmp_path)
    with pytest.raises(LedgerCorruptError, match="estore a backup"):
        Ledger.open(path, read_only=read_only)
    logs = [file.read_bytes() for file in tmp_path.iterdir() if ".wal" in file.name]
    assert log in logs or not log


def test_the_owner_may_go_on_with_what_is_left(killed: dict[str, bytes], tmp_path: Path) -> None:
    path = _place({**killed, ".wal": killed[".wal"][:-1]}, tmp_path)
    with pytest.raises(LedgerCorruptError, match="holds generation 2, but 3 were accepted"):
        Ledger.open(path)
    (tmp_path / "l.duckdb.head").unlink()
    with Ledger.open(path) as ledger:
        assert ledger.generation == 2
        assert ledger.check().is_sound


def test_a_ledger_whose_file_was_deleted_begins_anew(killed: dict[str, bytes], tmp_path: Path) -> None:
    path = _place({".head": killed[".head"]}, tmp_path)
    with Ledger.open(path) as ledger:
        assert ledger.generation == 0


def test_a_damaged_file_is_called_damaged(killed: dict[str, bytes], tmp_path: Path) -> None:
    path = _place({**killed, "": _flipped(killed[""], 100)}, tmp_path)
    with pytest.raises(LedgerCorruptError, match="damaged"):
        Ledger.open(path)


@pytest.mark.parametrize("room", [100_000, 400_000])
def test_a_full_disk_loses_nothing_and_the_next_run_succeeds(tmp_path: Path, room: int) -> None:
    path = tmp_path / "l.duckdb"
    with Ledger.open(path) as ledger:
        _put(ledger, 200)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        try:
            with pytest.raises(LedgerFullError, match="Make room"):
                _put(ledger, 30_000)
            assert ledger.generation == 1
            assert len(ledger.rows("SELECT DISTINCT g FROM quad")) == 2
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        _put(ledger, 30_000)
    with Ledger.open(path) as ledger:
        assert ledger.generation == 2
        assert ledger.check().is_sound


def _put(ledger: Ledger, count: int) -> None:
    with ledger.stage({f"http://e/{count}": synthetic_statements(count, 0)}) as staged:
        staged.commit(Activity("d/x"))


def test_terms_of_a_log_are_found_by_id_after_a_crash_and_in_a_backup(
    killed: dict[str, bytes], tmp_path: Path
) -> None:
    path, copy = _place(killed, tmp_path), tmp_path / "copy.duckdb"
    with Ledger.open(path) as ledger:
        assert _finds_all(ledger)
        _put(ledger, 100)
        ledger.backup(copy)
    for file in (path, copy):
        with Ledger.open(file, read_only=True) as ledger:
            assert _finds_all(ledger)
            assert ledger.check().is_sound


def _finds_all(ledger: Ledger) -> bool:
    ids = [int(str(number)) for (number,) in ledger.rows("SELECT id FROM term")]
    return len(ledger.terms(ids)) == len(ids)

"""A backup is the ledger as it stood, taken while it is used; a restore puts back nothing unsound."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.errors import LedgerCorruptError, LedgerError, LedgerLockedError
from emkg.ledger import Activity, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    Build: TypeAlias = Callable[..., pa.Table]
    ReadRows: TypeAlias = Callable[[pa.RecordBatchReader], set[tuple[str, ...]]]

G = "http://e/g"
A, B, C, P = "<http://e/a>", "<http://e/b>", "<http://e/c>", "<http://e/p>"


def put(ledger: Ledger, statements: pa.Table) -> None:
    with ledger.stage({G: statements}) as staged:
        staged.commit(Activity("d/x"))


def test_a_backup_taken_beside_a_reader_and_a_staged_run_is_the_committed_state(
    tmp_path: Path, table: Build, rows_of: ReadRows
) -> None:
    with Ledger.open(tmp_path / "l.duckdb") as ledger:
        put(ledger, table((A, P, B)))
        reader = ledger.statements(graphs=[G])
        with ledger.stage({G: table((A, P, C))}) as staged:
            ledger.backup(tmp_path / "copy.duckdb")
            staged.commit(Activity("d/x"))
        assert rows_of(reader) == {(A, P, B)}

    with Ledger.open(tmp_path / "copy.duckdb", read_only=True) as copy:
        assert rows_of(copy.statements(graphs=[G])) == {(A, P, B)}
        assert copy.check().is_sound
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.duckdb", "l.duckdb", "l.duckdb.head"]


def test_a_restored_ledger_has_its_past_and_the_former_file_is_kept(
    tmp_path: Path, table: Build, rows_of: ReadRows
) -> None:
    path, backup = tmp_path / "l.duckdb", tmp_path / "copy.duckdb"
    with Ledger.open(path) as ledger:
        put(ledger, table((A, P, B)))
        put(ledger, table((A, P, C)))
        ledger.backup(backup)
        put(ledger, table((B, P, C)))

    kept = Ledger.restore(backup, path)

    with Ledger.open(path) as ledger:
        assert rows_of(ledger.statements(graphs=[G])) == {(A, P, C)}
        assert rows_of(ledger.statements(graphs=[G], as_of=1)) == {(A, P, B)}
    assert kept is not None
    with Ledger.open(kept, read_only=True) as former:
        assert rows_of(former.statements(graphs=[G])) == {(B, P, C)}


def test_a_backup_of_an_earlier_generation_is_no_damage(tmp_path: Path, table: Build) -> None:
    path, backup = tmp_path / "l.duckdb", tmp_path / "copy.duckdb"
    with Ledger.open(path) as ledger:
        put(ledger, table((A, P, B)))
        ledger.backup(backup)
        put(ledger, table((A, P, C)))

    Ledger.restore(backup, path)

    with Ledger.open(path) as ledger:
        assert ledger.generation == 1


def test_a_damaged_ledger_is_replaced_by_a_backup(tmp_path: Path, table: Build) -> None:
    path, backup = tmp_path / "l.duckdb", tmp_path / "copy.duckdb"
    with Ledger.open(path) as ledger:
        put(ledger, table((A, P, B)))
        ledger.backup(backup)
    path.write_bytes(b"not a ledger any more")

    Ledger.restore(backup, path)

    with Ledger.open(path) as ledger:
        assert ledger.generation == 1


def test_an_unsound_backup_is_not_restored(tmp_path: Path, table: Build) -> None:
    path, backup = tmp_path / "l.duckdb", tmp_path / "copy.duckdb"
    with Ledger.open(backup) as ledger:
        put(ledger, table((A, P, B)))
        ledger._engine.cursor().run("DELETE FROM term WHERE lexical = 'http://e/b'")

    with pytest.raises(LedgerCorruptError, match="unknown-term"):
        Ledger.restore(backup, path)
    assert not path.exists()


def test_a_file_that_is_no_ledger_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    with pytest.raises(LedgerCorruptError):
        Ledger.restore(tmp_path / "notes.txt", tmp_path / "l.duckdb")


def test_a_ledger_in_use_is_not_replaced(tmp_path: Path, table: Build) -> None:
    path, backup = tmp_path / "l.duckdb", tmp_path / "copy.duckdb"
    with Ledger.open(path) as ledger:
        put(ledger, table((A, P, B)))
        ledger.backup(backup)
    hold = (
        f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"

        with pytest.raises(LedgerLockedError):
            Ledger.restore(backup, path)
        other.kill()


def test_a_backup_never_overwrites_and_needs_a_file(tmp_path: Path, ledger: Ledger) -> None:
    taken = tmp_path / "copy.duckdb"
    taken.write_bytes(b"mine")
    with pytest.raises(LedgerError, match="in memory"):
        ledger.backup(tmp_path / "other.duckdb")
    with Ledger.open(tmp_path / "l.duckdb") as filed:
        with pytest.raises(LedgerError, match="is there already"):
            filed.backup(taken)
        with pytest.raises(LedgerError, match="cannot be written"):
            filed.backup(tmp_path / "no-folder" / "copy.duckdb")
    assert taken.read_bytes() == b"mine"

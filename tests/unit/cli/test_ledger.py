from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg


def test_a_ledger_is_checked_backed_up_damaged_and_restored(emkg: Emkg, town: Path, tmp_path: Path) -> None:
    emkg("ingest", "fire", "law", "--workspace", town)
    backup = tmp_path / "town.duckdb"

    sound = emkg("ledger", "check", "--workspace", town)
    saved = emkg("backup", backup, "--workspace", town)
    with duckdb.connect(str(town / "ledger.duckdb")) as connection:
        connection.execute("DELETE FROM term WHERE lexical = 'town-fire-7' OR id = (SELECT min(s) FROM quad)")
    damaged = emkg("ledger", "check", "--workspace", town)
    restored = emkg("restore", backup, "--workspace", town)
    again = emkg("ledger", "check", "--workspace", town, "--json")

    assert (sound.code, saved.code, restored.code, again.code) == (0, 0, 0, 0)
    assert "The ledger is sound" in sound.out
    assert "Backed up to" in saved.out
    assert damaged.code == 1
    assert "unknown-term" in damaged.out
    assert "emkg restore" in damaged.out
    assert "ledger.duckdb.before-restore" in restored.out.replace("\n", "")
    assert json.loads(again.out)["is_sound"] is True


def test_a_ledger_is_named_compacted_and_asked_as_of_a_name(emkg: Emkg, town: Path, tmp_path: Path) -> None:
    emkg("ingest", "fire", "--workspace", town)

    named = emkg("ledger", "snapshot", "演练", "--workspace", town)
    compacted = emkg("ledger", "compact", "--workspace", town)
    listed = emkg("ledger", "snapshot", "--workspace", town)
    taken = emkg("ledger", "snapshot", "演练", "--workspace", town)
    query = tmp_path / "count.rq"
    query.write_text("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")
    now, empty, never = (
        emkg("query", query, "--format", "csv", "--as-of", when, "--workspace", town)
        for when in ("演练", "0", "2999")
    )

    assert (named.code, compacted.code, listed.code) == (0, 0, 0)
    assert "Compacted" in compacted.out
    assert listed.out == named.out
    assert "演练: generation " in listed.out
    assert taken.code == 1
    assert int(now.out.split()[1]) > 0
    assert empty.out.split() == ["n", "0"]
    assert never.code == 1
    assert "no generation 2999" in never.err

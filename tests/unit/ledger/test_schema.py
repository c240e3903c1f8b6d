from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import duckdb
import pytest

from emkg.errors import LedgerError
from emkg.ledger import Activity, Ledger, schema
from emkg.rdf import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    Build: TypeAlias = Callable[..., pa.Table]

G = "http://e/g"
ROWS = [
    (f"<http://e/s{number % 7}>", f"<http://e/p{number % 3}>", f'"{number % 11}"') for number in range(50)
]


def _load(ledger: Ledger, statements: pa.Table) -> None:
    with ledger.stage({G: statements}) as staged:
        staged.commit(Activity("d/x"))


def _rows(ledger: Ledger, table: str) -> list[tuple[int, ...]]:
    rows = ledger.select(f"SELECT g, s, p, o FROM {table} ORDER BY ALL").read_all().to_pylist()  # noqa: S608 - a table of this test
    return [tuple(row.values()) for row in rows]


# What the formats after it brought is taken away, the latest first.
_FORMER = {
    "2": "ALTER TABLE quarantine DROP COLUMN node; DROP TABLE withheld; DROP TABLE release;",
    "1": """DROP INDEX term_by_id; DROP TABLE quad_by_subject; DROP TABLE quad_by_object;
        DROP MACRO TABLE quad_by_subject_as_of; DROP MACRO TABLE quad_by_object_as_of;""",
}


def _make_former(path: Path, number: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for former, change in _FORMER.items():
            if former >= number:
                connection.execute(change)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", [number])


@pytest.mark.parametrize("copy", ["quad_by_subject", "quad_by_object"])
def test_each_copy_holds_the_same_now_and_as_of_then(ledger: Ledger, table: Build, copy: str) -> None:
    _load(ledger, table(*ROWS))
    _load(ledger, table(*ROWS[:20], ("<http://e/new>", "<http://e/p>", '"x"')))
    for suffix in ("", "_as_of(1)", "_as_of(2)"):
        here, there = (_rows(ledger, f"{name}{suffix}") for name in ("quad", copy))
        assert here == there
    assert ledger.check().is_sound


@pytest.mark.parametrize("number", sorted(_FORMER))
def test_a_ledger_of_a_former_format_is_brought_to_this_one(
    tmp_path: Path, table: Build, number: str
) -> None:
    path = tmp_path / "l.duckdb"
    with Ledger.open(path) as ledger:
        _load(ledger, table(*ROWS))
    _make_former(path, number)
    with pytest.raises(LedgerError, match="compact"):
        Ledger.open(path, read_only=True)
    with Ledger.open(path) as ledger:
        assert ledger.check().is_sound
        assert _rows(ledger, "quad_by_subject") == _rows(ledger, "quad")
        assert ledger.contains(Quad(IRI("http://e/s1"), IRI("http://e/p1"), Literal("1")))
        _load(ledger, table(*ROWS[:3]))
        assert ledger.quarantine.records().read_all().num_rows == 0
    Ledger.compact(path)


def test_many_new_terms_leave_the_index_in_place(
    ledger: Ledger, table: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_TERMS_IN_BULK", 3)
    _load(ledger, table(*ROWS))
    assert ledger.select("SELECT * FROM duckdb_indexes()").read_all()["index_name"].to_pylist() == [
        "term_by_id"
    ]


def test_an_index_lost_in_a_crash_is_made_when_the_file_is_opened(tmp_path: Path, table: Build) -> None:
    path = tmp_path / "l.duckdb"
    with Ledger.open(path) as ledger:
        _load(ledger, table(*ROWS))
        ledger._engine.cursor().run("DROP INDEX term_by_id")
    with Ledger.open(path) as ledger:
        assert ledger.select("SELECT * FROM duckdb_indexes()").read_all().num_rows == 1

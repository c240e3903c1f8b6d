from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.errors import QueryTimeoutError, RdfSyntaxError
from emkg.ledger import Activity, term_id
from emkg.rdf import Literal
from emkg.rdf.relation import STATEMENTS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from emkg.ledger import Ledger

    Build: TypeAlias = Callable[..., pa.Table]
    ReadRows: TypeAlias = Callable[[pa.RecordBatchReader], set[tuple[str, ...]]]

G, H = "<http://e/g>", "<http://e/h>"
A, B, C, P = (f"<http://e/{name}>" for name in "abcp")
NONE = STATEMENTS_SCHEMA.empty_table()


@pytest.fixture
def filled(ledger: Ledger, table: Build) -> Ledger:
    with ledger.stage({"http://e/g": table((A, P, B), (B, P, C))}) as staged:
        staged.commit(Activity("d/start"))
    return ledger


def test_an_edit_sees_those_before_it_and_nobody_else_does(filled: Ledger, table: Build) -> None:
    with filled.change() as change:
        change.edit(table((A, P, B, G)), table((A, P, '"new"', G)))
        inside = change.read(f"SELECT o FROM quad WHERE s = {term_id(A)} AND g = {term_id(G)}")  # noqa: S608 - ids
        [number] = inside["o"].to_pylist()

        assert change.terms([number]) == {number: Literal("new")}
        assert change.statistics() is None
        assert filled.statements(graphs=["http://e/g"]).read_all().num_rows == 2
    assert filled.generation == 1


def test_what_is_added_and_removed_again_leaves_nothing(filled: Ledger, table: Build) -> None:
    with filled.change() as change:
        change.edit(NONE, table((A, P, '"x"', H)))
        change.edit(table((A, P, '"x"', H), (A, P, B, G)), NONE)
        change.edit(NONE, table((A, P, B, G)))
        commit = change.commit(Activity("update"))

    assert commit.is_empty
    assert filled.check().flaws == ()


def test_graphs_are_copied_and_cleared_without_leaving_the_ids(filled: Ledger, rows_of: ReadRows) -> None:
    with filled.change() as change:
        change.copy("http://e/g", "http://e/h")
        change.clear(["http://e/g"])
        assert "http://e/h" in change.graphs()
        commit = change.commit(Activity("update"))

    assert (commit.added, commit.removed) == (2, 2)
    assert rows_of(filled.statements(graphs=["http://e/h"])) == {(A, P, B), (B, P, C)}
    assert rows_of(filled.statements(graphs=["http://e/g"], as_of=1)) == {(A, P, B), (B, P, C)}
    assert filled.check().flaws == ()


def test_what_is_no_term_is_refused_and_changes_nothing(filled: Ledger, table: Build) -> None:
    with pytest.raises(RdfSyntaxError), filled.change() as change:
        change.edit(table((A, P, B, G)), table((A, P, "no term", G)))

    assert filled.generation == 1


def test_work_that_begins_after_the_time_is_over_does_not_begin(filled: Ledger, table: Build) -> None:
    with filled.change(timeout_s=0.01) as change:
        time.sleep(0.3)
        with pytest.raises(QueryTimeoutError):
            change.edit(NONE, table((A, P, C, G)))

    with filled.change() as change:  # the lock is free
        assert change.commit(Activity("update")).generation == 1

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.errors import LedgerError, QueryRefusedError
from emkg.ledger import Activity, term_id

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from emkg.ledger import Ledger

    Build: TypeAlias = Callable[..., pa.Table]
    Row: TypeAlias = tuple[str, ...]
    ReadRows: TypeAlias = Callable[[pa.RecordBatchReader], set[Row]]


G, INFERRED = "http://e/g", "http://e/inferred"
A, B, C, D, P, Q = (f"<http://e/{name}>" for name in "abcdpq")


@pytest.fixture
def chain(ledger: Ledger, table: Build) -> Ledger:
    with ledger.stage({G: table((A, P, B), (B, P, C), (C, P, D), (D, P, '"end"'))}) as staged:
        staged.commit(Activity("d/chain"))
    return ledger


def test_semi_naive_rounds_reach_the_closure_and_stop(chain: Ledger, rows_of: ReadRows) -> None:
    with chain.workbench() as bench:
        bench.create("path", "SELECT s, p, o FROM quad WHERE p = $p", {"p": term_id(P)})
        bench.create("news", "SELECT * FROM path")
        step = "SELECT n.s, n.p, e.o FROM news n JOIN quad e ON n.o = e.s AND e.p = n.p"
        rounds = []
        while added := bench.append_new("path", step, new="news"):
            rounds.append(added)
        assert rounds == [3, 2, 1]
        with bench.stage({INFERRED: "path"}) as staged:
            assert staged.commit(Activity("reasoning")).added == 10
    assert (A, P, '"end"') in rows_of(chain.statements(graphs=[INFERRED]))


def test_terms_of_rule_heads_are_declared(chain: Ledger, rows_of: ReadRows) -> None:
    with chain.workbench() as bench:
        (known_by,) = bench.declare([Q])
        bench.create(
            "turned",
            f"SELECT o AS s, {known_by}::UBIGINT AS p, s AS o FROM quad WHERE s = {term_id(A)}",  # noqa: S608 - ids
        )
        with bench.stage({INFERRED: "turned"}) as staged:
            assert rows_of(staged.statements(INFERRED)) == {(B, Q, A)}
            staged.commit(Activity("reasoning"))
    assert rows_of(chain.statements(graphs=[INFERRED])) == {(B, Q, A)}


def test_an_undeclared_term_is_refused(chain: Ledger) -> None:
    with chain.workbench() as bench:
        bench.create("turned", f"SELECT s, {term_id(Q)}::UBIGINT AS p, o FROM quad")  # noqa: S608 - ids
        with pytest.raises(LedgerError, match="declare"):
            bench.stage({INFERRED: "turned"})


def test_a_literal_subject_is_refused(chain: Ledger) -> None:
    with chain.workbench() as bench:
        bench.create("turned", f"SELECT o AS s, p, s AS o FROM quad WHERE p = {term_id(P)}")  # noqa: S608 - ids
        with pytest.raises(LedgerError, match="end"):
            bench.stage({INFERRED: "turned"})


def test_relations_are_counted_appended_read_and_dropped(chain: Ledger) -> None:
    with chain.workbench() as bench:
        assert bench.create("r", "SELECT 1 AS n") == 1
        assert bench.append("r", "SELECT * FROM range(3)") == 3
        assert bench.count("r") == 4
        assert sorted(bench.select("SELECT n FROM r").read_all()["n"].to_pylist()) == [0, 1, 1, 2]
        bench.drop("r")
        bench.drop("r")
        assert bench.create("r", "SELECT 2 AS n") == 1


def test_relations_are_invisible_outside_and_gone_afterwards(chain: Ledger) -> None:
    with chain.workbench() as bench:
        bench.create("r", "SELECT 1 AS n")
        with pytest.raises(LedgerError):
            chain.select("SELECT * FROM r")
    assert chain.generation == 1


@pytest.mark.parametrize("name", ["quad", "Bad", "x; DROP TABLE quad", "staged_quad", ""])
def test_a_name_that_is_taken_or_no_name_is_refused(chain: Ledger, name: str) -> None:
    with chain.workbench() as bench, pytest.raises(LedgerError):
        bench.create(name, "SELECT 1 AS n")


def test_only_selects_make_relations(chain: Ledger) -> None:
    with chain.workbench() as bench, pytest.raises(QueryRefusedError):
        bench.create("r", "DELETE FROM quad")

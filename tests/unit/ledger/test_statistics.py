from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from emkg.ledger import Activity, Ledger, term_id

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    Build: TypeAlias = Callable[..., pa.Table]

P, Q = "<http://e/p>", "<http://e/q>"


def _load(ledger: Ledger, graph: str, statements: pa.Table) -> None:
    with ledger.stage({graph: statements}) as staged:
        staged.commit(Activity(graph))


def test_each_predicate_is_counted(ledger: Ledger, table: Build) -> None:
    rows = [(f"<http://e/s{number % 5}>", P, f'"{number}"') for number in range(20)]
    _load(ledger, "http://e/g1", table(*rows, ("<http://e/s0>", Q, "<http://e/s1>")))
    _load(ledger, "http://e/g2", table(("<http://e/s9>", P, '"x"')))
    found = ledger.statistics().of(term_id(P))
    assert (found.quads, found.subjects, found.objects, found.graphs) == (21, 6, 21, 2)
    assert ledger.statistics().of(term_id(Q)).quads == 1


def test_a_predicate_nobody_uses_has_nothing(ledger: Ledger) -> None:
    assert ledger.statistics().of(term_id(P)).quads == 0
    assert not ledger.statistics().is_repeated(term_id(P))
    assert not ledger.statistics().is_repeated(None)


def test_only_a_statement_of_two_graphs_is_repeated(ledger: Ledger, table: Build) -> None:
    _load(ledger, "http://e/g1", table(("<http://e/a>", P, '"1"'), ("<http://e/a>", Q, '"1"')))
    _load(ledger, "http://e/g2", table(("<http://e/a>", P, '"2"')))
    assert not ledger.statistics().is_repeated(term_id(P))
    _load(ledger, "http://e/g2", table(("<http://e/a>", P, '"1"'), ("<http://e/b>", Q, '"1"')))
    assert ledger.statistics().is_repeated(term_id(P))
    assert not ledger.statistics().is_repeated(term_id(Q))
    assert ledger.statistics().is_repeated(None)


def test_a_new_generation_has_new_statistics_and_the_same_one_the_same(ledger: Ledger, table: Build) -> None:
    _load(ledger, "http://e/g1", table(("<http://e/a>", P, '"1"')))
    first = ledger.statistics()
    assert ledger.statistics() is first
    _load(ledger, "http://e/g1", table(("<http://e/a>", P, '"1"'), ("<http://e/a>", P, '"2"')))
    assert ledger.statistics().generation == first.generation + 1
    assert ledger.statistics().of(term_id(P)).quads == 2
    assert first.of(term_id(P)).quads == 1

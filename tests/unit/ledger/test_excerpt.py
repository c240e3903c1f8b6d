from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
import pytest

from emkg.errors import QueryRefusedError
from emkg.ledger import Activity, excerpt, term_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.ledger import Excerpt, Ledger

    Build: TypeAlias = Callable[..., pa.Table]

G = "http://e/g"
A, B, P = (f"<http://e/{name}>" for name in "abp")
VALUES = [f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>' for number in range(300)]
LARGE = f"SELECT count(*) AS n FROM quad q JOIN term t ON q.o = t.id JOIN judged USING (id) WHERE t.number > 200 AND q.p = {term_id(P)}"  # noqa: S608 - ids
COUNT = "SELECT count(*) AS n FROM quad"


@pytest.fixture
def numbers(ledger: Ledger, table: Build) -> Ledger:
    with ledger.stage({G: table(*((A, P, value) for value in VALUES))}) as staged:
        staged.commit(Activity("d/numbers"))
    return ledger


def quads(*numbers: int) -> pa.Table:
    rows = [(term_id(f"<{G}>"), term_id(A), term_id(P), term_id(VALUES[number])) for number in numbers]
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return pa.table({name: pa.array(one, pa.uint64()) for name, one in zip("gspo", columns, strict=True)})


def number_of(place: Excerpt, sql: str) -> int:
    return int(place.select(sql).read_all().column("n")[0].as_py())


def test_a_plan_that_is_kept_sees_what_is_held_later(numbers: Ledger) -> None:
    """DuckDB leaves out of a plan what a table's values rule out at that time; a kept plan must not have been made so."""
    large = LARGE.replace("USING (id)", f"ON judged.id = {term_id(A)}")
    with closing(numbers.excerpt(["judged"])) as place:
        for held, expected in (
            (quads(1, 2), 0),
            (quads(250), 1),
            (quads(), 0),
            (quads(3, 299, 298), 2),
            (quads(1), 0),
        ):
            with place.holding(held, (), {"judged": [term_id(A)]}):
                assert number_of(place, large) == expected
                assert number_of(place, COUNT) == held.num_rows
                everything = "SELECT count(*) AS n FROM quad WHERE s IS NULL OR s IS NOT NULL"
                assert number_of(place, everything) == held.num_rows


def test_what_was_held_is_gone_afterwards_also_after_an_error(numbers: Ledger) -> None:
    with closing(numbers.excerpt(["judged"])) as place:
        with suppress(ZeroDivisionError), place.holding(quads(1, 2, 3), (), {"judged": [1, 2]}):
            assert number_of(place, COUNT) == 3
            raise ZeroDivisionError
        with place.holding(quads(250), (), {"judged": [term_id(A)]}):
            assert number_of(place, COUNT) == 1
            assert number_of(place, "SELECT count(*) AS n FROM judged") == 1
            assert number_of(place, "SELECT count(*) AS n FROM term WHERE id IS NOT NULL") == 4
        assert number_of(place, COUNT) == 0


def test_it_starts_anew_before_it_grows_slow(numbers: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpt, "_MOST_ROWS", 20)
    with closing(numbers.excerpt(["judged"])) as place:
        for number in range(30):
            with place.holding(quads(number, number + 1, number + 2), (), {"judged": [term_id(A)]}):
                assert number_of(place, COUNT) == 3
                assert number_of(place, "SELECT count(*) AS n FROM quad JOIN term ON o = id") == 3


def test_the_ledger_sees_nothing_of_it(numbers: Ledger) -> None:
    with closing(numbers.excerpt(["judged"])) as place, place.holding(quads(1), (), {"judged": [5]}):
        assert number_of(place, COUNT) == 1
        assert numbers.statements(graphs=[G]).read_all().num_rows == len(VALUES)


def test_only_a_select_is_run(numbers: Ledger) -> None:
    with closing(numbers.excerpt([])) as place, pytest.raises(QueryRefusedError):
        place.select("DELETE FROM quad")

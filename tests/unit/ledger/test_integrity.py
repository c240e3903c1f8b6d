"""Whatever is damaged by hand is found by its rule, and a ledger that was only used is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from emkg.ledger import Activity, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    Build: TypeAlias = Callable[..., pa.Table]

G, H = "http://e/g", "http://e/h"
A, B, P = "<http://e/a>", "<http://e/b>", "<http://e/p>"
NUMBER = '"007"^^<http://www.w3.org/2001/XMLSchema#integer>'


@pytest.fixture
def used(ledger: Ledger, table: Build) -> Ledger:
    """A ledger with a present, a past, and a statement that went and came back."""
    for statements in (
        table((A, P, B), (A, P, NUMBER)),
        table((A, P, B)),
        table((A, P, NUMBER), ("_:x", P, B)),
    ):
        with ledger.stage({G: statements}) as staged:
            staged.commit(Activity("d/x"))
    return ledger


DAMAGE = {
    "term-id": "UPDATE term SET lexical = '008', number = 8, exact = 8 WHERE lexical = '007'",
    "term-twice": "INSERT INTO term BY NAME SELECT * EXCLUDE (text) FROM term WHERE lexical = '007'",
    "term-value": "UPDATE term SET number = 8 WHERE lexical = '007'",
    "unknown-term": "UPDATE quad SET o = 1 WHERE o = (SELECT id FROM term WHERE lexical = '007')",
    "term-place": "UPDATE quad SET p = o WHERE o = (SELECT id FROM term WHERE lexical = '007')",
    "copy-differs": "DELETE FROM quad_by_object WHERE o = (SELECT id FROM term WHERE lexical = '007')",
    "quad-twice": "INSERT INTO quad SELECT * FROM quad LIMIT 1",
    "empty-interval": "UPDATE quad_history SET until_generation = from_generation",
    "overlap": "UPDATE quad_history SET until_generation = 3 WHERE o = (SELECT id FROM term WHERE lexical = '007')",
    "unknown-generation": "UPDATE quad SET from_generation = 9 WHERE from_generation = 3",
    "generation-order": "UPDATE generation SET committed_at = '2000-01-01' WHERE id = 2",
    "no-provenance": "UPDATE generation SET activity = 'http://e/none' WHERE id = 2",
}


def test_a_ledger_that_was_only_used_is_sound(used: Ledger) -> None:
    report = used.check()

    assert report.is_sound
    assert (report.generation, report.past_quads) == (3, 2)
    assert report.quads > 2
    assert report.terms > 5


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_by_its_rule(used: Ledger, name: str) -> None:
    if name == "overlap":  # it came back in generation 3; the end of its first life is moved beyond that
        used._engine.cursor().run("UPDATE quad SET from_generation = 2 WHERE from_generation = 3")
    used._engine.cursor().run(DAMAGE[name])

    found = {flaw.name: flaw for flaw in used.check().flaws}

    assert found[name].count >= 1
    assert found[name].example
    assert found[name].message_zh


def test_an_index_that_lost_a_term_is_found(used: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from emkg.ledger.cursor import Cursor  # noqa: PLC0415 - only this test stands in for it

    read = Cursor.rows
    monkeypatch.setattr(
        Cursor, "rows", lambda self, sql, *more: [] if "WHERE id = " in sql else read(self, sql, *more)
    )

    assert [flaw.name for flaw in used.check().flaws] == ["term-index"]

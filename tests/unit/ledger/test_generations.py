from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.ledger import PROVENANCE_GRAPH, Activity, Ledger
from emkg.rdf.relation import STATEMENTS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    Build: TypeAlias = Callable[..., pa.Table]
    Row: TypeAlias = tuple[str, ...]


GRAPHS = ("http://e/g", "http://e/h")
statement = st.tuples(
    st.sampled_from(["<http://e/a>", "<http://e/b>", "_:c"]),
    st.sampled_from(["<http://e/p>", "<http://e/q>"]),
    st.sampled_from(['"1"', '"01"^^<http://www.w3.org/2001/XMLSchema#integer>', "<http://e/a>", '"一"@zh']),
)
replacement = st.tuples(st.sampled_from(GRAPHS), st.frozensets(statement, max_size=6))


def _state(ledger: Ledger, as_of: int | None = None) -> frozenset[Row]:
    rows = ledger.statements(graphs=GRAPHS, as_of=as_of).read_all().to_pylist()
    assert len(rows) == len({tuple(row.values()) for row in rows})
    return frozenset((row["g"], row["s"], row["p"], row["o"]) for row in rows)


def _expected(state: dict[str, frozenset[Row]]) -> frozenset[Row]:
    return frozenset((f"<{graph}>", *row) for graph, rows in state.items() for row in rows)


@settings(max_examples=15, deadline=None)
@given(st.lists(replacement, min_size=1, max_size=6))
def test_any_sequence_of_replacements_can_be_asked_as_of_each_generation(
    replacements: list[tuple[str, frozenset[Row]]],
) -> None:
    state: dict[str, frozenset[tuple[str, str, str]]] = {}
    states = {0: _expected(state)}
    with Ledger.open(None) as ledger:
        for graph, rows in replacements:
            is_change = state.get(graph, frozenset()) != rows
            state[graph] = rows
            table = pa.Table.from_pylist(
                [{"s": s, "p": p, "o": o} for s, p, o in rows], schema=STATEMENTS_SCHEMA
            )
            with ledger.stage({graph: table}) as staged:
                commit = staged.commit(Activity(graph))
            assert commit.is_empty is not is_change
            states[commit.generation] = _expected(state)
        assert _state(ledger) == _expected(state)
        assert {number: _state(ledger, number) for number in states} == states
        assert len(states) - 1 == ledger.generation == len(ledger.generations())


def test_the_records_of_all_runs_stay(ledger: Ledger, table: Build) -> None:
    for value in ("1", "2", "3"):
        with ledger.stage({GRAPHS[0]: table(("<http://e/a>", "<http://e/p>", f'"{value}"'))}) as staged:
            staged.commit(Activity("d/x"))
    rows = ledger.statements(
        graphs=[PROVENANCE_GRAPH], predicates=["http://www.w3.org/ns/prov#wasGeneratedBy"]
    ).read_all()
    assert sorted(rows["o"].to_pylist()) == [
        f"<https://w3id.org/emkg/id/run/{number}>" for number in (1, 2, 3)
    ]

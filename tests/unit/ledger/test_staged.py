from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
import pytest

from emkg.errors import InputError, LedgerError, RdfSyntaxError, TermClashError
from emkg.ledger import PROVENANCE_GRAPH, Activity, GraphChange, UsedFile, loading, term_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.ledger import Commit, Ledger

    Build: TypeAlias = Callable[..., pa.Table]
    Row: TypeAlias = tuple[str, ...]
    ReadRows: TypeAlias = Callable[[pa.RecordBatchReader], set[Row]]


G, H = "http://e/g", "http://e/h"
A, B, C, D = (f"<http://e/{name}>" for name in "abcd")
P, Q = "<http://e/p>", "<http://e/q>"
PROV = "http://www.w3.org/ns/prov#"
SUB_CLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def put(ledger: Ledger, graph: str, statements: pa.Table, name: str = "d/x") -> Commit:
    with ledger.stage({graph: statements}) as staged:
        return staged.commit(Activity(name))


def test_leaving_without_commit_changes_nothing(ledger: Ledger, table: Build) -> None:
    with ledger.stage({G: table((A, P, B))}) as staged:
        assert staged.delta.added_count == 1
    assert (ledger.generation, ledger.graphs()) == (0, ())


def test_the_delta_is_what_differs_from_the_last_accepted_state(
    ledger: Ledger, table: Build, rows_of: ReadRows
) -> None:
    put(ledger, G, table((A, P, B), (A, Q, B)))
    with ledger.stage({G: table((A, P, B), (B, P, A), (B, P, A))}) as staged:
        assert staged.statement_count == 3
        assert staged.delta.graphs == (GraphChange(G, 1, 1),)
        assert rows_of(staged.delta.added()) == {(B, P, A)}
        assert rows_of(staged.delta.removed()) == {(A, Q, B)}
        assert rows_of(staged.statements(G)) == {(A, P, B), (B, P, A)}
        assert rows_of(staged.statements()) == {(A, P, B), (B, P, A)}


def test_an_unchanged_run_makes_no_generation_but_keeps_its_digest(ledger: Ledger, table: Build) -> None:
    put(ledger, G, table((A, P, B)))
    with ledger.stage({G: table((A, P, B))}) as staged:
        commit = staged.commit(Activity("d/x", digest="new"))
    assert (commit.is_empty, commit.generation, commit.activity) == (True, 1, "")
    assert ledger.generation == 1
    assert ledger.last_run("d/x").digest == "new"


def test_statements_with_a_graph_of_their_own_replace_that_graph(
    ledger: Ledger, table: Build, rows_of: ReadRows
) -> None:
    put(ledger, H, table((A, Q, B)))
    with ledger.stage({G: table((A, P, B), (B, P, A, f"<{H}>"))}) as staged:
        assert staged.graphs == (G, H)
        staged.commit(Activity("d/x"))
    assert rows_of(ledger.statements(graphs=[H])) == {(B, P, A)}
    assert ledger.last_run("d/x").graphs == (G, H)


def test_an_empty_relation_empties_its_graph(ledger: Ledger, table: Build, rows_of: ReadRows) -> None:
    put(ledger, G, table((A, P, B)))
    put(ledger, G, table())
    assert rows_of(ledger.statements(graphs=[G])) == set()
    assert rows_of(ledger.statements(graphs=[G], as_of=1)) == {(A, P, B)}


def test_withheld_subjects_do_not_reach_the_ledger(ledger: Ledger, table: Build, rows_of: ReadRows) -> None:
    with ledger.stage({G: table((A, P, B), (A, Q, '"x"'), (B, P, A))}) as staged:
        assert staged.withhold([A, "<http://e/nobody>"]) == 2
        assert staged.delta.added_count == 1
        staged.commit(Activity("d/x"))
    assert rows_of(ledger.statements(graphs=[G])) == {(B, P, A)}
    assert ledger.terms([term_id('"x"')]) == {}


def test_a_run_is_recorded_as_a_prov_activity(ledger: Ledger, table: Build) -> None:
    activity = Activity("d/x", (UsedFile("a.csv", "ab12"),), "digest", {"rowsRead": 7}, agent="emkg 0.1.0")
    with ledger.stage({G: table((A, P, B))}) as staged:
        commit = staged.commit(activity)
    rows = {
        (row["s"], row["p"], row["o"])
        for row in ledger.statements(graphs=[PROVENANCE_GRAPH]).read_all().to_pylist()
    }
    run = f"<{commit.activity}>"
    assert (f"<{G}>", f"<{PROV}wasGeneratedBy>", run) in rows
    assert (run, f"<{PROV}used>", "<https://w3id.org/emkg/id/file/ab12>") in rows
    assert (run, "<https://w3id.org/emkg/ontology#rowsRead>", f'"7"^^<{INTEGER}>') in rows
    assert (run, "<https://w3id.org/emkg/ontology#statementsAdded>", f'"1"^^<{INTEGER}>') in rows
    assert (run, f"<{PROV}wasAssociatedWith>", "<https://w3id.org/emkg/id/agent/emkg-0.1.0>") in rows


def test_a_run_staged_before_another_was_accepted_is_compared_again(
    ledger: Ledger, table: Build, rows_of: ReadRows
) -> None:
    first, second = ledger.stage({G: table((A, P, B))}), ledger.stage({G: table((A, Q, B))})
    with first, second:
        assert first.commit(Activity("d/x")).generation == 1
        commit = second.commit(Activity("d/x"))
    assert (commit.generation, commit.added, commit.removed) == (2, 1, 1)
    assert rows_of(ledger.statements(graphs=[G])) == {(A, Q, B)}


def test_a_run_cannot_be_committed_twice(ledger: Ledger, table: Build) -> None:
    with ledger.stage({G: table((A, P, B))}) as staged:
        staged.commit(Activity("d/x"))
        with pytest.raises(LedgerError):
            staged.commit(Activity("d/x"))


def test_quarantine_is_that_of_the_last_accepted_run(ledger: Ledger, table: Build) -> None:
    columns = ("dataset", "file", "row", "column", "value", "reason", "message", "message_zh", "mapping")
    record = dict.fromkeys(columns, "x") | {"row": 7, "reason": "unknown-code"}
    for name, records in (("d/x", [record]), ("d/y", [record]), ("d/y", [])):
        with ledger.stage({G: table((A, P, f'"{name}"'))}) as staged:
            staged.commit(Activity(name), quarantine=pa.Table.from_pylist(records) if records else None)
    kept = ledger.quarantine.records().read_all().to_pylist()
    assert kept == [record | {"dataset": "d/x", "node": None}]
    assert ledger.quarantine.records("d/y").read_all().num_rows == 0


def test_blank_nodes_of_two_documents_stay_two(ledger: Ledger, table: Build, rows_of: ReadRows) -> None:
    for scope, graph in (("k1-", G), ("k2-", H)):
        with ledger.stage({graph: table(("_:b", P, "_:b"))}, blank_node_scope=scope) as staged:
            staged.commit(Activity(graph))
    assert rows_of(ledger.statements(graphs=[G])) == {("_:k1-b", P, "_:k1-b")}
    assert rows_of(ledger.statements(graphs=[H])) == {("_:k2-b", P, "_:k2-b")}


@pytest.mark.parametrize(
    "statement",
    [
        (A, P, "plain"),
        (A, P, "<http://e/with space>"),
        (A, P, '"open'),
        (A, P, '"a"b"'),
        (A, P, '"tab\t"'),
        (A, P, r'"\u4E2D"'),
        (A, P, '"x"^^<http://www.w3.org/2001/XMLSchema#string>'),
        (A, P, "_:"),
        ('"literal"', P, B),
        (A, "_:b", B),
        (A, P, B, "_:g"),
        (A, P, B, '"g"'),
    ],
)
def test_what_is_no_statement_in_canonical_form_is_refused_and_nothing_loaded(
    ledger: Ledger, table: Build, statement: Row
) -> None:
    with pytest.raises(RdfSyntaxError):
        ledger.stage({G: table((A, P, B), statement)})
    assert ledger.generation == 0


def test_a_relation_without_its_columns_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InputError, match="s, p, o"):
        ledger.stage({G: pa.table({"s": ["<http://e/a>"]})})


def test_a_relation_may_leave_out_the_graph_column(ledger: Ledger, rows_of: ReadRows) -> None:
    put(ledger, G, pa.table({"s": [A], "p": [P], "o": [B]}))
    assert rows_of(ledger.statements(graphs=[G])) == {(A, P, B)}


def _short_id(text: str) -> str:
    return f"(length({text}) % 7)::UBIGINT"


def test_two_terms_with_one_id_in_a_run_are_refused(
    ledger: Ledger, table: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "id_sql", _short_id)
    with pytest.raises(TermClashError):
        ledger.stage({G: table((A, P, B))})
    assert ledger.generation == 0


def test_a_term_whose_id_the_ledger_knows_as_another_is_refused(ledger: Ledger, table: Build) -> None:
    put(ledger, G, table((A, P, '"x"')))
    ledger._engine.cursor().run("""UPDATE term SET lexical = 'y' WHERE lexical = 'x'""")
    with pytest.raises(TermClashError, match='"x" and "y"'):
        ledger.stage({G: table((A, Q, '"x"'))})


def test_a_large_relation_is_loaded_in_chunks(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ROWS_PER_CHUNK", 10)
    batches = [
        pa.record_batch({"s": [f"<http://e/{n}>"] * 7, "p": [P] * 7, "o": [f'"{i % 5}"' for i in range(7)]})
        for n in range(9)
    ]
    with ledger.stage({G: pa.RecordBatchReader.from_batches(batches[0].schema, batches)}) as staged:
        assert staged.statement_count == 63
        assert staged.commit(Activity("d/x")).added == 45


def test_the_context_is_what_other_graphs_say_of_the_things_pointed_at_and_of_classes(
    ledger: Ledger, table: Build, rows_of: ReadRows
) -> None:
    put(
        ledger,
        H,
        table((B, P, '"known"'), (B, Q, C), (C, P, D), (D, P, '"too far"'), (A, P, '"not pointed at"')),
    )
    put(ledger, G, table((B, P, '"to be replaced"'), (B, SUB_CLASS, D)))
    with ledger.stage({G: table((A, Q, B))}) as staged:
        assert rows_of(staged.context([G, H])) == {(B, P, '"known"'), (B, Q, C), (C, P, D)}
        assert rows_of(staged.context([G])) == set()
    with ledger.stage({H: table((A, Q, A))}) as staged:
        assert rows_of(staged.context([G])) == {(B, SUB_CLASS, D)}


@pytest.mark.parametrize("most_copied", [0, 1_000_000])
def test_plans_see_a_staged_run_in_the_place_of_what_it_replaces(
    ledger: Ledger, table: Build, most_copied: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emkg.ledger.staged_state._MOST_COPIED", most_copied)
    put(ledger, H, table((B, P, '"known"'), (D, P, '"not pointed at"')))
    put(ledger, G, table((A, P, '"old"')))
    with ledger.stage(
        {G: table((A, Q, B), (A, P, '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'))}
    ) as staged:
        beside = {"http://e/beside": table((C, P, '"more"'))}
        with staged.state([G, H], beside) as state:
            rows = state.select("SELECT s, p, o FROM quad").read_all().to_pylist()
            terms = state.terms(number for row in rows for number in row.values())
            seen = {tuple(str(terms[row[place]]) for place in "spo") for row in rows}
            numbers = state.rows("SELECT number FROM term WHERE lexical = '7'")
            counted = state.statistics().of(term_id(P)).quads
            stated = state.stated([A, B, C, D])
        assert seen == {
            (A, Q, B),
            (A, P, '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
            (B, P, '"known"'),
            (C, P, '"more"'),
        }
        assert (numbers, counted, stated, state.graphs) == ([(7.0,)], 3, {A, B}, (G, H))
        assert staged.statements().read_all().num_rows == 2
        staged.commit(Activity("d/x"))
    assert ledger.check().is_sound
    assert ledger.statements(graphs=[G]).read_all().num_rows == 2


def test_a_run_gives_back_the_details_it_was_recorded_with(ledger: Ledger, table: Build) -> None:
    with ledger.stage({G: table((A, P, B))}) as staged:
        staged.commit(Activity("d/x", details="rows: 7"))
    assert [(run.name, run.details) for run in ledger.runs()] == [("d/x", "rows: 7")]
    assert ledger.last_run("d/y") is None

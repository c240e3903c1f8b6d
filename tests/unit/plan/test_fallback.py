"""The fallback evaluator: right answers, and limits that hold."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from emkg.errors import (
    LimitError,
    MemoryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from emkg.plan import Dataset, FallbackEvaluator, PoolLimits, QueryLimits, ResultFormat
from emkg.rdf import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a <http://e/n> ?b . ?c <http://e/n> ?d . ?e <http://e/n> ?f }"
GREEDY = "SELECT (GROUP_CONCAT(CONCAT(?b, ?d)) AS ?x) { ?a <http://e/n> ?b . ?c <http://e/n> ?d . ?e <http://e/n> ?f }"
SMALL = "SELECT ?o { <http://e/霾> <http://e/label> ?o }"
POOL = PoolLimits(workers=2, memory_bytes=512 << 20, waiting=1)


class Statements:
    """A source in memory that remembers what was read from it."""

    def __init__(self) -> None:
        self.generation = 7
        self.reads: list[tuple[Sequence[str] | None, Sequence[str] | None, int | None]] = []
        rows = [
            ("<http://e/霾>", "<http://e/label>", '"雾霾 \\"重\\"\\n"@zh', "<http://g/1>"),
            ("<http://e/霾>", "<http://e/label>", '"雾霾 \\"重\\"\\n"@zh', "<http://g/2>"),
            ("_:b", "<http://e/label>", '"x"', None),
            ("_:b", "<http://e/n>", '"b"', "<http://g/2>"),
            *((f"<http://e/{i}>", "<http://e/n>", f'"value {i}"', "<http://g/1>") for i in range(3000)),
        ]
        self._table = pa.table(dict(zip("spog", map(list, zip(*rows, strict=True)), strict=True)))

    def statements(
        self,
        *,
        graphs: Sequence[str] | None = None,
        predicates: Sequence[str] | None = None,
        as_of: int | None = None,
    ) -> pa.RecordBatchReader:
        self.reads.append((graphs, predicates, as_of))
        table = self._table
        for column, wanted in (("g", graphs), ("p", predicates)):
            if wanted is not None:
                names = pa.array([f"<{iri}>" for iri in wanted], pa.string())
                table = table.filter(pc.is_in(table[column], names))
        return table.to_reader(1000)


@pytest.fixture
def statements() -> Statements:
    return Statements()


@pytest.fixture
def evaluator(statements: Statements) -> Iterator[FallbackEvaluator]:
    evaluator = FallbackEvaluator(statements, QueryLimits(timeout_s=20), POOL)
    yield evaluator
    evaluator.close()


def test_the_default_graph_is_the_union_of_all_graphs_as_a_set(evaluator: FallbackEvaluator) -> None:
    solutions = evaluator.select("SELECT ?s ?o { ?s <http://e/label> ?o } ORDER BY ?o")

    assert [row["o"] for row in solutions.rows] == [
        Literal("x"),
        Literal('雾霾 "重"\n', "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "zh"),
    ]
    assert solutions.variables == ("s", "o")
    assert solutions.generation == 7


def test_a_blank_node_is_one_node_across_graphs_and_batches(evaluator: FallbackEvaluator) -> None:
    solutions = evaluator.select("SELECT ?n { ?s <http://e/label> 'x' ; <http://e/n> ?n }")

    assert [row["n"] for row in solutions.rows] == [Literal("b")]


def test_named_graphs_keep_their_names(evaluator: FallbackEvaluator) -> None:
    solutions = evaluator.select("SELECT ?g { GRAPH ?g { ?s <http://e/label> ?o } } ORDER BY ?g")

    assert [row["g"] for row in solutions.rows] == [IRI("http://g/1"), IRI("http://g/2")]


def test_from_and_the_protocols_dataset_narrow_the_default_graph(evaluator: FallbackEvaluator) -> None:
    count = "SELECT (COUNT(*) AS ?n) FROM <http://g/2> { ?s <http://e/n> ?o }"

    in_text = evaluator.select(count).rows[0]["n"]
    named = evaluator.query(count, dataset=Dataset(("http://g/1",), ()))

    assert in_text == Literal("1", "http://www.w3.org/2001/XMLSchema#integer")
    assert json.loads(named.content)["results"]["bindings"][0]["n"]["value"] == "3000"


def test_the_merge_of_the_graphs_of_a_dataset_is_a_set(evaluator: FallbackEvaluator) -> None:
    both = ("http://g/1", "http://g/2")
    text = "SELECT ?o {} {{ ?s <http://e/label> ?o }}"

    in_text = evaluator.select(text.format("FROM <http://g/1> FROM <http://g/2>"))
    in_request = evaluator.query(text.format("FROM <http://g/none>"), dataset=Dataset(both, ()))
    beside = evaluator.select(
        "SELECT ?g FROM <http://g/1> FROM <http://g/2> FROM NAMED <http://g/2>"
        " { ?s <http://e/label> ?o GRAPH ?g { ?s <http://e/label> ?o } }"
    )

    assert len(in_text.rows) == in_request.rows == 1
    assert [row["g"] for row in beside.rows] == [IRI("http://g/2")]


def test_a_dataset_with_a_relative_iri_is_left_to_the_evaluators_parser(
    evaluator: FallbackEvaluator,
) -> None:
    solutions = evaluator.select("BASE <http://g/> SELECT ?o FROM <2> { ?s <http://e/n> ?o }")

    assert [row["o"] for row in solutions.rows] == [Literal("b")]


def test_only_what_a_query_touches_is_read_and_only_once(
    evaluator: FallbackEvaluator, statements: Statements
) -> None:
    evaluator.query(SMALL)
    evaluator.query(SMALL.replace("霾", "other"))

    assert statements.reads == [(None, ["http://e/label"], 7)]


def test_a_new_generation_is_read_anew_and_an_older_one_can_be_asked_for(
    evaluator: FallbackEvaluator, statements: Statements
) -> None:
    evaluator.query(SMALL)
    statements.generation = 8
    newer = evaluator.query(SMALL)
    older = evaluator.query(SMALL, as_of=3)

    assert [read[2] for read in statements.reads] == [7, 8, 3]
    assert (newer.generation, older.generation) == (8, 3)


@pytest.mark.parametrize(
    "result_format", [ResultFormat.JSON, ResultFormat.XML, ResultFormat.CSV, ResultFormat.TSV]
)
def test_rows_are_counted_in_every_format(evaluator: FallbackEvaluator, result_format: ResultFormat) -> None:
    text = "SELECT ?o ?x { { ?s <http://e/label> ?o } UNION { VALUES ?x { '},{' '<result>' 'a\\nb,\\\"c' } } UNION {} }"

    result = evaluator.query(text, result_format=result_format)

    assert result.rows == 6


@pytest.mark.parametrize(
    ("result_format", "expected"),
    [
        (ResultFormat.N_TRIPLES, b"<http://e/s> <https://w3id.org/emkg/ontology#p> <http://e/o> .\n"),
        (
            ResultFormat.TURTLE,
            b"@prefix em: <https://w3id.org/emkg/ontology#> .\n<http://e/s> em:p <http://e/o> .\n",
        ),
    ],
)
def test_a_graph_is_a_set_with_the_prefixes_it_needs(
    evaluator: FallbackEvaluator, result_format: ResultFormat, expected: bytes
) -> None:
    text = "CONSTRUCT { <http://e/s> <https://w3id.org/emkg/ontology#p> <http://e/o> } { ?s <http://e/n> ?o }"

    result = evaluator.query(text, result_format=result_format)

    assert (result.content, result.rows) == (expected, 1)


def test_a_boolean_is_one_row(evaluator: FallbackEvaluator) -> None:
    result = evaluator.query("ASK { ?s <http://e/label> 'x' }")

    assert (json.loads(result.content)["boolean"], result.rows) == (True, 1)


def test_bindings_are_data(evaluator: FallbackEvaluator) -> None:
    text = "SELECT ?s { VALUES ?o { UNDEF } ?s <http://e/n> ?o }"

    solutions = evaluator.select(text, {"o": [Literal("value 5"), Literal('" } #')]})

    assert [row["s"] for row in solutions.rows] == [IRI("http://e/5")]


def test_a_runaway_query_is_stopped_and_the_next_one_answered_at_once(evaluator: FallbackEvaluator) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"stopped after 0\.5 s"):
        evaluator.query(RUNAWAY, limits=QueryLimits(timeout_s=0.5))
    stopped = time.monotonic()
    answer = evaluator.query(SMALL)

    assert stopped - started < 1.0
    assert answer.rows == 1
    assert time.monotonic() - stopped < 2.0


def test_a_query_that_outgrows_its_memory_is_stopped(evaluator: FallbackEvaluator) -> None:
    with pytest.raises(MemoryLimitError, match="more than 512 MiB"):
        evaluator.query(GREEDY)

    assert evaluator.query(SMALL).rows == 1


def test_a_query_nested_too_deeply_is_refused(evaluator: FallbackEvaluator) -> None:
    with pytest.raises(QuerySyntaxError, match="nests deeper"):
        evaluator.query("SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}")


@pytest.mark.parametrize("limits", [QueryLimits(max_rows=2999), QueryLimits(max_bytes=10_000)])
@pytest.mark.parametrize("form", ["SELECT *", "CONSTRUCT { ?s <http://e/n> ?o }"])
def test_a_result_over_its_limit_is_refused(
    evaluator: FallbackEvaluator, limits: QueryLimits, form: str
) -> None:
    with pytest.raises(ResultTooLargeError):
        evaluator.query(form + " { ?s <http://e/n> ?o }", limits=limits)


def test_a_syntax_error_is_located_and_nothing_is_read(
    evaluator: FallbackEvaluator, statements: Statements
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluator.query("SELECT * {\n ?s ?p }")

    assert str(caught.value).startswith("query:2:8: expected")
    assert statements.reads == []


def test_what_may_not_run_is_refused(evaluator: FallbackEvaluator) -> None:
    with pytest.raises(QueryRefusedError):
        evaluator.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
    with pytest.raises(QueryRefusedError, match="there is no function <http://e/f>"):
        evaluator.query("SELECT (<http://e/f>(1) AS ?x) {}")
    with pytest.raises(ValueError, match="cannot hold the result of a SELECT"):
        evaluator.query(SMALL, result_format=ResultFormat.TURTLE)
    with pytest.raises(ValueError, match="only SELECT"):
        evaluator.select("ASK {}")


def test_more_queries_than_places_wait_and_too_many_are_turned_away(evaluator: FallbackEvaluator) -> None:
    evaluator.query(RUNAWAY.replace("COUNT(*)", "1") + " LIMIT 1")
    started = threading.Barrier(3)

    def ask(timeout_s: float) -> str:
        started.wait()
        time.sleep(0.0 if timeout_s > 2 else 0.2)
        try:
            evaluator.query(RUNAWAY, limits=QueryLimits(timeout_s=timeout_s))
        except LimitError as error:
            return str(error)
        return "answered"

    with ThreadPoolExecutor(3) as threads:
        answers = [threads.submit(ask, timeout_s) for timeout_s in (2.5, 2.6, 1.2)]
        time.sleep(0.5)
        with pytest.raises(LimitError, match="waiting already"):
            evaluator.query(SMALL)
    assert "waiting for other queries" in answers[2].result()
    assert "evaluating the query" in answers[0].result()


def test_a_failing_source_is_not_mistaken_for_a_limit(
    evaluator: FallbackEvaluator, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> pa.RecordBatchReader:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(statements, "statements", fail)
        with pytest.raises(OSError, match="the disk is gone"):
            evaluator.query(SMALL)

    assert evaluator.query(SMALL).rows == 1


def test_warm_processes_are_bounded(evaluator: FallbackEvaluator, statements: Statements) -> None:
    others = [SMALL.replace("label", name) for name in ("a", "b", "c")]
    for text in (SMALL, *others, SMALL):
        evaluator.query(text)

    assert len(statements.reads) == 5
    assert len(evaluator._pool._idle) == 2


def test_a_process_serves_every_query_that_touches_no_more_than_it_holds(
    evaluator: FallbackEvaluator, statements: Statements
) -> None:
    evaluator.select(SMALL, beside=["ASK { ?s <http://e/n> ?o }"])
    narrower = evaluator.query("ASK { ?s <http://e/n> 'b' }")

    assert json.loads(narrower.content)["boolean"] is True
    assert statements.reads == [(None, ["http://e/label", "http://e/n"], 7)]

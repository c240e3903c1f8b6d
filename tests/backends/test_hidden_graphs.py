"""A reader of some graphs learns nothing of the others: docs/guide/access.md lists the forms of attack, each is run here.

The oracle is a ledger that never held the hidden graph: every answer must be the same there. And every attack is a
real one: who may see all gets another answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.errors import EmkgError
from emkg.ledger import Activity, Ledger
from emkg.plan import (
    DEFAULT_GRAPH,
    Dataset,
    Evaluator,
    FallbackEvaluator,
    PoolLimits,
    QueryLimits,
    ResultFormat,
    Updater,
)
from emkg.rdf.relation import STATEMENTS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

E = "http://e/"
OPEN, MORE, HIDDEN = f"{E}open", f"{E}more", f"{E}hidden"
VISIBLE = frozenset({OPEN, MORE, DEFAULT_GRAPH})
OPEN_STATEMENTS = (
    "<a> <p> <b>",
    "<a> <name> '甲'",
    "<b> <p> <c>",
    "<c> <size> 3",
    "<a> <part> _:o",
    "_:o <size> 1",
)
HIDDEN_STATEMENTS = (
    "<a> <p> <spy>",
    "<c> <p> <a>",
    "<spy> <name> 'secret'",
    "<c> <size> 99",
    "<b> <only> <a>",
    "<a> <part> _:h",
    "_:h <name> 'secret'",
)

# name -> a query (PREFIX : <http://e/> is put before it)
ATTACKS = {
    "triple pattern": "SELECT * { :a ?p ?o }",
    "GRAPH with its name": "SELECT * { GRAPH :hidden { ?s ?p ?o } }",
    "GRAPH with a variable": "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "GRAPH and nothing in it": "SELECT * { GRAPH ?g { } }",
    "FROM": "SELECT * FROM :hidden { ?s ?p ?o }",
    "FROM of several": "SELECT * FROM :open FROM :hidden { ?s ?p ?o }",
    "FROM NAMED": "SELECT * FROM NAMED :hidden { GRAPH ?g { ?s ?p ?o } }",
    "VALUES of graph names": "SELECT * { VALUES ?g { :hidden :open } GRAPH ?g { ?s ?p ?o } }",
    "BIND of a graph name": "SELECT * { BIND(:hidden AS ?g) GRAPH ?g { ?s ?p ?o } }",
    "a name made by IRI()": "SELECT * { BIND(IRI(CONCAT('http://e/', 'hidden')) AS ?g) GRAPH ?g { ?s ?p ?o } }",
    "path of two steps": "SELECT * { :a :p/:name ?n }",
    "path +": "SELECT * { :a :p+ ?x }",
    "path *": "SELECT * { :c :p* ?x }",
    "path * with both ends open": "SELECT * { ?x :only* ?y }",
    "path ?": "SELECT * { :b :only? ?x }",
    "inverse path": "SELECT * { :a ^:p ?x }",
    "alternative path": "SELECT * { :b (:only|:p) ?x }",
    "negated property set": "SELECT * { :b !:p ?x }",
    "path within GRAPH": "SELECT * { GRAPH ?g { :c :p/:p ?x } }",
    "OPTIONAL": "SELECT * { ?s :p :c OPTIONAL { ?s :only ?x } }",
    "UNION": "SELECT * { { ?s :only ?x } UNION { ?s :size ?x } }",
    "MINUS": "SELECT * { ?s :p ?o MINUS { ?s :only ?x } }",
    "FILTER EXISTS": "SELECT * { ?s :p ?o FILTER EXISTS { ?s :only ?x } }",
    "FILTER NOT EXISTS": "SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :only ?x } }",
    "EXISTS in BIND": "SELECT * { ?s :p :c BIND(EXISTS { ?s :only ?x } AS ?e) }",
    "EXISTS of GRAPH in BIND": "SELECT * { ?s :p :c BIND(EXISTS { GRAPH :hidden { ?x ?y ?z } } AS ?e) }",
    "EXISTS in ORDER BY": "SELECT ?s { ?s :p ?o FILTER(?o IN (:b, :c)) } ORDER BY DESC(EXISTS { ?s :only ?x }) ?s LIMIT 1",
    "EXISTS in HAVING": "SELECT ?s { ?s :p ?o } GROUP BY ?s HAVING (EXISTS { ?s :only ?x })",
    "EXISTS in a projected expression": "SELECT (EXISTS { :b :only ?x } AS ?e) { }",
    "EXISTS in an aggregate": "SELECT (SUM(IF(EXISTS { ?s :only ?x }, 1, 0)) AS ?n) { ?s :p ?o }",
    "sub-select": "SELECT * { ?s :p ?o { SELECT ?s (COUNT(*) AS ?n) { ?s ?q ?v } GROUP BY ?s } }",
    "sub-select within GRAPH": "SELECT * { GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } } }",
    "COUNT": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "COUNT of graphs": "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SUM, MAX": "SELECT (SUM(?o) AS ?sum) (MAX(?o) AS ?max) { ?s :size ?o }",
    "GROUP_CONCAT": "SELECT (GROUP_CONCAT(?n) AS ?all) { ?s :name ?n }",
    "ORDER BY and LIMIT": "SELECT ?o { ?s :size ?o } ORDER BY DESC(?o) LIMIT 1",
    "DISTINCT": "SELECT DISTINCT ?p { ?s ?p ?o }",
    "ASK": "ASK { :b :only :a }",
    "ASK of the graph": "ASK { GRAPH :hidden { ?s ?p ?o } }",
    "CONSTRUCT": "CONSTRUCT { ?s :told ?o } WHERE { ?s :name ?o }",
    "DESCRIBE": "DESCRIBE :b",
    "DESCRIBE of what a pattern finds": "DESCRIBE ?x WHERE { :a :p ?x }",
    "DESCRIBE through blank nodes": "DESCRIBE :a",
    "what has no plan": "SELECT ?s (SHA512(STR(?o)) AS ?h) { ?s :name ?o }",
    "what has no plan, in GRAPH": "SELECT ?g (SHA512(STR(?o)) AS ?h) { GRAPH ?g { ?s :name ?o } }",
    "what has no plan, with FROM": "SELECT (SHA512(STR(?o)) AS ?h) FROM :hidden { ?s :name ?o }",
    "what has no plan, with FROM NAMED":
        "SELECT (SHA512(STR(?o)) AS ?h) FROM NAMED :hidden { GRAPH ?g { ?s :name ?o } }",
}  # fmt: skip
DATASETS = {
    "the request's default graph": Dataset((HIDDEN,), ()),
    "the request's default graphs": Dataset((OPEN, HIDDEN), ()),
    "the request's named graphs": Dataset((), (OPEN, HIDDEN)),
}
UPDATES = {
    "INSERT from GRAPH ?g": "INSERT { GRAPH :open { ?s :copy ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT from its name": "INSERT { GRAPH :open { ?s :copy ?o } } WHERE { GRAPH :hidden { ?s ?p ?o } }",
    "USING": "INSERT { GRAPH :open { ?s :copy ?o } } USING :hidden WHERE { ?s ?p ?o }",
    "USING NAMED": "INSERT { GRAPH :open { ?s :copy ?o } } USING NAMED :hidden WHERE { GRAPH ?g { ?s ?p ?o } }",
    "WITH": "WITH :hidden DELETE { ?s ?p ?o } INSERT { GRAPH :open { ?s ?p ?o } } WHERE { ?s ?p ?o }",
    "COPY": "COPY :hidden TO :open",
    "COPY SILENT": "COPY SILENT :hidden TO :open",
    "MOVE": "MOVE :hidden TO :open",
    "ADD": "ADD :hidden TO :open",
    "ADD to it": "ADD :open TO :hidden",
    "DELETE WHERE": "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
    "DELETE DATA": "DELETE DATA { GRAPH :hidden { :b :only :a } }",
    "INSERT DATA": "INSERT DATA { GRAPH :hidden { :b :only :b } }",
    "CLEAR": "CLEAR GRAPH :hidden",
    "CLEAR ALL": "CLEAR ALL",
    "DROP NAMED": "DROP NAMED",
    "CREATE": "CREATE GRAPH :hidden",
    "CREATE SILENT": "CREATE SILENT GRAPH :hidden",
    "EXISTS": "INSERT { :x :is ?e } WHERE { BIND(EXISTS { GRAPH ?g { :b :only ?x } } AS ?e) }",
    "aggregate": "INSERT { :x :n ?n } WHERE { SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } }",
}


@dataclass
class World:
    """Two ledgers, with and without the hidden graph; who sees all, and who sees what is visible."""

    everything: Evaluator
    reader: Evaluator
    without: Evaluator


def _graph(*statements: str) -> pa.Table:
    rows = []
    for statement in statements:
        terms = [_term(word) for word in statement.split()]
        rows.append(dict(zip("spo", terms, strict=True)))
    return pa.Table.from_pylist(rows, schema=STATEMENTS_SCHEMA)


def _term(word: str) -> str:
    if word.startswith("'"):
        return f'"{word[1:-1]}"'
    if word.isdigit():
        return f'"{word}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    return word.replace("<", f"<{E}")


def _fill(ledger: Ledger, *, with_hidden: bool) -> None:
    graphs = {OPEN: _graph(*OPEN_STATEMENTS), MORE: _graph("<a> <p> <b>")}
    if with_hidden:
        graphs[HIDDEN] = _graph(*HIDDEN_STATEMENTS)
    with ledger.stage(graphs) as staged:
        staged.commit(Activity("d/graphs"))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    limits, pool = QueryLimits(timeout_s=20), PoolLimits(memory_bytes=512 << 20)
    with Ledger.open(None) as full, Ledger.open(None) as bare:
        _fill(full, with_hidden=True)
        _fill(bare, with_hidden=False)
        everything = Evaluator(full, FallbackEvaluator(full, limits, pool), limits)
        other = Evaluator(bare, FallbackEvaluator(bare, limits, pool), limits)
        yield World(everything, everything.seeing(VISIBLE), other.seeing(VISIBLE))
        everything.close()
        other.close()


def _ask(
    evaluator: Evaluator, text: str, *, dataset: Dataset | None = None, as_of: int | None = None
) -> list[str]:
    """The solutions, or lines, in an order of their own."""
    result = evaluator.query(f"PREFIX : <{E}>\n{text}", dataset=dataset, as_of=as_of)
    if result.format is not ResultFormat.JSON:
        return sorted(result.content.decode().splitlines())
    found = json.loads(result.content)
    rows = found["results"]["bindings"] if "results" in found else [found["boolean"]]
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_a_query_is_answered_as_if_the_hidden_graph_were_not_there(world: World, text: str) -> None:
    seen_by_all = _ask(
        world.everything, text
    )  # first, so that its plan and its process are there to be misused
    found = _ask(world.reader, text)

    assert found == _ask(world.without, text)
    assert found != seen_by_all
    assert "secret" not in "".join(found)
    assert "spy" not in "".join(found)


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }",
                                  "SELECT (SHA512(STR(?o)) AS ?h) { { ?s :name ?o } UNION { GRAPH ?g { ?s :name ?o } } }"])  # fmt: skip
def test_the_requests_dataset_shows_no_more(world: World, text: str, dataset: Dataset) -> None:
    world.everything.query(f"PREFIX : <{E}>\n{text}", dataset=dataset)

    assert _ask(world.reader, text, dataset=dataset) == _ask(world.without, text, dataset=dataset)


def test_an_earlier_generation_shows_no_more(world: World) -> None:
    text = "SELECT * { ?s ?p ?o }"

    assert _ask(world.reader, text, as_of=1) == _ask(world.without, text, as_of=1)


def test_a_reader_cannot_ask_to_see_more(world: World) -> None:
    again = world.reader.seeing({OPEN, HIDDEN})

    assert _ask(again, "ASK { :b :only :a }") == _ask(world.without, "ASK { :b :only :a }")
    assert _ask(again, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") == _ask(
        world.without.seeing({OPEN}), "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    )


def test_who_sees_nothing_gets_nothing(world: World) -> None:
    blind = world.everything.seeing(())

    assert _ask(blind, "ASK { ?s ?p ?o }") == ["false"]
    assert _ask(blind, "SELECT (SHA512(?o) AS ?h) { ?s :name ?o }") == []


@pytest.mark.parametrize("text", UPDATES.values(), ids=UPDATES)
def test_an_update_neither_reads_nor_changes_what_is_hidden(text: str) -> None:
    outcomes = []
    for with_hidden in (True, False):
        with Ledger.open(None) as ledger:
            _fill(ledger, with_hidden=with_hidden)
            before = _held(ledger, HIDDEN)
            try:
                Updater(ledger, visible=VISIBLE).run(f"PREFIX : <{E}>\n{text}")
                refusal = ""
            except EmkgError as error:
                refusal = str(error)
            assert _held(ledger, HIDDEN) == before
            outcomes.append((refusal, *(_held(ledger, graph) for graph in sorted(VISIBLE))))

    assert outcomes[0] == outcomes[1]


def _held(ledger: Ledger, graph: str) -> set[tuple[str, ...]]:
    rows = ledger.statements(graphs=[graph]).read_all().to_pylist()
    return {tuple(row.values()) for row in rows}


def test_every_form_of_attack_is_in_the_table(checkout: Path) -> None:
    text = (checkout / "docs" / "guide" / "access.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ") and "`" in line]

    assert rows == [*ATTACKS, *DATASETS, *UPDATES]

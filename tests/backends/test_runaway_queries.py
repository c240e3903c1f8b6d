"""Queries that would not end, or not in memory: each ends at its limit with the right error, and the next one is answered."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.errors import LimitError, QueryRefusedError
from emkg.ledger import Activity, Ledger
from emkg.plan import Evaluator, FallbackEvaluator, PoolLimits, QueryLimits
from emkg.rdf.relation import STATEMENTS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIMEOUT_S = 1.0
GRACE_S = 0.5
TRIES = 3
NODES = 20_000
# Kind -> a query of it; docs/conformance-sparql.md lists the same kinds.
QUERIES = {
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "zero or more": "SELECT (COUNT(*) AS ?n) { ?a <http://p/next>* ?b . ?c <http://p/next>* ?d . ?e <http://p/next>* ?f }",
    "one or more": "SELECT ?a ?b { ?a <http://p/next>+ ?b }",
    "order by": "SELECT ?a ?d { ?a <http://p/next> ?b . ?c <http://p/next> ?d } ORDER BY DESC(?d) ?a LIMIT 10",
    "regular expression": 'SELECT (COUNT(*) AS ?n) { ?a <http://p/name> ?x . ?b <http://p/name> ?y FILTER(REGEX(CONCAT(STR(?x), STR(?y)), "(a*)*b$")) }',
    "group concat": "SELECT (GROUP_CONCAT(STR(?a)) AS ?all) { ?a ?b ?c . ?d ?e ?f }",
    "distinct": "SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f }",
    "nested optional": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f FILTER(?d != ?a) OPTIONAL { ?g ?h ?i FILTER(?g != ?d) } } }",
    "exists": "SELECT (COUNT(*) AS ?n) { ?a <http://p/next> ?c FILTER EXISTS { ?d <http://p/next> ?e FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?e))) > 1000) } }",
    "minus": "SELECT (COUNT(*) AS ?n) { { ?a <http://p/next> ?b . ?c <http://p/next> ?d } MINUS { ?a <http://p/name> ?d } }",
    "subselects": "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?b ?c } } { SELECT ?d { ?d ?e ?f } } { SELECT ?g { ?g ?h ?i } } }",
    "union": "SELECT (COUNT(*) AS ?n) { { ?a ?b ?c } UNION { ?d ?e ?f } { ?g ?h ?i } UNION { ?j ?k ?l } ?m ?o ?q }",
    "bind": "SELECT (MAX(?x) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(SHA256(CONCAT(STR(?a), STR(?d))) AS ?x) }",
}


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluator]:
    """Over one chain of nodes, each with a name."""
    folder: Path = tmp_path_factory.mktemp("ledger")
    nodes = [f"<http://n/{number}>" for number in range(NODES)]
    rows = [(a, "<http://p/next>", b, None) for a, b in pairwise(nodes)]
    rows += [(node, "<http://p/name>", f'"{"a" * (number % 30)}"', None) for number, node in enumerate(nodes)]
    table = pa.table(
        [pa.array(column, pa.string()) for column in zip(*rows, strict=True)], schema=STATEMENTS_SCHEMA
    )
    with Ledger.open(folder / "l.duckdb", memory_limit_mb=512) as ledger:
        with ledger.stage({"http://g": table}) as staged:
            staged.commit(Activity("chain"))
        limits = QueryLimits(timeout_s=TIMEOUT_S)
        evaluator = Evaluator(ledger, FallbackEvaluator(ledger, limits, PoolLimits()), limits)
        yield evaluator
        evaluator.close()


@pytest.mark.parametrize("kind", QUERIES)
def test_a_runaway_query_ends_at_its_limit_and_the_next_is_answered(kind: str, evaluator: Evaluator) -> None:
    assert evaluator.compile(QUERIES[kind]).plan is not None

    # a machine that does other work too may be late once
    assert any(_seconds_to_its_limit(evaluator, QUERIES[kind]) < TIMEOUT_S + GRACE_S for _ in range(TRIES))
    assert evaluator.query("ASK { <http://n/1> <http://p/next> <http://n/2> }").content.endswith(b"true}")


def _seconds_to_its_limit(evaluator: Evaluator, query: str) -> float:
    started = time.monotonic()
    with pytest.raises(LimitError):
        evaluator.query(query)
    return time.monotonic() - started


CHAINS = {
    "union": lambda n: "SELECT * {" + " UNION ".join(["{ ?a <http://p/next> ?b }"] * n) + "}",
    "optional": lambda n: "SELECT * { ?a <http://p/next> ?b " + "OPTIONAL { ?a <http://p/name> ?c } " * n + "}",
    "minus": lambda n: "SELECT * { ?a <http://p/next> ?b " + "MINUS { ?a <http://p/nothing> ?b } " * n + "}",
    "bind": lambda n: "SELECT * { ?a <http://p/name> ?b " + " ".join(f"BIND(STRLEN(?b) + {i} AS ?v{i})" for i in range(n)) + "}",
    "or": lambda n: "SELECT * { ?a <http://p/name> ?b FILTER(" + " || ".join(['?b = "a"'] * n) + ") }",
    "sum": lambda n: "SELECT * { ?a <http://p/name> ?b FILTER(" + " + ".join(["1"] * n) + " < 0) }",
    "triples": lambda n: "SELECT * {" + " ".join(f"?a{i} <http://p/next> ?a{i + 1} ." for i in range(n)) + "}",
    "path": lambda n: "ASK { <http://n/1> " + "/".join(["<http://p/next>"] * n) + " ?b }",
}  # fmt: skip


@pytest.mark.parametrize("kind", CHAINS)
@pytest.mark.parametrize("length", [20, 3_000])
def test_a_long_chain_is_answered_or_refused_in_good_time(
    kind: str, length: int, evaluator: Evaluator
) -> None:
    started = time.monotonic()

    with suppress(LimitError, QueryRefusedError):
        evaluator.query(CHAINS[kind](length), limits=QueryLimits(timeout_s=TIMEOUT_S, max_rows=1_000_000))

    assert time.monotonic() - started < TIMEOUT_S + 10 * GRACE_S
    assert evaluator.query("ASK { <http://n/1> <http://p/next> <http://n/2> }").content.endswith(b"true}")

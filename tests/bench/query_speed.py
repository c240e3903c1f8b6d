"""SPARQL on the ledger and on Oxigraph, both on disk, query by query in turns: `python -m bench.query_speed [TRIPLES]`.

Prints the median of each, in milliseconds from text to solutions in Python, and the ratio; answers are compared as bags.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyoxigraph as ox

from bench.city_graph import write_graph
from emkg.ledger import STATEMENTS_SCHEMA, Activity, Ledger
from emkg.plan import Evaluator, FallbackEvaluator, PoolLimits, QueryLimits

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5
_BASE = "http://example.org/bench/"
_PREFIXES = (
    f"PREFIX : <{_BASE}> PREFIX em: <https://w3id.org/emkg/ontology#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
QUERIES = {
    "point look-up": f"SELECT ?p ?o {{ <{_BASE}school/77> ?p ?o }}",
    "star": f'SELECT ?o ?s ?l {{ ?o em:school ?s ; em:from "2026-11-07"^^xsd:date . ?s em:locatedIn <{_BASE}division/77> ; rdfs:label ?l }}',
    "two hops": f"SELECT ?l ?t {{ ?y em:operatedBy <{_BASE}body/5> . ?l em:fromSystem ?y ; em:toSystem ?t }}",
    "path+": f"SELECT ?up {{ <{_BASE}division/9999> em:within+ ?up }}",
    "optional": f"SELECT ?s ?d {{ ?s em:locatedIn <{_BASE}division/77> OPTIONAL {{ ?o em:school ?s ; em:from ?d }} }}",
    "group by": "SELECT ?b (COUNT(?y) AS ?n) { ?y em:operatedBy ?b } GROUP BY ?b",
    "order by limit": "SELECT ?o ?d { ?o em:from ?d } ORDER BY DESC(?d) ?o LIMIT 10",
    "contains": 'SELECT ?s { ?s rdfs:label ?l FILTER(CONTAINS(STR(?l), "校1234")) }',
}


def main() -> None:
    """Load, ask in turns, print."""
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_300_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source = folder / "data.nt"
        write_graph(source, triples)
        store = ox.Store(str(folder / "store"))
        loaded = _timed(lambda: store.bulk_load(path=str(source), format=ox.RdfFormat.N_TRIPLES))
        with Ledger.open(folder / "ledger.duckdb") as ledger:
            ours = _timed(lambda: _load(ledger, source))
            limits = QueryLimits(timeout_s=300, max_rows=10_000_000)
            evaluator = Evaluator(ledger, FallbackEvaluator(ledger, limits, PoolLimits()), limits)
            sys.stdout.write(
                f"| {triples:,} triples | ledger | Oxigraph | Oxigraph / ledger | rows |\n|---|---|---|---|---|\n"
            )
            sys.stdout.write(f"| load (s) | {ours:.1f} | {loaded:.1f} | {loaded / ours:.1f} | |\n")
            for name, text in QUERIES.items():
                sys.stdout.write(_row(name, _PREFIXES + text, evaluator, store))
                sys.stdout.flush()
            evaluator.close()


def _load(ledger: Ledger, source: Path) -> None:
    lines = source.read_text(encoding="utf-8").splitlines()
    parts = [line[:-2].split(" ", 2) for line in lines]
    columns = [pa.array([part[place] for part in parts], pa.string()) for place in range(3)]
    table = pa.table([*columns, pa.nulls(len(parts), pa.string())], schema=STATEMENTS_SCHEMA)
    with ledger.stage({"http://example.org/data": table}) as staged:
        staged.commit(Activity("bench"))
    ledger.statistics()


def _row(name: str, text: str, evaluator: Evaluator, store: ox.Store) -> str:
    def ledger_rows() -> list[tuple[str, ...]]:
        answer = evaluator.select(text)
        return [tuple(str(row.get(variable)) for variable in answer.variables) for row in answer.rows]

    def oxigraph_rows() -> list[tuple[str, ...]]:
        return [tuple(map(str, row)) for row in store.query(text)]

    found, expected = ledger_rows(), oxigraph_rows()
    same = "" if Counter(found) == Counter(expected) else " (answers differ)"
    times = [(_timed(ledger_rows), _timed(oxigraph_rows)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    return f"| {name}{same} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} | {len(found)} |\n"


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

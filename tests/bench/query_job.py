"""SPARQL in a process of its own: `python -m bench.query_job query emkg|oxigraph DATA STORE ANSWERS` prints milliseconds as JSON.

Each engine loads the same N-Triples into a store on disk and answers the same queries, from text to terms in Python; the
median of five after one that is not timed. The answers are written, so that they can be compared as bags.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa
import pyoxigraph as ox

from bench.city_graph import write_graph
from emkg.ledger import Activity, Ledger
from emkg.plan import Evaluator, FallbackEvaluator, PoolLimits, QueryLimits
from emkg.rdf.relation import STATEMENTS_SCHEMA, parse_relation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bench.process import Fact

    Answer: TypeAlias = "list[tuple[str, ...]]"
    Ask: TypeAlias = Callable[[str], Answer]

_ROUNDS: Final = 5
_BASE: Final = "http://example.org/bench/"
_PREFIXES: Final = (
    f"PREFIX : <{_BASE}> PREFIX em: <https://w3id.org/emkg/ontology#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
_QUERIES: Final = {
    "point look-up": f"SELECT ?p ?o {{ <{_BASE}school/77> ?p ?o }}",
    "star": f'SELECT ?o ?s ?l {{ ?o em:school ?s ; em:from "2026-11-07"^^xsd:date . ?s em:locatedIn <{_BASE}division/77> ; rdfs:label ?l }}',
    "two hops": f"SELECT ?l ?t {{ ?y em:operatedBy <{_BASE}body/5> . ?l em:fromSystem ?y ; em:toSystem ?t }}",
    "path+": f"SELECT ?up {{ <{_BASE}division/9999> em:within+ ?up }}",
    "optional": f"SELECT ?s ?d {{ ?s em:locatedIn <{_BASE}division/77> OPTIONAL {{ ?o em:school ?s ; em:from ?d }} }}",
    "group by": "SELECT ?b (COUNT(?y) AS ?n) { ?y em:operatedBy ?b } GROUP BY ?b",
    "order by limit": "SELECT ?o ?d { ?o em:from ?d } ORDER BY DESC(?d) ?o LIMIT 10",
    "contains": 'SELECT ?s { ?s rdfs:label ?l FILTER(CONTAINS(STR(?l), "校1234")) }',
}


def write(triples: str, data: str) -> dict[str, Fact]:
    """The city's graph as N-Triples."""
    write_graph(Path(data), int(triples))
    return {}


@contextmanager
def _emkg(data: Path, store: Path) -> Iterator[Ask]:
    with Ledger.open(store) as ledger:
        rows = parse_relation(data, base=_BASE, scope="")
        with ledger.stage(
            {f"{_BASE}graph": pa.RecordBatchReader.from_batches(STATEMENTS_SCHEMA, rows)}
        ) as staged:
            staged.commit(Activity("bench"))
        ledger.statistics()
        limits = QueryLimits(timeout_s=300, max_rows=10_000_000)
        evaluator = Evaluator(ledger, FallbackEvaluator(ledger, limits, PoolLimits()), limits)

        def ask(text: str) -> Answer:
            answer = evaluator.select(text)
            return [tuple(str(row.get(variable)) for variable in answer.variables) for row in answer.rows]

        yield ask
        evaluator.close()


@contextmanager
def _oxigraph(data: Path, store: Path) -> Iterator[Ask]:
    loaded = ox.Store(str(store))
    loaded.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)

    def ask(text: str) -> Answer:
        solutions = loaded.query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        return [tuple(map(str, row)) for row in solutions]

    yield ask


_ENGINES: Final = {"emkg": _emkg, "oxigraph": _oxigraph}


def query(engine: str, data: str, store: str, answers: str) -> dict[str, Fact]:
    """Load, then ask everything; `seconds` are those of the queries, one of each."""
    facts: dict[str, Fact] = {}
    found = {}
    with _ENGINES[engine](Path(data), Path(store)) as ask:
        for name, text in _QUERIES.items():
            found[name] = sorted(ask(_PREFIXES + text))
            times = [_timed(ask, _PREFIXES + text) for _ in range(_ROUNDS)]
            facts[f"{name} ms"] = round(statistics.median(times) * 1000, 1)
    Path(answers).write_text(json.dumps(found), encoding="utf-8")
    return {"seconds": sum(float(value) for value in facts.values()) / 1000, **facts}


def compare(ours: str, theirs: str) -> dict[str, Fact]:
    """For how many queries the answers are the same, as bags; and which differ."""
    one, other = (json.loads(Path(path).read_text(encoding="utf-8")) for path in (ours, theirs))
    differing = [name for name in one if Counter(map(tuple, one[name])) != Counter(map(tuple, other[name]))]
    return {"same answers": len(one) - len(differing), **dict.fromkeys(differing, "answers differ")}


def _timed(ask: Ask, text: str) -> float:
    started = time.perf_counter()
    ask(text)
    return time.perf_counter() - started


_JOBS: Final[Mapping[str, Callable[..., dict[str, Fact]]]] = {
    "write": write,
    "query": query,
    "compare": compare,
}

if __name__ == "__main__":
    facts = _JOBS[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(f"\n{json.dumps(facts)}\n")

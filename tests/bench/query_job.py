"""SPARQL in a process of its own: `python -m bench.query_job query emkg|oxigraph|virtuoso DATA STORE ANSWERS` prints milliseconds as JSON.

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
from bench.virtuoso import virtuoso
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
    f"PREFIX division: <{_BASE}division/> PREFIX system: <{_BASE}system/> PREFIX body: <{_BASE}body/> "
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
# What WatDiv calls linear, star, snowflake and complex, and what LUBM asks beside: classes, triangles, counts, negation.
_KINDS: Final = {
    "linear 1": "SELECT ?o ?s { ?o em:school ?s . ?s em:locatedIn division:77 }",
    "linear 2": "SELECT ?l ?t ?b ?u { ?l em:fromSystem system:5 ; em:toSystem ?t . ?t em:operatedBy ?b . ?b em:partOfBody ?u }",
    "linear 3": "SELECT ?l ?y ?b { ?l em:fromSystem ?y . ?y em:operatedBy ?b . ?b em:partOfBody body:3 }",
    "star 1": "SELECT ?s ?n { ?s a em:School ; rdfs:label ?n ; em:locatedIn division:77 }",
    "star 2": 'SELECT ?o ?s { ?o a em:ClosureOrder ; em:school ?s ; em:from "2026-11-09"^^xsd:date }',
    "snowflake 1": 'SELECT ?o ?s ?n ?v { ?o a em:ClosureOrder ; em:from "2026-11-09"^^xsd:date ; em:school ?s . ?s rdfs:label ?n ; em:locatedIn ?v . ?v em:within division:77 }',
    "snowflake 2": "SELECT ?l ?y ?t ?b { ?l em:fromSystem ?y ; em:toSystem ?t . ?y em:operatedBy ?b . ?t em:operatedBy body:5 . ?b em:partOfBody body:2 }",
    "complex 1": "SELECT ?v ?s ?z ?o { ?v em:within division:77 . ?s em:locatedIn ?v . ?z em:locatedIn ?v . ?o em:school ?z FILTER(?s != ?z) }",
    "triangle": "SELECT (COUNT(*) AS ?n) { ?l em:fromSystem ?y ; em:toSystem ?t . ?y em:operatedBy ?b . ?t em:operatedBy ?c . ?b em:partOfBody ?u . ?c em:partOfBody ?u }",
    "class": "SELECT (COUNT(?s) AS ?n) { ?s a em:School }",
    "negation": 'SELECT ?s { ?s em:locatedIn division:77 FILTER NOT EXISTS { ?o em:school ?s ; em:from "2026-11-09"^^xsd:date } }',
    # As path+ and optional, of thousands of solutions.
    "path+ down": "SELECT ?v { ?v em:within+ division:1 }",
    "optional, many": "SELECT ?s ?v ?d { ?v em:within division:77 . ?w em:within ?v . ?s em:locatedIn ?w OPTIONAL { ?o em:school ?s ; em:from ?d } }",
    "having": "SELECT ?v (COUNT(?s) AS ?n) { ?s em:locatedIn ?v } GROUP BY ?v HAVING(COUNT(?s) > 24)",
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


_ENGINES: Final = {"emkg": _emkg, "oxigraph": _oxigraph, "virtuoso": virtuoso}


def query(engine: str, data: str, store: str, answers: str) -> dict[str, Fact]:
    """Load, then ask everything; `seconds` are those of the queries, one of each."""
    facts: dict[str, Fact] = {}
    found = {}
    with _ENGINES[engine](Path(data), Path(store)) as ask:
        for name, text in (_QUERIES | _KINDS).items():
            found[name] = sorted(ask(_PREFIXES + text))
            times = [_timed(ask, _PREFIXES + text) for _ in range(_ROUNDS)]
            facts[f"{name} ms"] = round(statistics.median(times) * 1000, 1)
    Path(answers).write_text(json.dumps(found), encoding="utf-8")
    return {"seconds": sum(float(value) for value in facts.values()) / 1000, **facts}


def compare(ours: str, *others: str) -> dict[str, Fact]:
    """For how many queries the answers of each other engine are ours, as bags; and which differ."""
    facts: dict[str, Fact] = {}
    own = _answers(Path(ours))
    for path in map(Path, others):
        found = _answers(path)
        differing = [name for name, answer in own.items() if answer != found[name]]
        facts[f"{path.stem}: same answers"] = len(own) - len(differing)
        facts.update({f"{path.stem}: {name}": "answers differ" for name in differing})
    return facts


def _answers(path: Path) -> dict[str, Counter[tuple[str, ...]]]:
    answers = json.loads(path.read_text(encoding="utf-8"))
    return {name: Counter(map(tuple, rows)) for name, rows in answers.items()}


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

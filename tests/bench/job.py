"""What runs in a process of its own: `python -m bench.job NAME ARGUMENT…` prints one line of facts as JSON."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import owlrl
import pyarrow as pa
import pyoxigraph
import rdflib

from bench.city_data import write_json, write_tables, write_xml
from bench.city_graph import write_graph
from emkg.bootstrap import demonstration_workspace, open_evaluator, open_ledger, run_demonstration
from emkg.content import content_root
from emkg.ledger import Activity, Ledger
from emkg.ledger.benchmark import synthetic_statements
from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping
from emkg.ontology import load_ontology
from emkg.query import ask
from emkg.reasoning import INFERRED_ONTOLOGY, axiom_rules, materialise
from emkg.vocabulary import GRAPH, ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bench.process import Fact
    from emkg.rdf import Quad

_GRAPH: Final = GRAPH + "bench/city"
_HAZE: Final = {"event_type": "11B19", "as_of": "2026-08-20"}
_TIMES: Final = 7


def write_sources(kind: str, size: str) -> dict[str, Fact]:
    """A mapping measure's sources, into the current folder."""
    folder, count = Path.cwd(), int(size)
    match kind:
        case "csv":
            write_tables(folder, count)
        case "csv-quoted":  # a blank beside a quote, as in `reported "smoke" today`
            write_tables(folder, count, ending='"烟" ')
        case "json":
            write_json(folder, count)
        case "xml":
            write_xml(folder, count)
        case _:
            raise ValueError(kind)
    return {}


def map_statements(mapping: str) -> dict[str, Fact]:
    """A mapping to the statement relation that an ingest reads, and no further: not sorted, not written."""
    parsed = parse_mapping(Path(mapping), data_root=None)
    with run_mapping(parsed, dataset="bench/city", base=ID, strict=False) as done:
        return {"statements": sum(batch.num_rows for batch in done.statements())}


def write_city_graph(path: str, triples: str) -> dict[str, Fact]:
    """The reasoning measures' graph."""
    write_graph(Path(path), int(triples))
    return {}


def write_statements(count: str, path: str) -> dict[str, Fact]:
    """The ledger's synthetic statements as N-Triples."""
    with Path(path).open("w", encoding="utf-8") as file:
        for batch in synthetic_statements(int(count), 0).to_batches():
            s, p, o = (batch.column(name).to_pylist() for name in "spo")
            file.writelines(f"{' '.join(line)} .\n" for line in zip(s, p, o, strict=True))
    return {}


def load_emkg(count: str, path: str = "") -> dict[str, Fact]:
    """The same into a ledger: staged, compared with what was there (nothing), committed with its provenance."""
    statements = synthetic_statements(int(count), 0)
    file = Path(path) if path else None
    with Ledger.open(file) as ledger:
        started = time.perf_counter()
        with ledger.stage({_GRAPH: statements}) as staged:
            staged.commit(Activity("bench/city"))
            added = staged.delta.added_count
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "statements": added, **_disk(file)}


def ingest_emkg(mapping: str, path: str) -> dict[str, Fact]:
    """From source rows to a committed ledger: mapped, staged, compared, committed; no gate, no rules."""
    file = Path(path)
    with Ledger.open(file) as ledger:
        started = time.perf_counter()
        parsed = parse_mapping(Path(mapping), data_root=None)
        with (
            run_mapping(parsed, dataset="bench/city", base=ID, strict=False) as done,
            ledger.stage({_GRAPH: done.statements()}, is_distinct=True) as staged,
        ):
            mapped = time.perf_counter() - started
            staged.commit(Activity("bench/city"))
            added = staged.delta.added_count
        seconds = time.perf_counter() - started
    rate = round(added / seconds / 1e6, 2)
    return {
        "seconds": seconds,
        "statements": added,
        "mapped and staged s": mapped,
        "M/s": rate,
        **_disk(file),
    }


def load_oxigraph(triples: str, path: str = "") -> dict[str, Fact]:
    """The N-Triples into one named graph by the bulk loader."""
    folder = Path(path) if path else None
    store = pyoxigraph.Store(folder) if folder else pyoxigraph.Store()
    started = time.perf_counter()
    store.bulk_load(
        path=triples, format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=pyoxigraph.NamedNode(_GRAPH)
    )
    store.flush()
    return {"seconds": time.perf_counter() - started, "statements": len(store), **_disk(folder)}


def reason_emkg(data: str, out: str) -> dict[str, Fact]:
    """The ontology's rules over the ontology and the data, in a ledger in memory."""
    ontology = load_ontology(content_root() / "ontology").quads
    with Ledger.open(None) as ledger:
        _load(ledger, GRAPH + "ontology", (_line(quad) for quad in ontology))
        _load(ledger, _GRAPH, _lines(Path(data)))
        rules = axiom_rules(ontology)
        started = time.perf_counter()
        done = materialise(ledger, rules, INFERRED_ONTOLOGY)
        seconds = time.perf_counter() - started
        rows = ledger.statements(graphs=[INFERRED_ONTOLOGY]).read_all().to_pylist()
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(f"{row['s']} {row['p']} {row['o']}\n" for row in rows)
    return {"seconds": seconds, "inferred": done.derived, "rounds": done.rounds, "rules": len(rules)}


def reason_owlrl(data: str, out: str) -> dict[str, Fact]:
    """owlrl's OWL 2 RL closure of the same."""
    graph = rdflib.Graph()
    ontology = "".join(f"{_line(quad)} .\n" for quad in load_ontology(content_root() / "ontology").quads)
    graph.parse(data=ontology, format="nt")
    graph.parse(data, format="nt")
    asserted = set(graph)
    started = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    seconds = time.perf_counter() - started
    inferred = set(graph) - asserted
    result = rdflib.Graph()
    for triple in inferred:
        if isinstance(triple[0], rdflib.URIRef):  # owlrl also says that every literal is the same as itself
            result.add(triple)
    result.serialize(out, format="nt11", encoding="utf-8")
    return {"seconds": seconds, "inferred": len(inferred)}


def demonstrate(folder: str) -> dict[str, Fact]:
    """Generate, ingest, reason, ask: what `emkg demo` does before it prints."""
    started = time.perf_counter()
    story = run_demonstration(Path(folder))
    rows = sum(story.city.rows.values())
    return {"seconds": time.perf_counter() - started, "source rows": rows}


def ask_city(question: str, folder: str, state: str) -> dict[str, Fact]:
    """The first question of a process with its evaluator's start and filling, or the median of later ones."""
    workspace = demonstration_workspace(Path(folder))
    with (
        open_ledger(workspace, read_only=True) as ledger,
        open_evaluator(ledger, workspace.settings) as evaluator,
    ):
        seconds = []
        for _ in range(1 if state == "cold" else _TIMES + 1):
            started = time.perf_counter()
            answer = ask(question, _HAZE, evaluator, context=workspace.ask_context)
            seconds.append(time.perf_counter() - started)
    return {"seconds": statistics.median(seconds[1:] or seconds), "rows": len(answer.rows)}


JOBS: Final[Mapping[str, Callable[..., dict[str, Fact]]]] = {
    "write-sources": write_sources,
    "map": map_statements,
    "write-graph": write_city_graph,
    "write-statements": write_statements,
    "load-emkg": load_emkg,
    "ingest-emkg": ingest_emkg,
    "load-oxigraph": load_oxigraph,
    "reason-emkg": reason_emkg,
    "reason-owlrl": reason_owlrl,
    "demonstrate": demonstrate,
    "ask": ask_city,
}


def _line(quad: Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object}"


def _lines(path: Path) -> Iterable[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (line.removesuffix(" .\n") for line in lines)


def _load(ledger: Ledger, graph: str, lines: Iterable[str]) -> None:
    s, p, o = zip(*(line.split(" ", 2) for line in lines), strict=True)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in (("s", s), ("p", p), ("o", o))})
    with ledger.stage({graph: table}) as staged:
        staged.commit(Activity(graph))


def _disk(path: Path | None) -> dict[str, Fact]:
    if path is None:
        return {}
    files = path.rglob("*") if path.is_dir() else [path]
    return {"disk_mb": round(sum(file.stat().st_size for file in files if file.is_file()) / 1024**2, 1)}


if __name__ == "__main__":
    facts = JOBS[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(f"\n{json.dumps(facts)}\n")

"""SHACL in a process of its own: `python -m bench.validation_job NAME ARGUMENT…` prints one line of facts as JSON.

Each engine reads the same two files and writes its results, a line each: focus node, value, component.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from bench.validation_data import SHAPES, rows_of
from emkg.ledger import Activity, Ledger
from emkg.plan import Dataset, Updater
from emkg.rdf import parse_file
from emkg.rdf.relation import STATEMENTS_SCHEMA, parse_relation
from emkg.validation import CompiledValidator, PyshaclValidator, StandingReport, load_shapes
from emkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bench.process import Fact
    from emkg.rdf import Term

_CHANGES: Final = 9
_GRAPH: Final = "http://e/graph"
_LEVELS: Final = """WITH <{graph}> DELETE {{ ?event <http://e/level> ?level }} INSERT {{ ?event <http://e/level> 9 }}
WHERE {{ VALUES ?event {{ <http://e/event/{one}> <http://e/event/{other}> }} ?event <http://e/level> ?level }}"""
_GONE: Final = """WITH <{graph}> DELETE {{ ?event ?p ?o }}
WHERE {{ VALUES ?event {{ <http://e/event/{one}> <http://e/event/{other}> }} ?event ?p ?o }}"""
# Runs in shacl-rust's own environment.
SHACL_RUST: Final = """
import json, sys, time, shacl_rust
started = time.perf_counter()
report = shacl_rust.validate_file(sys.argv[1], sys.argv[2])
seconds = time.perf_counter() - started
with open(sys.argv[3], "w", encoding="utf-8") as file:
    for one in report["results"]:
        file.write("\\t".join((one["focusNode"], one.get("value") or one["focusNode"], one["sourceConstraintComponent"])) + "\\n")
print(json.dumps({"seconds": seconds, "results": len(report["results"])}))
"""


def write(count: str, data: str, shapes: str) -> dict[str, Fact]:
    """The graph as N-Triples, and the shapes."""
    with Path(data).open("w", encoding="utf-8") as file:
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in rows_of(int(count)))
    Path(shapes).write_text(SHAPES, encoding="utf-8")
    return {}


def by_emkg(data: str, shapes: str, results: str) -> dict[str, Fact]:
    """The file read, loaded into a ledger in memory, and judged by plans; then the last two again, in a process that has done it."""
    facts = _judged(CompiledValidator(), data, shapes, results)
    table, graph = _table(Path(data)), load_shapes([Path(shapes)])
    again = _seconds(lambda: CompiledValidator().validate(table, graph))
    return {**facts, "again without reading s": round(again, 2)}


def by_pyshacl(data: str, shapes: str, results: str) -> dict[str, Fact]:
    """The file read into an rdflib graph and judged."""
    return _judged(PyshaclValidator(), data, shapes, results)


def _judged(
    validator: CompiledValidator | PyshaclValidator, data: str, shapes: str, results: str
) -> dict[str, Fact]:
    graph = load_shapes([Path(shapes)])
    started = time.perf_counter()
    table = _table(Path(data))
    read = time.perf_counter() - started
    report = validator.validate(table, graph)
    seconds = time.perf_counter() - started
    keys = ((str(one.focus_node), one.value, str(one.component)) for one in report.results)
    _write(
        Path(results), ((focus, focus if value is None else str(value), name) for focus, value, name in keys)
    )
    return {"seconds": seconds, "reading s": round(read, 2), "results": len(report.results)}


def compare(folder: str) -> dict[str, Fact]:
    """How the others' results differ from EMKG's; a report in Turtle (TopBraid's) is read as it is.

    shacl-rust gives no path that is longer than a predicate, so paths are not compared.
    """
    ours = _results(Path(folder) / "EMKG.tsv")
    facts: dict[str, Fact] = {"results": ours.total()}
    for path in sorted(Path(folder).glob("*.t[st][vl]")):
        if path.stem not in {"EMKG", "shapes"}:
            found = _results(path)
            more, fewer = (found - ours).total(), (ours - found).total()
            facts[path.stem] = "the same" if found == ours else f"{more} more, {fewer} fewer"
    return facts


def standing(count: str) -> dict[str, Fact]:
    """A report that follows a ledger, while two events at a time change: milliseconds."""
    columns = zip(*rows_of(int(count)), strict=True)
    table = pa.table({name: pa.array(one, pa.string()) for name, one in zip("spo", columns, strict=True)})
    shapes = Path("shapes.ttl")
    shapes.write_text(SHAPES, encoding="utf-8")
    with Ledger.open(None) as ledger:
        with ledger.stage({_GRAPH: table}) as staged:
            staged.commit(Activity("bench"))
        report = StandingReport(ledger, load_shapes([shapes]), Dataset((_GRAPH,), ()))
        full, updater = _seconds(report.refresh), Updater(ledger)
        properties, whole = [], []
        for number in range(0, 2 * _CHANGES, 2):
            updater.run(_LEVELS.format(graph=_GRAPH, one=number, other=number + 1))
            properties.append(_seconds(report.refresh))
            updater.run(_GONE.format(graph=_GRAPH, one=number, other=number + 1))
            whole.append(_seconds(report.refresh))
        again = StandingReport(ledger, load_shapes([shapes]), Dataset((_GRAPH,), ()))
        again.refresh()
        is_same = again.report == report.report
    return {
        "seconds": full,
        "two levels ms": round(statistics.median(properties) * 1000),
        "two events gone ms": round(statistics.median(whole) * 1000),
        "as a full run": "yes" if is_same else "no",
    }


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _table(path: Path) -> pa.Table:
    return pa.Table.from_batches(parse_relation(path, base="http://e/", scope=""), STATEMENTS_SCHEMA)


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def _results(path: Path) -> Counter[tuple[str, ...]]:
    if path.suffix == ".tsv":
        lines = path.read_text(encoding="utf-8").splitlines()
        return Counter(tuple(line.split("\t")) for line in lines)
    about: dict[Term, dict[str, str]] = {}
    for quad in parse_file(path, base="http://e/"):
        about.setdefault(quad.subject, {})[quad.predicate.value.removeprefix(SH)] = str(quad.object)
    reports = [one for one in about.values() if "focusNode" in one]
    return Counter(
        (one["focusNode"], one.get("value", one["focusNode"]), one["sourceConstraintComponent"])
        for one in reports
    )


_JOBS: Final[Mapping[str, Callable[..., dict[str, Fact]]]] = {
    "write": write,
    "emkg": by_emkg,
    "pyshacl": by_pyshacl,
    "compare": compare,
    "standing": standing,
}

if __name__ == "__main__":
    facts = _JOBS[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(f"\n{json.dumps(facts)}\n")

"""SHACL by the compiled engine and by pySHACL, in turns on the same graphs: `python -m bench.validation_speed [TRIPLES…]`.

Prints seconds with the load of the statements, and whether the results are the same. pySHACL is left out above 200,000 triples.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from bench.peers import SHACL_RUST, peer_python
from bench.validation_data import SHAPES, rows_of
from emkg.ledger import Activity, Ledger
from emkg.plan import Dataset, Updater
from emkg.rdf import parse_text
from emkg.validation import CompiledValidator, PyshaclValidator, ShapesGraph, StandingReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.validation import ValidationReport, Validator

_MOST_FOR_PYSHACL, _ROUNDS = 200_000, 3
_STANDING, _CHANGES = 1_000_000, 9
_GRAPH = "http://e/graph"
_LEVELS = """WITH <{graph}> DELETE {{ ?event <http://e/level> ?level }} INSERT {{ ?event <http://e/level> 9 }}
WHERE {{ VALUES ?event {{ <http://e/event/{one}> <http://e/event/{other}> }} ?event <http://e/level> ?level }}"""
_GONE = """WITH <{graph}> DELETE {{ ?event ?p ?o }}
WHERE {{ VALUES ?event {{ <http://e/event/{one}> <http://e/event/{other}> }} ?event ?p ?o }}"""
_RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
# Runs in shacl-rust's own environment, on the same files.
_SHACL_RUST = """
import json, sys, time, shacl_rust
started = time.perf_counter()
report = shacl_rust.validate_file(sys.argv[1], sys.argv[2])
print(json.dumps({"seconds": time.perf_counter() - started, "results": report["results"]}))
"""


def main() -> None:
    """Judge, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("triples", nargs="*", type=int, default=[20_000, 100_000, 1_000_000])
    options.add_argument("--peers", type=Path, default=Path("build/bench-peers"))
    chosen = options.parse_args()
    shapes = ShapesGraph(tuple(parse_text(SHAPES, "turtle")))
    python = peer_python(SHACL_RUST, chosen.peers, _say)
    _say("| triples | compiled (s) | pySHACL (s) | the same | shacl-rust (s) | the same | results |")
    _say("|---|---|---|---|---|---|---|")
    for size in chosen.triples:
        table = _graph(size)
        rounds = [_judged(CompiledValidator(memory_limit_mb=1024), table, shapes) for _ in range(_ROUNDS)]
        ours, found = statistics.median(seconds for seconds, _ in rounds), rounds[0][1]
        theirs, same = "", ""
        if size <= _MOST_FOR_PYSHACL:
            seconds, expected = _judged(PyshaclValidator(), table, shapes)
            theirs, same = f"{seconds:.1f}", "yes" if _keys(found) == _keys(expected) else "no"
        rust, alike = ("", "") if python is None else _by_shacl_rust(python, table, _keys(found))
        _say(
            f"| {table.num_rows:,} | {ours:.2f} | {theirs} | {same} | {rust} | {alike} | {len(found.results):,} |"
        )
    _standing(shapes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _say(f"\nPeak memory of the process: {peak} MB.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _by_shacl_rust(python: Path, table: pa.Table, expected: list[tuple[str, ...]]) -> tuple[str, str]:
    """Seconds with reading N-Triples, and whether the results are the same."""
    with tempfile.TemporaryDirectory() as folder:
        data, shapes = Path(folder) / "data.nt", Path(folder) / "shapes.ttl"
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        data.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in rows), encoding="utf-8")
        shapes.write_text(SHAPES, encoding="utf-8")
        command = [str(python), "-c", _SHACL_RUST, str(data), str(shapes)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return "failed", done.stderr.strip().rpartition("\n")[2][:80]
    answer = json.loads(done.stdout)
    # It gives no path that is longer than a predicate, so paths are not compared; and where a SPARQL constraint binds no
    # value it gives none, where section 5.3.2 has the focus node.
    found = Counter(
        (one["focusNode"], one.get("value") or one["focusNode"], one["sourceConstraintComponent"])
        for one in answer["results"]
    )
    ours = Counter(
        (focus, focus if value == "None" else value, component) for focus, _, value, component in expected
    )
    return (
        f"{answer['seconds']:.2f}",
        "yes" if found == ours else f"{(found - ours).total()} more, {(ours - found).total()} fewer",
    )


def _standing(shapes: ShapesGraph) -> None:
    """A report that follows a ledger of a million triples, while two events at a time change."""
    table = _graph(_STANDING)
    with Ledger.open(None) as ledger:
        with ledger.stage(
            {_GRAPH: table.append_column("g", pa.nulls(table.num_rows, pa.string()))}
        ) as staged:
            staged.commit(Activity("bench"))
        updater, standing = Updater(ledger), StandingReport(ledger, shapes, Dataset((_GRAPH,), ()))
        full = _seconds(standing.refresh)
        properties, whole = [], []
        for number in range(0, 2 * _CHANGES, 2):
            updater.run(_LEVELS.format(graph=_GRAPH, one=number, other=number + 1))
            properties.append(_seconds(standing.refresh))
            updater.run(_GONE.format(graph=_GRAPH, one=number, other=number + 1))
            whole.append(_seconds(standing.refresh))
        again = StandingReport(ledger, shapes, Dataset((_GRAPH,), ()))
        again.refresh()
        same = "yes" if again.report == standing.report else "no"
    sys.stdout.write(
        f"\n| standing report, {table.num_rows:,} triples | ms |\n|---|---|\n| everything | {full * 1000:.0f} |\n"
        f"| two events have another level | {statistics.median(properties) * 1000:.0f} |\n"
        f"| two events are gone | {statistics.median(whole) * 1000:.0f} |\n\nThe same as a full run: {same}.\n"
    )


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _judged(validator: Validator, table: pa.Table, shapes: ShapesGraph) -> tuple[float, ValidationReport]:
    started = time.perf_counter()
    report = validator.validate(table, shapes)
    return time.perf_counter() - started, report


def _keys(report: ValidationReport) -> list[tuple[str, ...]]:
    return sorted((str(r.focus_node), str(r.path), str(r.value), str(r.component)) for r in report.results)


def _graph(triples: int) -> pa.Table:
    columns = zip(*rows_of(triples), strict=True)
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip("spo", columns, strict=True)}
    )


if __name__ == "__main__":
    main()

"""SHACL by the compiled engine and by pySHACL, in turns on the same graphs: `python -m bench.validation_speed [TRIPLES…]`.

Prints seconds with the load of the statements, and whether the results are the same. pySHACL is left out above 200,000 triples.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import time
from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.ledger import Activity, Ledger
from emkg.plan import Dataset, Updater
from emkg.rdf import parse_text
from emkg.validation import CompiledValidator, PyshaclValidator, ShapesGraph, StandingReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.validation import ValidationReport, Validator

_MOST_FOR_PYSHACL = 200_000
_STANDING, _CHANGES = 1_000_000, 9
_GRAPH = "http://e/graph"
_LEVELS = """WITH <{graph}> DELETE {{ ?event <http://e/level> ?level }} INSERT {{ ?event <http://e/level> 9 }}
WHERE {{ VALUES ?event {{ <http://e/event/{one}> <http://e/event/{other}> }} ?event <http://e/level> ?level }}"""
_GONE = """WITH <{graph}> DELETE {{ ?event ?p ?o }}
WHERE {{ VALUES ?event {{ <http://e/event/{one}> <http://e/event/{other}> }} ?event ?p ?o }}"""
_RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:Event a sh:NodeShape ; sh:targetClass e:Event ;
  sh:property [ sh:path e:level ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxInclusive 4 ] ;
  sh:property [ sh:path e:name ; sh:minCount 1 ; sh:minLength 3 ; sh:maxLength 40 ; sh:uniqueLang true ] ;
  sh:property [ sh:path e:at ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:class e:Place ] ;
  sh:property [ sh:path e:from ; sh:datatype xsd:date ; sh:lessThanOrEquals e:until ] ;
  sh:property [ sh:path e:colour ; sh:in ( "red" "orange" "yellow" "blue" ) ] ;
  sh:property [ sh:path ( e:at e:within ) ; sh:minCount 1 ] ;
  sh:or ( [ sh:path e:colour ; sh:minCount 1 ] [ sh:path e:from ; sh:minCount 1 ] ) .
e:Place a sh:NodeShape ; sh:targetClass e:Place ;
  sh:property [ sh:path e:code ; sh:pattern "^[0-9]{6}$" ; sh:maxCount 1 ] ;
  sh:property [ sh:path [ sh:inversePath e:at ] ; sh:class e:Event ] ;
  sh:property [ sh:path [ sh:oneOrMorePath e:within ] ; sh:nodeKind sh:IRI ] ;
  sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/within> $this }" ] .
"""


def main() -> None:
    """Judge, print."""
    shapes = ShapesGraph(tuple(parse_text(_SHAPES, "turtle")))
    sys.stdout.write("| triples | compiled (s) | pySHACL (s) | results | same |\n|---|---|---|---|---|\n")
    for size in [int(text) for text in sys.argv[1:]] or [20_000, 100_000, 1_000_000]:
        table = _graph(size)
        ours, found = _judged(CompiledValidator(memory_limit_mb=1024), table, shapes)
        theirs, same = "", ""
        if size <= _MOST_FOR_PYSHACL:
            seconds, expected = _judged(PyshaclValidator(), table, shapes)
            theirs, same = f"{seconds:.1f}", "yes" if _keys(found) == _keys(expected) else "no"
        sys.stdout.write(
            f"| {table.num_rows:,} | {ours:.2f} | {theirs} | {len(found.results):,} | {same} |\n"
        )
        sys.stdout.flush()
    _standing(shapes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"\nPeak memory of the process: {peak} MB.\n")


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
    """Events and places, a few per cent of them faulty."""
    dice = random.Random(7)  # noqa: S311  (test data)
    rows: list[tuple[str, str, str]] = []
    places = max(10, triples // 70)
    for number in range(places):
        place = f"<http://e/place/{number}>"
        code = "x" if dice.random() < 0.02 else f"{number % 1_000_000:06}"
        rows += [(place, _RDF_TYPE, "<http://e/Place>"), (place, "<http://e/code>", f'"{code}"')]
        rows.append((place, "<http://e/within>", f"<http://e/place/{number // 10}>"))
    number = 0
    while len(rows) < triples:
        rows += _event(f"<http://e/event/{number}>", dice, places)
        number += 1
    columns = zip(*rows[:triples], strict=True)
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip("spo", columns, strict=True)}
    )


def _event(event: str, dice: random.Random, places: int) -> list[tuple[str, str, str]]:
    level = dice.choice(["9", "x"]) if dice.random() < 0.02 else str(dice.randint(1, 4))
    colour = "pink" if dice.random() < 0.02 else dice.choice(["red", "orange", "yellow", "blue"])
    day = dice.randint(10, 27)
    until = day - 5 if dice.random() < 0.02 else day + 1
    rows = [
        (event, _RDF_TYPE, "<http://e/Event>"),
        (event, "<http://e/level>", f'"{level}"^^<{_XSD}integer>'),
        (event, "<http://e/at>", f"<http://e/place/{dice.randrange(places)}>"),
        (event, "<http://e/from>", f'"2026-11-{day:02}"^^<{_XSD}date>'),
        (event, "<http://e/until>", f'"2026-11-{until:02}"^^<{_XSD}date>'),
        (event, "<http://e/colour>", f'"{colour}"'),
    ]
    if dice.random() > 0.02:
        rows.append((event, "<http://e/name>", f'"event {event[-9:-1]}"@en'))
    return rows


if __name__ == "__main__":
    main()

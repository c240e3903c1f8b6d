"""Ten rows of a dataset change: `python -m bench.changed_job WHAT ROWS` prints what an ingest takes then, as JSON.

The incidents, departments and dispatches of `city_data` in this folder, mapped with two joins, judged by shapes, reasoned
over by the ontology's rules. WHAT is what happens to them before: `written` at all, `kept`, ten incidents with another
title (`titles`), ten with another key, which the dispatches sent to them refer to (`keys`), or all is read `again`.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.city_data import write_tables
from emkg.content import content_root
from emkg.ledger import Ledger
from emkg.pipeline.dataset import Dataset
from emkg.pipeline.gate import Gate
from emkg.pipeline.hooks import IngestHooks
from emkg.pipeline.ingest import IngestInputs, IngestOptions, ingest
from emkg.pipeline.reason import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emkg.pipeline.hooks import StageProgress

_MAPPING: Final = Path(__file__).parent / "mapping" / "table.rml.ttl"
_CHANGED: Final = 10
_SHAPES: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix ex: <http://example.org/bench/> .
ex:EventShape a sh:NodeShape ; sh:targetClass em:Event ;
  sh:property [ sh:path ex:title ; sh:minCount 1 ; sh:uniqueLang true ] ,
    [ sh:path em:occurredAt ; sh:maxCount 1 ; sh:datatype xsd:dateTime ] ,
    [ sh:path ex:loss ; sh:minInclusive 0.05 ] ,
    [ sh:path ex:handledBy ; sh:minCount 1 ; sh:class em:PublicBody ] .
ex:DispatchShape a sh:NodeShape ; sh:targetClass ex:Dispatch ;
  sh:property [ sh:path ex:answers ; sh:maxCount 1 ; sh:class em:Event ] , [ sh:path ex:unit ; sh:minLength 2 ] .
"""


def main(what: str, rows: int) -> dict[str, object]:
    """Change the data of this folder, and ingest it."""
    folder = Path()
    if what == "written":
        shutil.copy(_MAPPING, folder)
        (folder / "shapes.ttl").write_text(_SHAPES, encoding="utf-8")
        write_tables(folder, rows)
    elif what in _EDITS:
        _change_rows(folder / "incident.csv", rows, _EDITS[what])
    return _ingested(folder, force=what == "again")


def _ingested(folder: Path, *, force: bool) -> dict[str, object]:
    begun: list[tuple[str, float]] = []

    def note(progress: StageProgress) -> None:
        begun.append((progress.stage.value, time.perf_counter()))

    dataset = Dataset("bench/city", "http://example.org/bench/graph", mapping=folder / _MAPPING.name)
    with Ledger.open(folder / "ledger.duckdb") as ledger:
        inputs = IngestInputs(
            ledger,
            "http://example.org/",
            rows_root=folder / "rows",
            gate=Gate.of([folder / "shapes.ttl"]),
            rules=Rules.of_content(content_root()),
        )
        report = ingest([dataset], inputs, IngestOptions(force=force, hooks=IngestHooks(progress=note)))
        [one] = report.datasets
        begun.append(("end", time.perf_counter()))
    stages = {name: round(after - start, 2) for (name, start), (_, after) in pairwise(begun)}
    return {
        "seconds": report.seconds,
        "statements": one.statements,
        "added": one.added,
        "removed": one.removed,
        "withheld": one.withheld,
        "findings": len(one.findings),
        **{f"{name} s": seconds for name, seconds in stages.items()},
    }


def _change_rows(path: Path, rows: int, edit: Callable[[list[str]], list[str]]) -> None:
    """Edit the first three cells of ten rows, evenly spread."""
    every = rows // _CHANGED
    changed = path.with_suffix(".new")
    with (
        path.open(encoding="utf-8", newline="") as source,
        changed.open("w", encoding="utf-8", newline="") as target,
    ):
        for number, line in enumerate(source):
            is_chosen = number % every == every // 2
            target.write(",".join(edit(line.split(",", 2))) if is_chosen else line)
    changed.replace(path)


def _with_another_title(cells: list[str]) -> list[str]:
    first, call, rest = cells
    start = '"' if rest.startswith('"') else ""
    return [first, call, f"{start}更正：{rest.removeprefix(start)}"]


def _with_another_key(cells: list[str]) -> list[str]:
    return [f"{cells[0]}-2", *cells[1:]]


_EDITS: Final[Mapping[str, Callable[[list[str]], list[str]]]] = {
    "titles": _with_another_title,
    "keys": _with_another_key,
}

if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(main(sys.argv[1], int(sys.argv[2])))}\n")

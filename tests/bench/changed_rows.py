"""Ten rows of a dataset change: what an ingest takes then, stage by stage: `python -m bench.changed_rows [ROWS]`.

The incidents, departments and dispatches of `city_data`, mapped with two joins, judged by six shapes, reasoned over by
the ontology's rules. First everything, then nothing changed, then ten incidents with another title, ten with another key
(which the dispatches sent to them refer to), then all again (`--force`), each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
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
    from collections.abc import Callable

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


def main() -> None:
    """Measure, print a table; with `--once` one ingest, as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", nargs="?", type=int, default=1_000_000)
    options.add_argument("--once", type=Path, help="ingest this folder's data and print what it took")
    options.add_argument("--force", action="store_true")
    chosen = options.parse_args()
    if chosen.once:
        print(json.dumps(_once(chosen.once, force=chosen.force)))  # noqa: T201
        return
    with tempfile.TemporaryDirectory(prefix="emkg-bench-") as temporary:
        folder = Path(temporary)
        shutil.copy(_MAPPING, folder)
        (folder / "shapes.ttl").write_text(_SHAPES, encoding="utf-8")
        write_tables(folder, chosen.rows)
        _say("everything", _measured(folder))
        _say("nothing changed", _measured(folder))
        _change_rows(folder / "incident.csv", chosen.rows, _with_another_title)
        _say(f"another title for {_CHANGED} rows", _measured(folder))
        _change_rows(folder / "incident.csv", chosen.rows, _with_another_key)
        _say(f"another key for {_CHANGED} rows", _measured(folder))
        _say("all again", _measured(folder, "--force"))


def _once(folder: Path, *, force: bool) -> dict[str, object]:
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
        "outcome": one.outcome,
        "rows": one.rows,
        "statements": one.statements,
        "added": one.added,
        "removed": one.removed,
        "withheld": one.withheld,
        "findings": len(one.findings),
        "seconds": round(report.seconds, 2),
        "stages": stages,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _measured(folder: Path, *options: str) -> dict[str, object]:
    command = [sys.executable, "-m", "bench.changed_rows", "--once", str(folder), *options]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


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


def _say(what: str, found: dict[str, object]) -> None:
    print(f"{what}: {json.dumps(found)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

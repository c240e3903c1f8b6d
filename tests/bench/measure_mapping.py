"""Mapping: CSV with two joins, nested JSON, XML; the same RML for EMKG and for morph-kgc."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Contestant, Measure
from bench.peers import morph_kgc_python
from bench.process import Command, job, module, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.options import Options

_MAPPINGS = Path(__file__).parent / "mapping"
_CONFIGURATION = """\
[CONFIGURATION]
output_file={out}
output_format=N-TRIPLES
number_of_processes=2
[SOURCE]
mappings={mapping}
"""


def mapping_measures(options: Options, work: Path, say: Callable[[str], None]) -> Iterator[Measure]:
    """One measure for each format; all are timed as whole processes, both sides from start to written file.

    EMKG's file is sorted and without repeats; what an ingest reads is not, and so it runs a second time without it.
    """
    python = morph_kgc_python(options.peers, say)
    run(job("write-sources", options.rows, options.items, folder=work))
    sizes = {
        "table": f"{options.rows} rows",
        "json": f"{options.items} items",
        "xml": f"{options.items} items",
    }
    for name, size in sizes.items():
        yield _measure(name, size, options.rounds, work, python)


def _measure(name: str, size: str, rounds: int, work: Path, python: Path | None) -> Measure:
    mapping = f"{name}.rml.ttl"
    shutil.copy(_MAPPINGS / mapping, work)
    ours, theirs = work / f"{name}.emkg.nq", work / f"{name}.morph.nt"
    emkg = Contestant("EMKG", _emkg(mapping, ours, work))
    relation = Contestant("EMKG, not written", job("map", mapping, folder=work))
    title = f"mapping {'CSV, two joins' if name == 'table' else name.upper()}"
    if python is None:
        return Measure(title, size, (emkg, relation), rounds)
    configuration = work / f"{name}.ini"
    configuration.write_text(_CONFIGURATION.format(out=theirs.name, mapping=mapping), encoding="utf-8")
    peer = Contestant("morph-kgc", Command((str(python), "-m", "morph_kgc", configuration.name), work))
    return Measure(
        title,
        size,
        (emkg, peer, relation),
        rounds,
        compare=module("bench.difference", ours, theirs, folder=work),
    )


def _emkg(mapping: str, out: Path, work: Path) -> Command:
    arguments = (sys.executable, "-m", "emkg", "map", "run", mapping, "-o", out.name, "--json")
    return Command(arguments, work)

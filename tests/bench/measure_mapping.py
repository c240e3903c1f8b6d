"""Mapping: CSV with two joins, nested JSON, XML; the same RML for EMKG and for morph-kgc."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Contestant, Measure
from bench.peers import MORPH_KGC, peer_python
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


@dataclass(frozen=True)
class _Format:
    """A source format: the kind of its sources (`write-sources`), its mapping, how it is called in the table."""

    kind: str
    mapping: str
    title: str


_FORMATS = {
    "csv": (
        _Format("csv", "table.rml.ttl", "mapping CSV, two joins"),
        _Format("csv-quoted", "table.rml.ttl", "mapping CSV, blanks at quotes"),
    ),
    "json": (_Format("json", "json.rml.ttl", "mapping JSON"),),
    "xml": (_Format("xml", "xml.rml.ttl", "mapping XML"),),
}


def mapping_measures(options: Options, work: Path, say: Callable[[str], None]) -> Iterator[Measure]:
    """The formats asked for; all are timed as whole processes, both sides from start to written file.

    EMKG's file is sorted and without repeats; what an ingest reads is not, and so it runs a second time without it.
    """
    chosen = [one for name in options.measures for one in _FORMATS.get(name, ())]
    python = peer_python(MORPH_KGC, options.peers, say) if chosen else None
    for one in chosen:
        count = options.rows if one.mapping == "table.rml.ttl" else options.items
        folder = work / one.kind
        folder.mkdir(exist_ok=True)
        run(job("write-sources", one.kind, count, folder=folder))
        size = f"{count} {'rows' if one.mapping == 'table.rml.ttl' else 'items'}"
        contestants, compare = _contest(one, folder, python)
        yield Measure(one.title, size, contestants, options.rounds, compare=compare)


def _contest(
    one: _Format, folder: Path, python: Path | None
) -> tuple[tuple[Contestant, ...], Command | None]:
    """The contestants, and what compares their outputs."""
    shutil.copy(_MAPPINGS / one.mapping, folder)
    ours, theirs = folder / "emkg.nq", folder / "morph.nt"
    written = (sys.executable, "-m", "emkg", "map", "run", one.mapping, "-o", ours.name, "--json")
    emkg = Contestant("EMKG", Command(written, folder))
    relation = Contestant("EMKG, not written", job("map", one.mapping, folder=folder))
    if python is None:
        return (emkg, relation), None
    configuration = _CONFIGURATION.format(out=theirs.name, mapping=one.mapping)
    (folder / "morph.ini").write_text(configuration, encoding="utf-8")
    peer = Contestant("morph-kgc", Command((str(python), "-m", "morph_kgc", "morph.ini"), folder))
    return (emkg, peer, relation), module("bench.difference", ours, theirs, folder=folder)

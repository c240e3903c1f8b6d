"""The ledger against Oxigraph's bulk loader: the same statements, in memory and on disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Contestant, Measure
from bench.process import job, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.options import Options


def ledger_measures(options: Options, work: Path) -> Iterator[Measure]:
    """The load, on disk and in memory, and the whole way from rows.

    Each side times the load alone, EMKG from an Arrow relation, Oxigraph from N-Triples.
    """
    triples = work / "statements.nt"
    run(job("write-statements", options.statements, triples, folder=work))
    size = f"{options.statements} statements"
    ours, theirs = work / "ledger.duckdb", work / "oxigraph"
    disk = (
        Contestant("EMKG", job("load-emkg", options.statements, ours, folder=work), lambda: _clear(ours)),
        Contestant("Oxigraph", job("load-oxigraph", triples, theirs, folder=work), lambda: _clear(theirs)),
    )
    memory = (
        Contestant("EMKG", job("load-emkg", options.statements, folder=work)),
        Contestant("Oxigraph", job("load-oxigraph", triples, folder=work)),
    )
    yield Measure("load on disk", size, disk, options.rounds)
    yield Measure("load in memory", size, memory, options.rounds)
    yield _ingest_measure(options, work)


def _ingest_measure(options: Options, work: Path) -> Measure:
    """From source rows to a committed ledger; nothing to compare it with does both."""
    folder = work / "ingest"
    folder.mkdir(exist_ok=True)
    run(job("write-sources", "csv", options.rows, folder=folder))
    mapping = shutil.copy(Path(__file__).parent / "mapping" / "table.rml.ttl", folder)
    target = folder / "ingest.duckdb"
    command = job("ingest-emkg", mapping, target, folder=folder)
    ours = Contestant("EMKG", command, lambda: _clear(target))
    return Measure("CSV rows to committed ledger", f"{options.rows} rows", (ours,), options.rounds)


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        for file in path.parent.glob(f"{path.name}*"):  # its log and its head too
            file.unlink()

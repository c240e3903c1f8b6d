"""The ledger against Oxigraph's bulk loader: the same statements, in memory and on disk."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bench.measure import Contestant, Measure
from bench.process import job, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.options import Options


def ledger_measures(options: Options, work: Path) -> Iterator[Measure]:
    """Two measures; each side times the load alone, EMKG from an Arrow relation, Oxigraph from N-Triples."""
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


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""SPARQL on the ledger and on Oxigraph, both on disk, on the same graph."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Final

from bench.measure import Contestant, Measure
from bench.process import module, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.options import Options

_JOB: Final = "bench.query_job"


def query_measures(options: Options, work: Path) -> Iterator[Measure]:
    """Eight queries; the seconds are their sum, what each takes is counted."""
    folder = work / f"query-{options.queried}"
    folder.mkdir(exist_ok=True)
    run(module(_JOB, "write", options.queried, "data.nt", folder=folder))
    yield Measure(
        "queries",
        f"{options.queried} triples",
        tuple(
            Contestant(
                name,
                module(
                    _JOB, "query", name.lower(), "data.nt", f"{name}.store", f"{name}.json", folder=folder
                ),
                before=partial(_remove, folder / f"{name}.store"),
            )
            for name in ("EMKG", "Oxigraph")
        ),
        rounds=options.rounds,
        warm_up=0,
        compare=module(_JOB, "compare", "EMKG.json", "Oxigraph.json", folder=folder),
    )


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

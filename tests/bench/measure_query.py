"""SPARQL on the ledger, on Oxigraph and on Virtuoso, all on disk, on the same graph."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Final

from bench.measure import Contestant, Measure
from bench.process import module, run
from bench.virtuoso import SERVER, is_installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.options import Options

_JOB: Final = "bench.query_job"


def query_measures(options: Options, work: Path, say: Callable[[str], None]) -> Iterator[Measure]:
    """Twenty-two queries; the seconds are their sum, what each takes is counted."""
    folder = work / f"query-{options.queried}"
    folder.mkdir(exist_ok=True)
    names = ["EMKG", "Oxigraph"]
    if is_installed():
        names.append("Virtuoso")
    else:
        say(f"{SERVER} is not installed (Debian: virtuoso-opensource-7-bin): measured without it")
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
            for name in names
        ),
        rounds=options.rounds,
        warm_up=0,
        compare=module(_JOB, "compare", *(f"{name}.json" for name in names), folder=folder),
    )


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

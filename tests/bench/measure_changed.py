"""An ingest after ten rows changed, beside the first one and one of which nothing changed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from bench.measure import Contestant, Measure
from bench.process import module

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.options import Options

_INGESTS: Final = {
    "everything": "written",
    "nothing changed": "kept",
    "ten titles": "titles",
    "ten keys": "keys",
    "all again": "again",
}


def changed_measures(options: Options, work: Path) -> Iterator[Measure]:
    """One after the other in one workspace, so one round; the ratio is over the first ingest."""
    folder = work / f"changed-{options.changed}"
    shutil.rmtree(folder, ignore_errors=True)  # in a kept folder the first ingest would find everything there
    folder.mkdir()
    steps = tuple(
        Contestant(name, module("bench.changed_job", what, options.changed, folder=folder))
        for name, what in _INGESTS.items()
    )
    yield Measure("changed rows", f"{options.changed} rows", steps, rounds=1, warm_up=0)

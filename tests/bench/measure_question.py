"""The demonstration city, and questions asked of it: first and later ones."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bench.measure import Contestant, Measure
from bench.process import job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.options import Options

_QUESTIONS = ("who-must-act", "departments-involved")


def question_measures(options: Options, work: Path) -> Iterator[Measure]:
    """`emkg demo` from nothing and again; then each question, first in its process and warm."""
    city = work / "city"
    fresh = Contestant(
        "EMKG, from nothing",
        job("demonstrate", city, folder=work),
        lambda: shutil.rmtree(city, ignore_errors=True),
    )
    again = Contestant("EMKG, nothing changed", job("demonstrate", city, folder=work))
    yield Measure("demonstration", "scale 1", (fresh, again), options.rounds, warm_up=0)
    for question in _QUESTIONS:
        cold = Contestant("EMKG, first in a process", job("ask", question, city, "cold", folder=work))
        warm = Contestant("EMKG, later", job("ask", question, city, "warm", folder=work))
        yield Measure(question, "scale 1", (cold, warm), options.rounds)

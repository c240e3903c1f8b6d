"""Reasoning with the ontology's axioms: EMKG on graphs of growing size, owlrl on the smallest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.measure import Contestant, Measure
from bench.process import job, module, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.options import Options


def reasoning_measures(options: Options, work: Path) -> Iterator[Measure]:
    """EMKG times `materialise` with its result written, owlrl its closure in memory; neither times its load."""
    for count in (options.owl_triples, *options.more_triples):
        data = work / f"city-{count}.nt"
        run(job("write-graph", data, count, folder=work))
        ours, theirs = work / f"inferred-{count}.nt", work / f"owlrl-{count}.nt"
        emkg = Contestant("EMKG", job("reason-emkg", data, ours, folder=work))
        if count != options.owl_triples:
            yield Measure("reasoning", f"{count} triples", (emkg,), options.rounds)
            continue
        owlrl = Contestant("owlrl", job("reason-owlrl", data, theirs, folder=work))
        yield Measure(
            "reasoning",
            f"{count} triples",
            (emkg, owlrl),
            rounds=1,  # owlrl takes minutes, beside which a warm-up or chance is little
            warm_up=0,
            compare=module("bench.closure_difference", ours, theirs, folder=work),
        )

"""SHACL: 30 node shapes and 66 constraints, judged by EMKG and by every other engine that can be had; and the standing report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.measure import Contestant, Measure
from bench.peers import SHACL_RUST, TOPBRAID, peer_classes, peer_python
from bench.process import Command, module, run
from bench.validation_job import SHACL_RUST as RUST_PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.options import Options

_MOST_FOR_PYSHACL: Final = 200_000
_JOB: Final = "bench.validation_job"
# it ends with 1 where the data does not conform
_TOPBRAID: Final = 'java -cp "$0" org.topbraid.shacl.tools.Validate -datafile data.nt -shapesfile shapes.ttl > TopBraid.ttl || test $? -eq 1'


def validation_measures(options: Options, work: Path, say: Callable[[str], None]) -> Iterator[Measure]:
    """From the same N-Triples file to a report; EMKG, pySHACL and shacl-rust time themselves, TopBraid is timed with its start."""
    python = peer_python(SHACL_RUST, options.peers, say)
    classes = peer_classes(TOPBRAID, options.peers, say)
    for count in options.validated:
        folder = work / f"validation-{count}"
        folder.mkdir(exist_ok=True)
        run(module(_JOB, "write", count, "data.nt", "shapes.ttl", folder=folder))
        files = ("data.nt", "shapes.ttl")
        contestants = [Contestant("EMKG", module(_JOB, "emkg", *files, "EMKG.tsv", folder=folder))]
        if count <= _MOST_FOR_PYSHACL:
            theirs = module(_JOB, "pyshacl", *files, "pySHACL.tsv", folder=folder)
            contestants.append(Contestant("pySHACL", theirs))
        if python is not None:
            program = (str(python), "-c", RUST_PROGRAM, *files, "shacl-rust.tsv")
            contestants.append(Contestant("shacl-rust", Command(program, folder)))
        if classes is not None:
            contestants.append(Contestant("TopBraid", Command(("sh", "-c", _TOPBRAID, classes), folder)))
        yield Measure(
            "validation",
            f"{count} triples",
            tuple(contestants),
            rounds=1 if count <= _MOST_FOR_PYSHACL else options.rounds,  # pySHACL takes most of the time
            warm_up=0,
            compare=module(_JOB, "compare", ".", folder=folder),
        )
    most = max(options.validated)
    job = module(_JOB, "standing", most, folder=work)
    yield Measure("standing report", f"{most} triples", (Contestant("EMKG", job),), options.rounds, warm_up=0)

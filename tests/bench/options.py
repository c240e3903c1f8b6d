"""What is to be measured, and how large."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

MEASURES = ("csv", "json", "xml", "changed", "ledger", "reasoning", "question", "query", "validation")


@dataclass(frozen=True)
class Options:
    """The command line; sizes are rows, items and triples.

    Attributes:
        owl_triples: The graph that owlrl is asked to close, too.
        more_triples: The graphs that are EMKG's alone.
        queried: The graph that is asked.
        validated: The graphs that are judged.
    """

    measures: tuple[str, ...]
    rounds: int
    rows: int
    items: int
    changed: int
    statements: int
    owl_triples: int
    more_triples: tuple[int, ...]
    queried: int
    validated: tuple[int, ...]
    peers: Path
    work: Path | None
    json: Path | None


def parse_options(arguments: list[str] | None = None) -> Options:
    """The options; `--quick` makes every size that is not given small."""
    parser = argparse.ArgumentParser(
        prog="make bench", description="Measure EMKG and its peers side by side."
    )
    add = parser.add_argument
    add("measures", nargs="*", type=_measure, metavar="|".join(MEASURES), help="only these (default: all)")
    add("--quick", action="store_true", help="small sizes, one round: does it run, not how fast")
    add("--full", action="store_true", help="also reason over a million triples")
    add("--rounds", type=int, help="rounds after the warm-up (3; 1 with --quick)")
    add("--rows", type=int, help="rows of the incident table (100000)")
    add("--items", type=int, help="items of the JSON and the XML document (50000)")
    add("--changed", type=int, help="rows of a dataset of which ten change (1000000)")
    add("--statements", type=int, help="statements loaded into the ledger (1000000)")
    add("--queried", type=int, help="triples that queries are asked of (1300000)")
    add("--triples", type=int, nargs="+", default=[], help="triples judged by shapes (20000 100000 1000000)")
    add("--peers", type=Path, default=Path("build/bench-peers"), help="where peers' environments are kept")
    add("--work", type=Path, help="folder for generated data, kept; a temporary one by default")
    add("--json", type=Path, help="write everything measured to this file")
    given = parser.parse_args(arguments)
    small = bool(given.quick)
    more = (() if small else (100_000,)) + ((1_000_000,) if given.full else ())
    return Options(
        measures=tuple(given.measures) or MEASURES,
        rounds=given.rounds or (1 if small else 3),
        rows=given.rows or (2_000 if small else 100_000),
        items=given.items or (1_000 if small else 50_000),
        changed=given.changed or (2_000 if small else 1_000_000),
        statements=given.statements or (20_000 if small else 1_000_000),
        owl_triples=1_000 if small else 20_000,
        more_triples=more,
        queried=given.queried or (20_000 if small else 1_300_000),
        validated=tuple(given.triples) or ((2_000,) if small else (20_000, 100_000, 1_000_000)),
        peers=given.peers,
        work=given.work,
        json=given.json,
    )


def _measure(text: str) -> str:
    if text not in MEASURES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(MEASURES)}")
    return text

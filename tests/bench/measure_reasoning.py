"""Reasoning with the ontology's axioms: EMKG on graphs of growing size, owlrl on the smallest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench.city_graph import write_graph
from bench.measure import Contestant, Measure
from bench.process import job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bench.options import Options

_CLASSES = 8


def reasoning_measures(options: Options, work: Path) -> Iterator[Measure]:
    """EMKG times `materialise` with its result written, owlrl its closure in memory; neither times its load."""
    for count in (options.owl_triples, *options.more_triples):
        data = work / f"city-{count}.nt"
        write_graph(data, count)
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
            options.rounds,
            warm_up=0,  # owlrl takes minutes, and a warm-up is a small part of them
            compare=_Comparison(ours, theirs),
        )


class _Comparison:
    def __init__(self, ours: Path, theirs: Path) -> None:
        self._ours = ours
        self._theirs = theirs

    def __call__(self) -> Mapping[str, int]:
        """What both infer; what one alone does, by predicate (of rdf:type, by class), the most frequent by name."""
        ours, theirs = _statements(self._ours), _statements(self._theirs)
        alone = {"only EMKG": ours - theirs, "only owlrl": theirs - ours}
        found = {"same": len(ours & theirs)}
        for side, lines in alone.items():
            counts = Counter(_kind(line) for line in lines).most_common()
            found |= {f"{side}: {kind}": count for kind, count in counts[:_CLASSES]}
            rest = sum(count for _, count in counts[_CLASSES:])
            found |= {f"{side}: of {len(counts) - _CLASSES} other kinds": rest} if rest else {}
        return found


def _statements(path: Path) -> set[str]:
    with path.open(encoding="utf-8") as lines:
        return {line.strip() for line in lines if "_:" not in line}


def _kind(line: str) -> str:
    subject, predicate, value = line.split(" ", 2)
    name = predicate.strip("<>").replace("#", "/").rpartition("/")[2]
    if subject == value:
        return f"x {name} x"
    if name == "type":
        return "type " + value.strip("<>").replace("#", "/").rpartition("/")[2]
    return name

"""A seeded graph in the ontology's terms: facilities, orders, bodies, systems and divisions, as N-Triples."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

from emkg.vocabulary import EM, RDF_TYPE, RDFS_LABEL, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 20260815
_BASE = "http://example.org/bench/"
_BRANCHES = 10


def write_graph(path: Path, triples: int) -> None:
    """Exactly so many distinct triples, one a line; the same bytes for the same size."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line} .\n" for line in islice(dict.fromkeys(_lines(triples)), triples))


def _lines(triples: int) -> Iterator[str]:
    chance = random.Random(SEED)  # noqa: S311 - test data
    divisions = max(20, triples // 100)
    yield from (_fact(f"division/{n}", "within", f"division/{n // _BRANCHES}") for n in range(1, divisions))
    number = 0
    while number < triples:  # a record has five distinct triples and more: there are always enough
        yield from _record(number, divisions, chance)
        number += 1


def _record(number: int, divisions: int, chance: random.Random) -> Iterator[str]:
    school, order = f"school/{number}", f"order/{number}"
    body, system = f"body/{number % 997}", f"system/{number}"
    yield _type(school, "School")
    yield _fact(school, "locatedIn", f"division/{chance.randrange(divisions)}")
    yield f'{_iri(school)} <{RDFS_LABEL}> "示范学校{number}"@zh'
    yield _type(order, "ClosureOrder")
    yield _fact(order, "school", school)
    yield f'{_iri(order)} <{EM}from> "2026-11-{number % 28 + 1:02}"^^<{XSD}date>'
    yield _fact(system, "operatedBy", body)
    yield _fact(f"link/{number}", "fromSystem", system)
    yield _fact(f"link/{number}", "toSystem", f"system/{chance.randrange(number + 1)}")
    yield _fact(body, "partOfBody", f"body/{number % 997 // _BRANCHES}")


def _fact(subject: str, predicate: str, value: str) -> str:
    return f"{_iri(subject)} <{EM}{predicate}> {_iri(value)}"


def _type(subject: str, name: str) -> str:
    return f"{_iri(subject)} <{RDF_TYPE}> <{EM}{name}>"


def _iri(name: str) -> str:
    return f"<{_BASE}{name}>"

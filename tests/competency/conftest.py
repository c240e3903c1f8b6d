"""The reference tables as rows, and the facts they were made from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest

from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping
from emkg.ontology import load_ontology
from emkg.vocabulary import EM, ID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEVELS = {"national": "国家", "province": "省", "city": "市", "county": "县"}
Rows: TypeAlias = list[dict[str, str]]


def _rows(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="session")
def table(checkout: Path) -> Callable[[str], Rows]:
    """A reference table by name."""
    known: dict[str, Rows] = {}

    def read(name: str) -> Rows:
        if name not in known:
            known[name] = _rows(checkout / "ontology" / "reference" / f"{name}.csv")
        return known[name]

    return read


@pytest.fixture(scope="session")
def facts(shared_dir: Path, table: Callable[[str], Rows]) -> Callable[[str], Rows]:
    """A table of shared facts by name, with the corrections that the texts proved."""
    corrections = {(row["duty"], row["column"]): row for row in table("corrections")}

    def read(name: str) -> Rows:
        rows = _rows(shared_dir / "domain" / f"{name}.csv")
        if name == "duties":
            for (duty, column), correction in corrections.items():
                (row,) = [row for row in rows if row["id"] == duty]
                assert row[column] == _in_chinese(correction["was"])
                row[column] = _in_chinese(correction["now"])
        return rows

    return read


def _in_chinese(levels: str) -> str:
    return ";".join(LEVELS[level] for level in levels.split(";"))


@pytest.fixture(scope="session")
def knowledge(checkout: Path) -> list[str]:
    """The ontology and the reference tables, mapped by the product, as N-Triples lines."""
    lines = [f"{quad.triple}" for quad in load_ontology(checkout / "ontology").quads]
    for file in sorted((checkout / "mappings" / "reference").glob("*.yml")):
        with run_mapping(parse_mapping(file), dataset=f"reference/{file.stem}", base=ID, strict=True) as run:
            for batch in run.statements():
                columns = (batch.column(name).to_pylist() for name in "spo")
                lines.extend(f"{s} {p} {o} ." for s, p, o in zip(*columns, strict=True))
    return lines


@dataclass(frozen=True)
class Asked:
    """The graph of ontology, law and given facts, and the competency questions asked of it."""

    store: ox.Store
    folder: Path

    def ask(self, name: str) -> set[tuple[str, ...]]:
        """The answer; an unbound variable is an empty text."""
        solutions = self.store.query((self.folder / f"{name}.rq").read_text(encoding="utf-8"))
        assert isinstance(solutions, ox.QuerySolutions)
        return {tuple(value.value if value else "" for value in solution) for solution in solutions}

    def without(self, name: str, subject: str, predicate: str) -> set[tuple[str, ...]]:
        """The answer while the subject lacks the predicate."""
        gone = list(self.store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(EM + predicate), None))
        assert gone
        for quad in gone:
            self.store.remove(quad)
        try:
            return self.ask(name)
        finally:
            self.store.extend(gone)


@pytest.fixture(scope="session")
def graph(knowledge: list[str], checkout: Path) -> Asked:
    """The graph that the competency questions are asked of."""
    folder = checkout / "ontology" / "competency"
    store = ox.Store()
    store.bulk_load("\n".join(knowledge), ox.RdfFormat.N_TRIPLES)
    store.bulk_load((folder / "given.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    return Asked(store, folder)

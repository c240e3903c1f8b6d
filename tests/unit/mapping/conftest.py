"""Run a mapping on files written for the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from emkg.mapping import Hooks, Mapping, MappingReport, parse_mapping, run_mapping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PREFIXES = "prefixes:\n  ex: http://example.org/\n"


@dataclass(frozen=True)
class Outcome:
    """What came out: statements as text, records as dictionaries."""

    statements: set[str]
    rows: list[dict[str, str | None]]
    quarantine: list[dict[str, object]]
    report: MappingReport

    def objects(self, predicate: str) -> set[str | None]:
        """The objects of a predicate in the example namespace."""
        return {row["o"] for row in self.rows if row["p"] == f"<http://example.org/{predicate}>"}

    def faults(self) -> set[tuple[object, ...]]:
        """Row, column, value and reason of every record."""
        names = ("row", "column", "value", "reason")
        return {tuple(record[name] for name in names) for record in self.quarantine}


def run(
    mapping: Mapping, *, strict: bool = False, hooks: Hooks | None = None, dataset: str = "test/set"
) -> Outcome:
    with run_mapping(
        mapping, dataset=dataset, base="http://base.example/", strict=strict, hooks=hooks
    ) as result:
        rows = result.statements().read_all().to_pylist()
        statements = {" ".join(row[name] for name in "spog" if row[name]) for row in rows}
        assert len(statements) == len(rows)
        return Outcome(statements, rows, result.quarantine().to_pylist(), result.report)


@pytest.fixture
def parse(tmp_path: Path) -> Callable[..., Mapping]:
    """Write the files and the mapping (YARRRML, or RML if it begins with `@prefix`) and read it."""

    def write_and_parse(mapping: str, **files: str | bytes) -> Mapping:
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path = tmp_path / ("mapping.ttl" if mapping.startswith("@prefix") else "mapping.yml")
        path.write_text(mapping if path.suffix == ".ttl" else PREFIXES + mapping, encoding="utf-8")
        return parse_mapping(path)

    return write_and_parse


@pytest.fixture
def execute(parse: Callable[..., Mapping]) -> Callable[..., Outcome]:
    """Parse and run."""

    def parse_and_run(
        mapping: str, *, strict: bool = False, hooks: Hooks | None = None, **files: str | bytes
    ) -> Outcome:
        return run(parse(mapping, **files), strict=strict, hooks=hooks)

    return parse_and_run


@pytest.fixture
def from_csv(execute: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Map `a.csv` by one triples map: its subject, and its predicate-object list as YARRRML lines."""

    def map_csv(
        table: str | bytes, pairs: str, *, subject: str = "ex:item/$(id)", strict: bool = False
    ) -> Outcome:
        lines = "".join(f"      {line}\n" for line in pairs.splitlines())
        mapping = f"mappings:\n  item:\n    sources: [[a.csv~csv]]\n    s: {subject}\n    po:\n{lines}"
        return execute(mapping, strict=strict, a_csv=table)

    return map_csv

"""A few rows of each triples map on their own, run by the plans of a run: what each gives, and what it withholds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final, TypeAlias

import duckdb
import ibis

from emkg.errors import Location, SourceError
from emkg.mapping.demand import demand_of, find_parent
from emkg.mapping.engine import Engine
from emkg.mapping.expression import references
from emkg.mapping.hooks import Hooks
from emkg.mapping.inversion import invert_term
from emkg.mapping.model import RefObjectMap
from emkg.mapping.quarantine import without_repeats
from emkg.mapping.stage import Compiled, run_terms
from emkg.mapping.statement import patterns, statement_table
from emkg.mapping.term import context_of
from emkg.mapping.terms import compile_terms
from emkg.rdf import IRI
from emkg.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.model import TriplesMap
    from emkg.mapping.quarantine import QuarantineRecord
    from emkg.mapping.stage import Ran
    from emkg.sources import SourceRelation

Statement: TypeAlias = tuple[str, str, str]

_MAX_ROWS_OF_KEY: Final = 1000


@dataclass(frozen=True)
class SampleRow:
    """One row: the cells that the triples map reads, the statements it gives, the values it withholds."""

    row: int
    cells: Mapping[str, str | None]
    statements: tuple[Statement, ...]
    quarantine: tuple[QuarantineRecord, ...]


@dataclass(frozen=True)
class Sample:
    """The rows of one triples map; `file` is its source's name."""

    triples_map: str
    file: str
    location: Location
    rows: tuple[SampleRow, ...]


@dataclass(frozen=True)
class Choice:
    """Which rows: the first `count`, or, with a key, all (1,000 at most) whose subject is made of it or is it."""

    count: int = 3
    key: str = ""


def sample_mapping(mapping: MappingFile, choice: Choice, *, dataset: str, base: str) -> tuple[Sample, ...]:
    """The chosen rows of every triples map; joins see all rows of the other side.

    Raises:
        MappingError: The mapping cannot be compiled; at its line.
        SourceError: A source cannot be read as described.
    """
    with Engine() as engine:
        sampler = _Sampler(engine, mapping, choice, dataset, base)
        return tuple(sampler.sample(triples_map) for triples_map in mapping.triples_maps)


@dataclass(frozen=True)
class _Sampler:
    engine: Engine
    mapping: MappingFile
    choice: Choice
    dataset: str
    base: str

    def sample(self, triples_map: TriplesMap) -> Sample:
        """One triples map's rows."""
        parents = {
            parent.iri: self._run(replace(parent, classes=(), predicate_objects=()), {}, cut=False)
            for parent in self._parents(triples_map)
        }
        ran = self._run(triples_map, parents, cut=True)
        statements = _statements(ran, parents)
        records = without_repeats(ran.records)
        cells = _cells(ran.compiled.relation)
        rows = sorted({*cells, *(record.row for record in records if record.row is not None)})
        return Sample(
            triples_map.iri,
            triples_map.source.path.name,
            triples_map.location,
            tuple(
                SampleRow(
                    row,
                    cells.get(row, {}),
                    tuple(dict.fromkeys(statements.get(row, ()))),
                    tuple(record for record in records if record.row == row),
                )
                for row in rows
            ),
        )

    def _run(self, triples_map: TriplesMap, parents: Mapping[str, Ran], *, cut: bool) -> Ran:
        demand = demand_of(triples_map, self.mapping)
        relation = read_source(self.engine.backend, triples_map.source, demand.references)
        if cut:
            relation = self._cut(triples_map, relation)
        terms = compile_terms(demand, relation, context_of(triples_map, self.dataset, self.base))
        known = {iri: parent.compiled.terms for iri, parent in parents.items()}
        made = tuple(patterns(triples_map, terms, known, self.mapping))
        return run_terms(
            self.engine, Compiled(demand, relation, terms, made, 0.0), self.dataset, Hooks(), strict=False
        )

    def _cut(self, triples_map: TriplesMap, relation: SourceRelation) -> SourceRelation:
        table = relation.table
        if self.choice.key:
            table = table.filter(self._has_key(triples_map, relation))
        count = _MAX_ROWS_OF_KEY if self.choice.key else self.choice.count
        kept = self._kept(triples_map, table.order_by("row").limit(count))
        rows = set(kept.select("row").to_pyarrow()["row"].to_pylist())
        last = max(rows, default=0)
        faults = tuple(
            fault
            for fault in relation.faults
            if fault.row in rows or (fault.row is not None and not self.choice.key and fault.row <= last)
        )
        return replace(relation, table=kept, faults=faults)

    def _kept(self, triples_map: TriplesMap, plan: ir.Table) -> ir.Table:
        """The rows of a plan; a Parquet file is read only here, and so may turn out to be damaged."""
        try:
            return self.engine.keep(plan)
        except duckdb.Error as error:
            path = triples_map.source.path
            raise SourceError(
                f"the rows cannot be read: {str(error).splitlines()[0]}",
                message_zh="无法读取数据行",
                location=Location(str(path)),
            ) from error

    def _has_key(self, triples_map: TriplesMap, relation: SourceRelation) -> ir.BooleanValue:
        """The subject inverts to the row's cells, or one of its cells is the key."""
        key, subject = self.choice.key, triples_map.subject
        inverted = invert_term(subject, IRI(key), triples_map.base or self.base) if ":" in key else None
        if inverted:
            tests = [_holds(relation, reference, text) for reference, text in inverted.items()]
            return reduce(lambda one, other: one & other, tests)
        own = dict.fromkeys(references(subject.expression))
        return reduce(or_, [_holds(relation, reference, key) for reference in own], ibis.literal(False))

    def _parents(self, triples_map: TriplesMap) -> tuple[TriplesMap, ...]:
        found = {
            parent.iri: parent
            for predicate_object in triples_map.predicate_objects
            for item in predicate_object.objects
            if isinstance(item, RefObjectMap) and item.joins
            for parent in (find_parent(item, self.mapping),)
        }
        return tuple(found.values())


def _holds(relation: SourceRelation, reference: str, text: str) -> ir.BooleanValue:
    column = relation.table[relation.columns[reference]]
    return column.contains(text) if reference in relation.multi else column == text


def _statements(ran: Ran, parents: Mapping[str, Ran]) -> dict[int, list[Statement]]:
    found: dict[int, list[Statement]] = {}
    for pattern in ran.compiled.patterns:
        parent = parents[pattern.join.parent].table if pattern.join else None
        table = statement_table(pattern, ran.table, parent, with_rows=True)
        for each in table.select("row", "s", "p", "o").to_pyarrow().to_pylist():
            found.setdefault(each["row"], []).append((each["s"], each["p"], each["o"]))
    return found


def _cells(relation: SourceRelation) -> dict[int, dict[str, str | None]]:
    rows = relation.table.to_pyarrow().to_pylist()
    return {
        row["row"]: {reference: _text(row[column]) for reference, column in relation.columns.items()}
        for row in sorted(rows, key=lambda row: row["row"])
    }


def _text(value: str | list[str] | None) -> str | None:
    return "; ".join(value) if isinstance(value, list) else value

"""A run of the rows that differ from those of the last run: which subjects they concern, and all that is said of these.

A statement's subject is its row's. So what is said of a subject changes only where a row of it came, went or changed,
or a row that one of its rows is joined to. All rows of these subjects are mapped, and none else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.model import RefObjectMap
from emkg.mapping.place import Place
from emkg.mapping.row_digest import digest_rows, is_made_of_rows, read_rows, subject_demand
from emkg.mapping.stage import run_terms
from emkg.mapping.statement import Join, Pattern, patterns, statement_table
from emkg.mapping.term import context_of
from emkg.mapping.terms import compile_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa

    from emkg.mapping.engine import Engine
    from emkg.mapping.hooks import Hooks
    from emkg.mapping.model import Mapping as MappingFile
    from emkg.mapping.stage import Compiled, Ran
    from emkg.mapping.terms import Terms
    from emkg.sources import SourceRelation

# Beyond a tenth of the rows mapping all of them costs no more.
_MOST: Final = 10
_ANY: Final = Place("")


@dataclass(frozen=True)
class FormerRows:
    """What is known of the last accepted run of the same mapping.

    Attributes:
        path: What `MappingRun.write_rows` wrote then.
        faulty: The rows that have quarantine records, by file name.
        pointing_at: Which subjects were said something with one of these objects (N-Triples form).
    """

    path: Path
    faulty: Mapping[str, Collection[int]]
    pointing_at: Callable[[pa.Table], pa.Table]


@dataclass(frozen=True)
class Run:
    """What a run is of."""

    engine: Engine
    mapping: MappingFile
    dataset: str
    base: str
    hooks: Hooks


@dataclass(frozen=True)
class Change:
    """The triples maps run on rows of the subjects concerned, the parents' rows that they may join, and these subjects.

    Attributes:
        ran: By IRI.
        parents: By IRI, where a triples map is joined.
        subjects: A table of the engine with the column `s`.
        has_moved: Whether a row that stayed as it is has another number now.
    """

    ran: dict[str, Ran]
    parents: dict[str, ir.Table]
    subjects: ir.Table
    has_moved: bool


def rows_of(run: Run, compiled: Mapping[str, Compiled]) -> dict[str, ir.Table] | None:
    """The rows of each triples map, by IRI; None where rows of this mapping cannot be mapped alone."""
    if not is_made_of_rows(run.mapping):
        return None
    found = {}
    for iri, one in compiled.items():
        run.hooks.check()
        context = context_of(one.demand.triples_map, run.dataset, run.base)
        rows = digest_rows(run.engine, one, context)
        if rows is None:
            return None
        found[iri] = rows
    return found


def run_changed(
    run: Run,
    compiled: Mapping[str, Compiled],
    rows: Mapping[str, ir.Table],
    former: FormerRows,
    *,
    strict: bool,
) -> Change | None:
    """Run the rows of the subjects that what changed concerns; None where that is too much of all.

    Raises:
        DataError: `strict`, and a value does not fit.
        CancelledError: The caller stopped the run.
    """
    with run.hooks.interruptible(run.engine):
        before = dict(zip(compiled, read_rows(run.engine, former.path, len(compiled)), strict=True))
        finder = _Finder(run, compiled, rows, before, former)
        subjects = finder.subjects()
    if subjects is None:
        return None
    ran: dict[str, Ran] = {}
    parents: dict[str, tuple[Terms, ir.Table]] = {}
    for iri, one in compiled.items():
        concerned = finder.concerned(iri, subjects)
        joins = {pattern.join.parent: pattern.join for pattern in one.patterns if pattern.join is not None}
        parents |= {parent: finder.keyed(parent) for parent in joins}
        ran[iri] = _run_rows(run, one, concerned, {name: parents[name][0] for name in joins}, strict=strict)
    return Change(ran, {iri: table for iri, (_, table) in parents.items()}, subjects, finder.has_moved())


def _run_rows(
    run: Run, compiled: Compiled, concerned: ir.Table, parents: Mapping[str, Terms], *, strict: bool
) -> Ran:
    triples_map = compiled.demand.triples_map
    context = context_of(triples_map, run.dataset, run.base)
    table = run.engine.keep(compiled.relation.table.semi_join(concerned, "row"))
    relation = replace(compiled.relation, table=table)
    terms = compile_terms(compiled.demand, relation, context)
    made = tuple(patterns(triples_map, terms, parents, run.mapping))
    narrowed = replace(compiled, relation=relation, terms=terms, patterns=made)
    return run_terms(run.engine, narrowed, run.dataset, run.hooks, strict=strict)


@dataclass(frozen=True)
class _Finder:
    run: Run
    compiled: Mapping[str, Compiled]
    rows: Mapping[str, ir.Table]
    before: Mapping[str, ir.Table]
    former: FormerRows
    kept: dict[str, tuple[Terms, ir.Table]] = field(default_factory=dict)

    def subjects(self) -> ir.Table | None:
        """A table `s` of the subjects concerned; None where they are too many."""
        found: list[ir.Table] = []
        for iri in self.rows:
            self.run.hooks.check()
            changed = self._changed(iri)
            found += [changed.select("s"), *self._children(iri, changed)]
        subjects = self.run.engine.keep(ibis.union(*found).distinct())
        total = sum(self._count(rows) for rows in self.rows.values())
        return subjects if self._count(subjects) * _MOST <= total else None

    def concerned(self, iri: str, subjects: ir.Table) -> ir.Table:
        """The rows of a triples map that have one of the subjects, are new, or were at fault."""
        rows, before = self.rows[iri], self.before[iri]
        faulty = self.former.faulty.get(self.compiled[iri].demand.triples_map.source.path.name, ())
        at_fault = before.filter(before["row"].isin(sorted(faulty)))
        having = rows.semi_join(subjects, rows["subject"] == subjects["s"])
        found = (having, rows.anti_join(before, "digest"), rows.semi_join(at_fault, "digest"))
        plan = ibis.union(*(table.select("row") for table in found), distinct=True)
        return self.run.engine.keep(plan)

    def has_moved(self) -> bool:
        """Whether a row that is there before and after has another number."""
        return any(
            self._count(
                rows.semi_join(self.before[iri], "digest").anti_join(self.before[iri], ["row", "digest"])
            )
            for iri, rows in self.rows.items()
        )

    def keyed(self, iri: str) -> tuple[Terms, ir.Table]:
        """The subjects and keys of a triples map's rows."""
        if iri not in self.kept:
            self.kept[iri] = self._keyed(iri, self.compiled[iri].relation)
        return self.kept[iri]

    def _keyed(self, iri: str, relation: SourceRelation) -> tuple[Terms, ir.Table]:
        compiled = self.compiled[iri]
        demand = subject_demand(compiled.demand, compiled.demand.keys)
        context = context_of(compiled.demand.triples_map, self.run.dataset, self.run.base)
        terms = compile_terms(demand, relation, context)
        return terms, self.run.engine.keep(terms.table)

    def _changed(self, iri: str) -> ir.Table:
        """The subjects and rows (NULL for former ones) that differ."""
        now, before = self.rows[iri], self.before[iri]
        new, old = now.anti_join(before, "digest"), before.anti_join(now, "digest")
        plan = ibis.union(
            new.select(s=new["subject"], row=new["row"]),
            old.select(s=old["subject"], row=ibis.null("int64")),
        )
        return self.run.engine.keep(plan.filter(plan["s"].notnull()))

    def _children(self, iri: str, changed: ir.Table) -> Iterator[ir.Table]:
        """The subjects of rows that are joined to changed ones, or were."""
        joins = [
            (child, pattern.item)
            for child, compiled in self.compiled.items()
            for pattern in compiled.patterns
            if isinstance(pattern.item, RefObjectMap) and pattern.join and pattern.join.parent == iri
        ]
        if not joins or not self._count(changed):
            return
        engine = self.run.engine
        yield engine.take(self.former.pointing_at(engine.fetch(changed.select("s").distinct())))
        relation = self.compiled[iri].relation
        own = replace(relation, table=relation.table.semi_join(changed, "row"))
        terms, parent = self._keyed(iri, own)
        for child, item in joins:
            theirs, table = self.keyed(child)
            keys = tuple((theirs.keys[join.child], terms.keys[join.parent]) for join in item.joins)
            subject, object_ = self._subject(child, theirs), self._subject(iri, terms)
            pattern = Pattern(subject, _ANY, object_, _ANY, item, Join(iri, keys))
            yield statement_table(pattern, table, parent).select("s")

    def _subject(self, iri: str, terms: Terms) -> Place:
        return terms.term_maps[self.compiled[iri].demand.triples_map.subject]

    def _count(self, table: ir.Table) -> int:
        [row] = self.run.engine.fetch(table.aggregate(rows=table.count())).to_pylist()
        return int(row["rows"])

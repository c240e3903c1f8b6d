"""Bulk evaluation: semi-naive rounds of relational plans, the result written as one Delta."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from emkg.ledger import PROVENANCE_GRAPH, Activity, Commit, term_id
from emkg.plan import Relations
from emkg.rdf import IRI
from emkg.reasoning.grouping import group_rules
from emkg.reasoning.statistics import predicates_of, statistics_of
from emkg.reasoning.stratum import stratify
from emkg.vocabulary import GRAPH, REPORT_GRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.ledger import Ledger, Workbench
    from emkg.plan import Statistics
    from emkg.reasoning.grouping import Group
    from emkg.reasoning.rule import Rule

INFERRED_ONTOLOGY: Final = GRAPH + "inferred/ontology"
INFERRED_RULES: Final = GRAPH + "inferred/rules"
INFERRED_GRAPHS: Final = (INFERRED_ONTOLOGY, INFERRED_RULES)

# Facts, what the last round added to them, and what all rounds added.
_FACT, _CHANGED, _DERIVED = "fact", "changed", "derived"


@dataclass(frozen=True)
class Materialisation:
    """What one evaluation did.

    Attributes:
        graph: The inferred graph that was replaced.
        rounds: How often the rules were applied until nothing new came, over all strata.
        derived: The statements that the graph holds now.
        commit: Its generation and what changed; a run that changes nothing makes no generation.
        seconds: How long it took.
    """

    graph: str
    rounds: int
    derived: int
    commit: Commit
    seconds: float


def materialise(ledger: Ledger, rules: Sequence[Rule], graph: str) -> Materialisation:
    """Replace an inferred graph by everything that the rules derive and no graph they read states.

    The rules read every asserted graph, and the inferred graphs before this one; neither provenance nor the validation
    report.
    Nothing is derived with a literal as subject. The graph is recomputed and written as the difference.

    Raises:
        ShapesError: The rules cannot be stratified.
    """
    started = time.perf_counter()
    with ledger.workbench() as workbench:
        workbench.create(_FACT, _facts_sql(graph))
        workbench.create(_DERIVED, f"SELECT * FROM {_FACT} LIMIT 0")  # noqa: S608 - a constant name
        workbench.declare(
            sorted({str(slot) for rule in rules for triple in rule.head for slot in triple.constants})
        )
        rounds = sum(_fixpoint(workbench, group_rules(stratum)) for stratum in stratify(rules))
        derived = workbench.count(_DERIVED)
        with workbench.stage({graph: _DERIVED}) as staged:
            commit = staged.commit(
                Activity(f"reasoning/{graph.rpartition('/')[2]}", counts={"inferred": derived})
            )
    return Materialisation(graph, rounds, derived, commit, time.perf_counter() - started)


def unread_graphs(graph: str) -> tuple[str, ...]:
    """The graphs that rules which write `graph` do not read: itself, later inferred ones, what tells of runs."""
    later = INFERRED_GRAPHS[INFERRED_GRAPHS.index(graph) :] if graph in INFERRED_GRAPHS else (graph,)
    return (*later, PROVENANCE_GRAPH, REPORT_GRAPH)


def applied(groups: Sequence[Group], relations: Relations, changed: frozenset[int]) -> list[str]:
    """The plans of the rules that read what changed (its predicates): each premise in turn is looked for only there."""
    return [
        group.sql(replace(relations, changed_at=number))
        for group in groups
        for number in range(group.width)
        if group.reads(number, changed)
    ]


def _facts_sql(graph: str) -> str:
    unread = ", ".join(f"{term_id(str(IRI(name)))}::UBIGINT" for name in unread_graphs(graph))
    return f"SELECT DISTINCT s, p, o FROM quad WHERE g NOT IN ({unread}) ORDER BY p, s, o"  # noqa: S608 - ids


def _fixpoint(workbench: Workbench, groups: Sequence[Group]) -> int:
    """Apply one stratum's rules until a round adds nothing; the number of rounds."""
    rounds, added = 0, 1
    changed = frozenset[int]()
    while groups and added:
        statistics = statistics_of(workbench, _FACT)
        plans = (
            applied(groups, Relations(_FACT, _CHANGED, statistics=statistics), changed)
            if rounds
            else _first_round(groups, statistics)
        )
        added = workbench.append_new(_FACT, union_of(plans), new=_CHANGED) if plans else 0
        changed = predicates_of(workbench, _CHANGED) if added else frozenset()
        if added:
            workbench.append(_DERIVED, f"SELECT * FROM {_CHANGED}")  # noqa: S608 - a constant name
        rounds += 1
    return rounds


def _first_round(groups: Sequence[Group], statistics: Statistics) -> list[str]:
    return [group.sql(Relations(_FACT, statistics=statistics)) for group in groups]


def union_of(plans: Sequence[str]) -> str:
    """The statements of all plans, without those that would have a literal as subject."""
    union = " UNION ALL ".join(f"({plan})" for plan in plans)
    literals = "SELECT id AS s FROM term WHERE kind = 2"
    return f"SELECT s, p, o FROM ({union}) ANTI JOIN ({literals}) USING (s)"  # noqa: S608 - compiled plans

"""Delete and rederive: an inferred graph brought up to date from what came and went since, over the same rules.

What may have hung on statements that went is taken out, round by round; of that, whatever other statements still give
comes back; then what new statements give is added (Gupta, Mumick and Subrahmanian 1993).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ledger import Activity, Commit, term_id
from emkg.plan import Relations, Variable
from emkg.rdf import IRI
from emkg.reasoning.grouping import Group, group_rules
from emkg.reasoning.materialise import (
    INFERRED_ONTOLOGY,
    INFERRED_RULES,
    Materialisation,
    applied,
    materialise,
    union_of,
    unread_graphs,
)
from emkg.reasoning.statistics import predicates_of
from emkg.reasoning.stratum import stratify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emkg.ledger import Ledger, Workbench
    from emkg.plan import TriplePattern
    from emkg.reasoning.rule import Rule

# Relations: statements that came, went; all of before and after; those inferred before; of these the ones in doubt;
# the closure as far as it is certain; what was found; what the last round gave.
_COME, _GONE, _ALL, _INFERRED, _DOUBT, _CLOSURE, _FOUND, _DELTA, _NEXT = (
    "come", "gone", "everything", "inferred", "doubt", "closure", "found", "delta", "next_delta",
)  # fmt: skip
# Beyond so many statements computing everything costs no more.
_MOST: Final = 50_000
_SAME: Final = "USING (s, p, o)"


def infer(
    ledger: Ledger, axioms: Sequence[Rule], domain: Sequence[Rule], *, since: int | None = None
) -> tuple[Materialisation, Materialisation]:
    """Materialise the ontology's rules, and then, over their result, the domain's.

    `since` is a generation for which the inferred graphs hold all that these rules give; None where that is not known.
    """
    ontology, rules = (
        (None if since is None else update(ledger, own, graph, since)) or materialise(ledger, own, graph)
        for own, graph in ((axioms, INFERRED_ONTOLOGY), (domain, INFERRED_RULES))
    )
    return ontology, rules


def update(ledger: Ledger, rules: Sequence[Rule], graph: str, since: int) -> Materialisation | None:
    """Bring an inferred graph from the state of a generation to the current one; None where it has to be computed anew.

    So it is where too much changed, where what changed matches what a rule negates, and where rules negate what others
    derive.

    Args:
        ledger: The ledger.
        rules: The rules that the graph holds the conclusions of.
        graph: Its IRI.
        since: The generation for which it is complete.
    """
    started = time.perf_counter()
    with ledger.workbench() as bench:
        if _create_changes(bench, graph, since) > _MOST:
            return None
        if not _concerns(bench, (atom for rule in rules for atom in _atoms(rule))):
            commit = Commit(ledger.generation, "", 0, 0)
            return Materialisation(graph, 0, _size(bench, graph), commit, time.perf_counter() - started)
        negated = [atom for rule in rules for atom in rule.body.negated_triples()]
        if len(stratify(rules)) > 1 or _concerns(bench, negated):
            return None
        evaluation = _Evaluation(bench, group_rules(rules))
        bench.declare(sorted({str(slot) for rule in rules for one in rule.head for slot in one.constants}))
        _show_inferred(bench, graph)
        if not evaluation.put_in_doubt():
            return None
        rounds = evaluation.derive()
        bench.create(
            "leaving",
            f"""SELECT s, p, o FROM {_DOUBT} ANTI JOIN {_FOUND} {_SAME}
          UNION SELECT s, p, o FROM {_COME} SEMI JOIN {_INFERRED} {_SAME}""",
        )
        held = _size(bench, graph)
        with bench.stage_change(graph, _FOUND, "leaving") as staged:
            derived = held + staged.delta.added_count - staged.delta.removed_count
            activity = Activity(f"reasoning/{graph.rpartition('/')[2]}", counts={"inferred": derived})
            commit = staged.commit(activity)
    return Materialisation(graph, rounds, derived, commit, time.perf_counter() - started)


@dataclass(frozen=True)
class _Evaluation:
    bench: Workbench
    groups: Sequence[Group]

    def put_in_doubt(self) -> bool:
        """Make `_DOUBT` of the inferred statements that a derivation from what went may have given; False: too many."""
        bench = self.bench
        bench.create(_DELTA, f"SELECT s, p, o FROM {_GONE}")
        while changed := predicates_of(bench, _DELTA):
            plans = applied(self.groups, Relations(_ALL, _DELTA), changed)
            if not plans:
                break
            self._next(f"""SELECT DISTINCT s, p, o FROM ({union_of(plans)})
              SEMI JOIN {_INFERRED} {_SAME} ANTI JOIN {_DOUBT} {_SAME}""")
            bench.append(_DOUBT, f"SELECT * FROM {_DELTA}")
            if bench.count(_DOUBT) > _MOST:
                return False
        return True

    def derive(self) -> int:
        """Make `_FOUND` of what still follows of that, and what newly does; the number of rounds."""
        bench = self.bench
        bench.create("lost", f"SELECT * FROM {_DOUBT} UNION SELECT s, p, o FROM {_GONE}")
        again = [_backwards(group).sql(Relations(_CLOSURE, "lost", group.width)) for group in self.groups]
        found = f"SELECT DISTINCT s, p, o FROM ({union_of(again)}) ANTI JOIN {_CLOSURE} {_SAME}"
        bench.create(_NEXT, found if again else f"SELECT * FROM {_FOUND}")
        bench.append(_FOUND, f"SELECT * FROM {_NEXT}")
        self._next(f"SELECT * FROM {_NEXT} UNION SELECT s, p, o FROM {_COME}")
        rounds = 1
        while changed := predicates_of(bench, _DELTA):
            plans = applied(self.groups, Relations(_CLOSURE, _DELTA), changed)
            if not plans:
                break
            self._next(f"SELECT DISTINCT s, p, o FROM ({union_of(plans)}) ANTI JOIN {_CLOSURE} {_SAME}")
            bench.append(_FOUND, f"SELECT * FROM {_DELTA}")
            rounds += 1
        return rounds

    def _next(self, sql: str) -> None:
        """The rows of a SELECT, which may read `_DELTA`, in its place."""
        self.bench.create("fresh", sql)
        self.bench.drop(_DELTA)
        self.bench.create(_DELTA, "SELECT * FROM fresh")
        self.bench.drop("fresh")


def _backwards(group: Group) -> Group:
    """The rules with their conclusion among the premises: it is looked for among given statements."""
    body = group.body
    return Group(
        type(body)((*body.triples, group.head), body.comparisons, body.negated), group.head, group.constants
    )


def _create_changes(bench: Workbench, graph: str, since: int) -> int:
    """Make `_COME` and `_GONE` of the statements that some graph the rules read states now and none did, or the reverse."""
    unread = ", ".join(f"{term_id(str(IRI(name)))}::UBIGINT" for name in unread_graphs(graph))
    read = f"g NOT IN ({unread})"
    new = f"SELECT DISTINCT s, p, o FROM quad WHERE from_generation > {since} AND {read}"
    kept = f"SELECT s, p, o FROM quad WHERE from_generation <= {since} AND {read}"
    past = f"""SELECT DISTINCT s, p, o FROM quad_history
      WHERE from_generation <= {since} AND until_generation > {since} AND {read}"""
    bench.create("fresh", new)
    bench.create("stale", past)
    come = bench.create(
        _COME,
        f"SELECT * FROM fresh ANTI JOIN stale {_SAME} ANTI JOIN ({kept}) k {_SAME}",
    )
    gone = bench.create(
        _GONE,
        f"SELECT * FROM stale ANTI JOIN fresh {_SAME} ANTI JOIN ({kept}) k {_SAME}",
    )
    for name in ("fresh", "stale"):
        bench.drop(name)
    return come + gone


def _show_inferred(bench: Workbench, graph: str) -> None:
    own = f"{term_id(str(IRI(graph)))}::UBIGINT"
    unread = ", ".join(f"{term_id(str(IRI(name)))}::UBIGINT" for name in unread_graphs(graph))
    read = f"SELECT s, p, o FROM quad WHERE g NOT IN ({unread})"
    bench.show(_INFERRED, f"SELECT s, p, o FROM quad WHERE g = {own}")
    bench.show(
        _ALL,
        f"{read} UNION ALL SELECT s, p, o FROM {_INFERRED} UNION ALL SELECT s, p, o FROM {_GONE}",
    )
    bench.create(_DOUBT, f"SELECT s, p, o FROM {_GONE} LIMIT 0")
    bench.create(_FOUND, f"SELECT s, p, o FROM {_GONE} LIMIT 0")
    bench.show(
        _CLOSURE,
        f"{read} UNION ALL SELECT s, p, o FROM {_INFERRED} ANTI JOIN {_DOUBT} {_SAME} UNION ALL SELECT s, p, o FROM {_FOUND}",
    )


def _size(bench: Workbench, graph: str) -> int:
    sql = f"SELECT count(*) AS size FROM quad WHERE g = {term_id(str(IRI(graph)))}::UBIGINT"
    [row] = bench.select(sql).read_all().to_pylist()
    return int(row["size"])


def _concerns(bench: Workbench, patterns: Iterable[TriplePattern]) -> bool:
    """Whether a statement that came or went matches one of these patterns."""
    rows = bench.select(f"SELECT s, p, o FROM {_COME} UNION SELECT s, p, o FROM {_GONE}").read_all()
    changed = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
    atoms = {_ids(one) for one in patterns}
    shapes = {tuple(place is not None for place in atom) for atom in atoms}
    return any(
        tuple(number if is_fixed else None for number, is_fixed in zip(statement, shape, strict=True))
        in atoms
        for statement in changed
        for shape in shapes
    )


def _atoms(rule: Rule) -> Iterator[TriplePattern]:
    yield from rule.body.triples
    yield from rule.body.negated_triples()
    yield from rule.head


def _ids(triple: TriplePattern) -> tuple[int | None, ...]:
    return tuple(None if isinstance(slot, Variable) else term_id(str(slot)) for slot in triple.slots)

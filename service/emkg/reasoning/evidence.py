"""What the ledger says to an explanation: where a statement is held, and what satisfies a rule's body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.ledger import PROVENANCE_GRAPH, term_id
from emkg.plan import solutions_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.ledger import Ledger
    from emkg.plan import Pattern, Variable
    from emkg.rdf import Term, Triple

MAX_SOLUTIONS = 100


class Evidence:
    """Answers from one ledger, each asked for once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._graphs: dict[Triple, tuple[str, ...]] = {}
        self._solutions: dict[Pattern, tuple[dict[Variable, Term], ...]] = {}

    def graphs(self, statement: Triple) -> tuple[str, ...]:
        """The IRIs of the graphs that hold a statement now, sorted; provenance left out."""
        if statement not in self._graphs:
            self.look_up([statement])
        return self._graphs[statement]

    def look_up(self, statements: Iterable[Triple]) -> None:
        """Ask for the graphs of many statements at once: one scan instead of one for each."""
        ids = {_ids(one): one for one in statements if one not in self._graphs}
        if not ids:
            return
        values = ", ".join(f"({s}::UBIGINT, {p}::UBIGINT, {o}::UBIGINT)" for s, p, o in ids)
        sql = f"""
            SELECT s, p, o, t.lexical AS g FROM (VALUES {values}) v(s, p, o) JOIN quad USING (s, p, o)
            JOIN term t ON t.id = quad.g"""  # noqa: S608 - ids
        held: dict[Triple, set[str]] = {one: set() for one in ids.values()}
        for row in self._ledger.select(sql).read_all().to_pylist():
            held[ids[row["s"], row["p"], row["o"]]].add(row["g"])
        self._graphs |= {one: tuple(sorted(names - {PROVENANCE_GRAPH})) for one, names in held.items()}

    def solutions(self, body: Pattern) -> tuple[dict[Variable, Term], ...]:
        """What satisfies a body now, over all graphs; at most `MAX_SOLUTIONS`, always the same ones."""
        if body not in self._solutions:
            self._solutions[body] = tuple(self._solve(body))
        return self._solutions[body]

    def _solve(self, body: Pattern) -> list[dict[Variable, Term]]:
        variables = sorted(body.variables)
        table = self._ledger.select(solutions_sql(body, variables, limit=MAX_SOLUTIONS)).read_all()
        rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        terms = self._ledger.terms({number for row in rows for number in row})
        # a body without variables has one column that nobody reads
        return [{v: terms[number] for v, number in zip(variables, row, strict=False)} for row in rows]


def _ids(statement: Triple) -> tuple[int, int, int]:
    return term_id(str(statement.subject)), term_id(str(statement.predicate)), term_id(str(statement.object))

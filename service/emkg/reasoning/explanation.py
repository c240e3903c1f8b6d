"""Why a statement holds: backward matching over the same rules, with nothing stored when they ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import StatementNotFoundError
from emkg.plan import Comparison, Pattern, Variable
from emkg.rdf import IRI, Subject, Term, Triple
from emkg.reasoning.evidence import Evidence
from emkg.reasoning.materialise import INFERRED_GRAPHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from emkg.ledger import Ledger
    from emkg.plan import Slot, TriplePattern
    from emkg.reasoning.rule import Rule

MAX_DEPTH = 8


@dataclass(frozen=True)
class Explanation:
    """One way in which a statement comes to hold.

    Attributes:
        statement: What is explained.
        graphs: The named graphs (IRIs) that hold it; none for an axiom the ledger does not hold.
        rule: The rule that derives it; None when it is asserted.
        premises: The explanation of each of the rule's premises, and of the axioms it comes from.
        comparisons: The comparisons that passed, with their values.
        absences: What must not be there and is not: negated groups, bound as far as the premises bind them.
        ways: In how many ways this rule derives it, of which one is shown; `MAX_SOLUTIONS` stands for that or more.
    """

    statement: Triple
    graphs: tuple[str, ...]
    rule: Rule | None = None
    premises: tuple[Explanation, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    absences: tuple[Pattern, ...] = ()
    ways: int = 0

    @property
    def is_asserted(self) -> bool:
        """Whether a source says it, so that no rule is needed."""
        return self.rule is None

    def facts(self) -> Iterator[Explanation]:
        """The asserted statements that everything rests on, each once, in the order they are met."""
        seen: set[Triple] = set()
        waiting = [self]
        while waiting:
            explanation = waiting.pop(0)
            if explanation.is_asserted and explanation.statement not in seen:
                seen.add(explanation.statement)
                yield explanation
            waiting = [*explanation.premises, *waiting]


def explain(
    statement: Triple, rules: Sequence[Rule], ledger: Ledger, *, max_depth: int = MAX_DEPTH
) -> Explanation:
    """The shallowest explanation of a statement that the ledger holds.

    An asserted statement is its own explanation. No premise of a derivation is the statement itself or one
    that it is used to explain.

    Raises:
        StatementNotFoundError: No graph holds the statement, or it is inferred and these rules do not derive it
            within `max_depth` steps.
    """
    evidence = Evidence(ledger)
    if not evidence.graphs(statement):
        raise StatementNotFoundError(
            f"{statement} is neither asserted nor inferred", message_zh=f"{statement} 既未断言也未推出"
        )
    for depth in range(max_depth + 1):
        found = _Search(evidence, rules, depth).explanation(statement, frozenset(), depth)
        if found is not None:
            return found
    raise StatementNotFoundError(
        f"{statement} is in an inferred graph, and the rules at hand do not derive it; materialise again",
        message_zh=f"{statement} 在推理图中，但现有规则无法推出；请重新推理",
    )


@dataclass(frozen=True)
class _Search:
    """A search no deeper than `depth`."""

    evidence: Evidence
    rules: Sequence[Rule]
    depth: int

    def explanation(self, statement: Triple, path: frozenset[Triple], depth: int) -> Explanation | None:
        graphs = self.evidence.graphs(statement)
        asserted = tuple(graph for graph in graphs if graph not in INFERRED_GRAPHS)
        if asserted:
            return Explanation(statement, asserted)
        if not graphs or not depth or statement in path:
            return None
        for rule in self.rules:
            for head in rule.head:
                bindings = head.match((statement.subject, statement.predicate, statement.object))
                found = None if bindings is None else self._derivation(statement, rule, bindings, path, depth)
                if found is not None:
                    return found
        return None

    def _derivation(
        self,
        statement: Triple,
        rule: Rule,
        bindings: Mapping[Variable, Term],
        path: frozenset[Triple],
        depth: int,
    ) -> Explanation | None:
        """The rule's first solution all of whose premises can be explained."""
        body = rule.body.bind(bindings)
        solutions = self.evidence.solutions(body)
        self.evidence.look_up(_statement(p.bind(solution)) for solution in solutions for p in body.triples)
        for solution in solutions:
            premises = self._premises(body, solution, path | {statement}, depth - 1)
            if premises is not None:
                axioms = tuple(
                    Explanation(axiom.triple, self.evidence.graphs(axiom.triple)) for axiom in rule.axioms
                )
                whole = body.bind(solution)
                return Explanation(
                    statement,
                    self.evidence.graphs(statement),
                    rule,
                    (*premises, *axioms),
                    whole.comparisons,
                    whole.negated,
                    len(solutions),
                )
        return None

    def _premises(
        self, body: Pattern, solution: Mapping[Variable, Term], path: frozenset[Triple], depth: int
    ) -> tuple[Explanation, ...] | None:
        premises = []
        for pattern in body.triples:
            premise = self.explanation(_statement(pattern.bind(solution)), path, depth)
            if premise is None:
                return None
            premises.append(premise)
        return tuple(premises)


def _statement(pattern: TriplePattern) -> Triple:
    subject, predicate, value = (_term(slot) for slot in pattern.slots)
    return Triple(_subject(subject), _iri(predicate), value)


def _term(slot: Slot) -> Term:
    if isinstance(slot, Variable):
        raise TypeError(f"{slot} has no value in a solution")
    return slot


def _subject(term: Term) -> Subject:
    if not isinstance(term, Subject):
        raise TypeError(f"{term} cannot be a subject")
    return term


def _iri(term: Term) -> IRI:
    if not isinstance(term, IRI):
        raise TypeError(f"{term} cannot be a predicate")
    return term

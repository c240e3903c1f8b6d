"""Many rules that differ only in their constants, as one plan over a relation of those constants."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.ledger import term_id
from emkg.plan import Constants, Pattern, Relations, Slot, TriplePattern, Variable, derivations_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from emkg.rdf import Term
    from emkg.reasoning.rule import Rule

_Form = tuple[TriplePattern, ...]


@dataclass(frozen=True)
class Group:
    """Rules of one form: a body, a head, and the constants' ids for each rule, a row each."""

    body: Pattern
    head: TriplePattern
    constants: Constants = field(default_factory=Constants)

    @property
    def width(self) -> int:
        """How many triple patterns the body has."""
        return len(self.body.triples)

    def reads(self, number: int, predicates: frozenset[int]) -> bool:
        """Whether the triple pattern `number` can match a statement with one of these predicates (ids)."""
        predicate = self.body.triples[number].predicate
        if not isinstance(predicate, Variable):
            return term_id(str(predicate)) in predicates
        if predicate in self.constants.variables:
            column = self.constants.variables.index(predicate)
            return any(row[column] in predicates for row in self.constants.rows)
        return bool(predicates)

    def sql(self, relations: Relations) -> str:
        """The SELECT of the statements that these rules derive."""
        return derivations_sql(self.body, self.head, relations, self.constants)


def group_rules(rules: Iterable[Rule]) -> tuple[Group, ...]:
    """The rules in as few plans as there are forms; a rule with comparisons or negation is a plan of its own."""
    groups: list[Group] = []
    forms: dict[_Form, list[tuple[Term, ...]]] = defaultdict(list)
    for rule in rules:
        for head in rule.head:
            if rule.body.comparisons or rule.body.negated:
                groups.append(Group(rule.body, head))
            else:
                form, constants = _form((*rule.body.triples, head))
                forms[form].append(constants)
    return (*groups, *(_group(form, rows) for form, rows in forms.items()))


def _form(triples: Sequence[TriplePattern]) -> tuple[_Form, tuple[Term, ...]]:
    """The triples with variables numbered as they come and constants as variables, and those constants."""
    names: dict[Variable, Variable] = {}
    constants: list[Term] = []

    def place(slot: Slot) -> Variable:
        if isinstance(slot, Variable):
            return names.setdefault(slot, Variable(f"v{len(names)}"))
        constants.append(slot)
        return Variable(f"k{len(constants) - 1}")

    return tuple(TriplePattern(*map(place, triple.slots)) for triple in triples), tuple(constants)


def _group(form: _Form, rows: Sequence[tuple[Term, ...]]) -> Group:
    columns = [tuple(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    same: dict[Variable, Term] = {
        Variable(f"k{number}"): values[0] for number, values in enumerate(columns) if len(values) == 1
    }
    varying = [number for number, values in enumerate(columns) if len(values) > 1]
    *body, head = (triple.bind(same) for triple in form)
    ids = sorted({tuple(term_id(str(row[number])) for number in varying) for row in rows})
    variables = tuple(Variable(f"k{number}") for number in varying)
    return Group(Pattern(tuple(body)), head, Constants(variables, tuple(ids) if variables else ()))

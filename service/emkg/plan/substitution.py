"""Variables that every solution binds to one term, and that term put in their place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import certain_variables
from emkg.plan.path import PathPattern, can_be_empty
from emkg.plan.pattern import TriplePattern, Variable, bound
from emkg.rdf import BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from emkg.rdf import Term

    Constants: TypeAlias = Mapping[Variable, Term]


def constants_of(pattern: a.Algebra) -> dict[Variable, Term]:
    """The variables that VALUES gives one term and no other."""
    match pattern:
        case a.Values(variables, (row,)):
            return {variable: term for variable, term in zip(variables, row, strict=True) if term is not None}
        case a.Join():
            return {**constants_of(pattern.left), **constants_of(pattern.right)}
        case a.LeftJoin() | a.Minus():
            return constants_of(pattern.left)
        case a.Filter() | a.Extend():
            return constants_of(pattern.pattern)
        case _:
            return {}


def with_constants(pattern: a.Algebra, constants: Constants) -> a.Algebra:
    """The pattern with terms in place of variables, in triples and in filters over them.

    It binds those variables no more: whoever joins it has them from elsewhere, bound to these terms.
    """
    match pattern:
        case a.BasicPattern():
            return _in_triples(pattern, constants)
        case a.Filter(inner, condition):
            known = {v: term for v, term in constants.items() if v in certain_variables(inner)}
            return a.Filter(with_constants(inner, known), in_expression(condition, known))
        case a.Join(left, right):
            return a.Join(with_constants(left, constants), with_constants(right, constants))
        case _:
            return pattern


def in_expression(expression: a.Expression, constants: Constants) -> a.Expression:
    """The expression with terms in place of variables; BOUND of one of them is true. EXISTS is left as it is."""
    if isinstance(expression, Variable):
        return constants.get(expression, expression)
    if isinstance(expression, a.Call):
        return replace(
            expression, arguments=tuple(in_expression(one, constants) for one in expression.arguments)
        )
    return expression


def _in_triples(pattern: a.BasicPattern, constants: Constants) -> a.BasicPattern:
    """A path of length zero connects a constant with itself, a variable only where it is a node of the graph.

    So a path that may be empty keeps a variable that no triple of the pattern has: that triple says it is a node.
    """
    plain = [triple for triple in pattern.triples if not isinstance(triple, PathPattern)]
    nodes = {slot for triple in plain for slot in (triple.subject, triple.object)}
    found = []
    for triple in pattern.triples:
        is_loose = isinstance(triple, PathPattern) and can_be_empty(triple.path)
        usable = {v: term for v, term in constants.items() if v in nodes} if is_loose else constants
        found.append(_in_triple(triple, usable))
    return a.BasicPattern(tuple(found))


def _in_triple(triple: TriplePattern | PathPattern, constants: Constants) -> TriplePattern | PathPattern:
    usable = {variable: term for variable, term in constants.items() if not isinstance(term, BlankNode)}
    subject, value = bound(triple.subject, usable), bound(triple.object, usable)
    if isinstance(triple, PathPattern):
        return PathPattern(subject, triple.path, value)
    predicate = bound(triple.predicate, usable)
    if isinstance(subject, Literal) or isinstance(predicate, Literal | BlankNode):
        return triple  # nothing matches; the join says so too
    return TriplePattern(subject, predicate, value)

"""CONSTRUCT texts to patterns: what a rule may say, and a clear refusal of everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from emkg.errors import QueryRefusedError
from emkg.plan import algebra as a
from emkg.plan.function import Function
from emkg.plan.path import PathPattern
from emkg.plan.pattern import Comparison, Operator, Pattern, Slot, TriplePattern, Variable
from emkg.plan.request import ConstructQuery
from emkg.plan.sparql import parse_query
from emkg.rdf import IRI, BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OPERATORS = {operator.value: operator for operator in Operator}


@dataclass(frozen=True)
class Construct:
    """A CONSTRUCT query: its template and the pattern of its WHERE."""

    template: tuple[TriplePattern, ...]
    where: Pattern


def parse_construct(text: str, prefixes: Mapping[str, str]) -> Construct:
    """The pattern of a CONSTRUCT whose WHERE is triple patterns, FILTER comparisons and FILTER NOT EXISTS.

    Raises:
        QuerySyntaxError: The text does not parse, or uses a prefix that is not declared.
        QueryRefusedError: It parses and says more than that: OPTIONAL, UNION, paths, functions, sub-queries.
    """
    query = parse_query(text, prefixes=prefixes)
    if not isinstance(query, ConstructQuery):
        _refuse(type(query).__name__)
    where = _pattern(query.pattern)
    template = tuple(sorted(query.template, key=str))
    unbound = {slot for triple in template for slot in triple.slots if isinstance(slot, Variable | BlankNode)}
    missing = sorted(str(slot) for slot in unbound if slot not in where.variables)
    if missing:
        _refuse(f"a template with {', '.join(missing)} that the WHERE does not bind (or a blank node)")
    return Construct(template, where)


def _pattern(pattern: a.Algebra) -> Pattern:
    match pattern:
        case a.BasicPattern():
            return Pattern(tuple(map(_triple, pattern.triples)))
        case a.Join(left, right):
            return _joined([_pattern(left), _pattern(right)])
        case a.Filter(inner, condition):
            return _merged([_pattern(inner), *_conditions(condition)])
        case _:
            return _refuse(type(pattern).__name__)


def _joined(sides: list[Pattern]) -> Pattern:
    for side in sides:
        seen = {s for c in side.comparisons for s in (c.left, c.right) if isinstance(s, Variable)}
        if side.negated or seen - side.variables:
            _refuse("a nested group whose FILTER looks outside it")
    return _merged(sides)


def _merged(patterns: Iterable[Pattern]) -> Pattern:
    listed = list(patterns)
    return Pattern(
        tuple(triple for pattern in listed for triple in pattern.triples),
        tuple(comparison for pattern in listed for comparison in pattern.comparisons),
        tuple(group for pattern in listed for group in pattern.negated),
    )


def _conditions(expression: a.Expression) -> list[Pattern]:
    if isinstance(expression, a.Exists) and expression.negated:
        return [Pattern((), (), (_pattern(expression.pattern),))]
    if isinstance(expression, a.Exists):
        return _refuse("FILTER with EXISTS")
    if not isinstance(expression, a.Call):
        return _refuse("FILTER with a bare term")
    if expression.function is Function.AND:
        return [pattern for one in expression.arguments for pattern in _conditions(one)]
    operator = _OPERATORS.get(_name(expression))
    if operator is None:
        return _refuse(f"FILTER with {_name(expression)}")
    left, right = map(_operand, expression.arguments)
    return [Pattern((), (Comparison(left, operator, right),))]


def _triple(triple: TriplePattern | PathPattern) -> TriplePattern:
    return _refuse("a path") if isinstance(triple, PathPattern) else triple


def _operand(expression: a.Expression) -> Slot:
    if isinstance(expression, Variable | IRI | Literal | BlankNode):
        return expression
    name = _name(expression) if isinstance(expression, a.Call) else type(expression).__name__
    return _refuse(f"{name} in place of a term")


def _name(call: a.Call) -> str:
    return call.function.value


def _refuse(what: str) -> NoReturn:
    raise QueryRefusedError(
        f"a rule may hold triple patterns, FILTER comparisons and FILTER NOT EXISTS; {what} is not compiled",
        message_zh=f"规则只能包含三元组模式、FILTER 比较和 FILTER NOT EXISTS；不支持 {what}",
    )

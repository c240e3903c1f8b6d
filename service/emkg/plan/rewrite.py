"""Equal patterns that plans are better compiled from: filters where their variables are bound, triples together.

Every rule holds for bags of solutions and unbound variables: it moves a part past another only where the variables
that both mention are bound for certain before either.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import (
    certain_variables,
    ends_of,
    has_exists,
    linked,
    mentioned,
    mentioned_in,
    variables_of,
)
from emkg.plan.function import Function
from emkg.plan.path import PathPattern
from emkg.plan.pattern import Variable
from emkg.plan.substitution import constants_of, in_expression, with_constants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def rewritten(pattern: a.Algebra) -> a.Algebra:
    """The pattern with triples gathered, what is optional after what is not, and filters as deep as they may stand."""
    return _pushed(_gathered(pattern), ())


# ----------------------------------------------------------------------------------------------------------- gathering


def _gathered(pattern: a.Algebra) -> a.Algebra:  # noqa: PLR0911  (one for each operator)
    """Joins flattened, their triples in one basic graph pattern; parts that only extend solutions stand after them."""
    match pattern:
        case a.BasicPattern() | a.Values() | a.Given():
            return pattern
        case a.Join():
            return _joined([_gathered(part) for part in _members(pattern)])
        case a.LeftJoin():
            return _left_joined(pattern)
        case a.Union() | a.Minus():
            return replace(pattern, left=_gathered(pattern.left), right=_gathered(pattern.right))
        case a.Filter():
            bound = certain_variables(pattern.pattern)
            return replace(
                pattern, pattern=_gathered(pattern.pattern), condition=_inside(pattern.condition, bound)
            )
        case a.ForEach():
            return replace(pattern, outer=_gathered(pattern.outer), pattern=_gathered(pattern.pattern))
        case _:
            return replace(pattern, pattern=_gathered(pattern.pattern))


def _left_joined(pattern: a.LeftJoin) -> a.Algebra:
    left, right = _gathered(pattern.left), _gathered(pattern.right)
    constants = constants_of(left)
    condition = None if pattern.condition is None else in_expression(_inside(pattern.condition), constants)
    return a.LeftJoin(left, with_constants(right, constants) if constants else right, condition)


def _inside(expression: a.Expression, bound: frozenset[Variable] = frozenset()) -> a.Expression:
    """The expression with the patterns of its EXISTS rewritten; the solutions at hand bind these variables for certain."""
    if isinstance(expression, a.Exists):
        return _one_by_one(replace(expression, pattern=rewritten(expression.pattern)), bound)
    if isinstance(expression, a.Call):
        return replace(expression, arguments=tuple(_inside(one, bound) for one in expression.arguments))
    return expression


def _one_by_one(exists: a.Exists, bound: frozenset[Variable]) -> a.Expression:
    """EXISTS of parts that only bound variables hold together is EXISTS of each part: nobody asks for their product."""
    parts: list[a.Algebra]
    match exists.pattern:
        case a.BasicPattern(triples) if not any(isinstance(one, PathPattern) for one in triples):
            groups = linked(triples, lambda one: ends_of(one) - bound)
            parts = [a.BasicPattern(tuple(group)) for group in groups]
        case a.Join() as pattern:
            parts = [reduce(_pair, group) for group in linked(_members(pattern), variables_of)]
        case _:
            return exists
    if len(parts) == 1:
        return exists
    tests = a.Call(Function.AND, tuple(map(a.Exists, parts)))
    return a.Call(Function.NOT, (tests,)) if exists.negated else tests


def _members(pattern: a.Algebra) -> list[a.Algebra]:
    if isinstance(pattern, a.Join):
        return [*_members(pattern.left), *_members(pattern.right)]
    return [pattern]


def _joined(parts: Sequence[a.Algebra]) -> a.Algebra:
    """The join of several patterns: what extends one of them is taken off, and put on their join again."""
    flat = [member for part in parts for member in _members(part)]
    for place, part in enumerate(flat):
        others = [other for at, other in enumerate(flat) if at != place]
        core = _core(part, others)
        if core is not None:
            return _put_on(part, _joined([*flat[:place], core, *flat[place + 1 :]]))
    constants = {
        v: term for part in flat if isinstance(part, a.Values) for v, term in constants_of(part).items()
    }
    flat = [with_constants(part, constants) for part in flat] if constants else flat
    triples = [triple for part in flat if isinstance(part, a.BasicPattern) for triple in part.triples]
    rest: list[a.Algebra] = [a.BasicPattern(tuple(group)) for group in linked(triples, ends_of)]
    rest += [part for part in flat if not isinstance(part, a.BasicPattern)]
    # VALUES first: few rows, and what follows may begin at them.
    rest.sort(key=lambda part: not isinstance(part, a.Values | a.Given))
    groups = [reduce(_pair, _side_by_side(group)) for group in linked(rest, variables_of)]
    return reduce(_pair, groups) if groups else a.BasicPattern(())


def _side_by_side(parts: Sequence[a.Algebra]) -> Iterator[a.Algebra]:
    """The parts of one group, each after one that it shares a variable with; otherwise in their order."""
    waiting, known = list(parts), variables_of(parts[0])
    while waiting:
        one = next((part for part in waiting if variables_of(part) & known), waiting[0])
        waiting.remove(one)
        known |= variables_of(one)
        yield one


def _pair(left: a.Algebra, right: a.Algebra) -> a.Algebra:
    return a.Join(left, right)


def _core(part: a.Algebra, others: Sequence[a.Algebra]) -> a.Algebra | None:
    """What a part extends, where it may as well extend the join with the others; None where it may not."""
    match part:
        case a.LeftJoin(left, right, condition):
            own = mentioned_in(right) | (mentioned(condition) if condition is not None else frozenset())
            core = left
        case a.Minus(left, right):
            own, core = mentioned_in(right), left
        case a.Extend(inner, variable, expression):
            if any(variable in variables_of(other) for other in others):
                return None
            own, core = mentioned(expression), inner
        case a.Filter(inner, condition):
            own, core = mentioned(condition), inner
        case _:
            return None
    around = frozenset[Variable]().union(*map(variables_of, others))
    return core if own & around <= certain_variables(core) else None


def _put_on(part: a.Algebra, core: a.Algebra) -> a.Algebra:
    if isinstance(part, a.LeftJoin | a.Minus):
        return replace(part, left=core)
    assert isinstance(part, a.Extend | a.Filter)  # noqa: S101 - `_core` knows no other
    return replace(part, pattern=core)


# ------------------------------------------------------------------------------------------------------------- filters


def _pushed(pattern: a.Algebra, conditions: Sequence[a.Expression]) -> a.Algebra:  # noqa: PLR0911  (one for each operator)
    """The pattern under conditions, each as deep as its variables are bound for certain."""
    match pattern:
        case a.Filter(inner, condition):
            return _pushed(inner, [*_conjuncts(condition), *conditions])
        case a.Join(left, right):
            below_left, rest = _split(conditions, left, pattern)
            below_right, rest = _split(rest, right, pattern)
            return _filtered(a.Join(_pushed(left, below_left), _pushed(right, below_right)), rest)
        case a.LeftJoin(left, right):
            below, rest = _split(conditions, left, pattern)
            return _filtered(replace(pattern, left=_pushed(left, below), right=_pushed(right, ())), rest)
        case a.Minus(left, right):
            below, rest = _split(conditions, left, pattern)
            return _filtered(replace(pattern, left=_pushed(left, below), right=_pushed(right, ())), rest)
        case a.Union(left, right):
            return a.Union(_pushed(left, conditions), _pushed(right, conditions))
        case a.Extend(inner, variable):
            below = [one for one in conditions if variable not in mentioned(one)]
            rest = [one for one in conditions if variable in mentioned(one)]
            expression = in_expression(pattern.expression, constants_of(inner))
            return _filtered(a.Extend(_pushed(inner, below), variable, expression), rest)
        case a.BasicPattern() | a.Values() | a.Given():
            return _filtered(pattern, conditions)
        case a.ForEach(outer, inner):
            return _filtered(a.ForEach(_pushed(outer, ()), _pushed(inner, ())), conditions)
        case _:
            return _filtered(replace(pattern, pattern=_pushed(pattern.pattern, ())), conditions)


def _conjuncts(condition: a.Expression) -> list[a.Expression]:
    if isinstance(condition, a.Call) and condition.function is Function.AND:
        return [one for argument in condition.arguments for one in _conjuncts(argument)]
    return [condition]


def _split(
    conditions: Iterable[a.Expression], part: a.Algebra, whole: a.Algebra
) -> tuple[list[a.Expression], list[a.Expression]]:
    """Conditions that may stand at a part of a pattern, and the others."""
    known, around = certain_variables(part), variables_of(whole)
    below: list[a.Expression] = []
    rest: list[a.Expression] = []
    for condition in conditions:
        (below if mentioned(condition) & around <= known else rest).append(condition)
    return below, rest


def _filtered(pattern: a.Algebra, conditions: Sequence[a.Expression]) -> a.Algebra:
    """The pattern under conditions, those without EXISTS first."""
    constants = constants_of(pattern)
    conditions = [in_expression(one, constants) for one in conditions] if constants else conditions
    plain = [one for one in conditions if not has_exists(one)]
    others = [one for one in conditions if has_exists(one)]
    for group in (plain, others):
        if group:
            condition = group[0] if len(group) == 1 else a.Call(Function.AND, tuple(group))
            pattern = a.Filter(pattern, condition)
    return pattern

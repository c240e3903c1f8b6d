"""What expressions and patterns mention: their variables, EXISTS in them, and the parts that a pattern is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.plan import algebra as a
from emkg.plan.function import AggregateFunction
from emkg.plan.pattern import Variable
from emkg.rdf import IRI, BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    from emkg.plan.path import PathPattern
    from emkg.plan.pattern import TriplePattern

    Part = TypeVar("Part")

MOST_PARTS: Final = 2_000  # of one plan: a part takes a millisecond or two, which no time limit interrupts


def mentioned(expression: a.Expression) -> frozenset[Variable]:
    """Every variable of an expression, those within EXISTS too."""
    if isinstance(expression, Variable):
        return frozenset({expression})
    if isinstance(expression, a.Call):
        return frozenset[Variable]().union(*map(mentioned, expression.arguments))
    if isinstance(expression, a.Exists):
        return mentioned_in(expression.pattern)
    if isinstance(expression, a.Aggregate) and expression.expression is not None:
        return mentioned(expression.expression)
    return frozenset()


def has_exists(expression: a.Expression) -> bool:
    """Whether an expression asks EXISTS anywhere."""
    if isinstance(expression, a.Call):
        return any(map(has_exists, expression.arguments))
    return isinstance(expression, a.Exists)


def size_of(pattern: a.Algebra) -> int:
    """How many operators, triples, rows and parts of expressions a pattern has."""
    size = 0
    waiting: list[a.Algebra | a.Expression] = [pattern]
    while waiting:
        one = waiting.pop()
        size += 1
        if isinstance(one, a.BasicPattern):
            size += len(one.triples)
        elif isinstance(one, a.Values):
            size += len(one.rows)
        elif isinstance(one, a.Call):
            waiting += one.arguments
        elif isinstance(one, a.Exists):
            waiting.append(one.pattern)
        elif isinstance(one, a.Aggregate):
            waiting += [one.expression] if one.expression is not None else []
        elif not isinstance(one, Variable | IRI | BlankNode | Literal):
            waiting += [*parts_of(one), *expressions_of(one)]
    return size


def exists_in(expression: a.Expression) -> Iterator[a.Algebra]:
    """The patterns that an expression asks EXISTS of."""
    if isinstance(expression, a.Exists):
        yield expression.pattern
    elif isinstance(expression, a.Call):
        for argument in expression.arguments:
            yield from exists_in(argument)
    elif isinstance(expression, a.Aggregate) and expression.expression is not None:
        yield from exists_in(expression.expression)


def mentioned_in(pattern: a.Algebra) -> frozenset[Variable]:
    """Every variable that a pattern mentions, in scope or not."""
    own = frozenset[Variable]().union(*map(mentioned, expressions_of(pattern)), _own_variables(pattern))
    return own.union(*map(mentioned_in, parts_of(pattern)))


def parts_of(pattern: a.Algebra) -> tuple[a.Algebra, ...]:
    """The patterns that a pattern is made of."""
    match pattern:
        case a.Join() | a.LeftJoin() | a.Union() | a.Minus():
            return pattern.left, pattern.right
        case a.ForEach():
            return pattern.outer, pattern.pattern
        case a.BasicPattern() | a.Values() | a.Given():
            return ()
        case _:
            return (pattern.pattern,)


def expressions_of(pattern: a.Algebra) -> Iterator[a.Expression]:
    """The expressions of a pattern itself."""
    match pattern:
        case a.Filter(_, condition) | a.LeftJoin(_, _, condition) if condition is not None:
            yield condition
        case a.Extend():
            yield pattern.expression
        case a.Group():
            yield from (aggregate for _, aggregate in pattern.aggregates)
        case a.OrderBy():
            yield from (condition.expression for condition in pattern.conditions)


def _own_variables(pattern: a.Algebra) -> Iterator[Variable]:
    match pattern:
        case a.BasicPattern():
            for triple in pattern.triples:
                yield from triple_variables(triple)
        case a.GraphPattern() | a.Service():
            if isinstance(pattern.name, Variable):
                yield pattern.name
        case a.Extend() | a.Given():
            yield pattern.variable
        case a.Values() | a.Project():
            yield from pattern.variables
        case a.Group():
            yield from pattern.keys
            yield from (variable for variable, _ in pattern.aggregates)


def triple_variables(triple: TriplePattern | PathPattern) -> Iterator[Variable]:
    """The variables of a triple or path pattern."""
    slots = (triple.subject, getattr(triple, "predicate", None), triple.object)
    yield from (slot for slot in slots if isinstance(slot, Variable))


def ends_of(triple: TriplePattern | PathPattern) -> frozenset[Variable]:
    """The same, each once."""
    return frozenset(triple_variables(triple))


def linked(parts: Sequence[Part], variables: Callable[[Part], frozenset[Variable]]) -> list[list[Part]]:
    """The parts by what they share variables with, in their order: a product of groups is the last thing to be made."""
    groups: list[tuple[frozenset[Variable], list[Part]]] = []
    for part in parts:
        own, found = variables(part), [part]
        for group in [group for group in groups if group[0] & own]:
            groups.remove(group)
            own, found = own | group[0], [*group[1], *found]
        groups.append((own, found))
    return [found for _, found in groups]


def is_product(pattern: a.Algebra) -> bool:
    """Whether it joins what has no variable in common."""
    match pattern:
        case a.BasicPattern(triples):
            return len(linked(triples, ends_of)) > 1
        case a.Join(left, right):
            return not variables_of(left) & variables_of(right) or is_product(left) or is_product(right)
        case a.LeftJoin(left, right):
            return not variables_of(left) & variables_of(right) or is_product(left)
        case a.Filter() | a.Extend() | a.GraphPattern():
            return is_product(pattern.pattern)
        case _:
            return False


def in_scope(pattern: a.Algebra) -> tuple[Variable, ...]:
    """The variables in scope of a pattern (section 18.2.1), in the order of their first occurrence."""
    return tuple(dict.fromkeys(variable for variable in _scope(pattern) if not variable.name.startswith(".")))


def variables_of(pattern: a.Algebra) -> frozenset[Variable]:
    """The variables that some solution may bind, those that no text can name too."""
    return frozenset(_scope(pattern))


def certain_variables(pattern: a.Algebra) -> frozenset[Variable]:  # noqa: PLR0911  (one for each operator)
    """Variables that every solution binds; there may be others."""
    match pattern:
        case a.BasicPattern() | a.Given():
            return variables_of(pattern)
        case a.Values(variables, rows):
            columns = zip(variables, zip(*rows, strict=True), strict=True) if rows else ()
            return frozenset(variable for variable, column in columns if None not in column)
        case a.Join() | a.ForEach():
            return frozenset[Variable]().union(*map(certain_variables, parts_of(pattern)))
        case a.Union():
            return certain_variables(pattern.left) & certain_variables(pattern.right)
        case a.LeftJoin() | a.Minus():
            return certain_variables(pattern.left)
        case a.GraphPattern():
            return certain_variables(pattern.pattern) | frozenset(_own_variables(pattern))
        case _:
            return _certain_after(pattern)


def _certain_after(pattern: a.Algebra) -> frozenset[Variable]:
    """Those of a pattern that is made of one other."""
    inner = certain_variables(pattern.pattern)  # type: ignore[union-attr]  # what has two parts was dealt with
    if isinstance(pattern, a.Extend):
        is_constant = not isinstance(pattern.expression, Variable | a.Call | a.Exists | a.Aggregate)
        return inner | {pattern.variable} if is_constant or pattern.expression in inner else inner
    if isinstance(pattern, a.Group):
        counts = {variable for variable, one in pattern.aggregates if one.function is AggregateFunction.COUNT}
        return (inner & frozenset(pattern.keys)) | counts
    if isinstance(pattern, a.Project):
        return inner & frozenset(pattern.variables)
    return frozenset() if isinstance(pattern, a.Service) else inner


def _scope(pattern: a.Algebra) -> list[Variable]:
    """Those of the parts, then its own; without recursion, as a chain may be long."""
    backwards: list[Variable] = []
    waiting = [pattern]
    while waiting:
        one = waiting.pop()
        if isinstance(one, a.Minus):
            waiting.append(one.left)
            continue
        backwards += reversed(list(_own_variables(one)))
        if not isinstance(one, a.Group | a.Project):
            waiting += parts_of(one)
    return backwards[::-1]

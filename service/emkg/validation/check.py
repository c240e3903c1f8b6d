"""Checks: for each constraint of each shape, the graph pattern of what violates it (SHACL, sections 2 to 4).

A shape is asked of a pattern that yields focus nodes, or of nothing: its variable is then bound from outside, by
`Exists` or `ForEach`. So one way of writing a constraint serves targets, nested shapes and logical constraints alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from emkg.plan import algebra as a
from emkg.plan.function import AggregateFunction, Function
from emkg.plan.path import Inverse, Link, Path, PathPattern
from emkg.plan.pattern import TriplePattern, Variable
from emkg.plan.sql import HOLDS
from emkg.rdf import IRI, Literal
from emkg.vocabulary import SH, XSD

if TYPE_CHECKING:
    from emkg.plan.pattern import Slot
    from emkg.rdf import Term
    from emkg.validation.shape import Shape

NOTHING: Final = a.BasicPattern()
TRUE: Final = Literal("true", XSD + "boolean")
FALSE: Final = Literal("false", XSD + "boolean")


@dataclass(frozen=True)
class Check:
    """What violates one constraint of one shape.

    Attributes:
        shape: The shape; its messages and severity are the result's.
        component: The constraint component.
        pattern: Its solutions are the violations.
        focus: The variable of the focus node.
        value: The variable of the value at fault; None where results have none.
        path: The variable of the path, where each result has its own; else it is the shape's.
        messages: Templates of the constraint's own message, by language; `{?name}` stands for a variable.
        variables: What the templates name beyond focus node and value.
        target: The variable of the node that the outermost shape judges: the focus node's, or one that leads to it.
    """

    shape: Shape
    component: IRI
    pattern: a.Algebra
    focus: Variable
    value: Variable | None = None
    path: Variable | None = None
    messages: tuple[Literal, ...] = ()
    variables: tuple[Variable, ...] = ()
    target: Variable | None = None


@dataclass
class Fresh:
    """Variables that no query can name."""

    count: int = field(default=0)

    def variable(self, name: str) -> Variable:
        """The next one."""
        self.count += 1
        return Variable(f".{name}{self.count}")


@dataclass(frozen=True)
class Focus:
    """Focus nodes, and the value nodes that a shape's path leads to from them.

    Attributes:
        pattern: Yields the focus nodes, each once; `NOTHING` where they are bound from outside.
        node: The variable of the focus node.
        values: Yields each pair of focus node and value node once.
        value: The variable of the value node; that of the focus node at a node shape.
    """

    pattern: a.Algebra
    node: Variable
    values: a.Algebra
    value: Variable


def focus_of(shape: Shape, pattern: a.Algebra, node: Variable, fresh: Fresh) -> Focus:
    """The focus nodes of a pattern with the value nodes of a shape."""
    if shape.path is None:
        return Focus(pattern, node, pattern, node)
    value = fresh.variable("value")
    return Focus(pattern, node, reached(pattern, node, shape.path, value), value)


def reached(pattern: a.Algebra, node: Variable, path: Path, value: Slot) -> a.Algebra:
    """The solutions of a pattern with each node that a path leads to, once."""
    step = a.BasicPattern((path_pattern(node, path, value),))
    if isinstance(path, Link) or (isinstance(path, Inverse) and isinstance(path.path, Link)):
        return step if pattern == NOTHING else a.Join(pattern, step)
    found = step if pattern == NOTHING else a.ForEach(pattern, step)
    variables = (node, value) if isinstance(value, Variable) else (node,)
    return a.Distinct(a.Project(found, variables))


def path_pattern(subject: Slot, path: Path, target: Slot) -> TriplePattern | PathPattern:
    """A path between two ends; a single link is a triple pattern."""
    match path:
        case Link(predicate):
            return TriplePattern(subject, predicate, target)
        case Inverse(Link(predicate)):
            return TriplePattern(target, predicate, subject)
        case _:
            return PathPattern(subject, path, target)


def component(name: str) -> IRI:
    """The IRI of a SHACL constraint component."""
    return IRI(f"{SH}{name}ConstraintComponent")


def function(name: Function | IRI, *arguments: a.Expression) -> a.Call:
    """A call."""
    return a.Call(name, arguments)


def negated(expression: a.Expression) -> a.Expression:
    """Its negation."""
    return function(Function.NOT, expression)


def unless(expression: a.Expression) -> a.Expression:
    """Whether it is not true: false, or an error."""
    return negated(function(HOLDS, expression))


def one_of(value: a.Expression, terms: tuple[Term, ...]) -> a.Expression:
    """Whether a value is one of these terms."""
    if not terms:
        return FALSE
    tests = tuple(function(Function.SAME_TERM, value, term) for term in terms)
    return tests[0] if len(tests) == 1 else a.Call(Function.OR, tests)


def counted(pattern: a.Algebra, node: Variable, value: Variable, count: Variable) -> a.Algebra:
    """The number of values of each focus node."""
    return a.Group(pattern, (node,), ((count, a.Aggregate(AggregateFunction.COUNT, value)),))


def integer(number: int) -> Literal:
    """A number as a term."""
    return Literal(str(number), XSD + "integer")

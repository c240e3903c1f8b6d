"""Constraints that refer to other shapes: node, not, and, or, xone, qualified value shapes.

A node conforms to a shape where the patterns of what violates it have no solution with the node put into them.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

from emkg.plan import algebra as a
from emkg.plan.function import Function
from emkg.validation.check import TRUE, Check, component, negated
from emkg.validation.set_check import too_few, too_many
from emkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from emkg.plan.pattern import Variable
    from emkg.rdf import Term
    from emkg.validation.check import Focus, Fresh
    from emkg.validation.shape import Shape, Shapes

    Violations: TypeAlias = Callable[[Term, Variable], Sequence[a.Algebra]]


def logic_checks(
    shape: Shape, focus: Focus, shapes: Shapes, fresh: Fresh, violations: Violations
) -> Iterator[Check]:
    """The checks of these constraints of a shape; `violations` gives what violates another shape at a variable."""

    def conforms(node: Term, variable: Variable) -> a.Expression:
        patterns = violations(node, variable)
        return a.Exists(reduce(a.Union, patterns), negated=True) if patterns else TRUE

    def check(name: str, fault: a.Expression) -> Check:
        return Check(shape, component(name), a.Filter(focus.values, fault), focus.node, focus.value)

    for node in shape.all("node"):
        yield check("Node", negated(conforms(node, focus.value)))
    for node in shape.all("not"):
        yield check("Not", conforms(node, focus.value))
    for head in shape.all("and"):
        yield check("And", negated(_all([conforms(node, focus.value) for node in shapes.items(head)])))
    for head in shape.all("or"):
        yield check("Or", _all([negated(conforms(node, focus.value)) for node in shapes.items(head)]))
    for head in shape.all("xone"):
        yield check("Xone", _not_one([conforms(node, focus.value) for node in shapes.items(head)]))
    for node in shape.all("qualifiedValueShape"):
        tests = [conforms(node, focus.value)]
        tests += [negated(conforms(sibling, focus.value)) for sibling in _siblings(shape, node, shapes)]
        yield from _qualified(shape, focus, _all(tests), fresh)


def _all(tests: Sequence[a.Expression]) -> a.Expression:
    if not tests:
        return TRUE
    return tests[0] if len(tests) == 1 else a.Call(Function.AND, tuple(tests))


def _not_one(tests: Sequence[a.Expression]) -> a.Expression:
    if not tests:
        return TRUE
    ones = [
        _all([test if place == other else negated(test) for other, test in enumerate(tests)])
        for place in range(len(tests))
    ]
    return _all([negated(one) for one in ones])


def _qualified(shape: Shape, focus: Focus, condition: a.Expression, fresh: Fresh) -> Iterator[Check]:
    values = focus.values if condition == TRUE else a.Filter(focus.values, condition)
    for parameter in shape.all("qualifiedMinCount"):
        least = int(parameter.value)
        if least:
            pattern = too_few(focus, focus.value, values, least, fresh)
            yield Check(shape, component("QualifiedMinCount"), pattern, focus.node)
    for parameter in shape.all("qualifiedMaxCount"):
        pattern = too_many(focus, focus.value, values, int(parameter.value), fresh)
        yield Check(shape, component("QualifiedMaxCount"), pattern, focus.node)


def _siblings(shape: Shape, own: Term, shapes: Shapes) -> list[Term]:
    if not shape.is_set("qualifiedValueShapesDisjoint"):
        return []
    parents = shapes.holders(shape.node, SH + "property")
    properties = [shapes.shape(node) for parent in parents for node in shapes.shape(parent).all("property")]
    found = {node for one in properties for node in one.all("qualifiedValueShape")}
    return sorted(found - {own}, key=str)

"""From shapes to checks: targets, every constraint, and the shapes below (SHACL, sections 2.1 and 2.2)."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from emkg.errors import ShapesError
from emkg.plan import algebra as a
from emkg.plan.pattern import TriplePattern
from emkg.validation.check import NOTHING, Check, Fresh, focus_of
from emkg.validation.logic_check import logic_checks
from emkg.validation.set_check import set_checks
from emkg.validation.sparql_check import sparql_checks, sparql_targets
from emkg.validation.value_check import instance_of, value_checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.plan.pattern import Variable
    from emkg.rdf import Term
    from emkg.validation.check import Focus
    from emkg.validation.shape import Shape, Shapes


class ShapeCompiler:
    """Compiles shapes one by one, so that one which has no plan can be judged otherwise."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._fresh = Fresh()
        self._open: list[Term] = []

    def checks(self, shape: Shape, *, given: str = "") -> tuple[Check, ...]:
        """The checks of a shape at its targets, or at the nodes of a temporary relation.

        Raises:
            ShapesError: A shape refers to itself, or is malformed.
            NotCompiled: Something in it has no plan.
        """
        node = self._fresh.variable("focus")
        targets = list(self._targets(shape, node))
        if not targets:
            return ()
        pattern: a.Algebra = a.Distinct(a.Project(reduce(a.Union, targets), (node,)))
        if given:
            pattern = a.Given(node, given)
        return tuple(replace(check, target=node) for check in self._checks(shape, pattern, node))

    def _targets(self, shape: Shape, node: Variable) -> Iterator[a.Algebra]:
        nodes = shape.all("targetNode")
        if nodes:
            yield a.Values((node,), tuple((term,) for term in nodes))
        classes = self._shapes.target_classes(shape)
        if len(classes) == 1:
            yield instance_of(node, classes[0])
        elif classes:
            kind = self._fresh.variable("class")
            yield a.Join(a.Values((kind,), tuple((one,) for one in classes)), instance_of(node, kind))
        for predicate in shape.all("targetSubjectsOf"):
            yield a.BasicPattern((TriplePattern(node, predicate, self._fresh.variable("any")),))
        for predicate in shape.all("targetObjectsOf"):
            yield a.BasicPattern((TriplePattern(self._fresh.variable("any"), predicate, node),))
        yield from sparql_targets(shape, node, self._shapes)

    def _checks(self, shape: Shape, pattern: a.Algebra, node: Variable) -> Iterator[Check]:
        if shape.is_set("deactivated"):
            return
        if shape.node in self._open:
            raise ShapesError(
                f"the shape {shape.node} refers to itself; recursion is not defined by SHACL and is refused",
                message_zh=f"形状 {shape.node} 引用了自身；SHACL 未定义递归，不予受理",
            )
        self._open.append(shape.node)
        try:
            focus = focus_of(shape, pattern, node, self._fresh)
            yield from value_checks(shape, focus, self._shapes)
            yield from set_checks(shape, focus, self._shapes, self._fresh)
            yield from logic_checks(shape, focus, self._shapes, self._fresh, self._violations)
            yield from sparql_checks(shape, focus, self._shapes)
            values = pattern if shape.path is None else a.Distinct(a.Project(focus.values, (focus.value,)))
            for child in shape.all("property"):
                for check in self._checks(self._shapes.shape(child), values, focus.value):
                    yield self._repeated(check, focus, shape)
        finally:
            self._open.pop()

    @staticmethod
    def _repeated(check: Check, focus: Focus, shape: Shape) -> Check:
        """A value node that several focus nodes have is judged for each of them: that many results it has."""
        if shape.path is None or focus.pattern == NOTHING:
            return check
        return replace(check, pattern=a.Join(focus.values, check.pattern))

    def _violations(self, node: Term, variable: Variable) -> list[a.Algebra]:
        return [check.pattern for check in self._checks(self._shapes.shape(node), NOTHING, variable)]

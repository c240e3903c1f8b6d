"""Constraints on the value nodes of a focus node together: counts, unique languages, pairs of properties, closed shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan import algebra as a
from emkg.plan.function import AggregateFunction, Function
from emkg.plan.path import Link
from emkg.plan.pattern import TriplePattern
from emkg.rdf import IRI, Literal
from emkg.validation.check import (
    NOTHING,
    Check,
    component,
    counted,
    function,
    integer,
    negated,
    one_of,
    path_pattern,
    unless,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.plan.pattern import Variable
    from emkg.rdf import Term
    from emkg.validation.check import Focus, Fresh
    from emkg.validation.shape import Shape, Shapes


def set_checks(shape: Shape, focus: Focus, shapes: Shapes, fresh: Fresh) -> Iterator[Check]:
    """The checks of these constraints of a shape."""
    yield from _counts(shape, focus, fresh)
    yield from _has_value(shape, focus)
    yield from _pairs(shape, focus, fresh)
    if shape.path is not None and shape.is_set("uniqueLang"):
        yield _unique_language(shape, focus, fresh)
    if shape.is_set("closed"):
        yield _closed(shape, focus, shapes, fresh)


def _counts(shape: Shape, focus: Focus, fresh: Fresh) -> Iterator[Check]:
    for parameter in shape.all("minCount"):
        least = int(parameter.value)
        if least > 0:
            pattern = too_few(focus, focus.value, focus.values, least, fresh)
            yield Check(shape, component("MinCount"), pattern, focus.node)
    for parameter in shape.all("maxCount"):
        pattern = too_many(focus, focus.value, focus.values, int(parameter.value), fresh)
        yield Check(shape, component("MaxCount"), pattern, focus.node)


def too_few(focus: Focus, value: Variable, values: a.Algebra, least: int, fresh: Fresh) -> a.Algebra:
    """The focus nodes with fewer than so many of these values."""
    if least == 1 and isinstance(values, a.Join | a.BasicPattern):
        step = values.right if isinstance(values, a.Join) else values
        return a.Filter(focus.pattern, a.Exists(step, negated=True))
    count = fresh.variable("count")
    groups = counted(a.LeftJoin(focus.pattern, values), focus.node, value, count)
    return a.Filter(groups, function(Function.LESS, count, integer(least)))


def too_many(focus: Focus, value: Variable, values: a.Algebra, most: int, fresh: Fresh) -> a.Algebra:
    """The focus nodes with more than so many of these values."""
    count = fresh.variable("count")
    groups = counted(values, focus.node, value, count)
    return a.Filter(groups, function(Function.GREATER, count, integer(most)))


def _has_value(shape: Shape, focus: Focus) -> Iterator[Check]:
    for wanted in shape.all("hasValue"):
        if shape.path is None:
            pattern = a.Filter(focus.pattern, negated(one_of(focus.node, (wanted,))))
        else:
            step = a.BasicPattern((path_pattern(focus.node, shape.path, wanted),))
            pattern = a.Filter(focus.pattern, a.Exists(step, negated=True))
        yield Check(shape, component("HasValue"), pattern, focus.node)


def _pairs(shape: Shape, focus: Focus, fresh: Fresh) -> Iterator[Check]:
    for other in shape.all("equals"):
        ours = a.Filter(focus.values, a.Exists(_link(focus.node, other, focus.value), negated=True))
        yield Check(shape, component("Equals"), ours, focus.node, focus.value)
        theirs = fresh.variable("other")
        found = _joined(focus.pattern, _link(focus.node, other, theirs))
        yield Check(
            shape, component("Equals"), a.Filter(found, _missing(shape, focus, theirs)), focus.node, theirs
        )
    for other in shape.all("disjoint"):
        both = a.Filter(focus.values, a.Exists(_link(focus.node, other, focus.value)))
        yield Check(shape, component("Disjoint"), both, focus.node, focus.value)
    for name, operator in (("lessThan", Function.LESS), ("lessThanOrEquals", Function.LESS_OR_EQUAL)):
        for other in shape.all(name):
            compared = fresh.variable("other")
            found = a.Join(focus.values, _link(focus.node, other, compared))
            pattern = a.Filter(found, unless(function(operator, focus.value, compared)))
            kind = component(name[0].upper() + name[1:])
            yield Check(shape, kind, pattern, focus.node, focus.value, variables=(compared,))


def _missing(shape: Shape, focus: Focus, theirs: Variable) -> a.Expression:
    if shape.path is None:
        return negated(function(Function.SAME_TERM, focus.node, theirs))
    step = a.BasicPattern((path_pattern(focus.node, shape.path, theirs),))
    return a.Exists(step, negated=True)


def _link(node: Variable, predicate: Term, value: Variable) -> a.Algebra:
    return a.BasicPattern((TriplePattern(node, predicate, value),))


def _joined(pattern: a.Algebra, step: a.Algebra) -> a.Algebra:
    return step if pattern == NOTHING else a.Join(pattern, step)


def _unique_language(shape: Shape, focus: Focus, fresh: Fresh) -> Check:
    language, count = fresh.variable("language"), fresh.variable("count")
    tag = function(Function.LCASE, function(Function.LANG, focus.value))
    tagged = a.Extend(focus.values, language, tag)
    known = a.Filter(tagged, function(Function.NOT_EQUAL, language, Literal("")))
    aggregate = a.Aggregate(AggregateFunction.COUNT, focus.value)
    groups = a.Group(known, (focus.node, language), ((count, aggregate),))
    pattern = a.Filter(groups, function(Function.GREATER, count, integer(1)))
    return Check(shape, component("UniqueLang"), pattern, focus.node, variables=(language,))


def _closed(shape: Shape, focus: Focus, shapes: Shapes, fresh: Fresh) -> Check:
    allowed: list[Term] = []
    for node in shape.all("property"):
        path = shapes.shape(node).path
        if isinstance(path, Link):
            allowed.append(path.predicate)
    for head in shape.all("ignoredProperties"):
        allowed += [term for term in shapes.items(head) if isinstance(term, IRI)]
    predicate, value = fresh.variable("predicate"), fresh.variable("other")
    found = a.Join(focus.values, a.BasicPattern((TriplePattern(focus.value, predicate, value),)))
    pattern = a.Filter(found, negated(one_of(predicate, tuple(allowed))))
    return Check(shape, component("Closed"), pattern, focus.node, value, predicate)

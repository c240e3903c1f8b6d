"""SHACL-SPARQL: constraints and constraint components written as queries, and targets of the advanced features.

Pre-binding (SHACL, appendix A) is `ForEach`: the query's pattern is evaluated with each focus node put into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

from emkg.errors import QuerySyntaxError, ShapesError
from emkg.plan import algebra as a
from emkg.plan.algebra_walk import exists_in, has_exists, mentioned_in, parts_of
from emkg.plan.pattern import Variable
from emkg.plan.request import AskQuery, SelectQuery
from emkg.plan.sparql import parse_query
from emkg.plan.sql import NotCompiled
from emkg.rdf import IRI, Literal
from emkg.validation.check import Check, component
from emkg.validation.shape import path_text_of
from emkg.vocabulary import OWL, SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emkg.plan.request import Query
    from emkg.rdf import Term
    from emkg.validation.check import Focus
    from emkg.validation.shape import Shape, Shapes

_THIS: Final = Variable("this")
_VALUE: Final = Variable("value")
_PATH: Final = Variable("path")
_SHAPE: Final = Variable("currentShape")
_GRAPH: Final = Variable("shapesGraph")
# The name that the shapes graph has in the dataset that shapes are judged over.
SHAPES_GRAPH: Final = "https://w3id.org/emkg/graph/shapes"
_PATH_HOLE: Final = re.compile(r"[$?]PATH\b")


def sparql_checks(shape: Shape, focus: Focus, shapes: Shapes) -> Iterator[Check]:
    """The checks of a shape's SPARQL constraints and of the constraint components that it has parameters of.

    Raises:
        ShapesError: A query does not parse, or has what pre-binding does not allow.
        NotCompiled: It has something that has no plan.
    """
    for node in shape.all("sparql"):
        constraint = shapes.shape(node)
        if constraint.is_set("deactivated"):
            continue
        query = _select(constraint, shape, shapes)
        yield _selected(shape, focus, query, _Bound(component("SPARQL"), _messages(constraint), {}))
    for component_node in shapes.instances(SH + "ConstraintComponent"):
        yield from _component_checks(shape, focus, component_node, shapes)


def sparql_targets(shape: Shape, node: Variable, shapes: Shapes) -> Iterator[a.Algebra]:
    """The focus nodes that a shape's SPARQL targets select.

    Raises:
        ShapesError: A query does not parse.
        NotCompiled: A target is of another kind.
    """
    for target in shape.all("target"):
        described = shapes.shape(target)
        if not described.all("select"):
            raise NotCompiled("a target of a custom type")
        query = _parsed(described, shapes, "select", None)
        if not isinstance(query, SelectQuery):
            raise _wrong(target, "a target is a SELECT query")
        yield a.Project(a.Extend(query.pattern, node, _THIS), (node,))


@dataclass(frozen=True)
class _Bound:
    """A constraint of a query: its component, messages, and the parameters put into it."""

    component: IRI
    messages: tuple[Literal, ...]
    parameters: Mapping[Variable, Term]


def _component_checks(shape: Shape, focus: Focus, node: Term, shapes: Shapes) -> Iterator[Check]:
    described = shapes.shape(node)
    validator = _validator(shape, described, shapes)
    if validator is None or not isinstance(node, IRI):
        return
    for parameters in _parameter_values(shape, described, shapes):
        bound = _Bound(node, _messages(validator) or _messages(described), parameters)
        if validator.all("ask"):
            query = _parsed(validator, shapes, "ask", shape)
            if not isinstance(query, AskQuery):
                raise _wrong(node, "sh:ask is an ASK query")
            yield _asked(shape, focus, query, bound)
        else:
            yield _selected(shape, focus, _select(validator, shape, shapes), bound)


def _validator(shape: Shape, described: Shape, shapes: Shapes) -> Shape | None:
    special = "nodeValidator" if shape.path is None else "propertyValidator"
    node = described.one(special) or described.one("validator")
    return None if node is None else shapes.shape(node)


def _parameter_values(shape: Shape, described: Shape, shapes: Shapes) -> Iterator[dict[Variable, Term]]:
    """The values that a shape gives the parameters; one set for each value where there is one parameter."""
    given: dict[Variable, tuple[Term, ...]] = {}
    for node in described.all("parameter"):
        parameter = shapes.shape(node)
        path = parameter.one("path")
        if not isinstance(path, IRI):
            continue
        values = shape.all(path.value.removeprefix(SH))
        if values:
            given[Variable(re.split(r"[#/]", path.value)[-1])] = values
        elif not parameter.is_set("optional"):
            return
    if len(given) == 1:
        ((variable, values),) = given.items()
        yield from ({variable: value} for value in values)
    elif given:
        yield {variable: values[0] for variable, values in given.items()}


def _selected(shape: Shape, focus: Focus, query: SelectQuery, bound: _Bound) -> Check:
    """The solutions of a query are violations."""
    outer = _given(a.Extend(focus.pattern, _THIS, focus.node), shape, bound)
    found = a.ForEach(a.Distinct(a.Project(outer, (_THIS, *_constants(shape, bound)))), query.pattern)
    has_value = _VALUE in query.variables
    value = _VALUE if has_value else _THIS if shape.path is None else None
    named = tuple(variable for variable in query.variables if variable not in {_THIS, _VALUE, _PATH})
    pattern = a.Extend(found, focus.node, _THIS)
    path = _PATH if _PATH in query.variables else None
    return Check(
        shape, bound.component, pattern, focus.node, value, path, bound.messages, (*named, *bound.parameters)
    )


def _asked(shape: Shape, focus: Focus, query: AskQuery, bound: _Bound) -> Check:
    """A value node for which a query has no solution is a violation."""
    _check_prebinding(query.pattern, {_THIS, _VALUE, *bound.parameters}, shape.node)
    outer = a.Extend(a.Extend(focus.values, _THIS, focus.node), _VALUE, focus.value)
    pattern = a.Filter(_given(outer, shape, bound), a.Exists(query.pattern, negated=True))
    return Check(
        shape,
        bound.component,
        pattern,
        focus.node,
        focus.value,
        messages=bound.messages,
        variables=(_THIS, _VALUE, *bound.parameters),
    )


def _constants(shape: Shape, bound: _Bound) -> dict[Variable, Term]:
    return {_SHAPE: shape.node, _GRAPH: IRI(SHAPES_GRAPH), **bound.parameters}


def _given(pattern: a.Algebra, shape: Shape, bound: _Bound) -> a.Algebra:
    """The pattern with the parameters and the current shape as variables."""
    constants = _constants(shape, bound).items()
    return reduce(lambda inner, item: a.Extend(inner, item[0], item[1]), constants, pattern)


def _select(constraint: Shape, shape: Shape, shapes: Shapes) -> SelectQuery:
    query = _parsed(constraint, shapes, "select", shape)
    if not isinstance(query, SelectQuery):
        raise _wrong(constraint.node, "sh:select is a SELECT query")
    _check_prebinding(query.pattern, {_THIS}, constraint.node)
    return query


def _parsed(described: Shape, shapes: Shapes, name: str, shape: Shape | None) -> Query:
    text = described.one(name)
    if not isinstance(text, Literal):
        raise _wrong(described.node, f"sh:{name} is missing")
    plain = text.value
    if shape is not None and shape.path is not None:
        plain = with_path(plain, path_text_of(shape.path))
    try:
        query = parse_query(plain, prefixes=declared_prefixes(described, shapes))
    except QuerySyntaxError as error:
        raise _wrong(described.node, f"sh:{name} does not parse: {error}") from error
    return query


def with_path(text: str, path: str) -> str:
    """A query with a path in the place of $PATH (SHACL, section 5.3.2)."""
    return _PATH_HOLE.sub(lambda _: path, text)


def declared_prefixes(described: Shape, shapes: Shapes) -> dict[str, str]:
    """The prefixes that sh:prefixes declares, and what it imports (SHACL, section 5.2.1)."""
    found: dict[str, str] = {}
    waiting = list(described.all("prefixes"))
    seen: set[Term] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting += shapes.values(node, OWL + "imports")
        for declaration in shapes.values(node, SH + "declare"):
            prefix, namespace = (
                shapes.one(declaration, SH + "prefix"),
                shapes.one(declaration, SH + "namespace"),
            )
            if prefix is not None and namespace is not None:
                found[prefix.value] = namespace.value
    return found


def _check_prebinding(pattern: a.Algebra, variables: set[Variable], node: Term) -> None:
    """Refuse what a pre-bound query may not have.

    Raises:
        ShapesError: It has it.
    """
    for fault, _ in prebinding_faults(pattern, variables):
        raise _wrong(node, fault)


def prebinding_faults(pattern: a.Algebra, variables: set[Variable]) -> Iterator[tuple[str, str]]:
    """What a pre-bound query may not have (SHACL, section 5.2.1 and appendix A), told in English and Chinese.

    MINUS, VALUES or SERVICE, a subquery that does not return the variables, or one of them bound again.
    """
    for part in _all_parts(pattern):
        if isinstance(part, a.Minus | a.Values | a.Service):
            name = type(part).__name__.upper()
            yield f"a pre-bound query may not have {name}", f"预绑定的查询不得使用 {name}"
        if isinstance(part, a.Extend) and part.variable in variables:
            yield (
                f"a pre-bound query may not bind {part.variable} again",
                f"预绑定的查询不得再次绑定 {part.variable}",
            )
    for part in _subqueries(pattern):
        missing = ({_THIS} | (variables & mentioned_in(part.pattern))) - set(part.variables)
        if missing:
            name = str(min(missing))
            yield f"a subquery of a pre-bound query must return {name}", f"预绑定查询的子查询必须返回 {name}"


def _all_parts(pattern: a.Algebra) -> Iterator[a.Algebra]:
    yield pattern
    for part in parts_of(pattern):
        yield from _all_parts(part)
    if isinstance(pattern, a.Filter) and has_exists(pattern.condition):
        for inner in exists_in(pattern.condition):
            yield from _all_parts(inner)


def _subqueries(pattern: a.Algebra) -> Iterator[a.Project]:
    """The projections below the query's own."""
    top = True
    for part in _all_parts(pattern):
        if isinstance(part, a.Project):
            if not top:
                yield part
            top = False


def _messages(described: Shape) -> tuple[Literal, ...]:
    return tuple(text for text in described.all("message") if isinstance(text, Literal))


def _wrong(node: Term, reason: str) -> ShapesError:
    return ShapesError(f"{node}: {reason}", message_zh=f"{node} 的 SPARQL 约束有误：{reason}")

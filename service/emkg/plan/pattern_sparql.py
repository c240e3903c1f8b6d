"""CONSTRUCT texts to patterns: what a rule may say, and a clear refusal of everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import rdflib
from pyparsing import ParseException
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern

from emkg.errors import QueryRefusedError, QuerySyntaxError
from emkg.plan.pattern import Comparison, Operator, Pattern, Slot, TriplePattern, Variable
from emkg.rdf import IRI, RDF_LANG_STRING, XSD_STRING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rdflib.plugins.sparql.parserutils import CompValue

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
    algebra = _algebra(text, prefixes)
    if algebra.name != "ConstructQuery":
        _refuse(algebra.name)
    if not algebra.template:
        _refuse("CONSTRUCT WHERE without a template")
    where = _pattern(algebra.p.p if algebra.p.name == "Project" else algebra.p)
    template = tuple(_triple(triple) for triple in sorted(algebra.template))
    unbound = {v for triple in template for v in triple.variables} - where.variables
    if unbound:
        _refuse(
            f"a template with {', '.join(map(str, sorted(unbound)))} that the WHERE does not bind (or a blank node)"
        )
    return Construct(template, where)


def _algebra(text: str, prefixes: Mapping[str, str]) -> CompValue:
    try:
        return prepareQuery(text, initNs=dict(prefixes)).algebra
    except ParseException as error:
        message = f"line {error.lineno} of the query: {error.msg}"
        raise QuerySyntaxError(message, message_zh=f"查询第 {error.lineno} 行有语法错误") from error
    except Exception as error:
        if type(error) is not Exception:
            raise
        # rdflib raises the bare class for a prefix that is not declared
        raise QuerySyntaxError(str(error), message_zh=f"查询有误：{error}") from error


def _pattern(part: CompValue) -> Pattern:
    read = _PARTS.get(part.name)
    return read(part) if read else _refuse(part.name)


def _join(part: CompValue) -> Pattern:
    first, second = _pattern(part.p1), _pattern(part.p2)
    for side in (first, second):
        seen = {s for c in side.comparisons for s in (c.left, c.right) if isinstance(s, Variable)}
        if side.negated or seen - side.variables:
            _refuse("a nested group whose FILTER looks outside it")
    return _merge([first, second])


def _filter(part: CompValue) -> Pattern:
    return _merge([_pattern(part.p), *_conditions(part.expr)])


def _merge(patterns: Iterable[Pattern]) -> Pattern:
    listed = list(patterns)
    return Pattern(
        tuple(triple for pattern in listed for triple in pattern.triples),
        tuple(comparison for pattern in listed for comparison in pattern.comparisons),
        tuple(group for pattern in listed for group in pattern.negated),
    )


def _conditions(expression: CompValue) -> list[Pattern]:
    name = getattr(expression, "name", "a bare term")
    if name == "ConditionalAndExpression":
        return [p for inner in (expression.expr, *expression.other) for p in _conditions(inner)]
    if name == "RelationalExpression" and expression.op in _OPERATORS:
        operator = _OPERATORS[expression.op]
        return [Pattern((), (Comparison(_slot(expression.expr), operator, _slot(expression.other)),))]
    if name == "Builtin_NOTEXISTS":
        group = expression.graph
        # rdflib leaves a NOT EXISTS within && untranslated
        translated = (
            translateGroupGraphPattern(group) if group.name.startswith("GroupGraphPattern") else group
        )
        return [Pattern((), (), (_pattern(translated),))]
    return _refuse(f"FILTER with {name.removeprefix('Builtin_')}")


def _triple(triple: Iterable[object]) -> TriplePattern:
    return TriplePattern(*(_slot(item) for item in triple))


def _slot(item: object) -> Slot:
    for kind, read in _SLOTS.items():
        if isinstance(item, kind):
            return read(item)
    return _refuse(f"{getattr(item, 'name', None) or type(item).__name__} in place of a term")


def _literal(node: rdflib.Literal) -> Literal:
    if node.language:
        return Literal(str(node), RDF_LANG_STRING, node.language)
    return Literal(str(node), str(node.datatype or XSD_STRING))


def _refuse(what: str) -> NoReturn:
    raise QueryRefusedError(
        f"a rule may hold triple patterns, FILTER comparisons and FILTER NOT EXISTS; {what} is not compiled",
        message_zh=f"规则只能包含三元组模式、FILTER 比较和 FILTER NOT EXISTS；不支持 {what}",
    )


_PARTS: dict[str, Callable[[CompValue], Pattern]] = {
    "BGP": lambda part: Pattern(tuple(_triple(triple) for triple in part.triples)),
    "Join": _join,
    "Filter": _filter,
}
# A blank node in a query is a variable that cannot be named.
_SLOTS: dict[type, Callable[..., Slot]] = {
    rdflib.Variable: lambda node: Variable(str(node)),
    rdflib.BNode: lambda node: Variable(f"_{node}"),
    rdflib.URIRef: lambda node: IRI(str(node)),
    rdflib.Literal: _literal,
}

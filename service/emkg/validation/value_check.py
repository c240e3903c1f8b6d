"""Constraints on each value node by itself: class, datatype, node kind, range, length, pattern, language, list."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from emkg.plan import algebra as a
from emkg.plan.function import Function
from emkg.plan.path import Link, PathPattern, Repeated, Repetition
from emkg.plan.path import Sequence as PathSequence
from emkg.plan.sql import WELL_FORMED
from emkg.rdf import IRI, Literal
from emkg.validation.check import Check, component, function, negated, one_of, unless
from emkg.vocabulary import RDF_TYPE, RDFS, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from emkg.plan.pattern import Slot, Variable
    from emkg.rdf import Term
    from emkg.validation.check import Focus
    from emkg.validation.shape import Shape, Shapes

    Fault: TypeAlias = Callable[[Variable, Term, Shape, Shapes], a.Expression]

INSTANCE: Final = PathSequence(
    Link(IRI(RDF_TYPE)), Repeated(Link(IRI(RDFS + "subClassOf")), Repetition.ZERO_OR_MORE)
)
_KINDS: Final[Mapping[str, tuple[Function, ...]]] = MappingProxyType(
    {
        "BlankNode": (Function.IS_BLANK,),
        "IRI": (Function.IS_IRI,),
        "Literal": (Function.IS_LITERAL,),
        "BlankNodeOrIRI": (Function.IS_BLANK, Function.IS_IRI),
        "BlankNodeOrLiteral": (Function.IS_BLANK, Function.IS_LITERAL),
        "IRIOrLiteral": (Function.IS_IRI, Function.IS_LITERAL),
    }
)


def value_checks(shape: Shape, focus: Focus, shapes: Shapes) -> Iterator[Check]:
    """The checks of these constraints of a shape."""
    for name, fault in _FAULTS.items():
        for parameter in shape.all(name):
            condition = fault(focus.value, parameter, shape, shapes)
            pattern = a.Filter(focus.values, condition)
            kind = component(name[0].upper() + name[1:])
            yield Check(shape, kind, pattern, focus.node, focus.value)


def instance_of(node: Variable, class_node: Slot) -> a.Algebra:
    """The nodes of a class, or of one below it."""
    return a.BasicPattern((PathPattern(node, INSTANCE, class_node),))


def _class(value: Variable, parameter: Term, _: Shape, __: Shapes) -> a.Expression:
    return a.Exists(instance_of(value, parameter), negated=True)


def _datatype(value: Variable, parameter: Term, _: Shape, __: Shapes) -> a.Expression:
    return unless(function(WELL_FORMED, value, parameter))


def _node_kind(value: Variable, parameter: Term, _: Shape, __: Shapes) -> a.Expression:
    kinds = _KINDS[str(parameter.value).removeprefix(SH)]
    tests = tuple(function(kind, value) for kind in kinds)
    return negated(tests[0] if len(tests) == 1 else a.Call(Function.OR, tests))


def _compared(operator: Function) -> Fault:
    def fault(value: Variable, parameter: Term, _: Shape, __: Shapes) -> a.Expression:
        return unless(function(operator, value, parameter))

    return fault


def _length(operator: Function) -> Fault:
    def fault(value: Variable, parameter: Term, _: Shape, __: Shapes) -> a.Expression:
        length = function(Function.STRLEN, function(Function.STR, value))
        is_text = negated(function(Function.IS_BLANK, value))
        return unless(function(Function.AND, is_text, function(operator, length, _number(parameter))))

    return fault


def _pattern(value: Variable, parameter: Term, shape: Shape, _: Shapes) -> a.Expression:
    flags = shape.one("flags")
    text = function(Function.STR, value)
    arguments = (text, _plain(parameter), *(() if flags is None else (_plain(flags),)))
    is_text = negated(function(Function.IS_BLANK, value))
    return unless(function(Function.AND, is_text, a.Call(Function.REGEX, arguments)))


def _language_in(value: Variable, parameter: Term, _: Shape, shapes: Shapes) -> a.Expression:
    language = function(Function.LANG, value)
    tests = tuple(function(Function.LANG_MATCHES, language, _plain(tag)) for tag in shapes.items(parameter))
    return unless(a.Call(Function.OR, tests)) if len(tests) > 1 else unless(*tests)


def _in(value: Variable, parameter: Term, _: Shape, shapes: Shapes) -> a.Expression:
    return negated(one_of(value, shapes.items(parameter)))


_FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "class": _class,
        "datatype": _datatype,
        "nodeKind": _node_kind,
        "minExclusive": _compared(Function.GREATER),
        "minInclusive": _compared(Function.GREATER_OR_EQUAL),
        "maxExclusive": _compared(Function.LESS),
        "maxInclusive": _compared(Function.LESS_OR_EQUAL),
        "minLength": _length(Function.GREATER_OR_EQUAL),
        "maxLength": _length(Function.LESS_OR_EQUAL),
        "pattern": _pattern,
        "languageIn": _language_in,
        "in": _in,
    }
)


def _plain(term: Term) -> Literal:
    return Literal(str(term.value))


def _number(term: Term) -> Literal:
    return Literal(str(term.value), XSD + "integer")

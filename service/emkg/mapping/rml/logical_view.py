"""Logical views of RML (https://w3id.org/rml/lv/spec): what is viewed, its fields and its joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.mapping.fault import unknown_name
from emkg.mapping.model import Constant, Reference, Template
from emkg.mapping.rml.source import FORMULATIONS, parse_source
from emkg.mapping.rml.term import expression_of, join_condition
from emkg.sources.description import (
    ExpressionField,
    FieldExpression,
    Formulation,
    IterableField,
    Key,
    LogicalView,
    SourceDescription,
    ViewJoin,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.mapping.model import Expression
    from emkg.mapping.rml.graph import Resource
    from emkg.rdf import Term
    from emkg.sources.description import Field

_VIEW: Final = ("viewOn", "field", "leftJoin", "innerJoin", "structuralAnnotation")
_EXPRESSION_FIELD: Final = ("fieldName", "field", "reference", "constant", "template")
_ITERABLE_FIELD: Final = ("fieldName", "field", "iterator", "referenceFormulation")
_JOIN: Final = ("parentLogicalView", "joinCondition", "field")
_TREES: Final = frozenset({Formulation.JSON, Formulation.JSON_LINES, Formulation.XML})


def parse_logical_source(node: Resource, data_root: Path | None) -> SourceDescription:
    """The logical source or the logical view; no file is opened.

    Raises:
        MappingError: A part is missing, unknown or of a kind that EMKG cannot read; a view that needs itself; two
            fields of one name.
    """
    return _Views(data_root, ()).source(node)


@dataclass(frozen=True)
class _Views:
    """Reads views; `within` holds those that are being read, which none of them may need again."""

    data_root: Path | None
    within: tuple[Term, ...]

    def source(self, node: Resource) -> SourceDescription:
        if not (node.has_type("LogicalView") or node.all("viewOn")):
            return parse_source(node, self.data_root)
        if node.term in self.within:
            raise node.fault("the logical view is made of itself", "逻辑视图循环引用自身")
        node.check_properties("a logical view", _VIEW)
        viewed = node.one("viewOn")
        if viewed is None:
            raise node.fault("the logical view has no rml:viewOn", "逻辑视图缺少 rml:viewOn")
        inner = _Views(self.data_root, (*self.within, node.term))
        source = inner.source(viewed)
        fields = tuple(_field(each, source.formulation, ()) for each in node.all("field"))
        joins = [(join, True) for join in node.all("leftJoin")] + [
            (join, False) for join in node.all("innerJoin")
        ]
        joins.sort(key=lambda pair: (pair[0].location.line or 0, pair[0].location.column or 0))
        view = LogicalView(
            source, fields, tuple(inner.join(join, is_left=is_left) for join, is_left in joins)
        )
        _check_names(node, [*fields, *(field for join in view.joins for field in join.fields)])
        return SourceDescription(source.path, Formulation.VIEW, view=view)

    def join(self, node: Resource, *, is_left: bool) -> ViewJoin:
        node.check_properties("a join of views", _JOIN)
        parent = node.one("parentLogicalView")
        conditions = [join_condition(each) for each in node.all("joinCondition")]
        if parent is None or not conditions:
            raise node.fault(
                "a join of views needs rml:parentLogicalView and rml:joinCondition",
                "视图连接需要 rml:parentLogicalView 与 rml:joinCondition",
            )
        fields = [_expression_field(each, ()) for each in node.all("field")]
        keys = tuple((_parts(node, one.child), _parts(node, one.parent)) for one in conditions)
        return ViewJoin(self.source(parent), is_left, keys, tuple(fields))


def _field(node: Resource, formulation: Formulation, within: tuple[Term, ...]) -> Field:
    if node.term in within:
        raise node.fault("the field holds itself", "字段循环包含自身")
    if node.has_type("IterableField") or node.all("iterator"):
        return _iterable_field(node, formulation, within)
    return _expression_field(node, within)


def _expression_field(node: Resource, within: tuple[Term, ...]) -> ExpressionField:
    node.check_properties("an expression field", _EXPRESSION_FIELD)
    inner = []
    for each in node.all("field"):
        if each.term in (*within, node.term):
            raise each.fault("the field holds itself", "字段循环包含自身")
        if not each.all("referenceFormulation"):
            message = "a field within an expression field is an iterable one with a rml:referenceFormulation"
            raise each.fault(message, "表达式字段内的字段须为带 rml:referenceFormulation 的可迭代字段")
        inner.append(_iterable_field(each, Formulation.CSV, (*within, node.term)))
    _check_names(node, inner)
    return ExpressionField(_name(node), _parts(node, expression_of(node)), tuple(inner))


def _iterable_field(node: Resource, formulation: Formulation, within: tuple[Term, ...]) -> IterableField:
    node.check_properties("an iterable field", _ITERABLE_FIELD)
    stated = node.one("referenceFormulation")
    own = None
    if stated is not None:
        iri = stated.iri("rml:referenceFormulation")
        if iri not in FORMULATIONS or FORMULATIONS[iri] not in _TREES | {Formulation.CSV}:
            raise unknown_name(
                node.location, "reference formulation of a field", "字段引用格式", iri, FORMULATIONS
            )
        own = FORMULATIONS[iri]
    iterator = node.one("iterator")
    used = own or formulation
    if iterator is None and used in _TREES:
        raise node.fault("the iterable field has no rml:iterator", "可迭代字段缺少 rml:iterator")
    fields = tuple(_field(each, used, (*within, node.term)) for each in node.all("field"))
    _check_names(node, fields)
    return IterableField(_name(node), iterator.text("rml:iterator") if iterator else "", fields, own)


def _name(node: Resource) -> str:
    stated = node.one("fieldName")
    if stated is None or not stated.text("rml:fieldName"):
        raise node.fault("the field has no rml:fieldName", "字段缺少 rml:fieldName")
    return stated.text("rml:fieldName")


def _check_names(node: Resource, fields: Sequence[Field]) -> None:
    names: set[str] = set()
    for field in fields:
        if field.name in names:
            raise node.fault(f"two fields are called {field.name!r}", f"两个字段同名：“{field.name}”")
        names.add(field.name)


def _parts(node: Resource, expression: Expression) -> FieldExpression:
    match expression:
        case Reference(text):
            return FieldExpression((Key(text),))
        case Constant(term):
            return FieldExpression((term.value,))
        case Template(parts):
            return FieldExpression(tuple(part if isinstance(part, str) else Key(part.text) for part in parts))
        case _:
            raise node.fault(
                "a field is a reference, a constant or a template; functions belong into term maps",
                "字段只能是引用、常量或模板；函数请写在项映射中",
            )

"""Term maps, function executions and join conditions of RML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.mapping.fault import unknown_name
from emkg.mapping.language import is_language_tag
from emkg.mapping.model import (
    Constant,
    FunctionCall,
    JoinCondition,
    Reference,
    RowKey,
    Template,
    TermMap,
    TermType,
    conditional,
)
from emkg.mapping.rml.logical_target import targets
from emkg.mapping.rml.template import parse_template
from emkg.mapping.yarrrml.function import CROSSWALK
from emkg.rdf import IRI, BlankNode, Literal
from emkg.vocabulary import RML

if TYPE_CHECKING:
    from emkg.mapping.model import Expression
    from emkg.mapping.rml.graph import Resource

_EXPRESSIONS = ("constant", "reference", "template", "functionExecution")
GATHER = ("gather", "gatherAs", "strategy", "allowEmptyListAndContainer")
_OUTPUT = ("return", "returnMap")
_TERM_MAP = (
    *_EXPRESSIONS,
    *_OUTPUT,
    "condition",
    "logicalTarget",
    "termType",
    "datatype",
    "datatypeMap",
    "language",
    "languageMap",
)
_TERM_TYPES = {
    RML + "IRI": TermType.IRI,
    RML + "URI": TermType.URI,
    RML + "UnsafeIRI": TermType.UNSAFE_IRI,
    RML + "UnsafeURI": TermType.UNSAFE_IRI,  # values are taken as they are, in either alphabet
    RML + "BlankNode": TermType.BLANK_NODE,
    RML + "Literal": TermType.LITERAL,
}
_IRIS = frozenset({TermType.IRI, TermType.URI, TermType.UNSAFE_IRI})


@dataclass(frozen=True)
class Position:
    """Where a term map stands: the term types it may have there, and the name of that place."""

    name: str
    name_zh: str
    term_types: frozenset[TermType]
    extra: tuple[str, ...] = ()


SUBJECT = Position(
    "a subject map", "主语映射", _IRIS | {TermType.BLANK_NODE}, ("class", "graph", "graphMap", *GATHER)
)
PREDICATE = Position("a predicate map", "谓语映射", _IRIS)
OBJECT = Position("an object map", "宾语映射", _IRIS | {TermType.BLANK_NODE, TermType.LITERAL}, GATHER)
GRAPH = Position("a graph map", "图映射", _IRIS | {TermType.BLANK_NODE})
DATATYPE = Position("a datatype map", "数据类型映射", _IRIS)


def constant_map(value: Resource, position: Position) -> TermMap:
    """The term map of a shortcut property such as rml:predicate."""
    return _checked(value, Constant(value.term), _type_of(value), position)


def term_map(node: Resource, position: Position) -> TermMap:
    """The term map that a node describes.

    Raises:
        MappingError: It has no expression or several, an unknown property, or a term type that its place forbids.
    """
    node.check_properties(position.name, (*_TERM_MAP, *position.extra))
    expression = _row_key(node) or expression_of(node)
    datatype, datatype_map = _datatype(node)
    language = _language(node)
    if language is not None and (datatype or datatype_map):
        raise node.fault("a literal has a datatype or a language, not both", "字面量不能同时有数据类型和语言")
    is_literal = language is not None or datatype is not None or datatype_map is not None
    term_type = _term_type(node, expression, position, is_literal=is_literal)
    if is_literal and term_type is not TermType.LITERAL:
        raise node.fault("only literals have a datatype or a language", "只有字面量才有数据类型或语言")
    made = _checked(node, expression, term_type, position)
    term = TermMap(
        made.expression,
        term_type,
        node.location,
        datatype,
        language,
        datatype_map,
        targets=targets(node),
    )
    condition = node.one("condition")
    return conditional(term, expression_of(condition)) if condition else term


def expression_of(node: Resource) -> Expression:
    """The one expression of an expression map: constant, reference, template or function execution."""
    stated = [(name, value) for name in _EXPRESSIONS for value in node.all(name)]
    if len(stated) != 1:
        count = "none" if not stated else " and ".join(f"rml:{name}" for name, _ in stated)
        message = f"one of rml:constant, rml:reference, rml:template or rml:functionExecution is needed; here: {count}"
        raise node.fault(
            message, "需要且只能有 rml:constant、rml:reference、rml:template、rml:functionExecution 之一"
        )
    name, value = stated[0]
    if name == "constant":
        return Constant(value.term)
    if name == "reference":
        return Reference(value.text("rml:reference"))
    if name == "template":
        return parse_template(node, value.text("rml:template"))
    return _call(value, node)


def _row_key(node: Resource) -> RowKey | None:
    """A blank node without any expression, or a collection without a name, is a new one for each row."""
    stated = node.one("termType")
    is_blank = bool(node.all("gather")) if stated is None else stated.term == IRI(RML + "BlankNode")
    if not is_blank or any(node.all(name) for name in _EXPRESSIONS):
        return None
    return RowKey(f"{node.graph.path.stem}-{node.location.line}-{node.location.column}-")


def join_condition(node: Resource) -> JoinCondition:
    """The child and parent expressions of a join condition."""
    node.check_properties("a join condition", ("child", "childMap", "parent", "parentMap"))
    return JoinCondition(child=_side(node, "child"), parent=_side(node, "parent"))


def _side(node: Resource, name: str) -> Expression:
    stated, made = node.one(name), node.one(f"{name}Map")
    if (stated is None) == (made is None):
        raise node.fault(f"a join condition needs rml:{name} or rml:{name}Map", f"连接条件缺少 rml:{name}")
    if stated is not None:
        return Reference(stated.text(f"rml:{name}"))
    return expression_of(made) if made else Reference("")


def _call(node: Resource, returning: Resource) -> FunctionCall:
    node.check_properties("a function execution", ("function", "functionMap", "input"))
    function = _constant_iri(node, "function")
    arguments: dict[str, Expression] = {}
    for entry in node.all("input"):
        entry.check_properties("an input", ("parameter", "parameterMap", "inputValue", "inputValueMap"))
        name = _constant_iri(entry, "parameter")
        if name in arguments:
            raise entry.fault(f"the parameter <{name}> stands twice", "参数重复")
        arguments[name] = _argument(entry, name)
    says_output = any(returning.all(name) for name in _OUTPUT)
    output = _constant_iri(returning, "return") if says_output else None
    return FunctionCall(function, tuple(arguments.items()), node.location, output)


def _argument(entry: Resource, parameter: str) -> Expression:
    stated, made = entry.one("inputValue"), entry.one("inputValueMap")
    if (stated is None) == (made is None):
        raise entry.fault("an input needs rml:inputValue or rml:inputValueMap", "输入缺少 rml:inputValue")
    expression: Expression = (
        Constant(stated.term) if stated else expression_of(made) if made else Reference("")
    )
    if parameter == CROSSWALK and isinstance(expression, Constant):
        directory = entry.graph.path.resolve().parent
        return Constant(Literal(str((directory / expression.term.value).resolve())))
    return expression


def _constant_iri(node: Resource, name: str) -> str:
    stated, made = node.one(name), node.one(f"{name}Map")
    if (stated is None) == (made is None):
        raise node.fault(f"rml:{name} or rml:{name}Map is needed here", f"缺少 rml:{name}")
    if stated is not None:
        return stated.iri(f"rml:{name}")
    expression = expression_of(made) if made else Reference("")
    if not isinstance(expression, Constant) or not isinstance(expression.term, IRI):
        raise node.fault(f"rml:{name}Map must be a constant IRI", f"rml:{name}Map 应为常量 IRI")
    return expression.term.value


def _term_type(node: Resource, expression: Expression, position: Position, *, is_literal: bool) -> TermType:
    stated = node.one("termType")
    if stated is not None:
        iri = stated.iri("rml:termType")
        if iri not in _TERM_TYPES:
            raise unknown_name(node.location, "term type", "项类型", iri, _TERM_TYPES)
        return _TERM_TYPES[iri]
    if isinstance(expression, Constant):
        return _type_of_term(expression.term)
    if isinstance(expression, RowKey):
        return TermType.BLANK_NODE
    if position is not OBJECT or node.all("gather"):
        return TermType.IRI
    return TermType.IRI if isinstance(expression, Template) and not is_literal else TermType.LITERAL


def _checked(node: Resource, expression: Expression, term_type: TermType, position: Position) -> TermMap:
    if term_type not in position.term_types:
        message = f"{position.name} cannot make a {term_type.value}"
        raise node.fault(message, f"{position.name_zh}不能生成 {term_type.value}")
    if isinstance(expression, Constant) and (_type_of_term(expression.term) in _IRIS) != (term_type in _IRIS):
        message = f"the constant {expression.term} is no {term_type.value}"
        raise node.fault(message, f"常量 {expression.term} 与 rml:termType 不符")
    if isinstance(expression, Constant) and isinstance(expression.term, Literal) != (
        term_type is TermType.LITERAL
    ):
        message = f"the constant {expression.term} is no {term_type.value}"
        raise node.fault(message, f"常量 {expression.term} 与 rml:termType 不符")
    return TermMap(expression, term_type, node.location)


def _type_of(value: Resource) -> TermType:
    return _type_of_term(value.term)


def _type_of_term(term: IRI | BlankNode | Literal) -> TermType:
    if isinstance(term, Literal):
        return TermType.LITERAL
    return TermType.IRI if isinstance(term, IRI) else TermType.BLANK_NODE


def _datatype(node: Resource) -> tuple[str | None, TermMap | None]:
    stated, made = node.one("datatype"), node.one("datatypeMap")
    if stated and made:
        raise node.fault(
            "rml:datatype and rml:datatypeMap say the same thing; keep one",
            "rml:datatype 与 rml:datatypeMap 重复",
        )
    if stated:
        return stated.iri("rml:datatype"), None
    if made is None:
        return None, None
    datatype = term_map(made, DATATYPE)
    if isinstance(datatype.expression, Constant):
        return datatype.expression.term.value, None
    return None, datatype


def _language(node: Resource) -> Expression | None:
    stated, made = node.one("language"), node.one("languageMap")
    if stated and made:
        raise node.fault(
            "rml:language and rml:languageMap say the same thing; keep one",
            "rml:language 与 rml:languageMap 重复",
        )
    if made is None and stated is None:
        return None
    expression = Constant(stated.term) if stated else expression_of(made) if made else Reference("")
    if isinstance(expression, Constant) and not is_language_tag(expression.term.value):
        message = f"{expression.term.value!r} is no language tag; write zh, en, zh-Hans …"
        raise node.fault(message, f"“{expression.term.value}”不是语言标记，请写 zh、en 等")
    return expression

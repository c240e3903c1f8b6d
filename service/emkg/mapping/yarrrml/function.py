"""Functions and join conditions of YARRRML: `{function: emf:trim, parameters: [[emf:value, $(name)]]}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.mapping.fault import unknown_name
from emkg.mapping.model import Constant, FunctionCall, JoinCondition, RefObjectMap
from emkg.mapping.yarrrml.text import constant_iri, iri_expression, literal_expression
from emkg.rdf import Literal
from emkg.vocabulary import FUNCTION

if TYPE_CHECKING:
    from emkg.mapping.model import Expression
    from emkg.mapping.yarrrml.node import Node
    from emkg.mapping.yarrrml.text import Scope

CROSSWALK = FUNCTION + "crosswalk"
_VALUE_KEYS: dict[str, tuple[str, ...]] = {"value": ("v",), "type": (), "datatype": (), "language": ("lang",)}
_CALL_KEYS: dict[str, tuple[str, ...]] = {"function": ("fn", "f"), "parameters": ("pms",)}
_PARAMETER_KEYS: dict[str, tuple[str, ...]] = {"parameter": ("pm",), "value": ("v",)}
_JOIN_KEYS: dict[str, tuple[str, ...]] = {"mapping": ("m",), "condition": ("conditions", "c")}
_SIDES = {"str1": "s", "str2": "o"}
_MAX_PARTS = 3


def function_call(node: Node, scope: Scope) -> FunctionCall:
    """The call that a map with the key `function` states; keys that qualify the result are the caller's.

    Raises:
        MappingError: The function or a parameter is no IRI, or a parameter stands twice.
    """
    fields = node.fields("a function", {**_CALL_KEYS, **_VALUE_KEYS})
    if "function" not in fields:
        raise node.fault("a function is {function: …, parameters: [[…, …]]}", "缺少 function")
    function = constant_iri(fields["function"], fields["function"].text("a function"), scope)
    arguments: dict[str, Expression] = {}
    for item in fields["parameters"].items() if "parameters" in fields else []:
        name_node, value, _ = _parameter(item)
        name = constant_iri(name_node, name_node.text("a parameter"), scope)
        if name in arguments:
            raise name_node.fault(f"the parameter {name_node.raw.value} stands twice", "参数重复")
        arguments[name] = _argument(name, value, scope)
    return FunctionCall(function, tuple(arguments.items()), node.location)


def reference_objects(node: Node, scope: Scope) -> tuple[RefObjectMap, ...]:
    """The objects of `{mapping: name, condition: …}`: one for each triples map that the named mapping becomes.

    Raises:
        MappingError: There is no such mapping, or a condition is not an `equal` of two values.
    """
    fields = node.fields("a reference to a mapping", _JOIN_KEYS)
    named = fields["mapping"]
    name = named.text("mapping")
    if name not in scope.triples_maps:
        raise unknown_name(
            named.location, "mapping of this document", "本文档中的映射", name, scope.triples_maps
        )
    conditions = fields["condition"].items() if "condition" in fields else []
    joins = tuple(_condition(item) for item in conditions)
    return tuple(RefObjectMap(parent, joins, node.location) for parent in scope.triples_maps[name])


def _condition(node: Node) -> JoinCondition:
    fields = node.fields("a condition", _CALL_KEYS)
    if "function" not in fields or "parameters" not in fields:
        example = "{function: equal, parameters: [[str1, $(a), s], [str2, $(b), o]]}"
        raise node.fault(f"a condition is {example}", f"连接条件写作 {example}")
    function = fields["function"]
    if function.text("a function").rpartition(":")[2] != "equal":
        raise unknown_name(
            function.location, "join condition", "连接条件", function.text("a function"), ["equal"]
        )
    sides: dict[str, Expression] = {}
    for item in fields["parameters"].items():
        name, value, side = _parameter(item)
        key = side.text("a side") if side else _SIDES.get(name.text("a parameter").rpartition(":")[2], "")
        if key not in {"s", "o"} or key in sides:
            message = "one parameter of a condition is of the subject (s), the other of the object (o)"
            raise item.fault(message, "连接条件的两个参数须分别标明 s（主语侧）与 o（宾语侧）")
        sides[key] = literal_expression(value, value.text("a value"))
    if len(sides) < 2:  # noqa: PLR2004 - child and parent
        raise node.fault("a condition compares two values, one of s and one of o", "连接条件须比较两个值")
    return JoinCondition(child=sides["s"], parent=sides["o"])


def _parameter(node: Node) -> tuple[Node, Node, Node | None]:
    if node.is_map:
        fields = node.fields("a parameter", _PARAMETER_KEYS)
        if len(fields) == len(_PARAMETER_KEYS):
            return fields["parameter"], fields["value"], None
    items = node.items() if node.is_list else []
    if len(items) not in {2, _MAX_PARTS}:
        raise node.fault("a parameter is [name, value] or {parameter: name, value: …}", "参数写作 [名称, 值]")
    return items[0], items[1], items[2] if len(items) == _MAX_PARTS else None


def _argument(parameter: str, node: Node, scope: Scope) -> Expression:
    if node.is_map:
        if any(key.raw.value in {"function", "fn", "f"} for key, _ in node.pairs("a parameter's value")):
            return function_call(node, scope)
        fields = node.fields("a parameter's value", _VALUE_KEYS)
        if "value" not in fields:
            raise node.fault(
                "a parameter's value needs a value or a function", "参数值缺少 value 或 function"
            )
        inner = fields["value"]
        if inner.is_map:
            return function_call(inner, scope)
        as_iri = "type" in fields and fields["type"].text("type") == "iri"
        return _plain_argument(parameter, inner, inner.text("a value") + ("~iri" if as_iri else ""), scope)
    return _plain_argument(parameter, node, node.text("a parameter's value"), scope)


def _plain_argument(parameter: str, node: Node, text: str, scope: Scope) -> Expression:
    if text.endswith("~iri"):
        return iri_expression(node, text.removesuffix("~iri"), scope)
    expression = literal_expression(node, text)
    if parameter == CROSSWALK and isinstance(expression, Constant):
        return Constant(Literal(str((scope.path.parent / expression.term.value).resolve())))
    return expression

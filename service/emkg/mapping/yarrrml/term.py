"""Term maps of YARRRML: subjects, predicates, graphs and objects, each from text or a map of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.mapping.encode import encode_label_safe
from emkg.mapping.fault import unknown_name
from emkg.mapping.language import is_language_tag
from emkg.mapping.model import Constant, FunctionCall, RowKey, TermMap, TermType
from emkg.mapping.yarrrml.function import function_call
from emkg.mapping.yarrrml.text import iri_expression, literal_expression
from emkg.rdf import IRI, BlankNode, Literal
from emkg.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from emkg.mapping.model import Expression
    from emkg.mapping.yarrrml.node import Node
    from emkg.mapping.yarrrml.text import Scope

KEYS: dict[str, tuple[str, ...]] = {
    "value": ("v",),
    "type": (),
    "datatype": (),
    "language": ("lang",),
    "function": ("fn", "f"),
    "parameters": ("pms",),
}
_TYPES = {
    "iri": TermType.IRI,
    "uri": TermType.URI,
    "unsafeIRI": TermType.UNSAFE_IRI,
    "literal": TermType.LITERAL,
    "blank": TermType.BLANK_NODE,
    "blanknode": TermType.BLANK_NODE,
}
_IRI_SUFFIX = "~iri"
_LANGUAGE_SUFFIX = "~lang"


def subject_map(node: Node, scope: Scope) -> TermMap:
    """A subject: an IRI, or a blank node by `{value: …, type: blank}`, `{type: blank}` for a new one each row.

    Raises:
        MappingError: It would be a literal, or what `term_map` refuses.
    """
    if node.is_null:
        message = "the subject is empty; for blank nodes write {value: $(key), type: blank}"
        raise node.fault(message, "主语为空；空白节点请写作 {value: $(键), type: blank}")
    return _resource(node, scope, "a subject", "主语")


def predicate_map(node: Node, scope: Scope) -> TermMap:
    """A predicate: an IRI; `a` is rdf:type."""
    if not node.is_map and node.text("a predicate") == "a":
        return TermMap(Constant(IRI(RDF_TYPE)), TermType.IRI, node.location)
    made = _resource(node, scope, "a predicate", "谓语")
    if made.term_type is TermType.BLANK_NODE:
        raise node.fault("a predicate must be an IRI", "谓语必须是 IRI")
    return made


def graph_map(node: Node, scope: Scope) -> TermMap:
    """A graph's name: an IRI or a blank node."""
    return _resource(node, scope, "a graph", "图")


def object_map(node: Node, scope: Scope, *, as_iri: bool = False) -> TermMap:
    """An object: a literal unless `~iri`, `type: iri` or `as_iri` (after the predicate `a`) says otherwise."""
    default = TermType.IRI if as_iri else TermType.LITERAL
    if node.is_map:
        return _keyed(node, scope, default)
    if not node.is_list:
        return _from_text(node, scope, default)
    items = node.items()
    if len(items) != 2:  # noqa: PLR2004 - value and qualifier
        raise node.fault("an object in list form is [value, datatype] or [value, tag~lang]")
    return qualified_object(items[0], items[1], scope)


def qualified_object(value: Node, qualifier: Node, scope: Scope) -> TermMap:
    """A literal with its datatype (`xsd:date`) or language (`zh~lang`), as in `[p, o, qualifier]`."""
    text = qualifier.text("a datatype or language")
    call = function_call(value, scope) if value.is_map else None
    if text.endswith(_LANGUAGE_SUFFIX):
        return _literal(value, scope, call, language=(qualifier, text.removesuffix(_LANGUAGE_SUFFIX)))
    if text == "iri":
        raise qualifier.fault("write ~iri behind the object to make it an IRI", "请在宾语后写 ~iri 表示 IRI")
    return _literal(value, scope, call, datatype=(qualifier, text))


def _resource(node: Node, scope: Scope, what: str, what_zh: str) -> TermMap:
    if not node.is_map:
        text = node.text(what).removesuffix(_IRI_SUFFIX)
        return TermMap(iri_expression(node, text, scope), TermType.IRI, node.location)
    made = _keyed(node, scope, TermType.IRI)
    if made.term_type is TermType.LITERAL:
        raise node.fault(f"{what} cannot be a literal", f"{what_zh}不能是字面量")
    return made


def _from_text(node: Node, scope: Scope, default: TermType) -> TermMap:
    text = node.text("an object")
    if text.endswith(_IRI_SUFFIX) or default is not TermType.LITERAL:
        expression = iri_expression(node, text.removesuffix(_IRI_SUFFIX), scope)
        return TermMap(expression, TermType.IRI, node.location)
    return TermMap(literal_expression(node, text), TermType.LITERAL, node.location)


def _keyed(node: Node, scope: Scope, default: TermType) -> TermMap:
    fields = node.fields("a term", KEYS)
    value = node if "function" in fields else fields.get("value")
    if value is None and "type" in fields and _term_type(fields["type"]) is TermType.BLANK_NODE:
        key = f"{scope.path.stem}-{node.location.line}-{node.location.column}-"
        return TermMap(RowKey(key), TermType.BLANK_NODE, node.location)
    if value is None:
        raise node.fault("a term needs a value or a function", "缺少 value 或 function")
    call = function_call(value, scope) if value.is_map else None
    datatype, language = fields.get("datatype"), fields.get("language")
    if datatype and language:
        raise language.fault(
            "a literal has a datatype or a language, not both", "字面量不能同时有数据类型和语言"
        )
    if datatype or language:
        if "type" in fields and _term_type(fields["type"]) is not TermType.LITERAL:
            raise fields["type"].fault(
                "only literals have a datatype or a language", "只有字面量才有数据类型或语言"
            )
        return _literal(
            value,
            scope,
            call,
            datatype=(datatype, datatype.text("a datatype")) if datatype else None,
            language=(language, language.text("a language").removesuffix(_LANGUAGE_SUFFIX))
            if language
            else None,
        )
    if call is None and "type" not in fields:
        return _from_text(value, scope, default)
    term_type = _term_type(fields["type"]) if "type" in fields else default
    return TermMap(call or _expression(value, scope, term_type), term_type, node.location)


def _expression(value: Node, scope: Scope, term_type: TermType) -> Expression:
    text = value.text("a value")
    if term_type is TermType.LITERAL:
        return literal_expression(value, text)
    if term_type is not TermType.BLANK_NODE:
        return iri_expression(value, text.removesuffix(_IRI_SUFFIX), scope)
    expression = literal_expression(value, text)
    if isinstance(expression, Constant) and isinstance(expression.term, Literal):
        return Constant(BlankNode(encode_label_safe(expression.term.value)))
    return expression


def _literal(
    value: Node,
    scope: Scope,
    call: FunctionCall | None,
    *,
    datatype: tuple[Node, str] | None = None,
    language: tuple[Node, str] | None = None,
) -> TermMap:
    fixed_type, made_type = _datatype(datatype, scope)
    tag = _language(language)
    if call is not None:
        return TermMap(call, TermType.LITERAL, value.location, fixed_type, tag, made_type)
    text = value.text("a value")
    if text.endswith(_IRI_SUFFIX):
        raise value.fault("an IRI has neither datatype nor language", "IRI 没有数据类型或语言")
    expression = literal_expression(value, text)
    if isinstance(expression, Constant) and made_type is None and (tag is None or isinstance(tag, Constant)):
        language_text = tag.term.value if isinstance(tag, Constant) else ""
        constant = literal_expression(value, text, fixed_type, language_text)
        return TermMap(constant, TermType.LITERAL, value.location)
    return TermMap(expression, TermType.LITERAL, value.location, fixed_type, tag, made_type)


def _datatype(datatype: tuple[Node, str] | None, scope: Scope) -> tuple[str | None, TermMap | None]:
    if datatype is None:
        return None, None
    node, text = datatype
    expression = iri_expression(node, text.removesuffix(_IRI_SUFFIX), scope)
    if isinstance(expression, Constant):
        return expression.term.value, None
    return None, TermMap(expression, TermType.IRI, node.location)


def _language(language: tuple[Node, str] | None) -> Expression | None:
    if language is None:
        return None
    node, text = language
    expression = literal_expression(node, text)
    if isinstance(expression, Constant) and not is_language_tag(expression.term.value):
        raise node.fault(
            f"{text!r} is no language tag; write zh, en, zh-Hans …", f"“{text}”不是语言标记，请写 zh、en 等"
        )
    return expression


def _term_type(node: Node) -> TermType:
    name = node.text("type")
    if name not in _TYPES:
        raise unknown_name(node.location, "term type", "项类型", name, _TYPES)
    return _TYPES[name]

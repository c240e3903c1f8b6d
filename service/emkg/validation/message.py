"""What a result says where the shape's author wrote nothing: one sentence per constraint component, zh and en."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.rdf import IRI, Literal, Term
from emkg.vocabulary import PREFIXES, SH

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETERS_END = "ConstraintComponent"
_TEXTS = {
    "And": ("does not satisfy every shape of sh:and", "未满足 sh:and 中的全部形状"),
    "Class": ("is not an instance of {parameter}", "不是 {parameter} 的实例"),
    "Closed": ("has a property that the closed shape does not allow", "含有封闭形状不允许的属性"),
    "Datatype": ("is not a valid literal of datatype {parameter}", "不是数据类型 {parameter} 的有效字面量"),
    "Disjoint": ("also occurs as a value of {parameter}", "同时也是 {parameter} 的值"),
    "Equals": ("is not equally a value of {parameter}", "与 {parameter} 的值不一致"),
    "HasValue": ("the value {parameter} is missing", "缺少值 {parameter}"),
    "In": ("is not in the list of allowed values", "不在允许取值之列"),
    "LanguageIn": ("has a language tag that is not allowed", "语言标签不在允许之列"),
    "LessThan": ("is not less than the value of {parameter}", "不小于 {parameter} 的值（应小于）"),
    "LessThanOrEquals": ("is greater than the value of {parameter}", "大于 {parameter} 的值"),
    "MaxCount": ("there are more than {parameter} values", "值的个数多于 {parameter}"),
    "MaxExclusive": ("is not less than {parameter}", "不小于 {parameter}"),
    "MaxInclusive": ("is greater than {parameter}", "大于 {parameter}"),
    "MaxLength": ("is longer than {parameter} characters", "长度超过 {parameter} 个字符"),
    "MinCount": ("there are fewer than {parameter} values", "值的个数少于 {parameter}"),
    "MinExclusive": ("is not greater than {parameter}", "不大于 {parameter}"),
    "MinInclusive": ("is less than {parameter}", "小于 {parameter}"),
    "MinLength": ("is shorter than {parameter} characters", "长度不足 {parameter} 个字符"),
    "Node": ("does not conform to the shape {parameter}", "不符合形状 {parameter}"),
    "NodeKind": ("is not of node kind {parameter}", "节点种类不是 {parameter}"),
    "Not": ("conforms to a shape it must not conform to", "符合了不应符合的形状"),
    "Or": ("satisfies no shape of sh:or", "未满足 sh:or 中的任何形状"),
    "Pattern": ("does not match the pattern {parameter}", "不匹配模式 {parameter}"),
    "QualifiedMaxCount": ("too many values conform to the qualified shape", "符合限定形状的值过多"),
    "QualifiedMinCount": ("too few values conform to the qualified shape", "符合限定形状的值过少"),
    "SPARQL": ("violates a SPARQL constraint", "违反 SPARQL 约束"),
    "UniqueLang": ("a language tag is used more than once", "同一语言标签重复使用"),
    "Xone": ("does not satisfy exactly one shape of sh:xone", "未恰好满足 sh:xone 中的一个形状"),
}


def default_messages(
    component: IRI, shape: Term, parameters: Mapping[tuple[Term, str], Term]
) -> dict[str, str]:
    """Zh and en for a SHACL component; for an unknown (custom) one its name in both."""
    name = component.value.removeprefix(SH).removesuffix(_PARAMETERS_END)
    english, chinese = _TEXTS.get(name, (f"violates {shorten(component)}", f"违反 {shorten(component)}"))
    predicate = SH + name[:1].lower() + name[1:]
    value = parameters.get((shape, predicate))
    parameter = "…" if value is None else plain(value)
    return {"en": english.replace("{parameter}", parameter), "zh": chinese.replace("{parameter}", parameter)}


def shorten(term: Term) -> str:
    """The term for a reader: a prefixed name where a prefix of EMKG fits, else its N-Triples form."""
    if isinstance(term, IRI):
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value[len(namespace) :]}"
    return str(term)


def plain(term: Term) -> str:
    """A literal's lexical form; other terms shortened."""
    return term.value if isinstance(term, Literal) else shorten(term)

"""Logical sources of a YARRRML document: `['file~csv', iterator]` or a map of keys."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.mapping.access import Access, resolve_access
from emkg.mapping.fault import unknown_name
from emkg.mapping.yarrrml.database import DATABASE_TYPES, parse_database
from emkg.sources.description import Formulation, SourceDescription

if TYPE_CHECKING:
    from emkg.mapping.yarrrml.node import Node
    from emkg.mapping.yarrrml.text import Scope

FORMULATIONS = {
    "csv": Formulation.CSV,
    "tsv": Formulation.CSV,
    "json": Formulation.JSON,
    "jsonpath": Formulation.JSON,
    "jsonl": Formulation.JSON_LINES,
    "xml": Formulation.XML,
    "xpath": Formulation.XML,
    "xlsx": Formulation.XLSX,
    "xls": Formulation.XLSX,
    "sqlite": Formulation.SQLITE,
    "parquet": Formulation.PARQUET,
}
NEEDS_ITERATOR = frozenset({Formulation.JSON, Formulation.XML})
KEYS: dict[str, tuple[str, ...]] = {
    "access": (),
    "type": (),
    "referenceFormulation": (),
    "iterator": (),
    "encoding": (),
    "nullValues": (),
    "delimiter": (),
    "quote": (),
    "comment": (),
    "headerRow": (),
    "skipAfterHeader": (),
    "rowNumber": (),
    "sheet": (),
    "query": (),
    "credentials": (),
    "queryFormulation": (),
    "namespaces": (),
}
_FILE_TYPES = ("localfile", "file")


def parse_source(node: Node, scope: Scope) -> SourceDescription:
    """One source, in either form; no file is opened.

    Raises:
        MappingError: A key, formulation or encoding is unknown, or the iterator a formulation needs is missing.
    """
    if node.is_map:
        return _keyed(node, scope)
    items = node.items()
    if not 1 <= len(items) <= 2:  # noqa: PLR2004 - access and iterator
        raise node.fault("a source is ['file~formulation', iterator]", "数据源写作 ['文件~格式', 迭代器]")
    access, tilde, name = items[0].text("a source's file").rpartition("~")
    if not tilde:
        access, name = name, Path(name).suffix.lstrip(".")
    iterator = items[1].text("an iterator") if len(items) > 1 else ""
    formulation = _formulation(items[0], name)
    place = _access(items[0], access, scope)
    return SourceDescription(
        path=place.path,
        url=place.url,
        formulation=formulation,
        iterator=_iterator(node, iterator, formulation),
        delimiter=_delimiter(name),
    )


def _keyed(node: Node, scope: Scope) -> SourceDescription:
    fields = node.fields("a source", KEYS)
    if "access" not in fields:
        raise node.fault("a source needs access: the file", "数据源缺少 access（文件）")
    kind = _text(fields, "type")
    if kind.lower() in DATABASE_TYPES:
        return parse_database(node, fields, _null_values(fields.get("nullValues")))
    if kind and kind not in _FILE_TYPES:
        known = (*_FILE_TYPES, *DATABASE_TYPES)
        raise unknown_name(fields["type"].location, "source type", "数据源类型", kind, known)
    for name in ("credentials", "queryFormulation"):
        if name in fields:
            types = ", ".join(DATABASE_TYPES)
            raise fields[name].fault(f"{name} is for a type of {types}", f"{name} 仅用于类型 {types}")
    access = fields["access"].text("access")
    named = fields.get("referenceFormulation")
    name = named.text("referenceFormulation") if named else Path(access).suffix.lstrip(".")
    formulation = _formulation(named or fields["access"], name)
    place = _access(fields["access"], access, scope)
    return SourceDescription(
        path=place.path,
        url=place.url,
        formulation=formulation,
        iterator=_iterator(node, _text(fields, "iterator"), formulation),
        encoding=_encoding(fields["encoding"]) if "encoding" in fields else "utf-8",
        null_values=_null_values(fields.get("nullValues")),
        delimiter=_character(fields, "delimiter", _delimiter(name)),
        quote=_character(fields, "quote", '"', may_be_empty=True),
        comment=_text(fields, "comment"),
        header_row=fields["headerRow"].whole_number("headerRow", 1) if "headerRow" in fields else 1,
        skip_after_header=fields["skipAfterHeader"].whole_number("skipAfterHeader", 0)
        if "skipAfterHeader" in fields
        else 0,
        row_number=_text(fields, "rowNumber"),
        sheet=_text(fields, "sheet"),
        query=_text(fields, "query"),
        namespaces=_namespaces(fields.get("namespaces")),
    )


def _formulation(node: Node, name: str) -> Formulation:
    formulation = FORMULATIONS.get(name.lower())
    if formulation is None:
        raise unknown_name(node.location, "reference formulation", "引用格式", name, FORMULATIONS)
    return formulation


def _access(node: Node, access: str, scope: Scope) -> Access:
    return resolve_access(access, scope.path.parent, scope.data_root, node.fault)


def _iterator(node: Node, iterator: str, formulation: Formulation) -> str:
    if not iterator and formulation in NEEDS_ITERATOR:
        example = "$.items[*]" if formulation is Formulation.JSON else "/list/item"
        message = f"a {formulation.value} source needs an iterator, such as {example}"
        raise node.fault(message, f"{formulation.value} 数据源需要迭代器，例如 {example}")
    return iterator


def _encoding(node: Node) -> str:
    name = node.text("encoding")
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        known = ("utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16", "iso8859-1")
        raise unknown_name(node.location, "encoding", "字符编码", name, known) from error


def _null_values(node: Node | None) -> tuple[str, ...]:
    texts = [item.text("a null value") for item in node.items()] if node else []
    return ("", *(text for text in dict.fromkeys(texts) if text))


def _delimiter(formulation: str) -> str:
    return "\t" if formulation.lower() == "tsv" else ","


def _character(fields: dict[str, Node], key: str, default: str, *, may_be_empty: bool = False) -> str:
    if key not in fields:
        return default
    text = fields[key].text(key)
    text = "\t" if text == "\\t" else text
    if len(text) != 1 and not (may_be_empty and not text):
        raise fields[key].fault(f"{key} must be one character, not {text!r}", f"{key} 应为单个字符")
    return text


def _text(fields: dict[str, Node], key: str) -> str:
    return fields[key].text(key) if key in fields else ""


def _namespaces(node: Node | None) -> dict[str, str]:
    pairs = node.pairs("namespaces") if node else []
    return {key.text("a prefix"): value.text("a namespace") for key, value in pairs}

"""Logical sources of RML: paths, CSVW tables, DCAT distributions and forms of the Web of Things, with CSV, JSONPath and XPath.

What RML has no words for (JSON Lines, XLSX, SQLite, Parquet and their options) is said in `vocabulary.SOURCE`.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.mapping.access import Access, resolve_access
from emkg.mapping.fault import unknown_name
from emkg.mapping.rml.graph import is_node
from emkg.mapping.rml.source_database import is_database, parse_database
from emkg.rdf import Literal
from emkg.sources.description import Formulation, SourceDescription
from emkg.sources.packed import COMPRESSIONS
from emkg.vocabulary import CSVW, DCAT, HYPERMEDIA, RML, SOURCE, WOT

if TYPE_CHECKING:
    from emkg.mapping.rml.graph import Resource

FORMULATIONS = {
    RML + "CSV": Formulation.CSV,
    RML + "JSONPath": Formulation.JSON,
    RML + "XPath": Formulation.XML,
    SOURCE + "JSONLines": Formulation.JSON_LINES,
    SOURCE + "XLSX": Formulation.XLSX,
    SOURCE + "SQLite": Formulation.SQLITE,
    SOURCE + "Parquet": Formulation.PARQUET,
}
_DEFAULT_ITERATOR = {Formulation.JSON: "$", Formulation.XML: "/*"}
_LOGICAL = ("source", "referenceFormulation", "iterator")
_FILE = ("root", "path", "encoding", "null", "compression")
_NAMESPACED_XPATH = "XPathReferenceFormulation"


def parse_source(node: Resource, data_root: Path | None) -> SourceDescription:
    """The logical source; no file is opened.

    Raises:
        MappingError: A part is missing, unknown, or of a kind that EMKG cannot read.
    """
    node.check_properties("a logical source", _LOGICAL)
    source = node.one("source")
    if source is None:
        raise node.fault("the logical source has no rml:source", "逻辑数据源缺少 rml:source")
    if is_database(source):
        return parse_database(node, source)
    formulation, namespaces = _formulation(node)
    iterator = node.one("iterator")
    is_table = bool(source.all(CSVW + "url"))
    null = [each.text("a null value") for each in source.all(CSVW + "null" if is_table else "null")]
    dialect = source.one(CSVW + "dialect") or source
    encoding = dialect.one(CSVW + "encoding") if is_table else source.one("encoding")
    compression = "" if is_table or not is_node(source) else _compression(source, formulation)
    trim = dialect.one(CSVW + "trim")
    access = _access(source, data_root)
    return SourceDescription(
        path=access.path,
        url=access.url,
        formulation=formulation,
        iterator=iterator.text("rml:iterator") if iterator else _DEFAULT_ITERATOR.get(formulation, ""),
        encoding=_encoding(encoding) if encoding else "utf-8",
        null_values=("", *(text for text in dict.fromkeys(null) if text)),
        delimiter=_option(node, dialect, "delimiter", ","),
        quote=_option(node, dialect, "quoteChar", '"'),
        comment=_option(node, dialect, "commentPrefix", ""),
        header_row=_number(node, "headerRow", 1),
        skip_after_header=_number(node, "skipAfterHeader", 0),
        row_number=_option(node, dialect, "rowNumber", ""),
        sheet=_option(node, dialect, "sheet", ""),
        query=_option(node, dialect, "query", ""),
        namespaces=namespaces,
        compression=compression,
        trim=trim is not None and trim.text("csvw:trim") in {"true", "1"},
    )


def _formulation(node: Resource) -> tuple[Formulation, dict[str, str]]:
    stated = node.one("referenceFormulation")
    if stated is None:
        raise node.fault(
            "the logical source has no rml:referenceFormulation", "逻辑数据源缺少 rml:referenceFormulation"
        )
    if stated.has_type(_NAMESPACED_XPATH):
        pairs = [(each.one("namespacePrefix"), each.one("namespaceURL")) for each in stated.all("namespace")]
        return Formulation.XML, {
            prefix.text("a prefix"): url.text("a URL") for prefix, url in pairs if prefix and url
        }
    iri = stated.iri("rml:referenceFormulation")
    if iri not in FORMULATIONS:
        raise unknown_name(
            stated.location, "reference formulation that can be read", "引用格式", iri, FORMULATIONS
        )
    return FORMULATIONS[iri], {}


def _access(source: Resource, data_root: Path | None) -> Access:
    if isinstance(source.term, Literal):
        return _resolve(source, source.term.value, source.graph.path.parent, data_root)
    if url := _url(source):
        return _resolve(source, url, source.graph.path.parent, data_root)
    if not is_node(source) or not source.all("path"):
        raise source.fault(
            "the source has no rml:path, csvw:url, dcat:downloadURL, dcat:accessURL or td:hasPropertyAffordance",
            "数据源缺少 rml:path、csvw:url、dcat:downloadURL、dcat:accessURL 或 td:hasPropertyAffordance",
        )
    source.check_properties("a file source", _FILE)
    path = source.one("path")
    return _resolve(source, path.text("rml:path") if path else "", _root(source), data_root)


def _url(source: Resource) -> str:
    """What a table, a distribution or a thing's form is at; empty for another source."""
    for name in (CSVW + "url", DCAT + "downloadURL", DCAT + "accessURL"):
        if stated := source.one(name):
            return stated.term.value
    affordance = source.one(WOT + "hasPropertyAffordance")
    form = affordance.one(WOT + "hasForm") if affordance else None
    target = form.one(HYPERMEDIA + "hasTarget") if form else None
    return target.term.value if target else ""


def _compression(source: Resource, formulation: Formulation) -> str:
    stated = source.one("compression")
    name = stated.term.value.removeprefix(RML) if stated else "none"
    if name == "none":
        return ""
    if name not in COMPRESSIONS:
        raise unknown_name(source.location, "compression", "压缩格式", name, ("none", *COMPRESSIONS))
    if formulation is Formulation.PARQUET:
        raise source.fault("a Parquet file is packed in itself", "Parquet 文件自带压缩，不再另行压缩")
    return name


def _root(source: Resource) -> Path:
    root = source.one("root")
    directory = source.graph.path.resolve().parent
    if root is None or root.term.value == RML + "MappingDirectory":
        return directory  # also without rml:root: a mapping and its file move together
    if root.term.value == RML + "CurrentWorkingDirectory":
        return Path.cwd()
    return directory / root.text("rml:root")


def _resolve(source: Resource, text: str, directory: Path, data_root: Path | None) -> Access:
    return resolve_access(text, directory, data_root, source.fault)


def _encoding(stated: Resource) -> str:
    name = stated.term.value.removeprefix(RML)
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        known = ("utf-8", "utf-16", "gb18030", "gbk", "big5")
        raise unknown_name(stated.location, "encoding", "字符编码", name, known) from error


def _option(node: Resource, dialect: Resource, name: str, default: str) -> str:
    stated = node.one(SOURCE + name) or dialect.one(CSVW + name)
    return stated.text(name) if stated else default


def _number(node: Resource, name: str, default: int) -> int:
    stated = node.one(SOURCE + name)
    if stated is None:
        return default
    text = stated.text(name)
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < default:
        raise node.fault(
            f"{name} must be a whole number from {default} on, not {text!r}",
            f"{name} 应为不小于 {default} 的整数",
        )
    return int(text)

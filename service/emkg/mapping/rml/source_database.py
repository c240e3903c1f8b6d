"""Logical sources over a database server: d2rq:Database with a table or a query."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emkg.mapping.fault import unknown_name
from emkg.sources.description import DatabaseServer, Formulation, SourceDescription
from emkg.sources.sql_url import DRIVERS, KINDS
from emkg.vocabulary import D2RQ, RML

if TYPE_CHECKING:
    from emkg.mapping.rml.graph import Resource

_DATABASE = ("jdbcDSN", "jdbcDriver", "username", "password")


def is_database(source: Resource) -> bool:
    """Whether the source is described as a database."""
    return any(source.all(D2RQ + name) for name in _DATABASE)


def parse_database(node: Resource, source: Resource) -> SourceDescription:
    """The logical source `node` over the database `source`; no connection is made.

    Raises:
        MappingError: The table or query is missing, the address is, or address and driver are of two kinds.
    """
    stated = node.one("referenceFormulation")
    kinds = {RML + "SQL2008Table": False, RML + "SQL2008Query": True}
    if stated is None or stated.term.value not in kinds:
        found = stated.term.value if stated else "none"
        raise unknown_name(
            node.location, "reference formulation of a database", "数据库的引用格式", found, kinds
        )
    iterator = node.one("iterator")
    if iterator is None or not iterator.text("rml:iterator").strip():
        raise node.fault("rml:iterator must name the table or hold the query", "rml:iterator 应为表名或查询")
    text, is_query = iterator.text("rml:iterator"), kinds[stated.term.value]
    nulls = [each.text("a null value") for each in source.all("null")]
    return SourceDescription(
        path=Path("query" if is_query else text.strip('"`').replace("/", "_")),
        formulation=Formulation.SQL,
        iterator=text if is_query else "",
        query="" if is_query else text,
        null_values=("", *nulls),
        server=_server(source),
    )


def _server(source: Resource) -> DatabaseServer:
    texts = {name: _text(source, name) for name in _DATABASE}
    if not texts["jdbcDSN"]:
        raise source.fault("the database has no d2rq:jdbcDSN", "数据库缺少 d2rq:jdbcDSN")
    driver, dsn = texts["jdbcDriver"], texts["jdbcDSN"]
    if driver and driver not in DRIVERS:
        raise unknown_name(source.location, "database driver", "数据库驱动", driver, DRIVERS)
    kind = KINDS.get(dsn.removeprefix("jdbc:").partition(":")[0])
    if driver and kind and kind != DRIVERS[driver]:
        raise source.fault(
            f"the driver is for {DRIVERS[driver]}, the address for {kind}", "驱动与数据库地址种类不一致"
        )
    return DatabaseServer(dsn, texts["username"], texts["password"])


def _text(source: Resource, name: str) -> str:
    stated = source.one(D2RQ + name)
    return stated.text(f"d2rq:{name}") if stated else ""

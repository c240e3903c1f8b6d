"""Sources of a YARRRML document that are tables or queries of a database server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from emkg.mapping.fault import unknown_name
from emkg.sources.description import DatabaseServer, Formulation, SourceDescription
from emkg.sources.sql_url import KINDS
from emkg.sources.sqlite_database import is_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.mapping.yarrrml.node import Node

DATABASE_TYPES: Final = tuple(KINDS)
_KEYS: Final = frozenset(
    ("access", "type", "credentials", "queryFormulation", "query", "referenceFormulation", "nullValues")
)
_CREDENTIALS: Final[dict[str, tuple[str, ...]]] = {"username": (), "password": ()}
_FORMULATIONS: Final = ("sql2008",)


def parse_database(node: Node, fields: Mapping[str, Node], null_values: tuple[str, ...]) -> SourceDescription:
    """The source whose `type` is a database server's; no connection is made.

    Raises:
        MappingError: A key is missing or means nothing here, or the address is of another kind than the type.
    """
    for name in fields:
        if name not in _KEYS:
            raise fields[name].fault(
                f"{name} means nothing for a database; known: {', '.join(sorted(_KEYS))}",
                f"{name} 对数据库无意义；可用：{'、'.join(sorted(_KEYS))}",
            )
    if "query" not in fields:
        raise node.fault(
            "a database source needs query: a table or a SELECT", "数据库数据源缺少 query（表名或 SELECT）"
        )
    if "queryFormulation" in fields:
        stated = fields["queryFormulation"]
        if stated.text("queryFormulation").lower() not in _FORMULATIONS:
            name = stated.text("queryFormulation")
            raise unknown_name(stated.location, "query formulation", "查询格式", name, _FORMULATIONS)
    text = fields["query"].text("query").strip()
    credentials = fields["credentials"].fields("credentials", _CREDENTIALS) if "credentials" in fields else {}
    user, password = (credentials[key].text(key) if key in credentials else "" for key in _CREDENTIALS)
    asks = is_query(text)
    return SourceDescription(
        path=Path("query" if asks else text.strip('"`').replace("/", "_")),
        formulation=Formulation.SQL,
        iterator=text if asks else "",
        query="" if asks else text,
        null_values=null_values,
        server=DatabaseServer(
            _address(fields["access"], fields["type"].text("type").lower()), user, password
        ),
    )


def _address(node: Node, kind: str) -> str:
    """A JDBC URL. The address may be one, `postgresql://host/database`, `http://host/database` or `host/database`."""
    access = node.text("access")
    if access.startswith("$"):
        return access
    scheme, separator, rest = access.removeprefix("jdbc:").partition("://")
    if not separator:
        scheme, rest = "", scheme
    if scheme in KINDS and KINDS[scheme] != KINDS[kind]:
        raise node.fault(
            f"the type is {kind}, the address is of {scheme}", f"类型为 {kind}，地址却属于 {scheme}"
        )
    parts = urlsplit(f"//{rest}")
    if scheme not in {"", "http", "https", *KINDS} or not parts.hostname or "@" in parts.netloc:
        raise node.fault(
            "a database's address is host/database, with a port if need be; user and password are credentials",
            "数据库地址写作 主机/数据库（可带端口），用户名和密码写在 credentials 中",
        )
    return f"jdbc:{kind}://{rest}"

"""Where a database server is, read from a JDBC URL."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from emkg.errors import Location, SourceError

KINDS = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "sqlserver": "sqlserver"}
DRIVERS = {
    "org.postgresql.Driver": "postgresql",
    "com.mysql.cj.jdbc.Driver": "mysql",
    "com.mysql.jdbc.Driver": "mysql",
    "org.mariadb.jdbc.Driver": "mysql",
    "com.microsoft.sqlserver.jdbc.SQLServerDriver": "sqlserver",
}
_PORTS = {"postgresql": 5432, "mysql": 3306, "sqlserver": 1433}
_JDBC = "jdbc:"


@dataclass(frozen=True)
class ServerAddress:
    """Kind of server, host, port and database."""

    kind: str
    host: str
    port: int
    database: str


def parse_address(dsn: str, place: Location) -> ServerAddress:
    """The address that a JDBC URL names; parameters after `?` are not part of it.

    Raises:
        SourceError: It is no such URL. The URL is not repeated, because it may hold a password.
    """
    try:
        parts = urlsplit(dsn.removeprefix(_JDBC))
        port = parts.port
    except ValueError:
        raise _bad_url(place) from None
    kind = KINDS.get(parts.scheme)
    if kind is None or not parts.hostname or "@" in parts.netloc:
        raise _bad_url(place)
    return ServerAddress(kind, parts.hostname, port or _PORTS[kind], parts.path.lstrip("/").partition(";")[0])


def from_environment(text: str, place: Location) -> str:
    """The text, or the environment variable that `$NAME` stands for.

    Raises:
        SourceError: The variable is not set.
    """
    if not text.startswith("$"):
        return text
    name = text[1:]
    if name not in os.environ:
        raise SourceError(
            f"the environment variable {name} is not set, and the mapping takes the database's access from it",
            message_zh=f"未设置环境变量 {name}，而映射从中读取数据库的访问信息",
            location=place,
        )
    return os.environ[name]


def _bad_url(place: Location) -> SourceError:
    return SourceError(
        "the database's address is no URL such as jdbc:postgresql://host:5432/database or jdbc:mysql://host:3306/database, "
        "with user and password stated apart from it",
        message_zh="数据库地址应形如 jdbc:postgresql://主机:5432/数据库 或 jdbc:mysql://主机:3306/数据库，用户名与密码另行声明",
        location=place,
    )

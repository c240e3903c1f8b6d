"""Sources that are fetched before they are read: over http(s), from hosts that the user names, within limits."""

from __future__ import annotations

import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

from emkg.errors import Location, SourceError

if TYPE_CHECKING:
    from collections.abc import Collection
    from http.client import HTTPMessage
    from pathlib import Path

    from emkg.sources.description import SourceDescription

TIMEOUT_S: Final = 30.0  # without an answer, or without a byte of it
MOST_BYTES: Final = 4 << 30
_PIECE: Final = 1 << 20


def refuse_unfetched(description: SourceDescription) -> None:
    """A source at a URL is read by no other door than the one that fetches.

    Raises:
        SourceError: The description is of one.
    """
    for each in description.sources:
        if each.url:
            raise _fault(
                each.url,
                "this source is fetched by `emkg map run` alone; for anything else, fetch it into a file first",
                "该数据源只能由 `emkg map run` 获取；其他命令请先下载为文件",
            )


def fetch(url: str, target: Path, hosts: Collection[str]) -> None:
    """Write what a URL gives to a file.

    Redirects are followed to allowed hosts. The environment's proxies are used.

    Raises:
        SourceError: The host is not among `hosts`, does not answer in time, answers with an error, or sends more than
            `MOST_BYTES`; located by the URL.
    """
    _check(url, hosts)
    opener = urllib.request.build_opener(_Redirects(hosts))
    request = urllib.request.Request(url, headers={"User-Agent": "EMKG"})  # noqa: S310 - http(s), checked
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer, target.open("wb") as file:
            left = MOST_BYTES
            while piece := answer.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise _fault(
                        url, f"it is larger than {MOST_BYTES} bytes", f"超过 {MOST_BYTES} 字节的上限"
                    )
                file.write(piece)
    except (OSError, HTTPException) as error:
        if isinstance(error, HTTPError):
            error.close()
        reason = getattr(error, "reason", None) or error
        raise _fault(url, f"it cannot be fetched: {reason}", f"无法获取：{reason}") from error


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts

    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        try:
            _check(newurl, self._hosts)
        except SourceError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check(url: str, hosts: Collection[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme.lower() not in {"http", "https"}:
        raise _fault(url, "only http and https are fetched", "只获取 http 与 https")
    if parts.hostname not in {host.lower() for host in hosts}:
        raise _fault(
            url,
            f"the host {parts.hostname} is not allowed; allow it with --allow-host {parts.hostname}",
            f"主机 {parts.hostname} 未被允许；请以 --allow-host {parts.hostname} 允许",
        )


def _fault(url: str, message: str, message_zh: str) -> SourceError:
    return SourceError(message, message_zh=message_zh, location=Location(url))

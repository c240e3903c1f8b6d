"""Reads a query operation of the SPARQL 1.1 Protocol (section 2.1) from an HTTP request."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from emkg.api.problem import RequestTooLargeError, UnsupportedMediaTypeError
from emkg.errors import InputError, QueryRefusedError, RdfSyntaxError
from emkg.plan import Dataset
from emkg.rdf import parse_term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.requests import Request

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class SparqlRequest:
    """A query and the dataset that the request names, if it does; no text where a GET names no query."""

    text: str | None
    dataset: Dataset | None


def read_get(request: Request, max_bytes: int) -> SparqlRequest:
    """A query operation via GET, or a request for the service description.

    Raises:
        InputError: More than one query, text that is not UTF-8, or a graph that is no IRI.
        QueryRefusedError: It carries an update.
        RequestTooLargeError: The address's query part is larger than `max_bytes`.
    """
    if len(request.url.query) > max_bytes:
        raise _too_large(max_bytes)
    return _from_pairs(_pairs(request.url.query))


async def read_post(request: Request, max_bytes: int) -> SparqlRequest:
    """A query operation via POST, as a form or directly.

    Raises:
        InputError: No query or more than one, text that is not UTF-8, or a graph that is no IRI.
        QueryRefusedError: It carries an update.
        RequestTooLargeError: The body is larger than `max_bytes`.
        UnsupportedMediaTypeError: The body is neither a form nor a query.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _body(request, max_bytes)
    pairs = _pairs(request.url.query)
    if media_type == _FORM:
        found = _from_pairs(_pairs(_decoded(body)) + pairs)
        if found.text is None:
            raise InputError("the form has no field query", message_zh="表单缺少 query 字段")
        return found
    if media_type == _UPDATE:
        raise _no_update()
    if media_type != _QUERY:
        raise UnsupportedMediaTypeError(
            f"{media_type or 'a body without a media type'} is not read here; send {_QUERY} or {_FORM}",
            message_zh=f"请以 {_QUERY} 或 {_FORM} 提交查询",
        )
    return _from_pairs([*pairs, ("query", _decoded(body))])


def _from_pairs(pairs: Sequence[tuple[str, str]]) -> SparqlRequest:
    queries = [value for name, value in pairs if name == "query"]
    if any(name == "update" for name, _ in pairs):
        raise _no_update()
    if len(queries) > 1:
        raise InputError("a request holds one query", message_zh="每个请求只能有一个查询")
    return SparqlRequest(queries[0] if queries else None, _dataset(pairs))


def _dataset(pairs: Sequence[tuple[str, str]]) -> Dataset | None:
    default = tuple(_graph(value) for name, value in pairs if name == "default-graph-uri")
    named = tuple(_graph(value) for name, value in pairs if name == "named-graph-uri")
    return Dataset(default, named) if default or named else None


def _graph(name: str) -> str:
    try:
        parse_term(f"<{name}>")
    except RdfSyntaxError:
        raise InputError(
            f"{name!r} is no IRI, so that it can name no graph", message_zh=f"图名 {name!r} 不是合法的 IRI"
        ) from None
    return name


def _no_update() -> QueryRefusedError:
    return QueryRefusedError(
        "updates are not accepted here; data comes in through `emkg ingest`",
        message_zh="此处不接受更新操作；数据请通过 emkg ingest 导入",
    )


def _pairs(text: str) -> Pairs:
    """The names and values of a form or of an address's query part."""
    with _utf8():
        return parse_qsl(text, keep_blank_values=True, errors="strict")


def _decoded(body: bytes) -> str:
    with _utf8():
        return body.decode("utf-8")


@contextmanager
def _utf8() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise InputError(
            f"the request is not UTF-8: {error.reason}", message_zh="请求内容不是 UTF-8 编码"
        ) from error


async def _body(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


def _too_large(max_bytes: int) -> RequestTooLargeError:
    return RequestTooLargeError(
        f"the request has more than {max_bytes} bytes", message_zh=f"请求超过 {max_bytes} 字节"
    )

"""Every failure as `application/problem+json` (RFC 9457), and every kind of failure described."""

from __future__ import annotations

import json
import logging
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from emkg.errors import EmkgError, InputError
from emkg.vocabulary import PROBLEM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"
_LOG: Final = logging.getLogger(__name__)
_BUSY: Final = 503
_NOT_ALLOWED: Final = 405
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


class NotAcceptableError(InputError):
    """None of the formats that could be given is acceptable to the client."""

    slug: ClassVar[str] = "not-acceptable"
    title: ClassVar[str] = "No acceptable format"
    title_zh: ClassVar[str] = "没有可接受的格式"
    status: ClassVar[int] = 406


class UnsupportedMediaTypeError(InputError):
    """The request's body is of a media type that is not read here."""

    slug: ClassVar[str] = "unsupported-media-type"
    title: ClassVar[str] = "The request's media type is not supported"
    title_zh: ClassVar[str] = "不支持的请求媒体类型"
    status: ClassVar[int] = 415


class RequestTooLargeError(InputError):
    """The request's body has more bytes than are read here."""

    slug: ClassVar[str] = "request-too-large"
    title: ClassVar[str] = "The request is too large"
    title_zh: ClassVar[str] = "请求过大"
    status: ClassVar[int] = 413


@dataclass(frozen=True)
class ProblemType:
    """A kind of failure: the slug of its page, its HTTP status, and what it means."""

    slug: str
    status: int
    title: str
    title_zh: str
    meaning: str


_OF_HTTP: Final = (
    ProblemType("no-such-route", 404, "There is nothing at this address", "该地址不存在", "The path names no route; /docs lists them."),
    ProblemType("method-not-allowed", 405, "This method is not allowed here", "该地址不支持此方法", "The Allow header names the methods."),
    ProblemType("bad-request", 422, "The request is malformed", "请求格式有误", "A value of the request is missing or has the wrong form."),
    ProblemType("http", 400, "The request failed", "请求失败", "A failure of the HTTP layer; its status says which."),
    ProblemType("not-ready", 503, "The service is not ready", "服务尚未就绪", "Something that answers rest on is missing; `checks` says what."),
    ProblemType(
        "unexpected", 500, "Something unexpected went wrong", "发生意外错误",
        "A fault of the program. Its details are in the service's log under the number in `instance`, and nowhere else.",
    ),
)  # fmt: skip


def problem_types() -> tuple[ProblemType, ...]:
    """Every kind of failure that can be answered, by slug."""
    return tuple(sorted((*map(_described, _subclasses(EmkgError)), *_OF_HTTP), key=lambda each: each.slug))


def problem_response(
    kind: ProblemType, detail: str, detail_zh: str, instance: str, extra: Mapping[str, Any] | None = None
) -> Response:
    """The answer to a failed request."""
    body = {
        "type": PROBLEM + kind.slug,
        "title": kind.title,
        "title_zh": kind.title_zh,
        "status": kind.status,
        "detail": detail,
        "detail_zh": detail_zh or kind.title_zh,
        "instance": instance,
        **(extra or {}),
    }
    headers = {"Retry-After": "1"} if kind.status == _BUSY else {}
    return Response(json.dumps(body, ensure_ascii=False), kind.status, headers, MEDIA_TYPE)


def handle_problems(app: FastAPI) -> None:
    """Answer every failure of the application with a problem."""
    app.add_exception_handler(EmkgError, _on_emkg_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(Exception, _on_unexpected)


def of_http(slug: str) -> ProblemType:
    """One of the kinds that no exception class stands for."""
    return next(each for each in _OF_HTTP if each.slug == slug)


def _subclasses(of: type[EmkgError]) -> Iterator[type[EmkgError]]:
    yield of
    for each in of.__subclasses__():
        yield from _subclasses(each)


def _described(error: type[EmkgError]) -> ProblemType:
    meaning = " ".join((error.__doc__ or "").partition("\n\n")[0].split())
    return ProblemType(error.slug, error.status, error.title, error.title_zh, meaning)


async def _on_emkg_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, EmkgError):
        raise error
    fields = vars(error.location) if error.location is not None else {}
    location = {name: value for name, value in fields.items() if value is not None}
    extra = {"location": location} if location else {}
    return problem_response(_described(type(error)), str(error), error.message_zh, request.url.path, extra)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    kinds = {404: "no-such-route", 405: "method-not-allowed"}
    kind = of_http(kinds.get(error.status_code, "http"))
    shown = ProblemType(kind.slug, error.status_code, kind.title, kind.title_zh, kind.meaning)
    detail = f"{request.method} {request.url.path}: {kind.meaning}"
    response = problem_response(shown, detail, "", request.url.path)
    response.headers.update(error.headers or {})
    if error.status_code == _NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> set[str]:
    """The methods that the address has a route for; the router itself names only those of the first route."""
    found = {
        method
        for method in _METHODS
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }
    return found | ({"HEAD"} if "GET" in found else set())


async def _on_validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    return problem_response(of_http("bad-request"), faults, "", request.url.path)


async def _on_unexpected(request: Request, error: Exception) -> Response:
    number = uuid.uuid4()
    _LOG.error("unexpected failure %s at %s %s", number, request.method, request.url.path, exc_info=error)
    kind = of_http("unexpected")
    detail = f"an unexpected failure; the service's log has its details under {number}"
    detail_zh = f"发生意外错误；详情见服务日志中编号 {number} 的记录"
    return problem_response(kind, detail, detail_zh, f"urn:uuid:{number}")

"""`/problems`: what each kind of failure means."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from emkg.api.page import page, table
from emkg.api.problem import ProblemType, problem_types
from emkg.errors import NotFoundError
from emkg.vocabulary import PROBLEM


def problem_routes() -> APIRouter:
    """A page for every kind of failure, and a list of them."""
    router = APIRouter(tags=["Operation"])

    @router.get("/problems", summary="错误类型 / Kinds of failure", response_class=HTMLResponse)
    async def list_problems() -> Response:
        """Every kind of failure with its HTTP status."""
        rows = [
            (f'<a href="/problems/{each.slug}"><code>{each.slug}</code></a>', str(each.status), _titled(each))
            for each in problem_types()
        ]
        return page("错误类型 Problem types", table(("类型 type", "状态 status", "含义 meaning"), rows))

    @router.get("/problems/{slug}", summary="一种错误 / One kind of failure", response_class=HTMLResponse)
    async def show_problem(slug: str) -> Response:
        """What a kind of failure means; the `type` of a problem ends with its slug."""
        kind = next((each for each in problem_types() if each.slug == slug), None)
        if kind is None:
            raise NotFoundError(f"there is no problem type {slug!r}", message_zh=f"没有错误类型 {slug!r}")
        return page(f"{kind.title_zh} {kind.title}", _body(kind))

    return router


def _titled(kind: ProblemType) -> str:
    return f"{escape(kind.title_zh)}<br>{escape(kind.title)}"


def _body(kind: ProblemType) -> str:
    rows = [
        ("type", f"<code>{escape(PROBLEM + kind.slug)}</code>"),
        ("HTTP", str(kind.status)),
        ("含义", escape(kind.title_zh)),
        ("Meaning", escape(kind.meaning)),
    ]
    return table(("", ""), rows) + '<p><a href="/problems">全部错误类型 All problem types</a></p>'

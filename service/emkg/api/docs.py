"""`/docs`: the OpenAPI document as a page that works offline, with forms to try each GET route."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from emkg.api.page import page, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI

    from emkg.api.service import Service

_EXAMPLE: Final = (
    "SELECT ?graph (COUNT(*) AS ?statements) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
)


def docs_routes(app: FastAPI, service: Service) -> APIRouter:
    """The page of the application's routes; the front page leads there."""
    router = APIRouter()

    @router.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    async def docs() -> Response:
        """The OpenAPI document, rendered."""
        notice = (
            "演示城市：数据由程序生成。Demonstration city: its data was generated."
            if service.is_generated
            else ""
        )
        title = f"EMKG {service.city_zh} {service.city_en}".strip()
        return page(title, _body(app.openapi()), notice)

    return router


def _body(document: Mapping[str, Any]) -> str:
    parts = [f"<p>{escape(document['info'].get('description', ''))}</p>"]
    parts.append(
        '<p><a href="/openapi.json">OpenAPI</a> · <a href="/problems">错误类型 Problem types</a></p>'
    )
    for tag, operations in _by_tag(document).items():
        parts.append(f"<h2>{escape(tag)}</h2>")
        parts.extend(_operation(path, method, each) for path, method, each in operations)
    return "".join(parts)


def _by_tag(document: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Mapping[str, Any]]]]:
    tags: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tags.setdefault(operation.get("tags", [""])[0], []).append((path, method, operation))
    return tags


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in operation.get("description", "").split("\n\n"))
    head = f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code> {escape(operation.get("summary", ""))}'
    return f"<details><summary>{head}</summary>{paragraphs}{_inputs(path, method, operation)}{_formats(operation)}</details>"


def _inputs(path: str, method: str, operation: Mapping[str, Any]) -> str:
    can_try = method == "get" and "{" not in path
    rows = [
        (
            f"<code>{escape(each['name'])}</code>",
            escape(each.get("description", "")),
            _input(each) if can_try else "",
        )
        for each in operation.get("parameters", ())
    ]
    inputs = table(("参数 parameter", "说明 description", ""), rows) if rows else ""
    return f'<form action="{escape(path)}">{inputs}<button>试一试 Try</button></form>' if can_try else inputs


def _input(parameter: Mapping[str, Any]) -> str:
    name = escape(parameter["name"])
    if parameter["schema"].get("format") == "sparql":
        return f'<textarea name="{name}" rows="6">{escape(_EXAMPLE)}</textarea>'
    default = escape(str(parameter["schema"].get("default", "")))
    return f'<input name="{name}" value="{default}" aria-label="{name}">'


def _formats(operation: Mapping[str, Any]) -> str:
    content = operation.get("responses", {}).get("200", {}).get("content", {})
    names = ", ".join(f"<code>{escape(name)}</code>" for name in content)
    return f"<p>返回 returns: {names}</p>" if names else ""

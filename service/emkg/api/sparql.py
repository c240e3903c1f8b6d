"""`/sparql`: the SPARQL 1.1 Protocol, query operation, and the service description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation at run time)
from starlette.responses import Response

from emkg.api.description import describe_service
from emkg.api.negotiation import negotiate
from emkg.api.sparql_request import SparqlRequest, read_get, read_post
from emkg.errors import InputError
from emkg.plan import GRAPH_FORMATS, SOLUTION_FORMATS, QueryKind, outline

if TYPE_CHECKING:
    from emkg.api.service import Service, SparqlEvaluator

_RESULTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Solutions or a boolean (SELECT, ASK), or a graph (CONSTRUCT, DESCRIBE). 查询结果。",
        "content": {each.value: {} for each in (*SOLUTION_FORMATS, *GRAPH_FORMATS)},
    }
}
_GRAPHS: Final = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "schema": {"type": "array", "items": {"type": "string", "format": "iri"}},
        "description": text,
    }
    for name, text in (
        ("default-graph-uri", "Graphs whose merge is the default graph; all of them by default. 默认图。"),
        ("named-graph-uri", "Named graphs that GRAPH can reach. 命名图。"),
    )
]
_QUERY: Final = {
    "name": "query",
    "in": "query",
    "required": False,
    "schema": {"type": "string", "format": "sparql"},
    "description": "A SPARQL 1.1 query; without it, the answer is the service description. SPARQL 查询。",
}
_BODY: Final = {
    "required": True,
    "content": {
        "application/sparql-query": {"schema": {"type": "string"}},
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
        },
    },
}


def sparql_routes(service: Service) -> APIRouter:
    """The routes of the SPARQL endpoint."""
    router = APIRouter(tags=["SPARQL"])

    @router.get(
        "/sparql",
        summary="SPARQL 查询 / SPARQL query",
        response_class=Response,
        responses=_RESULTS,
        openapi_extra={"parameters": [_QUERY, *_GRAPHS]},
    )
    async def get_sparql(request: Request) -> Response:
        """Evaluate a query, or describe the service where none is given."""
        asked = read_get(request, service.max_request_bytes)
        if asked.text is None:
            return _described(request)
        return await run_in_threadpool(_evaluate, service.evaluator, asked, request.headers.get("accept"))

    @router.post(
        "/sparql",
        summary="SPARQL 查询 / SPARQL query",
        response_class=Response,
        responses=_RESULTS,
        openapi_extra={"parameters": _GRAPHS, "requestBody": _BODY},
    )
    async def post_sparql(request: Request) -> Response:
        """Evaluate a query that is sent as a form or as it stands."""
        asked = await read_post(request, service.max_request_bytes)
        return await run_in_threadpool(_evaluate, service.evaluator, asked, request.headers.get("accept"))

    return router


def _described(request: Request) -> Response:
    media_format, media_type = negotiate(request.headers.get("accept"), QueryKind.DESCRIBE)
    endpoint = str(request.url.replace(query=""))
    return _response(describe_service(endpoint, media_format), media_type)


def _evaluate(evaluator: SparqlEvaluator, asked: SparqlRequest, accept: str | None) -> Response:
    if asked.text is None:
        raise InputError("there is no query", message_zh="缺少查询语句")
    media_format, media_type = negotiate(accept, outline(asked.text).kind)
    result = evaluator.query(asked.text, result_format=media_format, dataset=asked.dataset)
    response = _response(result.content, media_type)
    response.headers["EMKG-Generation"] = str(result.generation)
    return response


def _response(content: bytes, media_type: str) -> Response:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(content, headers={"Content-Type": media_type + charset, "Vary": "Accept"})

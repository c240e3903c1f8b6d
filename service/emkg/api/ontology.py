"""`/ontology`, `/code/…`, `/id/…`: every term and every thing at its own address, as a page or as RDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from emkg.api.negotiation import best
from emkg.api.ontology_page import module_page, overview, term_page, thing_page
from emkg.api.ontology_thing import find_thing
from emkg.api.problem import NotAcceptableError
from emkg.errors import NotFoundError
from emkg.pipeline.ontology_export import document
from emkg.rdf import format_named
from emkg.vocabulary import CODE, EM, ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emkg.api.ontology_reference import Reference
    from emkg.api.service import Service
    from emkg.rdf import Quad

_HTML: Final = "text/html"
_RDF: Final = {
    "text/turtle": "turtle",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/n-triples": "ntriples",
    "application/json": "jsonld",
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A page, or RDF. 网页或 RDF。",
        "content": {each: {} for each in (_HTML, *list(_RDF)[:4])},
    },
    404: {"description": "Nothing is said of it. 没有关于它的陈述。"},
}
_FORMAT: Final = Query(
    None,
    alias="format",
    description="turtle, jsonld, rdfxml or ntriples, whatever the Accept header says. 指定 RDF 格式。",
)
_ESCAPED: Final = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def ontology_routes(service: Service) -> APIRouter:
    """The routes at which terms and things are dereferenced."""
    router = APIRouter(tags=["Ontology"])
    reference = service.reference

    @router.get("/ontology", summary="本体 / The ontology", response_class=Response, responses=_RESPONSES)
    async def get_ontology(request: Request, form: str | None = _FORMAT) -> Response:
        """All modules: a page with every class and property, or one RDF document."""
        return _whole(request, form, reference)

    @router.get(
        "/ontology/{name}",
        summary="术语或模块 / A term or a module",
        response_class=Response,
        responses=_RESPONSES,
    )
    async def get_term(request: Request, name: str, form: str | None = _FORMAT) -> Response:
        """A term such as `Duty`, a module such as `law`, or the version of the whole."""
        term = reference.ontology.find(EM + name)
        if term is not None:
            return _answer(
                request, form, lambda: term_page(reference, term), lambda: reference.statements_of(term.iri)
            )
        if name in reference.modules:
            return _module(request, form, reference, name)
        if reference.holds_version(name):
            return _whole(request, form, reference)
        near = ", ".join(each.removeprefix(EM) for each in reference.ontology.did_you_mean(EM + name))
        hint, hint_zh = (f"; did you mean {near}?", f"，是否指 {near}？") if near else ("", "")
        raise NotFoundError(f"there is no term em:{name}{hint}", message_zh=f"没有术语 em:{name}{hint_zh}")

    @router.get(
        "/ontology/{name}/{version}",
        summary="模块的版本 / A version of a module",
        response_class=Response,
        responses=_RESPONSES,
    )
    async def get_version(request: Request, name: str, version: str, form: str | None = _FORMAT) -> Response:
        """A module at its version IRI, such as `law/0.1.0`; only the version in use is held."""
        if name in reference.modules and reference.holds_version(f"{name}/{version}"):
            return _module(request, form, reference, name)
        raise NotFoundError(
            f"version {version} of the module {name} is not held",
            message_zh=f"未保存模块 {name} 的 {version} 版本",
        )

    _add_things(router, service)
    return router


def _add_things(router: APIRouter, service: Service) -> None:
    for start, example in ((CODE, "event/11B19"), (ID, "event/haze-2026")):
        route = "/" + start.rstrip("/").rpartition("/")[2] + "/"
        router.add_api_route(
            route + "{path:path}",
            _thing_route(service, start, route),
            summary=f"一个事物 / A thing, such as {example}",
            response_class=Response,
            responses=_RESPONSES,
        )


def _thing_route(service: Service, start: str, route: str) -> Callable[..., Any]:
    reference = service.reference

    async def get_thing(request: Request, path: str, form: str | None = _FORMAT) -> Response:
        """What the ledger says of a thing, with labels, links and what mentions it."""
        del path  # decoded; the IRI keeps what was escaped in it
        iri = start + _written_path(request).removeprefix(route)
        thing = await run_in_threadpool(find_thing, iri, service.evaluator, reference.ontology)
        if thing is None:
            raise NotFoundError(f"nothing is said of {iri}", message_zh=f"没有关于 {iri} 的陈述")
        notice = (
            "演示城市：数据由程序生成。Demonstration city: its data was generated."
            if service.is_generated
            else ""
        )
        response = _answer(request, form, lambda: thing_page(thing, reference, notice), lambda: thing.quads)
        response.headers["EMKG-Generation"] = str(thing.generation)
        return response

    return get_thing


def _whole(request: Request, form: str | None, reference: Reference) -> Response:
    return _answer(request, form, lambda: overview(reference), lambda: reference.merged)


def _module(request: Request, form: str | None, reference: Reference, name: str) -> Response:
    return _answer(
        request, form, lambda: module_page(reference, name), lambda: reference.statements_of_module(name)
    )


def _answer(
    request: Request, form: str | None, html: Callable[[], Response], quads: Callable[[], Iterable[Quad]]
) -> Response:
    if form is not None:
        named = format_named(form)
        return _rdf(quads(), named.value, named.media_type)
    accept = request.headers.get("accept")
    media_type = best(accept, (_HTML, *_RDF))
    if media_type is None:
        offered = ", ".join((_HTML, *_RDF))
        raise NotAcceptableError(
            f"this can be had as {offered}; none of them is acceptable to: {accept}",
            message_zh=f"可返回 {offered}，均不符合请求的 Accept：{accept}",
        )
    response = html() if media_type == _HTML else _rdf(quads(), _RDF[media_type], media_type)
    response.headers["Vary"] = "Accept"
    return response


def _rdf(quads: Iterable[Quad], form: str, media_type: str) -> Response:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(document(quads, form), headers={"Content-Type": media_type + charset})


def _written_path(request: Request) -> str:
    """The path as an IRI writes it: Chinese as it is, escapes of ASCII characters kept."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    path = raw.partition(b"?")[0]
    return _ESCAPED.sub(lambda match: unquote(match.group()).encode(), path).decode(errors="replace")

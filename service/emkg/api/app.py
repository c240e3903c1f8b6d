"""The application: routes over a service that was wired elsewhere."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from emkg.api.docs import docs_routes
from emkg.api.head import HeadAsGet
from emkg.api.health import health_routes
from emkg.api.ontology import ontology_routes
from emkg.api.problem import handle_problems
from emkg.api.problem_page import problem_routes
from emkg.api.question_route import question_routes
from emkg.api.sparql import sparql_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from emkg.api.service import Service

_DESCRIPTION: Final = (
    "一座城市各部门的数据，同一种含义：谁必须行动，依据哪一条，当日由谁担任。"
    "One meaning for every department's data: who must act, under which article, and who holds the office on the date. "
    "EMKG advises and never issues an order."
)


def create_app(service: Service) -> FastAPI:
    """The application that serves this; it opens nothing itself, and calls `service.close` when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(service.close)

    app = FastAPI(
        title="EMKG",
        version=version("emkg"),
        description=_DESCRIPTION,
        docs_url=None,  # the usual page loads its scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_middleware(HeadAsGet)
    handle_problems(app)
    for router in (
        question_routes(service),
        sparql_routes(service),
        health_routes(service),
        problem_routes(),
        ontology_routes(service),
    ):
        app.include_router(router)
    app.include_router(docs_routes(app, service))

    @app.get("/", include_in_schema=False)
    async def front() -> Response:
        """The front page is the documentation."""
        return RedirectResponse("/docs")

    return app

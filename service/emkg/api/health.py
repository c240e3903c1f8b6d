"""`/healthz` and `/readyz`: whether the process lives, and whether requests should be sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation at run time)
from starlette.responses import JSONResponse, Response

from emkg.api.problem import of_http, problem_response

if TYPE_CHECKING:
    from emkg.api.service import Service


class Health(BaseModel):
    """The process answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """What answers rest on is there."""

    status: str
    generation: int
    checks: dict[str, bool]


def health_routes(service: Service) -> APIRouter:
    """The two routes for those who watch the service."""
    router = APIRouter(tags=["Operation"])

    @router.get("/healthz", summary="存活 / Alive")
    async def healthz() -> Health:
        """Answers while the process lives, also when all queries are busy."""
        return Health()

    @router.get("/readyz", summary="就绪 / Ready", response_model=Readiness)
    async def readyz(request: Request) -> Response:
        """Answers 200 when every check holds, and 503 with the checks otherwise."""
        return await run_in_threadpool(_readiness, service, request.url.path)

    return router


def _readiness(service: Service, instance: str) -> Response:
    checks = dict(service.readiness())
    missing = [name for name, holds in checks.items() if not holds]
    if missing:
        named = ", ".join(missing)
        return problem_response(
            of_http("not-ready"), f"not ready: {named}", f"尚未就绪：{named}", instance, {"checks": checks}
        )
    ready = Readiness(status="ready", generation=service.evaluator.generation, checks=checks)
    return JSONResponse(ready.model_dump())

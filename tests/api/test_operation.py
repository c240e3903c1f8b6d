"""What those who run the service see: health, readiness, documentation."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from emkg.api import Service, create_app
from emkg.plan import FallbackEvaluator

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    import pytest
    from fastapi import FastAPI


def test_it_is_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "generation": 1, "checks": {"ledger": True}}


def test_what_is_missing_makes_it_not_ready(
    service: Service, client_of: Callable[[FastAPI], httpx.Client]
) -> None:
    app = create_app(replace(service, readiness=lambda: {"ledger": True, "inferred": False}))
    response = client_of(app).get("/readyz")

    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["checks"] == {"ledger": True, "inferred": False}
    assert response.json()["detail"] == "not ready: inferred"


def test_the_documentation_needs_nothing_from_elsewhere(client: httpx.Client) -> None:
    response = client.get("/")

    text = response.text
    assert response.url.path == "/docs"
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", text)
    assert "<script" not in text
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_documentation_names_every_route_and_says_that_the_data_is_generated(
    client: httpx.Client,
) -> None:
    text = client.get("/docs").text

    paths = client.get("/openapi.json").json()["paths"]
    assert all(f"<code>{path}</code>" in text for path in paths)
    assert {
        "/sparql",
        "/api/who-must-act",
        "/api/questions/{name}",
        "/healthz",
        "/problems/{slug}",
    } <= paths.keys()
    assert "数据由程序生成" in text
    assert "谁必须行动" in text


def test_the_service_is_closed_with_the_application(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []
    monkeypatch.setattr(FallbackEvaluator, "close", lambda _: closed.append(True))
    app = create_app(replace(service, close=service.evaluator.close))  # type: ignore[attr-defined]  # the fixture's

    async def live() -> None:
        async with app.router.lifespan_context(app):
            assert closed == []

    asyncio.run(live())
    assert closed == [True]

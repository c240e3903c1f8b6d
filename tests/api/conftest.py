"""A service over a handful of statements, and one over what a test writes itself."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from emkg.api import Service, create_app
from emkg.plan import FallbackEvaluator, PoolLimits, QueryLimits
from emkg.query import AskContext
from emkg.rdf import parse_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fastapi import FastAPI

DATA = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix code: <https://w3id.org/emkg/code/> .
@prefix id: <https://w3id.org/emkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/emkg/code/event/haze> a em:EventType ; rdfs:label "霾"@zh, "Haze"@en .
<https://w3id.org/emkg/code/division/1> a em:Division ; em:within <https://w3id.org/emkg/code/division/1> .
<https://w3id.org/emkg/code/level/city> a em:GovernmentLevel .
<https://w3id.org/emkg/code/phase/response> a em:Phase .
<https://w3id.org/emkg/code/act/a> em:heldFrom "2020-01-01"^^xsd:date ; em:inForceFrom "2018-01-01"^^xsd:date ;
    em:bindsIn <https://w3id.org/emkg/code/division/1> ; rdfs:label "甲法"@zh, "Act A"@en .
<https://w3id.org/emkg/code/act/a/article/9> em:partOf <https://w3id.org/emkg/code/act/a> ; em:articleNumber "9" .
<https://w3id.org/emkg/code/duty/a-9> em:eventType <https://w3id.org/emkg/code/event/haze> ;
    em:level <https://w3id.org/emkg/code/level/city> ; em:phase <https://w3id.org/emkg/code/phase/response> ;
    em:article <https://w3id.org/emkg/code/act/a/article/9> ; em:bearer <https://w3id.org/emkg/code/office/环保局> .
<https://w3id.org/emkg/code/incumbency/1> em:office <https://w3id.org/emkg/code/office/环保局> ;
    em:body <https://w3id.org/emkg/code/body/c-eco> ; em:level <https://w3id.org/emkg/code/level/city> ;
    em:resolution <https://w3id.org/emkg/code/resolution/exact> .
<https://w3id.org/emkg/code/body/c-eco> rdfs:label "市生态环境局"@zh ; em:level <https://w3id.org/emkg/code/level/city> .
<https://w3id.org/emkg/code/body/c-met> rdfs:label "市气象局"@zh ; em:level <https://w3id.org/emkg/code/level/city> .
<https://w3id.org/emkg/code/form/1> a em:CoordinationForm ; em:departmentsJoined false ; em:networksLinked false ;
    rdfs:label "完全分立式"@zh .
<https://w3id.org/emkg/id/event/e1> a em:Event ; em:eventType <https://w3id.org/emkg/code/event/haze> ;
    em:jurisdiction <https://w3id.org/emkg/code/division/1> ; em:handledAt <https://w3id.org/emkg/code/level/city> ;
    em:startDate "2024-12-01"^^xsd:date .
"""
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


class Statements:
    """Statements of one graph, as a source."""

    def __init__(self, turtle: str) -> None:
        self.generation = 1
        quads = list(parse_text(turtle, "turtle"))
        self._turtle = turtle
        self._table = pa.table(
            {
                "s": [str(quad.subject) for quad in quads],
                "p": [str(quad.predicate) for quad in quads],
                "o": [str(quad.object) for quad in quads],
                "g": ["<https://w3id.org/emkg/graph/test>" for _ in quads],
            }
        )

    def with_turtle(self, turtle: str) -> Statements:
        """These and more."""
        return Statements(self._turtle + turtle)

    def statements(
        self,
        *,
        graphs: Sequence[str] | None = None,
        predicates: Sequence[str] | None = None,
        as_of: int | None = None,
    ) -> pa.RecordBatchReader:
        del as_of
        table = self._table
        for column, wanted in (("g", graphs), ("p", predicates)):
            if wanted is not None:
                names = pa.array([f"<{iri}>" for iri in wanted], pa.string())
                table = table.filter(pc.is_in(table[column], names))
        return table.to_reader()


@pytest.fixture
def statements() -> Statements:
    return Statements(DATA)


@pytest.fixture
def service(statements: Statements) -> Iterator[Service]:
    limits = QueryLimits(timeout_s=10, max_rows=20, max_bytes=1 << 20)
    evaluator = FallbackEvaluator(statements, limits, PoolLimits(memory_bytes=512 << 20))
    yield Service(
        evaluator=evaluator,
        context=AskContext({"jurisdiction": "1", "level": "city"}, today=date(2026, 1, 1)),
        readiness=lambda: {"ledger": True},
        close=evaluator.close,
        city_zh="示范市",
        city_en="Demonstration City",
        is_generated=True,
        max_request_bytes=10_000,
    )
    evaluator.close()


class Client:
    """Asks an application without a network; what it raises is answered as a server would."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._request(method, url, options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    async def _request(self, method: str, url: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, url, follow_redirects=True, **options)


@pytest.fixture
def client(service: Service) -> Client:
    return Client(create_app(service))


@pytest.fixture
def client_of() -> Callable[[FastAPI], Client]:
    """Makes a client of an application that a test builds itself."""
    return Client


@pytest.fixture
def runaway() -> str:
    return RUNAWAY

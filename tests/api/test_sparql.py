"""The SPARQL 1.1 Protocol: query operation."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emkg.api import Service, create_app
from emkg.plan import FallbackEvaluator, PoolLimits, QueryLimits
from emkg.rdf import IRI, parse_text
from emkg.vocabulary import SD

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI
    from httpx import Response

LABEL = 'SELECT ?s { ?s <http://www.w3.org/2000/01/rdf-schema#label> "霾"@zh }'
HAZE = "https://w3id.org/emkg/code/event/haze"
CONSTRUCT = "CONSTRUCT { ?s a <http://e/T> } WHERE { ?s a <https://w3id.org/emkg/ontology#EventType> }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}


def subject(response: Response) -> str:
    assert response.status_code == 200, response.text
    return str(response.json()["results"]["bindings"][0]["s"]["value"])


def test_a_query_is_answered_by_get_by_form_and_directly(client: httpx.Client) -> None:
    by_get = client.get("/sparql", params={"query": LABEL})
    by_form = client.post("/sparql", data={"query": LABEL})
    directly = client.post("/sparql", content=LABEL.encode(), headers=QUERY)

    assert {subject(by_get), subject(by_form), subject(directly)} == {HAZE}
    assert by_get.headers["EMKG-Generation"] == "1"


@pytest.mark.parametrize(
    ("accept", "media_type", "start"),
    [
        (None, "application/sparql-results+json", '{"head"'),
        ("*/*", "application/sparql-results+json", '{"head"'),
        ("application/json", "application/json", '{"head"'),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        ("text/html, application/xml;q=0.9, */*;q=0.1", "application/xml", "<?xml"),
        ("text/csv", "text/csv; charset=utf-8", "s\r\n"),
        ("text/*;q=0.5, text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?s\n"),
        ("text/turtle, text/csv;q=0.2, application/json;q=0", "text/csv; charset=utf-8", "s\r\n"),
    ],
)
def test_solutions_come_in_the_format_asked_for(
    client: httpx.Client, accept: str | None, media_type: str, start: str
) -> None:
    response = client.get("/sparql", params={"query": LABEL}, headers={"Accept": accept or ""})

    assert response.headers["content-type"] == media_type
    assert response.text.startswith(start)
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "media_type", "name"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "ntriples"),
        ("text/plain", "text/plain; charset=utf-8", "ntriples"),
        ("application/rdf+xml", "application/rdf+xml", "rdfxml"),
        ("application/ld+json", "application/ld+json", "jsonld"),
        ("application/json;q=0.2, application/rdf+xml;q=0.1", "application/rdf+xml", "rdfxml"),
    ],
)
def test_graphs_come_in_the_format_asked_for(
    client: httpx.Client, accept: str, media_type: str, name: str
) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": accept})

    assert response.headers["content-type"] == media_type
    assert [quad.subject for quad in parse_text(response.text, name)] == [IRI(HAZE)]


def test_a_boolean_is_answered(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"})

    assert response.json()["boolean"] is True


@pytest.mark.parametrize(
    ("query", "accept"), [(LABEL, "text/turtle"), (CONSTRUCT, "text/csv"), (LABEL, "x/y;q=z")]
)
def test_a_format_that_cannot_be_given_is_refused_with_those_that_can(
    client: httpx.Client, query: str, accept: str
) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})

    assert response.status_code == 406
    assert "gives" in response.json()["detail"]


def test_the_dataset_of_the_request_narrows_what_is_seen(client: httpx.Client) -> None:
    ask = "ASK { ?s ?p ?o }"
    there = {"query": ask, "default-graph-uri": "https://w3id.org/emkg/graph/test"}
    elsewhere = {"query": ask, "named-graph-uri": "https://w3id.org/emkg/graph/test"}

    assert client.get("/sparql", params=there).json()["boolean"] is True
    assert client.post("/sparql", data=elsewhere).json()["boolean"] is False
    assert (
        client.post("/sparql", params=elsewhere | {"query": []}, content=ask, headers=QUERY).json()["boolean"]
        is False
    )


def test_without_a_query_the_service_describes_itself(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})

    quads = list(parse_text(response.text, "turtle"))
    endpoints = [quad.object for quad in quads if quad.predicate == IRI(SD + "endpoint")]
    assert endpoints == [IRI("http://testserver/sparql")]
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_runaway_query_ends_at_its_limit_and_the_next_is_answered_at_once(
    service: Service, client_of: Callable[[FastAPI], httpx.Client], runaway: str
) -> None:
    source = service.evaluator._source  # type: ignore[attr-defined]  # the statements, with a shorter limit
    evaluator = FallbackEvaluator(source, QueryLimits(timeout_s=1.0), PoolLimits(memory_bytes=512 << 20))
    client = client_of(create_app(replace(service, evaluator=evaluator)))

    started = time.monotonic()
    stopped = client.get("/sparql", params={"query": runaway})
    ended = time.monotonic()
    following = client.get("/sparql", params={"query": LABEL})
    answered = time.monotonic()
    evaluator.close()

    assert stopped.status_code == 504
    assert ended - started < 1.5
    assert subject(following) == HAZE
    assert answered - ended < 1.0

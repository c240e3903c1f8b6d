"""Every failure is a problem document, and every kind of problem has a page."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import Query

from emkg.api import Service, create_app
from emkg.api.problem import problem_types
from emkg.errors import EmkgError
from emkg.vocabulary import PROBLEM

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI
    from httpx import Response

QUERY = {"Content-Type": "application/sparql-query"}


def problem(response: Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert {"type", "title", "title_zh", "status", "detail", "detail_zh", "instance"} <= document.keys()
    assert document["status"] == response.status_code
    assert all(document[key] for key in ("title", "title_zh", "detail", "detail_zh", "instance"))
    return document


@pytest.mark.parametrize(
    ("request_line", "options", "status", "slug"),
    [
        ("GET /nowhere", {}, 404, "no-such-route"),
        ("DELETE /sparql", {}, 405, "method-not-allowed"),
        ("GET /sparql?query=SELECT", {}, 400, "bad-query"),
        ("GET /sparql?query=SELECT * { SERVICE <http://e/> {} }", {}, 400, "query-refused"),
        ("GET /sparql?query=ASK {}&query=ASK {}", {}, 400, "bad-input"),
        ("GET /sparql?query=SELECT * {?s ?p ?o}", {}, 413, "result-too-large"),
        ("GET /sparql?update=CLEAR ALL", {}, 400, "query-refused"),
        ("POST /sparql", {"data": {"update": "CLEAR ALL"}}, 400, "query-refused"),
        ("POST /sparql", {"data": {"other": "1"}}, 400, "bad-input"),
        ("POST /sparql", {"content": b"ASK {}", "headers": {"Content-Type": "application/sparql-update"}}, 400, "query-refused"),
        ("POST /sparql", {"content": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415, "unsupported-media-type"),
        ("POST /sparql", {"content": b"ASK {}"}, 415, "unsupported-media-type"),
        ("POST /sparql", {"content": b"\xff", "headers": QUERY}, 400, "bad-input"),
        ("POST /sparql", {"content": b"#" * 20_000, "headers": QUERY}, 413, "request-too-large"),
        ("GET /sparql", {"headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
        ("GET /api/questions/who-must-at", {}, 404, "unknown-question"),
        ("GET /api/who-must-act?event=nope", {}, 404, "not-found"),
        ("GET /api/who-must-act?event=a b", {}, 400, "bad-parameter"),
        ("GET /api/who-must-act?event=a&event=b", {}, 400, "bad-parameter"),
        ("GET /api/who-must-act?evnt=a", {}, 400, "bad-parameter"),
        ("GET /api/who-must-act?event_type=haze&as_of=tomorrow", {}, 400, "bad-parameter"),
        ("GET /api/coordination-form?body=c-eco", {}, 400, "bad-parameter"),
        ("GET /problems/nothing", {}, 404, "not-found"),
    ],
)  # fmt: skip
def test_every_failure_is_a_problem(
    client: httpx.Client, request_line: str, options: dict[str, Any], status: int, slug: str
) -> None:
    method, _, url = request_line.partition(" ")
    response = client.request(method, url, **options)

    document = problem(response)
    assert (document["status"], document["type"]) == (status, PROBLEM + slug)
    assert client.get(f"/problems/{slug}").status_code == 200


def test_a_syntax_error_says_where(client: httpx.Client) -> None:
    document = problem(client.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"}))

    assert document["location"] == {"file": "query", "line": 2, "column": 8}


def test_a_wrong_question_is_helped(client: httpx.Client) -> None:
    document = problem(client.get("/api/questions/who-must-at"))

    assert "did you mean who-must-act?" in document["detail"]
    assert "who-must-act" in document["detail_zh"]


def test_the_method_that_is_allowed_is_named(client: httpx.Client) -> None:
    response = client.request("PUT", "/api/questions")

    assert "GET" in response.headers["allow"]


def test_the_text_of_an_unexpected_failure_stays_in_the_log(
    service: Service, client_of: Callable[[FastAPI], httpx.Client], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> dict[str, bool]:
        raise RuntimeError("password=123")

    client = client_of(create_app(replace(service, readiness=fail)))
    with caplog.at_level(logging.ERROR, "emkg.api.problem"):
        response = client.get("/readyz")

    document = problem(response)
    assert (document["status"], document["type"]) == (500, PROBLEM + "unexpected")
    assert "password" not in response.text
    assert document["instance"].removeprefix("urn:uuid:") in caplog.text
    assert "password=123" in caplog.text


def test_a_request_that_the_web_layer_finds_malformed_is_a_problem(
    service: Service, client_of: Callable[[FastAPI], httpx.Client]
) -> None:
    app = create_app(service)

    @app.get("/numbers")
    async def numbers(number: int = Query()) -> int:
        return number

    document = problem(client_of(app).get("/numbers?number=x"))

    assert (document["status"], document["type"]) == (422, PROBLEM + "bad-request")
    assert "query.number" in document["detail"]


def test_every_error_class_has_a_page_in_both_languages(client: httpx.Client) -> None:
    def classes(of: type[EmkgError]) -> set[type[EmkgError]]:
        return {of}.union(*(classes(each) for each in of.__subclasses__()))

    assert {each.slug for each in classes(EmkgError)} <= {each.slug for each in problem_types()}
    listed = client.get("/problems").text
    for kind in problem_types():
        text = client.get(f"/problems/{kind.slug}").text
        assert kind.title_zh in text
        assert kind.meaning
        assert f"/problems/{kind.slug}" in listed

"""What a hostile client finds: limits that hold, and failures that say nothing of the inside."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from emkg.api import Service, create_app
from emkg.plan import FallbackEvaluator, PoolLimits, QueryLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from fastapi import FastAPI
    from httpx import Response

LIMIT_S = 1.2
SMALL = 'ASK { ?s <http://www.w3.org/2000/01/rdf-schema#label> "霾"@zh }'
PREFIX = "PREFIX e: <http://e/> "
PRODUCT = "?a e:n ?x . ?b e:n ?y . ?c e:n ?z"
RUNAWAYS = {
    "cartesian product": "SELECT (COUNT(*) AS ?n) { " + PRODUCT + " }",
    "any path": "SELECT (COUNT(*) AS ?n) { ?a (e:p|!e:p)* ?b . ?c (e:p|!e:p)* ?d . ?e (e:p|!e:p)* ?f }",
    "paths in a row": "SELECT (COUNT(*) AS ?n) { ?a e:p+/e:p+/e:p+ ?b . ?c e:p* ?d }",
    "order by": "SELECT ?x { " + PRODUCT + " } ORDER BY ?x ?y ?z LIMIT 1",
    "regex": "SELECT (COUNT(*) AS ?n) { " + PRODUCT + ' FILTER(REGEX(CONCAT(?x, ?y, ?z), "(a|b|ab)*c.*(x+x+)+y")) }',
    "group_concat": "SELECT (STRLEN(GROUP_CONCAT(?x)) AS ?n) { " + PRODUCT + " }",
    "distinct": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?x ?y ?z { " + PRODUCT + " } }",
    "nested optional": "SELECT (COUNT(*) AS ?n) { ?a e:n ?x OPTIONAL { ?b e:n ?y OPTIONAL { ?c e:n ?z OPTIONAL { ?d e:n ?w } } } }",
    "exists": "SELECT (COUNT(*) AS ?n) { ?a e:n ?x . ?b e:n ?y FILTER NOT EXISTS { ?c e:n ?z . ?d e:n ?w FILTER(?z = ?x && ?w = 'none') } }",
    "construct": "CONSTRUCT { ?a e:m ?x } WHERE { " + PRODUCT + " FILTER(CONCAT(?x, ?y, ?z) = 'none') }",
    "minus": "SELECT (COUNT(*) AS ?n) { " + PRODUCT + " MINUS { ?a e:n ?u . ?d e:n ?w FILTER(?w != ?u) } }",
}  # fmt: skip
BOMBS = {
    "a string that doubles": "SELECT (STRLEN(?l) AS ?n) { BIND('0123456789' AS ?a) "
    + " ".join(f"BIND(CONCAT(?{one},?{one},?{one},?{one},?{one},?{one},?{one},?{one}) AS ?{other})" for one, other in zip("abcdefghijk", "bcdefghijkl", strict=True))
    + " }",
    "many groups": "SELECT ?k (SAMPLE(?x) AS ?n) { " + PRODUCT + " } GROUP BY (CONCAT(?x, ?y, ?z) AS ?k)",
}  # fmt: skip


@pytest.fixture
def limited_to(
    service: Service, statements: Any, client_of: Callable[[FastAPI], httpx.Client]
) -> Iterator[Callable[[float], httpx.Client]]:
    """A client of a service with small limits, over a few hundred densely linked things beside the usual ones."""
    text = "".join(
        f"<http://e/{i}> <http://e/n> 'value {i}' ; <http://e/p> <http://e/{i * 7 % 400}> , <http://e/{i * 3 % 400}> .\n"
        for i in range(400)
    )
    evaluators = []

    def make(timeout_s: float) -> httpx.Client:
        evaluator = FallbackEvaluator(
            statements.with_turtle(text),
            QueryLimits(timeout_s=timeout_s, max_rows=1000, max_bytes=1 << 16),
            PoolLimits(workers=2, memory_bytes=512 << 20, waiting=8),
        )
        evaluators.append(evaluator)
        return client_of(create_app(replace(service, evaluator=evaluator, max_request_bytes=100_000)))

    yield make
    for evaluator in evaluators:
        evaluator.close()


@pytest.fixture
def limited(limited_to: Callable[[float], httpx.Client]) -> httpx.Client:
    return limited_to(LIMIT_S)


def ask(client: httpx.Client, text: str) -> Response:
    return client.post("/sparql", content=text.encode(), headers={"Content-Type": "application/sparql-query"})


def is_answered(client: httpx.Client) -> bool:
    response = ask(client, SMALL)
    return response.status_code == 200 and response.json()["boolean"] is True


def is_problem(response: Response) -> bool:
    """A problem document in both languages that says nothing of paths, code or the ledger's SQL."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    document = response.json()
    assert all(document[key] for key in ("title", "title_zh", "detail", "detail_zh", "instance"))
    assert not any(
        word in response.text for word in ("Traceback", ".py", "site-packages", "/home", "FROM quad")
    )
    return bool(document["status"] == response.status_code)


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_query_of_any_kind_ends_at_its_limit(limited: httpx.Client, name: str) -> None:
    started = time.monotonic()
    stopped = ask(limited, PREFIX + RUNAWAYS[name])
    ended = time.monotonic()
    following = is_answered(limited)
    answered = time.monotonic()

    assert stopped.status_code in {503, 504}, stopped.text
    assert is_problem(stopped)
    assert ended - started < LIMIT_S + 0.5
    assert following
    assert answered - ended < LIMIT_S


def test_a_query_that_nests_too_deep_is_refused_where_it_does(limited: httpx.Client) -> None:
    refused = ask(limited, "SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}")

    assert refused.status_code == 400, refused.text
    assert is_problem(refused)
    assert refused.json()["location"] == {"file": "query", "line": 1, "column": 110}
    assert is_answered(limited)


@pytest.mark.parametrize("name", BOMBS)
def test_a_query_that_eats_memory_is_stopped(limited_to: Callable[[float], httpx.Client], name: str) -> None:
    limited = limited_to(5.0)
    stopped = ask(limited, PREFIX + BOMBS[name])

    assert stopped.status_code in {503, 504}, stopped.text
    assert is_problem(stopped)
    assert is_answered(limited)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?a e:n ?x . ?b e:n ?y }",
        "CONSTRUCT { ?a e:m ?y } { ?a e:n ?x . ?b e:n ?y }",
        "SELECT (CONCAT(?l, ?l, ?l, ?l) AS ?m) { { SELECT (GROUP_CONCAT(?x) AS ?l) { ?a e:n ?x . ?b e:p ?y } } }",
    ],
)
def test_a_result_that_is_too_large_is_refused(
    limited_to: Callable[[float], httpx.Client], text: str
) -> None:
    limited = limited_to(20.0)
    response = ask(limited, PREFIX + text)

    assert response.status_code == 413
    assert is_problem(response)
    assert is_answered(limited)


def test_many_clients_are_answered_or_turned_away(limited: httpx.Client) -> None:
    texts = [SMALL if number % 4 else PREFIX + RUNAWAYS["cartesian product"] for number in range(40)]
    with ThreadPoolExecutor(40) as threads:
        responses = list(threads.map(lambda text: ask(limited, text), texts))

    assert {response.status_code for response in responses} <= {200, 503, 504}
    assert any(response.status_code == 503 for response in responses)
    assert all(is_problem(response) for response in responses if response.status_code != 200)
    assert all(response.headers["retry-after"] for response in responses if response.status_code == 503)
    assert is_answered(limited)


def test_a_text_that_is_slow_to_read_does_not_hold_the_service(limited: httpx.Client) -> None:
    for unit in ("a.", '"\\', "{", "("):
        started = time.monotonic()
        response = ask(limited, "SELECT * { " + unit * (90_000 // len(unit)))

        assert is_problem(response)
        assert time.monotonic() - started < 5.0  # it was minutes when reading took quadratic time


@pytest.mark.parametrize(
    ("request_line", "options", "status"),
    [
        ("GET /sparql?query=%zz", {}, 400),
        ("GET /sparql?query=ASK%20{}%ff", {}, 400),
        ("GET /sparql?query=ASK{}&default-graph-uri=graph", {}, 400),
        ("GET /sparql?query=ASK{}&named-graph-uri=http://%25zz", {}, 400),
        ("GET /sparql?query=SELECT (<http://e/f>(1) AS ?x) {}", {}, 400),
        ("GET /sparql?query=" + "a" * 20_000, {}, 413),
        ("GET /sparql?query=ASK{}", {"headers": {"Accept": "application/sparql-results+json;q=0"}}, 406),
        ("GET /sparql?query=ASK{}", {"headers": {"Accept": "*/*;q=0"}}, 406),
        ("GET /sparql?query=ASK{}", {"headers": {"Accept": "rubbish;q=much"}}, 406),
        ("GET /sparql", {"headers": {"Host": "<e>"}}, 400),
        ("POST /sparql", {"content": b"query=%ff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 400),
        ("POST /sparql", {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 415),
        ("OPTIONS /sparql", {}, 405),
        ("GET /api/who-must-act?event=%00", {}, 400),
        ("GET /api/who-must-act?event_type=http://[x", {}, 400),
        ("GET /api/who-must-act?event=%ff", {}, 400),
        ("GET /api/coordination-form?body=,,", {}, 400),
        ("GET /api/questions/..%2f..%2fetc%2fpasswd", {}, 404),
        ("GET /problems/<script>", {}, 404),
    ],
)  # fmt: skip
def test_a_malformed_request_is_a_problem(
    client: httpx.Client, request_line: str, options: dict[str, Any], status: int
) -> None:
    method, _, url = request_line.partition(" ")
    response = client.request(method, url, **options)

    assert response.status_code == status, response.text
    assert is_problem(response)


def test_a_parameter_that_is_no_iri_is_called_so(client: httpx.Client) -> None:
    document = client.get("/api/who-must-act?event_type=http://[x").json()

    assert document["type"].endswith("/bad-parameter")
    assert "event_type" in document["detail"]


def test_every_method_of_an_address_is_named(client: httpx.Client) -> None:
    assert client.request("OPTIONS", "/sparql").headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "url", ["/sparql?query=ASK{}", "/api/who-must-act?event=e1", "/docs", "/healthz", "/nowhere"]
)
def test_head_is_get_without_its_body(client: httpx.Client, url: str) -> None:
    head, get = client.request("HEAD", url), client.get(url)

    assert head.content == b""
    assert head.status_code == get.status_code
    assert dict(head.headers) == dict(get.headers)


def test_other_sites_scripts_are_not_let_in_and_headers_are_not_made_of_input(client: httpx.Client) -> None:
    response = client.get(
        "/sparql?query=ASK{}%0d%0aSet-Cookie:%20a=b",
        headers={"Origin": "http://evil", "Accept": "text/csv, a\tb"},
    )

    names = {name.lower() for name in response.headers}
    assert not any(name.startswith("access-control-") or name == "set-cookie" for name in names)


def test_relative_iris_are_those_of_emkg(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT ?type { <id/event/e1> a ?type }"})

    found = [row["type"]["value"] for row in response.json()["results"]["bindings"]]
    assert found == ["https://w3id.org/emkg/ontology#Event"]

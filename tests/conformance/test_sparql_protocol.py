"""The SPARQL 1.1 Protocol and Service Description suites: each request of the manifest, sent to the service."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyarrow as pa
import pytest

from emkg.api import Service, create_app
from emkg.ledger import Activity, Ledger
from emkg.plan import FallbackEvaluator, PoolLimits
from emkg.rdf import IRI, Literal, Term, parse_file, parse_text
from emkg.rdf.relation import STATEMENTS_SCHEMA
from emkg.vocabulary import RDF, RDF_TYPE, SD

if TYPE_CHECKING:
    from collections.abc import Iterator

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
DATA = "http://kasei.us/2009/09/sparql/data/"
# The cases that update; they are refused today.
UPDATES = (
    "update_base_uri",
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_full",
    "update_dataset_named_graphs",
    "update_post_direct",
    "update_post_form",
)
# Cases that are not passed, each with its reason.
KNOWN: dict[str, str] = {}
FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples"),
}


@dataclass(frozen=True)
class Exchange:
    """A request, and what its answer must be."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    format: str
    boolean: str


Values = dict[tuple[Term, str], list[Term]]


def _folder() -> Path:
    named = os.environ.get("SHARED_DIR")
    shared = Path(named) if named else Path(__file__).resolve().parents[3] / "shared"
    return shared.resolve() / "suites" / "sparql11" / "protocol"


def _values() -> Values:
    values: Values = {}
    for quad in parse_file(_folder() / "manifest.ttl", base="http://suite/manifest"):
        values.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)
    return values


def _text(values: Values, subject: Term, predicate: str) -> str:
    found = values.get((subject, predicate), [Literal("")])[0]
    assert isinstance(found, Literal)
    return found.value


def _items(values: Values, head: Term) -> Iterator[Term]:
    while head != IRI(RDF + "nil"):
        yield values[head, RDF + "first"][0]
        head = values[head, RDF + "rest"][0]


def _exchange(values: Values, request: Term) -> Exchange:
    headers = {
        _text(values, header, HT + "fieldName"): _text(values, header, HT + "fieldValue")
        for header in _items(values, values.get((request, HT + "headers"), [IRI(RDF + "nil")])[0])
    }
    body = values.get((request, HT + "body"), [request])[0]
    answer = values[request, HT + "resp"][0]
    return Exchange(
        method=_text(values, request, HT + "methodName"),
        path=_text(values, request, HT + "absolutePath").replace("/sparql/", "/sparql", 1),
        headers=headers,
        body=_text(values, body, CNT + "chars").encode(
            _text(values, body, CNT + "characterEncoding") or "utf-8"
        ),
        statuses=tuple(str(status).rstrip(">")[-3] for status in values[answer, MF + "expectedStatus"]),
        format=_text(values, answer, MF + "expectedFormat"),
        boolean=_text(values, answer, MF + "expectedBoolean"),
    )


def _cases() -> dict[str, list[Exchange]]:
    if not _folder().is_dir():
        return {}
    values = _values()
    entries = [
        subject
        for (subject, predicate), kinds in values.items()
        if predicate == RDF_TYPE and IRI(MF + "ProtocolTest") in kinds
    ]
    return {
        str(entry).rpartition("#")[2].removesuffix(">"): [
            _exchange(values, request)
            for request in _items(values, values[values[entry, MF + "action"][0], HT + "requests"][0])
        ]
        for entry in entries
    }


def _parameters() -> list[object]:
    return [
        pytest.param(
            name,
            exchanges,
            id=name,
            marks=[pytest.mark.xfail(reason=KNOWN[name], strict=True)] if name in KNOWN else [],
        )
        for name, exchanges in _cases().items()
    ] or [pytest.param("", [], id="suite-absent")]


@pytest.fixture(scope="module")
def service(shared_dir: Path) -> Iterator[Service]:
    """A service over a ledger with the three graphs that the manifest's requests name."""
    assert shared_dir.is_dir()
    graphs = {}
    for name in ("data1", "data2", "data3"):
        rows = [
            (str(quad.subject), str(quad.predicate), str(quad.object), None)
            for quad in parse_file(_folder() / f"{name}.nt")
        ]
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        graphs[f"{DATA}{name}.rdf"] = pa.table(columns, schema=STATEMENTS_SCHEMA)
    with Ledger.open(None) as ledger:
        with ledger.stage(graphs) as staged:
            staged.commit(Activity("suite"))
        evaluator = FallbackEvaluator(ledger, pool=PoolLimits(memory_bytes=512 << 20))
        yield Service(evaluator)
        evaluator.close()


def _send(service: Service, exchange: Exchange) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(service), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://www.example") as client:
            return await client.request(
                exchange.method, exchange.path, headers=exchange.headers, content=exchange.body or None
            )

    return asyncio.run(send())


@pytest.mark.shared
@pytest.mark.parametrize(("name", "exchanges"), _parameters())
def test_a_request_of_the_protocols_manifest(name: str, exchanges: list[Exchange], service: Service) -> None:
    assert exchanges, "the shared data holds no suites/sparql11/protocol"
    if name in UPDATES:
        refused = _send(service, exchanges[0])
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (400, "query-refused")
        return
    for exchange in exchanges:
        response = _send(service, exchange)
        assert str(response.status_code)[0] in {status[0] for status in exchange.statuses}, response.text
        if exchange.format:
            assert response.headers["content-type"].partition(";")[0] in FORMATS[exchange.format]
        if exchange.boolean:
            assert response.json()["boolean"] is (exchange.boolean == "true")


@pytest.mark.shared
def test_the_service_description_conforms(service: Service) -> None:
    """has-endpoint-triple, returns-rdf, conforms-to-schema: one service, its endpoint, terms of the vocabulary."""
    response = _send(service, Exchange("GET", "/sparql", {"accept": "text/turtle"}, b"", (), "RDF", ""))

    quads = list(parse_text(response.text, "turtle"))
    services = [quad.subject for quad in quads if quad.object == IRI(SD + "Service")]
    assert response.headers["content-type"].partition(";")[0] in FORMATS["RDF"]
    assert [
        quad.object
        for quad in quads
        if quad.subject == services[0] and quad.predicate.value == SD + "endpoint"
    ] == [IRI("http://www.example/sparql")]
    assert {quad.predicate.value for quad in quads} <= {
        RDF_TYPE,
        *(
            SD + name
            for name in (
                "endpoint",
                "supportedLanguage",
                "feature",
                "resultFormat",
                "defaultDataset",
                "defaultGraph",
            )
        ),
    }


@pytest.mark.shared
def test_the_cases_that_update_are_those_of_the_manifest(shared_dir: Path) -> None:
    assert shared_dir.is_dir()
    assert {name for name in _cases() if name.startswith("update_")} == set(UPDATES)

"""The endpoint's description of itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.plan import ResultFormat
from emkg.rdf import IRI, BlankNode, Quad, serialise
from emkg.vocabulary import FORMATS, RDF_TYPE, SD

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMATS: Final[dict[ResultFormat, str]] = {
    ResultFormat.JSON: "SPARQL_Results_JSON",
    ResultFormat.XML: "SPARQL_Results_XML",
    ResultFormat.CSV: "SPARQL_Results_CSV",
    ResultFormat.TSV: "SPARQL_Results_TSV",
    ResultFormat.TURTLE: "Turtle",
    ResultFormat.N_TRIPLES: "N-Triples",
    ResultFormat.RDF_XML: "RDF_XML",
    ResultFormat.JSON_LD: "JSON-LD",
}


def describe_service(endpoint: str, media_format: ResultFormat) -> bytes:
    """The description of the endpoint at this address, in one of the graph formats."""
    prefixes = {"sd": SD, "formats": FORMATS}
    return "".join(serialise(_statements(endpoint), media_format.value, prefixes)).encode()


def _statements(endpoint: str) -> Iterator[Quad]:
    service, dataset, graph = BlankNode("service"), BlankNode("dataset"), BlankNode("graph")
    yield Quad(service, IRI(RDF_TYPE), IRI(SD + "Service"))
    yield Quad(service, IRI(SD + "endpoint"), IRI(endpoint))
    yield Quad(service, IRI(SD + "supportedLanguage"), IRI(SD + "SPARQL11Query"))
    yield Quad(service, IRI(SD + "feature"), IRI(SD + "UnionDefaultGraph"))
    for name in _FORMATS.values():
        yield Quad(service, IRI(SD + "resultFormat"), IRI(FORMATS + name))
    yield Quad(service, IRI(SD + "defaultDataset"), dataset)
    yield Quad(dataset, IRI(RDF_TYPE), IRI(SD + "Dataset"))
    yield Quad(dataset, IRI(SD + "defaultGraph"), graph)
    yield Quad(graph, IRI(RDF_TYPE), IRI(SD + "Graph"))

"""Result formats, results, and solutions as terms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from emkg.errors import ResultTooLargeError
from emkg.rdf import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal, Term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.plan.sparql_outline import QueryKind

Solution: TypeAlias = dict[str, Term]


class ResultFormat(Enum):
    """The media types a result can have; those of graphs are for CONSTRUCT and DESCRIBE."""

    JSON = "application/sparql-results+json"
    XML = "application/sparql-results+xml"
    CSV = "text/csv"
    TSV = "text/tab-separated-values"
    TURTLE = "text/turtle"
    N_TRIPLES = "application/n-triples"
    RDF_XML = "application/rdf+xml"
    JSON_LD = "application/ld+json"

    @property
    def is_graph(self) -> bool:
        """Whether this format writes a graph rather than solutions or a boolean."""
        return self in GRAPH_FORMATS


GRAPH_FORMATS: Final = (
    ResultFormat.TURTLE,
    ResultFormat.N_TRIPLES,
    ResultFormat.RDF_XML,
    ResultFormat.JSON_LD,
)
SOLUTION_FORMATS: Final = (ResultFormat.JSON, ResultFormat.XML, ResultFormat.CSV, ResultFormat.TSV)


def formats_of(kind: QueryKind) -> tuple[ResultFormat, ...]:
    """The formats that a query form's result can have, the usual one first."""
    return GRAPH_FORMATS if kind.gives_graph else SOLUTION_FORMATS


def too_large() -> ResultTooLargeError:
    """What is raised where an answer has more rows or bytes than its limits allow."""
    return ResultTooLargeError(
        "the result is larger than an answer may be; ask with LIMIT and OFFSET",
        message_zh="结果超出大小上限；请使用 LIMIT 与 OFFSET 分批查询",
    )


@dataclass(frozen=True)
class QueryResult:
    """A serialised result.

    Attributes:
        content: The bytes.
        format: What they are.
        kind: The query form that gave them.
        rows: Solutions or triples in them; 1 for a boolean.
        generation: The ledger's generation they were computed on.
    """

    content: bytes
    format: ResultFormat
    kind: QueryKind
    rows: int
    generation: int


@dataclass(frozen=True)
class Solutions:
    """Solutions of a SELECT query: the projected variables, and per solution the bound ones."""

    variables: tuple[str, ...]
    rows: tuple[Solution, ...]
    generation: int


def parse_solutions(result: QueryResult) -> Solutions:
    """Read solutions from SPARQL 1.1 Query Results JSON."""
    document = json.loads(result.content)
    rows = tuple(
        {name: _term(value) for name, value in binding.items()} for binding in document["results"]["bindings"]
    )
    return Solutions(tuple(document["head"]["vars"]), rows, result.generation)


def _term(value: Mapping[str, str]) -> Term:
    match value["type"]:
        case "uri":
            return IRI(value["value"])
        case "bnode":
            return BlankNode(value["value"])
        case "literal" | "typed-literal":
            language = value.get("xml:lang", "")
            datatype = RDF_LANG_STRING if language else value.get("datatype", XSD_STRING)
            return Literal(value["value"], datatype, language)
        case unknown:
            raise ValueError(f"unknown kind of term in a result: {unknown}")

"""What the routes are given: already wired objects; nothing here is made by the web layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from emkg.api.ontology_reference import Reference
from emkg.ontology import Ontology
from emkg.query import AskContext, Evaluator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emkg.plan import Dataset, QueryLimits, QueryResult, ResultFormat


class SparqlEvaluator(Evaluator, Protocol):
    """What answers SPARQL and the steps of named questions; the fallback evaluator is one."""

    def query(
        self,
        text: str,
        *,
        result_format: ResultFormat | None = None,
        limits: QueryLimits | None = None,
        dataset: Dataset | None = None,
        as_of: int | None = None,
    ) -> QueryResult:
        """The serialised result of a query."""
        ...


def _nothing_to_check() -> Mapping[str, bool]:
    return {}


def _nothing_to_close() -> None:
    return None


def _no_ontology() -> Reference:
    return Reference(Ontology((), {}))


@dataclass(frozen=True)
class Service:
    """What `create_app` serves.

    Attributes:
        evaluator: Answers SPARQL, within its own limits.
        context: The city's defaults for named questions.
        readiness: What must hold before requests are sent here, and whether it does: name -> holds.
        close: Called once when the application shuts down.
        city_zh: The city's name in Chinese.
        city_en: The city's name in English.
        is_generated: Whether the data was generated for demonstration; said on every page.
        reference: The ontology, as its pages look it up.
        max_request_bytes: Bytes a request body may have (413).
    """

    evaluator: SparqlEvaluator
    context: AskContext = field(default_factory=AskContext)
    readiness: Callable[[], Mapping[str, bool]] = _nothing_to_check
    close: Callable[[], None] = _nothing_to_close
    city_zh: str = ""
    city_en: str = ""
    is_generated: bool = False
    reference: Reference = field(default_factory=_no_ontology)
    max_request_bytes: int = 1 << 20

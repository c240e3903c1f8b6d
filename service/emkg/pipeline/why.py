"""`emkg why`: a statement followed down, through rules and facts, to mapping lines and source cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import EmkgError, ParameterError
from emkg.mapping import SourceCell, locate, parse_mapping
from emkg.pipeline.document import Documents
from emkg.rdf import IRI, Literal, Term, Triple, parse_term
from emkg.reasoning import explain
from emkg.vocabulary import RDFS_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from emkg.errors import Location
    from emkg.ledger import Ledger
    from emkg.pipeline.dataset import Dataset
    from emkg.reasoning import Explanation, Rule


@dataclass(frozen=True)
class WhyInputs:
    """What an answer is looked up in.

    Attributes:
        ledger: The statements.
        rules: Every rule that the inferred graphs were made with.
        datasets: What was ingested; a dataset's graph leads to its mapping.
        base: The base of relative IRIs, as in the ingest.
        data_root: The folder that `data:` in a mapping means, as in the ingest.
    """

    ledger: Ledger
    rules: Sequence[Rule]
    datasets: Sequence[Dataset] = ()
    base: str = ""
    data_root: Path | None = None


@dataclass(frozen=True)
class FactSource:
    """Where an asserted statement comes from.

    Attributes:
        graph: The named graph that holds it.
        dataset: The dataset that wrote the graph; empty where that is not known.
        cells: The source cells that its mapping makes it of.
        places: The places in RDF documents that state it, where a dataset is taken as it is.
        note: Why there is neither cell nor place, where a source could not be read; empty otherwise.
    """

    graph: str
    dataset: str = ""
    cells: tuple[SourceCell, ...] = ()
    places: tuple[Location, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class WhyAnswer:
    """An explanation, the sources of the facts it rests on, and labels of the things it names."""

    explanation: Explanation
    sources: Mapping[Triple, tuple[FactSource, ...]]
    labels: Mapping[Term, Mapping[str, str]]

    def sources_of(self, fact: Explanation) -> tuple[FactSource, ...]:
        """The sources of an asserted statement; its graphs at least."""
        return self.sources.get(fact.statement, ()) or tuple(FactSource(graph) for graph in fact.graphs)


def why(subject: Term, predicate: Term, value: Term, inputs: WhyInputs) -> WhyAnswer:
    """Why a statement holds: the rule, its facts with their graphs, and each fact's mapping line and cell.

    Raises:
        ParameterError: The terms are no statement: a literal as subject, no IRI as predicate.
        StatementNotFoundError: It is neither asserted nor inferred.
    """
    explanation = explain(_statement(subject, predicate, value), inputs.rules, inputs.ledger)
    facts = {fact.statement: fact.graphs for fact in explanation.facts()}
    found = _Tracer(inputs, facts).sources()
    sources = {
        statement: tuple(found[statement, graph] for graph in graphs) for statement, graphs in facts.items()
    }
    return WhyAnswer(explanation, sources, _labels(inputs.ledger, set(_named(explanation))))


def _statement(subject: Term, predicate: Term, value: Term) -> Triple:
    if isinstance(subject, Literal) or not isinstance(predicate, IRI):
        raise ParameterError(
            f"{subject} {predicate} {value} is no statement: a subject is no literal, and a predicate is an IRI",
            message_zh=f"{subject} {predicate} {value} 不是陈述：主语不能是字面量，谓语必须是 IRI",
        )
    return Triple(subject, predicate, value)


class _Tracer:
    """Finds the sources of facts, graph by graph: a mapping's sources are read once for all of its facts."""

    def __init__(self, inputs: WhyInputs, facts: Mapping[Triple, Sequence[str]]) -> None:
        self._inputs = inputs
        self._datasets = {dataset.graph: dataset for dataset in inputs.datasets}
        self._documents = Documents()
        self._by_graph: dict[str, list[Triple]] = {}
        for statement, graphs in facts.items():
            for graph in graphs:
                self._by_graph.setdefault(graph, []).append(statement)

    def sources(self) -> dict[tuple[Triple, str], FactSource]:
        """The source of each statement in each of its graphs."""
        return {
            (statement, graph): source
            for graph, statements in self._by_graph.items()
            for statement, source in self._of_graph(graph, statements)
        }

    def _of_graph(self, graph: str, statements: Sequence[Triple]) -> Iterator[tuple[Triple, FactSource]]:
        dataset = self._datasets.get(graph)
        if dataset is None:
            yield from ((one, FactSource(graph)) for one in statements)
        elif dataset.mapping is None:
            for one in statements:
                places = self._documents.places(dataset.rdf_files, one)
                yield one, FactSource(graph, dataset.name, places=places)
        else:
            yield from self._mapped(graph, dataset, dataset.mapping, statements)

    def _mapped(
        self, graph: str, dataset: Dataset, path: Path, statements: Sequence[Triple]
    ) -> Iterator[tuple[Triple, FactSource]]:
        try:
            mapping = parse_mapping(path, data_root=self._inputs.data_root)
            cells = locate(statements, [mapping], base=self._inputs.base, dataset=dataset.name)
        except EmkgError as error:  # a source that is gone since must not hide the rest of the answer
            yield from ((one, FactSource(graph, dataset.name, note=str(error))) for one in statements)
            return
        yield from ((one, FactSource(graph, dataset.name, cells[one])) for one in statements)


def _named(explanation: Explanation) -> Iterator[IRI]:
    statement = explanation.statement
    for term in (statement.subject, statement.predicate, statement.object):
        if isinstance(term, IRI):
            yield term
    for premise in explanation.premises:
        yield from _named(premise)


def _labels(ledger: Ledger, terms: set[IRI]) -> dict[Term, dict[str, str]]:
    labels: dict[Term, dict[str, str]] = {}
    texts = {str(term): term for term in terms}
    for batch in ledger.statements(predicates=[RDFS_LABEL]):
        for row in batch.to_pylist():
            value = parse_term(row["o"]) if row["s"] in texts else None
            if isinstance(value, Literal):
                labels.setdefault(texts[row["s"]], {}).setdefault(value.language, value.value)
    return labels

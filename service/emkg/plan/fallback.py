"""The fallback evaluator: SPARQL 1.1 by pyoxigraph in a child process that can be killed.

The ledger is the only truth. For every query the predicates and graphs it can touch are copied from the
ledger's current generation into an in-memory store of a child process; a process stays warm for the next
query that touches no more than it holds.

What holds:

* `timeout_s` covers everything: waiting for a process, filling it, evaluating, serialising. At the limit the
  process is killed (QueryTimeoutError); the next query gets a fresh one.
* `memory_bytes` is the address space of a process (MemoryLimitError).
* `max_rows` and `max_bytes` bound the serialised result (ResultTooLargeError).
* Updates and SERVICE are refused before anything runs; the child can open no socket in any case.

The default graph is the union, as a set, of all graphs, unless the query says FROM or FROM NAMED or the
protocol names a dataset; its default graph is then the union, as a set, of the graphs named. Numbers come back in the evaluator's canonical form (`007` as `7`) and language tags
in lower case; the ledger keeps them as written.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from emkg.plan.deadline import Deadline
from emkg.plan.fallback_pool import Filling, PoolLimits, WorkerPool
from emkg.plan.sparql_bindings import bind_values
from emkg.plan.sparql_outline import Dataset, QueryKind, QueryOutline, outline
from emkg.plan.sparql_results import QueryResult, ResultFormat, Solutions, formats_of, parse_solutions
from emkg.plan.text_column import all_text, joined
from emkg.plan.touch import Touched
from emkg.rdf import IRI
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from emkg.plan.fallback_process import WorkerProcess
    from emkg.rdf import Term

_LINE_END: Final = ".\n"


class StatementSource(Protocol):
    """Where statements come from: the ledger, or anything like it."""

    @property
    def generation(self) -> int:
        """The current generation."""
        ...

    def statements(
        self,
        *,
        graphs: Sequence[str] | None = None,
        predicates: Sequence[str] | None = None,
        as_of: int | None = None,
    ) -> pa.RecordBatchReader:
        """Columns s, p, o, g in N-Triples form; graphs and predicates are IRIs, None for all of them."""
        ...


@dataclass(frozen=True)
class QueryLimits:
    """Limits of one query; each is enforced."""

    timeout_s: float = 30.0
    max_rows: int = 100_000
    max_bytes: int = 64 << 20


@dataclass(frozen=True)
class _Request:
    """How a query is to be evaluated."""

    limits: QueryLimits
    result_format: ResultFormat | None = None
    dataset: Dataset | None = None
    as_of: int | None = None
    beside: tuple[str, ...] = ()
    deadline: Deadline | None = None


class FallbackEvaluator:
    """Evaluates queries over a statement source; thread-safe. Close it to end its processes."""

    def __init__(
        self,
        source: StatementSource,
        limits: QueryLimits | None = None,
        pool: PoolLimits | None = None,
    ) -> None:
        self._source = source
        self._limits = limits or QueryLimits()
        self._pool = WorkerPool(pool or PoolLimits())
        self._visible: frozenset[str] | None = None

    @property
    def generation(self) -> int:
        """The generation that the next query is answered on, unless it asks for another."""
        return self._source.generation

    def seeing(self, graphs: frozenset[str]) -> FallbackEvaluator:
        """This evaluator for a reader who may see these graphs (IRIs) and no other; it shares the processes with this one."""
        narrowed = copy(self)
        narrowed._visible = graphs  # noqa: SLF001 - its own copy
        return narrowed

    def close(self) -> None:
        """End all processes."""
        self._pool.close()

    def query(  # noqa: PLR0913 - what Evaluator.query takes, and the deadline it has set
        self,
        text: str,
        *,
        result_format: ResultFormat | None = None,
        limits: QueryLimits | None = None,
        dataset: Dataset | None = None,
        as_of: int | None = None,
        deadline: Deadline | None = None,
    ) -> QueryResult:
        """Evaluate a query and serialise its result.

        Args:
            text: SPARQL 1.1.
            result_format: One of `formats_of` the query's form; the first of them by default.
            limits: Limits of this query; the evaluator's own by default.
            dataset: The dataset that the request names, if it does; it overrides FROM in the text.
            as_of: A generation of the ledger; the current one by default.
            deadline: When the answer is due, if part of `timeout_s` was spent already.

        Raises:
            QuerySyntaxError: It does not parse; located by line and column.
            QueryRefusedError: An update, SERVICE, or a function that is not known.
            QueryTimeoutError: The time limit; the evaluation was stopped.
            MemoryLimitError: The memory limit.
            ResultTooLargeError: More rows or bytes than allowed.
            LimitError: Too many queries wait already.
            ValueError: The format does not suit the query's form.
        """
        return self._run(
            text, _Request(limits or self._limits, result_format, dataset, as_of, deadline=deadline)
        )

    def select(
        self,
        text: str,
        bindings: Mapping[str, Sequence[Term]] | None = None,
        *,
        limits: QueryLimits | None = None,
        as_of: int | None = None,
        beside: Sequence[str] = (),
    ) -> Solutions:
        """Evaluate a SELECT query whose VALUES blocks are filled with `bindings`.

        Args:
            text: SPARQL 1.1.
            bindings: Variable -> its terms; none stand for UNDEF.
            limits: Limits of this query; the evaluator's own by default.
            as_of: A generation of the ledger; the current one by default.
            beside: Queries that are likely to be asked too; the process is filled for all of them at once.

        Raises:
            ParameterError: A bound variable has no VALUES block, or a term cannot stand in one.
            ValueError: It is no SELECT query.
            EmkgError: As `query` does.
        """
        if outline(text).kind is not QueryKind.SELECT:
            raise ValueError("only SELECT queries have solutions")
        filled = bind_values(text, bindings or {})
        request = _Request(limits or self._limits, as_of=as_of, beside=tuple(beside))
        return parse_solutions(self._run(filled, request))

    def _run(self, text: str, request: _Request) -> QueryResult:
        deadline = request.deadline or Deadline.after(request.limits.timeout_s)
        seen = outline(text)
        media = request.result_format or formats_of(seen.kind)[0]
        if media not in formats_of(seen.kind):
            raise ValueError(f"{media.value} cannot hold the result of a {seen.kind.name} query")
        generation = self._source.generation if request.as_of is None else request.as_of
        dataset = _seen_by(self._visible, request.dataset or seen.dataset)
        filling = _filling(generation, [seen, *map(outline, request.beside)], dataset, self._visible)

        def fill(worker: WorkerProcess) -> None:
            worker.check(text, deadline)  # nothing is read for a query that does not parse
            worker.load(self._chunks(filling), deadline)

        with self._pool.worker(filling, fill, deadline) as worker:
            rows, content = worker.query(_wire(text, media, request, dataset), deadline)
        return QueryResult(content, media, seen.kind, rows, generation)

    def _chunks(self, filling: Filling) -> Iterator[memoryview]:
        reader = self._source.statements(
            graphs=_listed(filling.touched.graphs),
            predicates=_listed(filling.touched.predicates),
            as_of=filling.generation,
        )
        for batch in reader:
            yield from _n_quads(batch, filling)


def _seen_by(visible: frozenset[str] | None, dataset: Dataset | None) -> Dataset | None:
    """What a reader of some graphs sees of a dataset."""
    if dataset is None or visible is None:
        return dataset
    return Dataset(
        tuple(graph for graph in dataset.default_graphs if graph in visible),
        tuple(graph for graph in dataset.named_graphs if graph in visible),
    )


def _filling(
    generation: int,
    queries: Sequence[QueryOutline],
    dataset: Dataset | None,
    visible: frozenset[str] | None,
) -> Filling:
    touched = reduce(or_, (query.touched for query in queries))
    if dataset is not None:
        read = Touched(touched.predicates, dataset.graphs)
        merged = frozenset(dataset.default_graphs)
        return Filling(generation, read, bool(dataset.named_graphs), merged, visible)
    if visible is not None:
        graphs = visible if touched.graphs is None else visible & touched.graphs
        touched = Touched(touched.predicates, graphs)
    has_names = any(query.names_graphs for query in queries)
    return Filling(generation, touched, has_names, visible=visible)


def _wire(text: str, media: ResultFormat, request: _Request, dataset: Dataset | None) -> dict[str, object]:
    return {
        "text": text,
        "format": media.value,
        "max_rows": request.limits.max_rows,
        "max_bytes": request.limits.max_bytes,
        "named_graphs": dataset.named_graphs if dataset else None,
        "prefixes": PREFIXES,
    }


def _listed(iris: frozenset[str] | None) -> list[str] | None:
    return None if iris is None else sorted(iris)


def _n_quads(batch: pa.RecordBatch, filling: Filling) -> Iterator[memoryview]:
    """The batch as lines: without graph names (their union is a set then), and with them where they matter."""
    default = batch
    if filling.merged is not None:
        names = pa.array([str(IRI(graph)) for graph in filling.merged], pa.string())
        default = batch.filter(pc.is_in(batch.column("g"), names))
    yield all_text(joined([*(default.column(name) for name in ("s", "p", "o")), _LINE_END], " "))
    if filling.has_names:
        named = batch.filter(pc.is_valid(batch.column("g")))
        yield all_text(joined([*(named.column(name) for name in ("s", "p", "o", "g")), _LINE_END], " "))

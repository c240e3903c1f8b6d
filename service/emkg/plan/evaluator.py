"""SPARQL queries over a ledger: compiled to its SQL where that can be done, else evaluated by the fallback.

What holds:

* `timeout_s` covers everything: compiling, evaluating and writing the answer (QueryTimeoutError).
* Memory is the ledger's own limit (MemoryLimitError); the process lives on.
* `max_rows` bounds solutions or triples, `max_bytes` the serialised result (ResultTooLargeError).
* Updates and SERVICE are refused before anything runs.

The default graph is the merge of all graphs, unless the query says FROM or FROM NAMED or the request names a dataset.
Terms come back as they were written.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

import sqlglot

from emkg.plan.algebra_walk import MOST_PARTS, size_of
from emkg.plan.deadline import Deadline
from emkg.plan.fallback import QueryLimits
from emkg.plan.request import SelectQuery
from emkg.plan.solution_table import term_columns
from emkg.plan.solution_writer import write_boolean, write_solutions
from emkg.plan.sparql_bindings import bind_values
from emkg.plan.sparql_outline import Dataset, QueryKind, kind_of, read_query, too_long
from emkg.plan.sparql_results import QueryResult, ResultFormat, Solutions, formats_of, too_large
from emkg.plan.sql.context import Context
from emkg.plan.sql.estimate import informed
from emkg.plan.sql.not_compiled import NotCompiled
from emkg.plan.sql.query import Plan, compile_query
from emkg.plan.sql.source import Source, graph_ids
from emkg.rdf import IRI, Literal, Quad, serialise
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from emkg.ledger.statistics import Statistics
    from emkg.plan.fallback import FallbackEvaluator
    from emkg.plan.request import DatasetClause, Query
    from emkg.rdf import Term

_CACHED: Final = 500
_HAS_NOW: Final = re.compile(r"\bNOW\b", re.IGNORECASE)


class PlanSource(Protocol):
    """Where plans run: the ledger."""

    @property
    def generation(self) -> int:
        """The current generation."""
        ...

    def statistics(self) -> Statistics:
        """What is held of each predicate."""
        ...

    def select(self, sql: str, *, timeout_s: float | None = None) -> pa.RecordBatchReader:
        """The rows of one SELECT."""
        ...

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of ids."""
        ...


@dataclass(frozen=True)
class _Request:
    limits: QueryLimits
    deadline: Deadline
    dataset: Dataset | None = None
    as_of: int | None = None

    @classmethod
    def within(
        cls, limits: QueryLimits, dataset: Dataset | None = None, as_of: int | None = None
    ) -> _Request:
        return cls(limits, Deadline.after(limits.timeout_s), dataset, as_of)


@dataclass(frozen=True)
class Compiled:
    """A query and its plan; without one, why."""

    query: Query
    plan: Plan | None
    reason: str = ""


@dataclass(frozen=True)
class _Answer:
    query: Query
    plan: Plan
    table: pa.Table
    generation: int


class Evaluator:
    """Evaluates queries; thread-safe. `compile` says how a query would be answered."""

    def __init__(
        self, source: PlanSource, fallback: FallbackEvaluator, limits: QueryLimits | None = None
    ) -> None:
        self._source = source
        self._fallback = fallback
        self._limits = limits or QueryLimits()
        self._plans: OrderedDict[tuple[object, ...], Compiled] = OrderedDict()
        self._lock = threading.Lock()
        self._visible: frozenset[str] | None = None

    @property
    def generation(self) -> int:
        """The generation that the next query is answered on, unless it asks for another."""
        return self._source.generation

    def seeing(self, graphs: Iterable[str]) -> Evaluator:
        """This evaluator for a reader who may see these graphs (IRIs) and no other: for them the others are not there.

        It shares plans and processes with this one, which is the one to close. A reader of some graphs cannot see more
        by asking again.
        """
        narrowed = copy(self)
        allowed = frozenset(graphs)
        if self._visible is not None:
            allowed &= self._visible
        narrowed._visible, narrowed._fallback = allowed, self._fallback.seeing(allowed)  # noqa: SLF001 - its own copy
        return narrowed

    def close(self) -> None:
        """End the fallback's processes."""
        self._fallback.close()

    def query(
        self,
        text: str,
        *,
        result_format: ResultFormat | None = None,
        limits: QueryLimits | None = None,
        dataset: Dataset | None = None,
        as_of: int | None = None,
    ) -> QueryResult:
        """Evaluate a query and serialise its result.

        Args:
            text: SPARQL 1.1.
            result_format: One of `formats_of` the query's form; the first of them by default.
            limits: Limits of this query; the evaluator's own by default.
            dataset: The dataset that the request names, if it does; it overrides FROM in the text.
            as_of: A generation of the ledger; the current one by default.

        Raises:
            QuerySyntaxError: It does not parse; located by line and column.
            QueryRefusedError: An update, SERVICE, or a function that is not known.
            QueryTimeoutError: The time limit; the evaluation was stopped.
            MemoryLimitError: The memory limit.
            ResultTooLargeError: More rows or bytes than allowed.
            ValueError: The format does not suit the query's form.
        """
        request = _Request.within(limits or self._limits, dataset, as_of)
        compiled = self.compile(text, dataset=dataset, as_of=as_of, limits=request.limits)
        kind = kind_of(compiled.query)
        media = result_format or formats_of(kind)[0]
        if media not in formats_of(kind):
            raise ValueError(f"{media.value} cannot hold the result of a {kind.name} query")
        if compiled.plan is None:
            return self._fallback.query(
                text,
                result_format=media,
                limits=request.limits,
                dataset=dataset,
                as_of=as_of,
                deadline=request.deadline,
            )
        answer = self._run(compiled, request)
        if answer.table.num_rows > request.limits.max_rows:
            raise too_large()
        rows, content = self._written(answer, kind, media, request)
        return QueryResult(content, media, kind, rows, answer.generation)

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
            beside: Queries that are likely to be asked too; the fallback is filled for all of them at once.

        Raises:
            ParameterError: A bound variable has no VALUES block, or a term cannot stand in one.
            ValueError: It is no SELECT query.
            EmkgError: As `query` does.
        """
        filled = bind_values(text, bindings) if bindings else text
        request = _Request.within(limits or self._limits, as_of=as_of)
        compiled = self.compile(filled, as_of=as_of, limits=request.limits)
        if not isinstance(compiled.query, SelectQuery):
            raise ValueError("only SELECT queries have solutions")  # noqa: TRY004  (the text is at fault, not its type)
        if compiled.plan is None:
            return self._fallback.select(text, bindings, limits=limits, as_of=as_of, beside=beside)
        answer = self._run(compiled, request)
        if answer.table.num_rows > request.limits.max_rows:
            raise too_large()
        columns = term_columns(answer.plan, answer.table, self._source)
        names = [column.name for column in columns]
        rows = (
            zip(*(column.values() for column in columns), strict=True)
            if columns
            else [()] * answer.table.num_rows
        )
        found = tuple(
            {name: term for name, term in zip(names, row, strict=True) if term is not None} for row in rows
        )
        return Solutions(tuple(names), found, answer.generation)

    def compile(
        self,
        text: str,
        *,
        dataset: Dataset | None = None,
        as_of: int | None = None,
        limits: QueryLimits | None = None,
    ) -> Compiled:
        """The plan of a query, or why it has none; plans are kept by text and dataset.

        Raises:
            QuerySyntaxError: It does not parse.
            QueryRefusedError: An update, or SERVICE.
        """
        max_rows = (limits or self._limits).max_rows
        current = self._source.statistics()
        statistics = current if as_of in {None, current.generation} else None  # they tell of no other
        version = current.generation if as_of is None else as_of
        key = (text, dataset, as_of is None, version, max_rows, self._visible)
        with self._lock:
            found = self._plans.get(key)
            if found:
                self._plans.move_to_end(key)
                return found
        query = read_query(text)
        visible = None if self._visible is None else frozenset(graph_ids(self._visible))
        source = Source(as_of, visible, *_graphs(dataset, query.dataset))
        source = informed(source, statistics) if statistics else source
        try:
            compiled = Compiled(query, _planned(query, source, max_rows))
        except NotCompiled as error:
            compiled = Compiled(query, None, error.reason)
        except RecursionError as error:
            raise too_long() from error
        if not _HAS_NOW.search(text):
            with self._lock:
                self._plans[key] = compiled
                while len(self._plans) > _CACHED:
                    self._plans.popitem(last=False)
        return compiled

    def explain(self, text: str, *, as_of: int | None = None) -> str:
        """The plan of a query as SQL for a reader, or why the fallback evaluates it.

        Raises:
            QuerySyntaxError: It does not parse.
            QueryRefusedError: SERVICE.
        """
        compiled = self.compile(text, as_of=as_of)
        if compiled.plan is None:
            return f"-- no plan, the fallback evaluates it: {compiled.reason}"
        return sqlglot.parse_one(compiled.plan.sql, dialect="duckdb").sql(dialect="duckdb", pretty=True)

    def _run(self, compiled: Compiled, request: _Request) -> _Answer:
        assert compiled.plan is not None  # noqa: S101 - the callers asked
        request.deadline.check("compiling the query")
        generation = self._source.generation if request.as_of is None else request.as_of
        reader = self._source.select(compiled.plan.sql, timeout_s=request.deadline.left_s)
        table = reader.read_all()
        request.deadline.check("evaluating the query")
        return _Answer(compiled.query, compiled.plan, table, generation)

    def _written(
        self, answer: _Answer, kind: QueryKind, media: ResultFormat, request: _Request
    ) -> tuple[int, bytes]:
        if kind is QueryKind.ASK:
            return 1, write_boolean(answer.table.num_rows > 0, media)
        columns = term_columns(answer.plan, answer.table, self._source)
        deadline, max_bytes = request.deadline, request.limits.max_bytes
        if kind is QueryKind.SELECT:
            rows = answer.table.num_rows
            return rows, write_solutions(columns, rows, media, deadline=deadline, max_bytes=max_bytes)
        triples = zip(*(column.values() for column in columns), strict=True)
        quads = {Quad(s, p, o) for s, p, o in triples if s and p and o and _is_triple(s, p)}
        deadline.check("writing the answer")
        text, size = [], 0
        for part in serialise(sorted(quads, key=str), media.value, prefixes=PREFIXES):
            deadline.check("writing the answer")
            text.append(part.encode())
            size += len(text[-1])
            if size > max_bytes:
                raise too_large()
        return len(quads), b"".join(text)


def _planned(query: Query, source: Source, max_rows: int) -> Plan:
    if size_of(query.pattern) > MOST_PARTS:
        raise NotCompiled(f"more than {MOST_PARTS} parts")
    return compile_query(query, Context(source, datetime.now(UTC)), max_rows=max_rows)


def _is_triple(subject: Term, predicate: Term) -> bool:
    return not isinstance(subject, Literal) and isinstance(predicate, IRI)


def _graphs(
    dataset: Dataset | None, clause: DatasetClause
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """The ids of the graphs whose merge is the default graph, and of the named graphs; None for all."""
    if dataset is not None:
        return graph_ids(dataset.default_graphs), graph_ids(dataset.named_graphs)
    if clause.is_given:
        return graph_ids(iri.value for iri in clause.default), graph_ids(iri.value for iri in clause.named)
    return None, None

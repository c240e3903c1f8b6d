"""SPARQL 1.1 Update on a ledger: a request is one change, all of it or nothing, one Delta and one generation.

The ledger knows named graphs only. What an update calls the default graph is the graph `DEFAULT_GRAPH`; a pattern
outside GRAPH matches there, unless WITH or USING says otherwise. (A query's default graph is the merge of all graphs.)
Empty graphs are not kept: a graph is there as long as it holds a quad.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from emkg.errors import NotFoundError, QueryRefusedError, ResultTooLargeError
from emkg.ledger import PROVENANCE_GRAPH, Activity
from emkg.plan.algebra_walk import MOST_PARTS, size_of
from emkg.plan.pattern_answer import compile_answer
from emkg.plan.request import (
    Clear,
    Create,
    DeleteData,
    Drop,
    GraphSet,
    InsertData,
    Load,
    Modify,
    Transfer,
    TransferGraph,
)
from emkg.plan.solution_table import term_columns
from emkg.plan.sparql import parse_update
from emkg.plan.sparql_outline import BASE, too_long
from emkg.plan.sql.estimate import informed
from emkg.plan.sql.not_compiled import NotCompiled
from emkg.plan.sql.source import Source, graph_ids
from emkg.plan.template import quads_of, variables_of
from emkg.rdf import IRI
from emkg.rdf.relation import NO_STATEMENTS
from emkg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from emkg.ledger import Change, Commit, Ledger
    from emkg.plan.pattern import Variable
    from emkg.plan.request import DatasetClause, QuadPattern, UpdateOperation
    from emkg.plan.template import Solutions

DEFAULT_GRAPH: Final = GRAPH + "default"
"""The graph that an update's default graph is."""


@dataclass(frozen=True)
class UpdateLimits:
    """Limits of one request; each is enforced, and what reaches one changes nothing.

    Attributes:
        timeout_s: Seconds until it is ready to be committed.
        max_rows: Solutions of one operation's pattern.
    """

    timeout_s: float = 60.0
    max_rows: int = 1_000_000


class Updater:
    """Runs update requests on a ledger, one at a time; commits of others wait for them.

    Args:
        ledger: What is changed.
        protected: Graphs (IRIs) that an update may read and not change. So is the graph of provenance, which GRAPH does
            not reach either.
        visible: The only graphs that are read or changed: for an update the others are not there. All of them for None.
        limits: Of each request.
        agent: Who changes it, for the PROV-O record.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        protected: frozenset[str] = frozenset(),
        visible: frozenset[str] | None = None,
        limits: UpdateLimits | None = None,
        agent: str = "emkg",
    ) -> None:
        self._ledger = ledger
        self._protected = protected | {PROVENANCE_GRAPH}
        self._visible = visible
        self._limits = limits or UpdateLimits()
        self._agent = agent

    def run(self, text: str) -> Commit:
        """Run every operation of a request in order; each sees what those before it did.

        Shapes do not judge the outcome, and rules derive nothing of it before their next run.

        Raises:
            QuerySyntaxError: It does not parse; located by line and column.
            QueryRefusedError: LOAD, SERVICE, a change of a protected graph, a pattern that has no plan.
            NotFoundError: A graph that is to be cleared, dropped or copied from is not there, and it does not say SILENT.
            QueryTimeoutError: The time limit.
            ResultTooLargeError: A pattern has more solutions than allowed.
        """
        started = datetime.now(UTC)
        try:
            request = parse_update(text, base=BASE)
        except RecursionError as error:
            raise too_long() from error
        with self._ledger.change(timeout_s=self._limits.timeout_s) as change:
            executor = _Executor(change, self._protected, self._visible, self._limits)
            for operation in request.operations:
                executor.run(operation)
            digest = sha256(text.encode()).hexdigest()
            activity = Activity(
                "update", digest=digest, started=started, agent=self._agent, label="SPARQL 1.1 Update"
            )
            return change.commit(activity)


class _Executor:
    """The operations of one request."""

    def __init__(
        self,
        change: Change,
        protected: frozenset[str],
        visible: frozenset[str] | None,
        limits: UpdateLimits,
    ) -> None:
        self._change = change
        self._protected = protected
        self._visible = visible
        self._limits = limits

    def run(self, operation: UpdateOperation) -> None:
        """Run one operation."""
        match operation:
            case InsertData(quads):
                self._change.edit(NO_STATEMENTS, self._quads(quads, DEFAULT_GRAPH))
            case DeleteData(quads):
                self._change.edit(self._quads(quads, DEFAULT_GRAPH), NO_STATEMENTS)
            case Modify():
                self._modify(operation)
            case Clear(target, silent) | Drop(target, silent):
                self._change.clear(self._named(target, silent=silent))
            case Create(graph, silent):
                self._create(graph.value, silent=silent)
            case TransferGraph():
                self._transfer(operation)
            case Load():
                _refuse_load(operation)

    def _quads(
        self, quads: Sequence[QuadPattern], graph: str, solutions: Solutions | None = None
    ) -> pa.Table:
        """The quads that templates make of solutions; protected graphs stay as they are."""
        made = quads_of(quads, IRI(graph), secrets.token_hex(6), solutions)
        for name in made["g"].unique().to_pylist():
            self._check(name[1:-1])
        return made

    def _check(self, graph: str) -> None:
        if not self._sees(graph):
            raise QueryRefusedError(
                f"<{graph}> is not among the graphs that this update may change",
                message_zh=f"<{graph}> 不在本次更新可修改的图之列",
            )
        if graph in self._protected:
            raise QueryRefusedError(
                f"<{graph}> is written by runs alone and no update changes it; change its sources, or use another graph",
                message_zh=f"<{graph}> 只由导入与规则写入，不能用更新修改；请修改数据源，或使用其他图",
            )

    def _modify(self, operation: Modify) -> None:
        graph = operation.graph.value if operation.graph else DEFAULT_GRAPH
        variables = variables_of((*operation.delete, *operation.insert))
        solutions = self._solutions(operation, graph, variables)
        removed = self._quads(operation.delete, graph, solutions)
        self._change.edit(removed, self._quads(operation.insert, graph, solutions))

    def _solutions(self, operation: Modify, graph: str, variables: tuple[Variable, ...]) -> Solutions:
        """The solutions of an operation's pattern, for the variables that its templates use."""
        if size_of(operation.pattern) > MOST_PARTS:
            raise too_long()
        source = self._source(operation.using, graph)
        try:
            plan = compile_answer(operation.pattern, variables, source, max_rows=self._limits.max_rows)
        except NotCompiled as error:
            raise QueryRefusedError(
                f"the pattern has no plan, so no update can be made of it: {error.reason}",
                message_zh=f"该更新的图模式无法编译：{error.reason}",
            ) from None
        except RecursionError as error:
            raise too_long() from error
        table = self._change.read(plan.sql)
        if table.num_rows > self._limits.max_rows:
            raise ResultTooLargeError(
                f"the pattern has more than {self._limits.max_rows} solutions; change less at a time",
                message_zh=f"图模式的解超过 {self._limits.max_rows} 个；请分批更新",
            )
        columns = term_columns(plan, table, self._change)
        return table.num_rows, {column.name: column.texts() for column in columns}

    def _source(self, using: DatasetClause, graph: str) -> Source:
        """The dataset of a pattern: USING and USING NAMED, else WITH's graph and every graph."""
        if using.is_given:
            default = tuple(iri.value for iri in using.default)
            named = tuple(iri.value for iri in using.named)
        else:
            default = (graph,)
            named = self._graphs()
        visible = None if self._visible is None else frozenset(graph_ids(self._visible))
        source = Source(None, visible, graph_ids(default), graph_ids(named))
        statistics = self._change.statistics()
        return source if statistics is None else informed(source, statistics)

    def _graphs(self) -> tuple[str, ...]:
        """The named graphs that GRAPH reaches."""
        apart = {PROVENANCE_GRAPH, DEFAULT_GRAPH}
        return tuple(name for name in self._change.graphs() if name not in apart and self._sees(name))

    def _sees(self, graph: str) -> bool:
        return self._visible is None or graph in self._visible

    def _changeable(self) -> tuple[str, ...]:
        return tuple(name for name in self._graphs() if name not in self._protected)

    def _named(self, target: IRI | GraphSet, *, silent: bool) -> tuple[str, ...]:
        match target:
            case GraphSet.DEFAULT:
                return self._seen_default()
            case GraphSet.NAMED:
                return self._changeable()
            case GraphSet.ALL:
                return (*self._seen_default(), *self._changeable())
            case IRI():
                self._check(target.value)
                return (target.value,) if self._is_there(target.value, silent=silent) else ()

    def _seen_default(self) -> tuple[str, ...]:
        return (DEFAULT_GRAPH,) if self._sees(DEFAULT_GRAPH) else ()

    def _is_there(self, graph: str, *, silent: bool) -> bool:
        if graph == DEFAULT_GRAPH or (self._sees(graph) and graph in self._change.graphs()):
            return self._sees(graph)
        if silent:
            return False
        raise NotFoundError(f"there is no graph <{graph}>", message_zh=f"没有图 <{graph}>")

    def _create(self, graph: str, *, silent: bool) -> None:
        self._check(graph)
        if not silent and graph in self._change.graphs():
            raise QueryRefusedError(
                f"the graph <{graph}> is there already", message_zh=f"图 <{graph}> 已存在"
            )

    def _transfer(self, operation: TransferGraph) -> None:
        source = operation.source.value if operation.source else DEFAULT_GRAPH
        target = operation.target.value if operation.target else DEFAULT_GRAPH
        self._check(target)
        if operation.kind is Transfer.MOVE:
            self._check(source)
        if source == target or not self._is_there(source, silent=operation.silent):
            return
        if operation.kind is not Transfer.ADD:
            self._change.clear([target])
        self._change.copy(source, target)
        if operation.kind is Transfer.MOVE:
            self._change.clear([source])


def _refuse_load(operation: Load) -> None:
    if not operation.silent:
        raise QueryRefusedError(
            f"LOAD <{operation.source.value}> would read a document of another server; load files with `emkg load`",
            message_zh="LOAD 会读取外部文档；请用 emkg load 导入文件",
        )

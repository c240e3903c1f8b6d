"""Solutions of one graph pattern, for those who write patterns rather than text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emkg.plan.algebra import Project
from emkg.plan.pattern import Variable
from emkg.plan.request import SelectQuery
from emkg.plan.solution_table import term_columns
from emkg.plan.sql.context import Context
from emkg.plan.sql.estimate import informed
from emkg.plan.sql.query import compile_query
from emkg.plan.sql.source import Source, graph_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from emkg.plan.algebra import Algebra
    from emkg.plan.evaluator import PlanSource
    from emkg.plan.solution_table import Dictionary
    from emkg.plan.sparql_outline import Dataset
    from emkg.plan.sql.query import Plan
    from emkg.rdf import Term


def answer_pattern(
    source: PlanSource,
    pattern: Algebra,
    variables: Sequence[Variable],
    *,
    dataset: Dataset | None = None,
    timeout_s: float | None = None,
) -> Iterator[dict[Variable, Term]]:
    """The solutions of a pattern over the current generation, the bound variables each.

    Args:
        source: The ledger.
        pattern: The pattern.
        variables: What is wanted of each solution.
        dataset: The graphs whose merge is the default graph, and those that GRAPH reaches; all for None.
        timeout_s: When to stop.

    Raises:
        NotCompiled: Something in it has no plan.
        QueryTimeoutError: The time limit.
    """
    plan = compile_answer(pattern, variables, source_of(source, dataset))
    table = source.select(plan.sql, timeout_s=timeout_s).read_all()
    yield from solutions_of(plan, table, source)


def source_of(source: PlanSource, dataset: Dataset | None = None) -> Source:
    """The current generation of a ledger as a pattern's source, with what its statistics say."""
    graphs = (
        (None, None)
        if dataset is None
        else (graph_ids(dataset.default_graphs), graph_ids(dataset.named_graphs))
    )
    return informed(Source(None, None, *graphs), source.statistics())


def compile_answer(
    pattern: Algebra, variables: Sequence[Variable], source: Source, *, max_rows: int | None = None
) -> Plan:
    """The plan of a pattern, for whoever keeps it; it yields at most one row more than `max_rows`.

    Raises:
        NotCompiled: Something in it has no plan.
    """
    query = SelectQuery(Project(pattern, tuple(variables)), tuple(variables))
    return compile_query(query, Context(source, datetime.now(UTC)), max_rows=max_rows)


def solutions_of(plan: Plan, answer: pa.Table, dictionary: Dictionary) -> Iterator[dict[Variable, Term]]:
    """The solutions that the rows of a plan's SELECT stand for, the bound variables each."""
    if not answer.num_rows:
        return
    variables = [Variable(name) for name in plan.variables]
    columns = term_columns(plan, answer, dictionary)
    for row in zip(*(column.values() for column in columns), strict=True):
        yield {variable: term for variable, term in zip(variables, row, strict=True) if term is not None}

"""Solutions of one graph pattern, for those who write patterns rather than text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emkg.ledger import term_id
from emkg.plan.algebra import Project
from emkg.plan.request import SelectQuery
from emkg.plan.solution_table import term_columns
from emkg.plan.sql.context import Context
from emkg.plan.sql.planning import informed
from emkg.plan.sql.query import compile_query
from emkg.plan.sql.source import Source
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emkg.plan.algebra import Algebra
    from emkg.plan.evaluator import PlanSource
    from emkg.plan.pattern import Variable
    from emkg.plan.sparql_outline import Dataset
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
    query = SelectQuery(Project(pattern, tuple(variables)), tuple(variables))
    graphs = (None, None) if dataset is None else (_ids(dataset.default_graphs), _ids(dataset.named_graphs))
    context = Context(informed(Source(None, None, *graphs), source.statistics()), datetime.now(UTC))
    plan = compile_query(query, context)
    table = source.select(plan.sql, timeout_s=timeout_s).read_all()
    if not table.num_rows:
        return
    columns = term_columns(plan, table, source)
    for row in zip(*(column.values() for column in columns), strict=True):
        yield {variable: term for variable, term in zip(variables, row, strict=True) if term is not None}


def _ids(iris: Sequence[str]) -> tuple[int, ...]:
    return tuple(term_id(str(IRI(iri))) for iri in iris)

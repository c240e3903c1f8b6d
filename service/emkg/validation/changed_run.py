"""What changed, judged alone: the nodes whose results it can concern, by every check, on the statements around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from emkg.ledger import term_id
from emkg.plan.pattern_answer import compile_answer, solutions_of
from emkg.plan.reads import reads_of
from emkg.plan.sql import NotCompiled
from emkg.plan.sql.source import Source, graph_ids
from emkg.validation.neighbourhood import Neighbourhood, Targets, TooManyError, ends_of
from emkg.validation.report import order_of
from emkg.validation.result_maker import ResultMaker, variables_of
from emkg.validation.shape import Shapes
from emkg.validation.shape_check import ShapeCompiler
from emkg.validation.sparql_check import SHAPES_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyarrow as pa

    from emkg.plan.reads import Reads
    from emkg.rdf import Term
    from emkg.validation.check import Check
    from emkg.validation.neighbourhood import Nodes
    from emkg.validation.report import ValidationResult
    from emkg.validation.shape import Shape
    from emkg.validation.shapes import ShapesGraph

_JUDGED: Final = "judged_node_"
# Beyond so many statements around the nodes, judging everything costs no more.
MOST: Final = 20_000


class Bench(Protocol):
    """Where the statements are, and temporary relations beside them."""

    def select(self, sql: str) -> pa.RecordBatchReader:
        """The rows of one SELECT."""
        ...

    def narrow(self, quads: pa.Table, nodes: Iterable[int], relations: Mapping[str, Iterable[int]]) -> None:
        """From here on a SELECT sees these quads alone, and relations of ids (in their column `id`)."""
        ...

    def terms(self, ids: Iterable[int]) -> dict[int, Term]:
        """The terms of ids."""
        ...


@dataclass(frozen=True)
class Changed:
    """What changed.

    Attributes:
        statements: The statements that came or went, as ids s, p, o.
        nodes: More nodes to be judged again.
        among: Those of some nodes that are judged at all.
    """

    statements: Sequence[tuple[int, int, int]]
    nodes: Nodes = frozenset()
    among: Callable[[Nodes], Nodes] = frozenset


@dataclass(frozen=True)
class Rejudged:
    """The results on some nodes, which are all there are on these.

    Attributes:
        nodes: The nodes in N-Triples form; a result on one of them that is not here is none any more.
        results: The results on them, in order.
    """

    nodes: frozenset[str]
    results: tuple[ValidationResult, ...]


@dataclass(frozen=True)
class _Judging:
    """A shape that judges: its targets, its checks and what they read, and its checks at given nodes."""

    targets: Targets
    checks: tuple[Check, ...]
    reads: tuple[Reads, ...]
    relation: str


def judge_changed(
    bench: Bench, shapes: ShapesGraph, graphs: Sequence[str], changed: Changed
) -> Rejudged | None:
    """Judge again the nodes whose results changed statements can concern; None where all have to be.

    Args:
        bench: Holds the state after the change.
        shapes: What is judged by.
        graphs: The graphs (IRIs) whose merge is judged.
        changed: What changed.

    Raises:
        ShapesError: A shape refers to itself, or is malformed.
    """
    model = Shapes(shapes.quads)
    compiler = ShapeCompiler(model)
    judging: list[_Judging] = []
    for shape in model.judging:
        relation = f"{_JUDGED}{len(judging)}"
        one = _judging(compiler, shape, model, relation)
        if one is None:
            return None
        judging.append(one)
    source = Source(default=graph_ids(graphs), named=graph_ids((SHAPES_GRAPH,)))
    around = Neighbourhood(bench.select, graph_ids(graphs), MOST)
    try:
        nodes = _concerned(judging, changed.statements, around) | changed.nodes
        targets = _targets(judging, changed.among(nodes), around)
    except TooManyError:
        return None
    terms = bench.terms(nodes)
    own = [(one, found) for one, found in zip(judging, targets, strict=True) if found]
    results: list[ValidationResult] = []
    if own:
        bench.narrow(around.quads, nodes, {one.relation: found for one, found in own})
        for one, _ in own:
            for check in one.checks:
                plan = compile_answer(check.pattern, variables_of(check), source)
                answer = bench.select(plan.sql).read_all()
                results += map(ResultMaker(check, shapes).result, solutions_of(plan, answer, bench))
    return Rejudged(frozenset(map(str, terms.values())), tuple(sorted(results, key=order_of)))


def _judging(compiler: ShapeCompiler, shape: Shape, model: Shapes, relation: str) -> _Judging | None:
    """None where its results cannot be told by their nodes: it has no plans, a query tells its targets, or nodes differ."""
    if shape.all("target"):
        return None
    try:
        whole, checks = compiler.checks(shape), compiler.checks(shape, given=relation)
    except NotCompiled:
        return None
    reads = []
    for check in whole:
        if check.target is None or check.focus != check.target:
            return None
        found = reads_of(check.pattern, check.target)
        if found.far:
            return None
        reads.append(found)
    return _Judging(Targets.of(shape, model), checks, tuple(reads), relation)


def _concerned(
    judging: Sequence[_Judging], changed: Sequence[tuple[int, int, int]], around: Neighbourhood
) -> Nodes:
    """The nodes from which what a check reads leads to what changed, or whose being a target hangs on it.

    Raises:
        TooManyError: There is too much around them.
    """
    predicates = {predicate for _, predicate, _ in changed}
    nodes = frozenset[int]()
    reads = {read for one in judging for found in one.reads for read in found.near}
    for read in reads:
        if read.predicate is None or term_id(str(read.predicate)) in predicates:
            nodes |= around.follow(ends_of(changed, read), read.way, is_inverse=True)
    return nodes


def _targets(judging: Sequence[_Judging], nodes: Nodes, around: Neighbourhood) -> list[Nodes]:
    """Those of the nodes that each shape judges; what its checks read of them is looked at.

    Raises:
        TooManyError: There is too much around them.
    """
    found = []
    for one in judging:
        targets = one.targets.among(nodes, around)
        if targets:
            for reads in one.reads:
                for read in reads.near:
                    around.look(targets, read)
        found.append(targets)
    return found

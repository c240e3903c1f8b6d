"""A report that follows a ledger: after a commit only the nodes that it can concern are judged again.

For each check it is known which statements it reads and by which ways a focus node leads to them (`plan.reads`). From
what a commit added and removed the ways are walked back to focus nodes, and from these forth to all that the check
reads of them. The plans, compiled once, then run on these few statements as if there were no other, and the results
take the place of the nodes' earlier ones.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from emkg.ledger import term_id
from emkg.plan.pattern_answer import compile_answer, solutions_of, source_of
from emkg.plan.reads import reads_of
from emkg.plan.sql import NotCompiled
from emkg.rdf import IRI
from emkg.validation.compiled import by_reference
from emkg.validation.neighbourhood import Neighbourhood, Targets, TooManyError, ends_of
from emkg.validation.report import ValidationReport
from emkg.validation.result_maker import ResultMaker, variables_of
from emkg.validation.shape import Shapes
from emkg.validation.shape_check import ShapeCompiler
from emkg.validation.sparql_check import SHAPES_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from emkg.ledger import Excerpt, Ledger, Workbench
    from emkg.plan import Dataset
    from emkg.plan.reads import Read, Reads
    from emkg.plan.sql.query import Plan
    from emkg.plan.sql.source import Source
    from emkg.rdf import Term
    from emkg.validation.check import Check
    from emkg.validation.engine import Validator
    from emkg.validation.neighbourhood import Nodes
    from emkg.validation.report import ValidationResult
    from emkg.validation.shape import Shape
    from emkg.validation.shapes import ShapesGraph

_JUDGED: Final = "judged_node_"
_FIXED: Final = frozenset({IRI(SHAPES_GRAPH)})
# Beyond so many statements a check is judged as a whole, which costs no more.
_MOST: Final = 20_000


@dataclass(frozen=True)
class Refresh:
    """What bringing a report up to date did.

    Attributes:
        generation: The generation that it now holds for.
        judged: Nodes that were judged again, each counted once for each check; None where everything was.
        added: Results that it did not hold before.
        removed: Results that it holds no more.
    """

    generation: int
    judged: int | None
    added: tuple[ValidationResult, ...]
    removed: tuple[ValidationResult, ...]


@dataclass(frozen=True)
class _Planned:
    """A check and its plan."""

    check: Check
    plan: Plan

    @classmethod
    def of(cls, check: Check, source: Source) -> _Planned:
        return cls(check, compile_answer(check.pattern, variables_of(check), source))


@dataclass
class _Standing:
    """A check of a shape, what it reads, and its results by the id of the node that the shape judges.

    Attributes:
        whole: At every target.
        given: At the nodes of a temporary relation; None where a query tells the targets.
        relation: Its name, the same for all checks of the shape.
        targets: The shape's targets, as far as no query tells them.
        reads: What the check reads.
    """

    whole: _Planned
    given: _Planned | None
    relation: str
    targets: Targets
    reads: Reads
    results: dict[int, list[ValidationResult]] = field(default_factory=dict)


class StandingReport:
    """The validation report of a ledger's current state, kept by one thread.

    Args:
        ledger: What is judged.
        shapes: What it is judged by.
        dataset: The graphs whose merge is judged; all of them for None.
        reference: Judges by shapes that have no plan, everything each time; pySHACL by default.

    Raises:
        ShapesError: A shape refers to itself, or is malformed.
    """

    def __init__(
        self,
        ledger: Ledger,
        shapes: ShapesGraph,
        dataset: Dataset | None = None,
        *,
        reference: Validator | None = None,
    ) -> None:
        self._ledger = ledger
        self._shapes = shapes
        self._dataset = dataset
        self._reference = reference
        self._generation: int | None = None
        self._checks: list[_Standing] = []
        self._handed_over: list[Term] = []
        self._rest: tuple[ValidationResult, ...] = ()
        self._source = source_of(ledger, dataset)
        self._repeated = _repeated(ledger, dataset)
        self._excerpt: Excerpt | None = None
        self._prepare()

    @property
    def report(self) -> ValidationReport:
        """Every result as of the last `refresh`, in order."""
        results = [one for check in self._checks for own in check.results.values() for one in own]
        results += self._rest
        return ValidationReport.of(results)

    def refresh(self, *, everything: bool = False) -> Refresh:
        """Bring it up to the current generation; the first time, or if asked to, everything is judged.

        Raises:
            CancelledError: The ledger was interrupted.
            MemoryLimitError: The ledger's memory limit.
        """
        earlier: list[ValidationResult] = []
        repeated = _repeated(self._ledger, self._dataset)
        if repeated != self._repeated:  # what a merge of graphs may leave out is part of the plans
            self._repeated, self._source = repeated, source_of(self._ledger, self._dataset)
            earlier = [one for check in self._checks for own in check.results.values() for one in own]
            self._prepare()
        with self._ledger.workbench() as bench, bench.snapshot() as generation:
            if everything:
                self._generation = None
            if generation == self._generation:
                return Refresh(generation, 0, (), ())
            difference = _Difference()
            changed = self._changed(bench)
            if changed is None:
                judged = None
                for check in self._checks:
                    self._judge_whole(bench, check, difference)
            else:
                judged = self._judge_changed(bench, changed, difference)
        self._judge_rest(difference)
        self._generation = generation
        if earlier:
            difference = difference.beside(earlier)
        return Refresh(generation, judged, tuple(difference.added), tuple(difference.removed))

    def _prepare(self) -> None:
        model = Shapes(self._shapes.quads)
        compiler = ShapeCompiler(model)
        self._checks, self._handed_over, self._generation = [], [], None
        if self._excerpt is not None:
            self._excerpt.close()
            self._excerpt = None
        for shape in model.judging:
            try:
                own = list(self._standing(compiler, shape, model))
            except NotCompiled:
                self._handed_over.append(shape.node)
            else:
                self._checks += own

    def _standing(self, compiler: ShapeCompiler, shape: Shape, model: Shapes) -> Iterator[_Standing]:
        targets = Targets.of(shape, model)
        relation = f"{_JUDGED}{len(self._checks)}"
        for check, given in zip(compiler.checks(shape), compiler.checks(shape, given=relation), strict=True):
            assert check.target is not None  # noqa: S101 - the compiler says it
            yield _Standing(
                _Planned.of(check, self._source),
                None if shape.all("target") else _Planned.of(given, self._source),
                relation,
                targets,
                reads_of(check.pattern, check.target, fixed=_FIXED),
            )

    def _changed(self, bench: Workbench) -> list[tuple[int, int, int]] | None:
        """What was added and removed since the last refresh, as ids; None at the first one, and where it is too much."""
        if self._generation is None:
            return None
        graphs = None if self._dataset is None else self._dataset.default_graphs
        return bench.changes(self._generation, _MOST, graphs)

    def _judge_changed(
        self, bench: Workbench, changed: list[tuple[int, int, int]], difference: _Difference
    ) -> int:
        """Judge again by each check the nodes from which its ways lead to what changed."""
        predicates = {predicate for _, predicate, _ in changed}
        graphs = None
        if self._dataset is not None:
            graphs = tuple(term_id(str(IRI(graph))) for graph in self._dataset.default_graphs)
        around = Neighbourhood(bench.select, graphs, _MOST)
        again: list[tuple[_Standing, Nodes]] = []
        judged: dict[str, Nodes] = {}
        for check in self._checks:
            reads = [read for read in check.reads.near if _touches({read.predicate}, predicates)]
            if not reads and not _touches(check.reads.far, predicates):
                continue
            try:
                nodes, targets = _concerned(check, reads, changed, around)
            except TooManyError:
                self._judge_whole(bench, check, difference)
                continue
            again.append((check, nodes))
            if targets:
                judged[check.relation] = judged.get(check.relation, frozenset()) | targets
        if self._excerpt is None:
            self._excerpt = self._ledger.excerpt(dict.fromkeys(check.relation for check in self._checks))
        excerpt = self._excerpt
        with excerpt.holding(around.quads, frozenset[int]().union(*judged.values()), judged):
            for check, nodes in again:
                found = {}
                if check.given is None or check.relation in judged:
                    found = self._solved(excerpt.select, check.given or check.whole)
                own = {node: found[node] for node in nodes & found.keys()}
                self._replace(check, nodes, own, difference)
        return sum(len(nodes) for _, nodes in again)

    def _judge_whole(self, bench: Workbench, check: _Standing, difference: _Difference) -> None:
        self._replace(check, [*check.results], self._solved(bench.select, check.whole), difference)

    def _solved(
        self, select: Callable[[str], pa.RecordBatchReader], planned: _Planned
    ) -> dict[int, list[ValidationResult]]:
        check, plan = planned.check, planned.plan
        found: dict[int, list[ValidationResult]] = {}
        assert check.target is not None  # noqa: S101 - the compiler says it
        answer = select(plan.sql).read_all()
        maker = ResultMaker(check, self._shapes)
        for solution in solutions_of(plan, answer, self._ledger):
            target = term_id(str(solution[check.target]))
            found.setdefault(target, []).append(maker.result(solution))
        return found

    @staticmethod
    def _replace(
        check: _Standing,
        nodes: Iterable[int],
        found: dict[int, list[ValidationResult]],
        difference: _Difference,
    ) -> None:
        for node in nodes:
            difference.note(check.results.pop(node, []), found.get(node, []))
        for node in found.keys() - set(nodes):
            difference.note([], found[node])
        check.results.update(found)

    def _judge_rest(self, difference: _Difference) -> None:
        if not self._handed_over:
            return
        graphs = None if self._dataset is None else self._dataset.default_graphs
        data = self._ledger.statements(graphs=graphs).read_all()
        rest = by_reference(self._handed_over, self._shapes, data, reference=self._reference)
        difference.note(self._rest, rest)
        self._rest = tuple(rest)


def _concerned(
    check: _Standing, reads: list[Read], changed: list[tuple[int, int, int]], around: Neighbourhood
) -> tuple[Nodes, Nodes]:
    """The nodes from which what a check reads leads to what changed, and the targets among them; all is looked at.

    Raises:
        TooManyError: It is not enough to look around nodes, or there is too much around them.
    """
    if check.reads.far:
        raise TooManyError
    back = (around.follow(ends_of(changed, read), read.way, is_inverse=True) for read in reads)
    nodes = frozenset[int]().union(*back)
    targets = check.targets.among(nodes, around)
    judged = targets if check.given is not None else nodes
    if judged:
        for read in check.reads.near:
            around.look(judged, read)
    return nodes, targets


@dataclass
class _Difference:
    added: list[ValidationResult] = field(default_factory=list)
    removed: list[ValidationResult] = field(default_factory=list)

    def note(self, before: Sequence[ValidationResult], after: Sequence[ValidationResult]) -> None:
        """These results took the place of those."""
        gone = Counter(map(repr, before))
        for result in after:
            if gone[repr(result)]:
                gone[repr(result)] -= 1
            else:
                self.added.append(result)
        for result in before:
            if gone[repr(result)]:
                gone[repr(result)] -= 1
                self.removed.append(result)

    def beside(self, earlier: Sequence[ValidationResult]) -> _Difference:
        """The same where nothing was known and these results had been there."""
        difference = _Difference()
        difference.note([*earlier, *self.removed], self.added)
        return difference


def _touches(predicates: Iterable[IRI | None], changed: set[int]) -> bool:
    return any(one is None or term_id(str(one)) in changed for one in predicates)


def _repeated(ledger: Ledger, dataset: Dataset | None) -> frozenset[int]:
    """The predicates whose statements may stand in several graphs; of one graph it does not matter."""
    if dataset is not None and len(dataset.default_graphs) == 1:
        return frozenset()
    known = ledger.statistics().predicates
    return frozenset(predicate for predicate, one in known.items() if one.is_repeated)

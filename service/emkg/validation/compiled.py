"""The compiled engine: every constraint a plan over a ledger; what has no plan is handed to pySHACL, shape by shape."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from emkg.arrow import text_scalar
from emkg.ledger import Scratch, term_id
from emkg.plan import Dataset, Variable, answer_pattern
from emkg.plan import algebra as a
from emkg.plan.pattern_answer import compile_answer, solutions_of, source_of
from emkg.plan.sql import NotCompiled
from emkg.rdf import IRI
from emkg.rdf.relation import STATEMENTS_SCHEMA, statements_of
from emkg.validation.report import ValidationReport, ValidationResult
from emkg.validation.result_maker import ResultMaker, variables_of
from emkg.validation.shape import Shapes
from emkg.validation.shape_check import ShapeCompiler
from emkg.validation.shapes import ShapesGraph
from emkg.validation.sparql_check import SHAPES_GRAPH
from emkg.validation.value_check import instance_of
from emkg.vocabulary import OWL, RDF_TYPE, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from emkg.plan import PlanSource
    from emkg.plan.sql.query import Plan
    from emkg.plan.sql.source import Source
    from emkg.rdf import Quad, Term
    from emkg.validation.check import Check
    from emkg.validation.engine import Statements, Validator
    from emkg.validation.shape import Shape

_GRAPH: Final = "https://w3id.org/emkg/graph/data"
_MEMORY_MB: Final = 1024
_WORKERS: Final = 2
_TARGETS: Final = frozenset(
    SH + name for name in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target")
)


@dataclass(frozen=True)
class CompiledValidator:
    """Judges plain data by plans; `reference` judges by the shapes that have no plan.

    Attributes:
        reference: pySHACL; imported when it is needed.
        memory_limit_mb: What the data and the plans may use.
    """

    reference: Validator | None = None
    memory_limit_mb: int = _MEMORY_MB

    def validate(self, data: Statements, shapes: ShapesGraph, context: Statements = ()) -> ValidationReport:
        """See `Validator.validate`; results are sorted by focus node, path and component."""
        judged = statements_table(data)
        background = statements_table(context)
        data_graph = pa.concat_tables([judged, background])
        graphs = {_GRAPH: data_graph, SHAPES_GRAPH: statements_table(shapes.quads)}
        with (
            Scratch(graphs, memory_limit_mb=self.memory_limit_mb) as scratch,
            ThreadPoolExecutor(1) as loader,
        ):
            filled = loader.submit(scratch.fill)  # while the plans are made
            dataset = Dataset((_GRAPH,), (SHAPES_GRAPH,))
            known = _Known.of(scratch, dataset, _classes_in(data_graph))
            results, handed_over = _judged(scratch, shapes, known, filled)
            filled.result()
        if handed_over:
            results += by_reference(handed_over, shapes, data, context, reference=self.reference)
        if background.num_rows:
            own = {*judged.column("s").unique().to_pylist(), *judged.column("o").unique().to_pylist()}
            results = [result for result in results if str(result.focus_node) in own]
        return ValidationReport.of(results)


def compiled_results(
    source: PlanSource, shapes: ShapesGraph, dataset: Dataset | None = None
) -> tuple[list[ValidationResult], list[Term]]:
    """The results of what has plans, and the shapes that have none; `dataset` is the data graph, all for None.

    Raises:
        ShapesError: A shape refers to itself, or is malformed.
    """
    return _judged(source, shapes, _Known.of(source, dataset, _classes_of(source, dataset)))


def _judged(
    source: PlanSource, shapes: ShapesGraph, known: _Known, filled: Future[None] | None = None
) -> tuple[list[ValidationResult], list[Term]]:
    """As `compiled_results`; the plans are made before the source is `filled`, and run when it is."""
    model = Shapes(shapes.quads)
    compiler = ShapeCompiler(model)
    waiting: list[tuple[Check, Future[list[dict[Variable, Term]]]]] = []
    handed_over: list[Term] = []
    with ThreadPoolExecutor(_WORKERS) as worker:  # plans run while the next ones are made
        for shape in model.judging:
            if not known.has_focus(shape, is_class=model.is_class(shape.node)):
                continue
            try:
                checks = compiler.checks(shape)
                plans = [compile_answer(check.pattern, variables_of(check), known.source) for check in checks]
            except NotCompiled:
                handed_over.append(shape.node)
                continue
            waiting += [
                (check, worker.submit(_solutions, source, plan, filled))
                for check, plan in zip(checks, plans, strict=True)
            ]
    results: list[ValidationResult] = []
    for check, found in waiting:
        results += map(ResultMaker(check, shapes).result, found.result())
    return results, handed_over


def _solutions(source: PlanSource, plan: Plan, filled: Future[None] | None) -> list[dict[Variable, Term]]:
    if filled:
        filled.result()
    return list(solutions_of(plan, source.select(plan.sql).read_all(), source))


@dataclass(frozen=True)
class _Known:
    """What plans are made from, of a state that stays; a shape that judges nothing of it costs nothing.

    Attributes:
        classes: The classes of its nodes, and those above them.
        predicates: The ids of its predicates.
        source: What the plans read; mostly there is no class hierarchy in the data, and nothing to be walked.
    """

    classes: frozenset[Term]
    predicates: frozenset[int]
    source: Source

    @classmethod
    def of(cls, source: PlanSource, dataset: Dataset | None, classes: frozenset[Term]) -> _Known:
        predicates = frozenset(source.statistics().predicates)
        own = replace(source_of(source, dataset), absent=lambda predicate: predicate not in predicates)
        return cls(classes, predicates, own)

    def has_focus(self, shape: Shape, *, is_class: bool) -> bool:
        """Whether a shape may have a focus node."""
        if shape.all("targetNode") or shape.all("target"):
            return True
        if not self.classes.isdisjoint([*shape.all("targetClass"), *([shape.node] if is_class else [])]):
            return True
        ends = [*shape.all("targetSubjectsOf"), *shape.all("targetObjectsOf")]
        return any(term_id(str(predicate)) in self.predicates for predicate in ends)


def _classes_of(source: PlanSource, dataset: Dataset | None) -> frozenset[Term]:
    """The classes of nodes, and those above them."""
    node, kind = Variable("node"), Variable("class")
    found = a.Distinct(a.Project(instance_of(node, kind), (kind,)))
    return frozenset(solution[kind] for solution in answer_pattern(source, found, (kind,), dataset=dataset))


def _classes_in(statements: pa.Table) -> frozenset[Term]:
    """The same of columns, before a plan could tell."""
    subjects, objects = statements.column("s"), statements.column("o")

    def of(predicate: str) -> pa.ChunkedArray:
        return pc.equal(statements.column("p"), text_scalar(str(IRI(predicate))))

    above: dict[str, list[str]] = {}
    is_edge = of(RDFS + "subClassOf")
    edges = zip(subjects.filter(is_edge).to_pylist(), objects.filter(is_edge).to_pylist(), strict=True)
    for below, parent in edges:
        above.setdefault(below, []).append(parent)
    waiting, found = objects.filter(of(RDF_TYPE)).unique().to_pylist(), set[str]()
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += above.get(one, ())
    return frozenset(IRI(text[1:-1]) for text in found if text.startswith("<"))


def by_reference(
    nodes: Sequence[Term],
    shapes: ShapesGraph,
    data: Statements,
    context: Statements = (),
    *,
    reference: Validator | None = None,
) -> Sequence[ValidationResult]:
    """The results of the shapes that have no plan; pySHACL judges by default."""
    if reference is None:
        from emkg.validation.engine import PyshaclValidator  # noqa: PLC0415  (pySHACL takes a second to import)

        reference = PyshaclValidator()
    return reference.validate(data, _only_judging(shapes, nodes), context).results


def _only_judging(shapes: ShapesGraph, nodes: Sequence[Term]) -> ShapesGraph:
    """The same shapes, of which only these have targets."""
    kept = set(nodes)
    classes = {RDFS + "Class", OWL + "Class"}

    def stays(quad: Quad) -> bool:
        if quad.subject in kept:
            return True
        is_class = (
            quad.predicate.value == RDF_TYPE and isinstance(quad.object, IRI) and quad.object.value in classes
        )
        is_shape = is_class and any(
            other.subject == quad.subject
            and other.object in {IRI(SH + "NodeShape"), IRI(SH + "PropertyShape")}
            for other in shapes.quads
        )
        return quad.predicate.value not in _TARGETS and not is_shape

    return ShapesGraph(tuple(filter(stays, shapes.quads)))


def statements_table(statements: Statements) -> pa.Table:
    """Statements as columns s, p, o and an empty g."""
    if isinstance(statements, pa.Table):
        columns = {name: statements.column(name) for name in ("s", "p", "o")}
        return (
            pa.table(columns)
            .append_column("g", pa.nulls(statements.num_rows, pa.string()))
            .cast(STATEMENTS_SCHEMA)
        )
    return statements_of(
        (str(quad.subject), str(quad.predicate), str(quad.object), None) for quad in statements
    )

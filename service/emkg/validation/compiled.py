"""The compiled engine: every constraint a plan over a ledger; what has no plan is handed to pySHACL, shape by shape."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from emkg.ledger import Activity, Ledger, term_id
from emkg.plan import Dataset, Variable, answer_pattern
from emkg.plan import algebra as a
from emkg.plan.pattern_answer import compile_answer, solutions_of, source_of
from emkg.plan.sql import NotCompiled
from emkg.rdf import IRI, Literal
from emkg.rdf.relation import STATEMENTS_SCHEMA, statements_of
from emkg.validation.message import default_messages
from emkg.validation.report import ValidationReport, ValidationResult
from emkg.validation.shape import Shapes, path_text_of
from emkg.validation.shape_check import ShapeCompiler
from emkg.validation.shapes import ShapesGraph
from emkg.validation.sparql_check import SHAPES_GRAPH
from emkg.validation.value_check import instance_of
from emkg.vocabulary import OWL, RDF_TYPE, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from emkg.plan import PlanSource
    from emkg.plan.sql.query import Plan
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
_HOLE: Final = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True)
class CompiledValidator:
    """Judges by plans over a ledger; `reference` judges by the shapes that have no plan.

    Attributes:
        reference: pySHACL; imported when it is needed.
        memory_limit_mb: What the ledger in memory that plain data is read into may use.
    """

    reference: Validator | None = None
    memory_limit_mb: int = _MEMORY_MB

    def validate(self, data: Statements, shapes: ShapesGraph, context: Statements = ()) -> ValidationReport:
        """See `Validator.validate`; results are sorted by focus node, path and component."""
        judged = statements_table(data)
        background = statements_table(context)
        with Ledger.open(None, memory_limit_mb=self.memory_limit_mb) as ledger:
            graphs = {
                _GRAPH: pa.concat_tables([judged, background]),
                SHAPES_GRAPH: statements_table(shapes.quads),
            }
            with ledger.stage(graphs) as staged:
                staged.commit(Activity("data"))
            results, handed_over = compiled_results(ledger, shapes, Dataset((_GRAPH,), (SHAPES_GRAPH,)))
        if handed_over:
            rest = self._reference().validate(data, only_judging(shapes, handed_over), context)
            results = [*results, *rest.results]
        if background.num_rows:
            known = {*judged.column("s").unique().to_pylist(), *judged.column("o").unique().to_pylist()}
            results = [result for result in results if str(result.focus_node) in known]
        return ValidationReport(not results, tuple(sorted(results, key=order_of)))

    def _reference(self) -> Validator:
        if self.reference is not None:
            return self.reference
        from emkg.validation.engine import PyshaclValidator  # noqa: PLC0415  (pySHACL takes a second to import)

        return PyshaclValidator()


def compiled_results(
    source: PlanSource, shapes: ShapesGraph, dataset: Dataset | None = None
) -> tuple[list[ValidationResult], list[Term]]:
    """The results of what has plans, and the shapes that have none; `dataset` is the data graph, all for None.

    Raises:
        ShapesError: A shape refers to itself, or is malformed.
    """
    model = Shapes(shapes.quads)
    compiler = ShapeCompiler(model)
    present = _Present.of(source, dataset)
    # read at once, of a state that stays: mostly there is no class hierarchy in the data, and nothing to be walked
    own = replace(source_of(source, dataset), absent=lambda predicate: predicate not in present.predicates)
    waiting: list[tuple[Check, Future[list[dict[Variable, Term]]]]] = []
    handed_over: list[Term] = []
    with ThreadPoolExecutor(_WORKERS) as worker:  # plans run while the next ones are made
        for shape in model.judging:
            if not present.has_focus(shape, is_class=model.is_class(shape.node)):
                continue
            try:
                checks = compiler.checks(shape)
                plans = [compile_answer(check.pattern, variables_of(check), own) for check in checks]
            except NotCompiled:
                handed_over.append(shape.node)
                continue
            waiting += [
                (check, worker.submit(_solutions, source, plan))
                for check, plan in zip(checks, plans, strict=True)
            ]
    results = [result_of(check, solution, shapes) for check, found in waiting for solution in found.result()]
    return results, handed_over


def _solutions(source: PlanSource, plan: Plan) -> list[dict[Variable, Term]]:
    return list(solutions_of(plan, source.select(plan.sql).read_all(), source))


@dataclass(frozen=True)
class _Present:
    """What the data has, so that a shape which judges nothing of it costs nothing.

    Attributes:
        classes: The classes of its nodes, and those above them.
        predicates: The ids of its predicates.
    """

    classes: frozenset[Term]
    predicates: frozenset[int]

    @classmethod
    def of(cls, source: PlanSource, dataset: Dataset | None) -> _Present:
        node, kind = Variable("node"), Variable("class")
        found = a.Distinct(a.Project(instance_of(node, kind), (kind,)))
        classes = frozenset(
            solution[kind] for solution in answer_pattern(source, found, (kind,), dataset=dataset)
        )
        return cls(classes, frozenset(source.statistics().predicates))

    def has_focus(self, shape: Shape, *, is_class: bool) -> bool:
        """Whether a shape may have a focus node."""
        if shape.all("targetNode") or shape.all("target"):
            return True
        if not self.classes.isdisjoint([*shape.all("targetClass"), *([shape.node] if is_class else [])]):
            return True
        ends = [*shape.all("targetSubjectsOf"), *shape.all("targetObjectsOf")]
        return any(term_id(str(predicate)) in self.predicates for predicate in ends)


def only_judging(shapes: ShapesGraph, nodes: Sequence[Term]) -> ShapesGraph:
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


def order_of(result: ValidationResult) -> tuple[str, ...]:
    """What results are sorted by."""
    parts = (result.focus_node, result.path or "", result.component, result.value or "", result.source_shape)
    return tuple(str(part) for part in parts)


def variables_of(check: Check) -> tuple[Variable, ...]:
    """The variables that a check's results are made of."""
    wanted = (check.focus, check.value, check.path, *check.variables, check.target)
    return tuple(dict.fromkeys(variable for variable in wanted if variable is not None))


def result_of(check: Check, solution: Mapping[Variable, Term], shapes: ShapesGraph) -> ValidationResult:
    """The validation result of a check's solution."""
    shape = check.shape
    if check.path is not None and check.path in solution:
        path: str | None = str(solution[check.path])
    else:
        path = None if shape.path is None else path_text_of(shape.path)
    return ValidationResult(
        focus_node=solution[check.focus],
        path=path,
        value=None if check.value is None else solution.get(check.value),
        component=check.component,
        severity=shape.severity,
        source_shape=shape.node,
        messages=_messages(check, solution, shapes),
    )


def _messages(check: Check, solution: Mapping[Variable, Term], shapes: ShapesGraph) -> dict[str, str]:
    own = check.messages or tuple(text for text in check.shape.all("message") if isinstance(text, Literal))
    if own:
        return {text.language: _filled(text.value, solution) for text in own}
    return default_messages(check.component, check.shape.node, shapes.first_values)


def _filled(template: str, solution: Mapping[Variable, Term]) -> str:
    known = {variable.name: term for variable, term in solution.items()}
    return _HOLE.sub(lambda hole: str(known[hole[1]].value) if hole[1] in known else hole[0], template)


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

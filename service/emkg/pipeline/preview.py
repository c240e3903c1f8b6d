"""`emkg map preview`: sample rows, the statements they give, what is withheld, and what the shapes say of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.mapping import locate, parse_mapping
from emkg.mapping.sample import Choice, Sample, SampleRow, sample_mapping
from emkg.pipeline.map_run import dataset_names
from emkg.pipeline.trace import predicate_of
from emkg.rdf import IRI, BlankNode, Quad, Triple, parse_term
from emkg.validation import CompiledValidator
from emkg.vocabulary import RDF_TYPE, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from emkg.mapping import Mapping as MappingFile
    from emkg.mapping import SourceCell
    from emkg.ontology import Ontology
    from emkg.rdf import Term
    from emkg.validation import ShapesGraph, ValidationResult

__all__ = ["Choice", "Preview", "PreviewInputs", "PreviewRow", "PreviewViolation", "preview_mapping"]

_CONTEXT: Final = frozenset({RDF_TYPE, RDFS + "subClassOf"})
_CLASS: Final = IRI(SH + "ClassConstraintComponent")


@dataclass(frozen=True)
class PreviewInputs:
    """What the rows are judged by, and how the mapping is run."""

    shapes: ShapesGraph
    ontology: Ontology
    base: str
    data_root: Path | None = None


@dataclass(frozen=True)
class PreviewViolation:
    """A validation result and the cells that its value came from (empty where a value is missing)."""

    result: ValidationResult
    cells: tuple[SourceCell, ...]


@dataclass(frozen=True)
class PreviewRow:
    """One sample row and the results on its subject."""

    sample: SampleRow
    violations: tuple[PreviewViolation, ...]


@dataclass(frozen=True)
class Preview:
    """The sample of one triples map."""

    sample: Sample
    rows: tuple[PreviewRow, ...]


def preview_mapping(path: Path, choice: Choice, inputs: PreviewInputs) -> tuple[Preview, ...]:
    """The chosen rows of every triples map of a mapping, from source to validation results.

    The rows are judged together and apart from everything else: that a thing of another dataset lacks its class
    is not held against them.

    Raises:
        MappingError: The mapping is wrong.
        SourceError: A source cannot be read as described.
        ShapesError: The rows cannot be judged by the shapes.
    """
    mapping = parse_mapping(path, data_root=inputs.data_root)
    dataset = dataset_names([path])[0]
    samples = sample_mapping(mapping, choice, dataset=dataset, base=inputs.base)
    data = [quad for sample in samples for row in sample.rows for quad in _quads(row)]
    by_node = _by_focus_node(_results(data, inputs))
    cells = _Cells(mapping, dataset, inputs.base)
    return tuple(Preview(sample, _rows(sample, by_node, cells)) for sample in samples)


def _results(data: list[Quad], inputs: PreviewInputs) -> list[ValidationResult]:
    context = [quad for quad in inputs.ontology.quads if quad.predicate.value in _CONTEXT]
    report = CompiledValidator().validate(data, inputs.shapes, context)
    known = {quad.subject for quad in data}
    return [
        result for result in report.results if not (result.component == _CLASS and result.value not in known)
    ]


def _by_focus_node(results: Iterable[ValidationResult]) -> dict[Term, list[ValidationResult]]:
    by_node: dict[Term, list[ValidationResult]] = defaultdict(list)
    for result in results:
        by_node[result.focus_node].append(result)
    return by_node


@dataclass(frozen=True)
class _Cells:
    """Lineage of the previewed mapping."""

    mapping: MappingFile
    dataset: str
    base: str

    def of(self, result: ValidationResult, row: int) -> tuple[SourceCell, ...]:
        """The row's cells that give the value at fault; only simple paths name a statement."""
        predicate = predicate_of(result)
        if result.value is None or predicate is None or not isinstance(result.focus_node, IRI | BlankNode):
            return ()
        triple = Triple(result.focus_node, predicate, result.value)
        found = locate([triple], [self.mapping], base=self.base, dataset=self.dataset)[triple]
        return tuple(cell for cell in found if cell.row == row)


def _rows(
    sample: Sample, by_node: Mapping[Term, list[ValidationResult]], cells: _Cells
) -> tuple[PreviewRow, ...]:
    return tuple(
        PreviewRow(
            row,
            tuple(
                PreviewViolation(result, cells.of(result, row.row))
                for subject in dict.fromkeys(quad.subject for quad in _quads(row))
                for result in by_node.get(subject, ())
            ),
        )
        for row in sample.rows
    )


def _quads(row: SampleRow) -> list[Quad]:
    return [
        Quad(subject, predicate, parse_term(o))
        for s, p, o in row.statements
        if isinstance(subject := parse_term(s), IRI | BlankNode)
        and isinstance(predicate := parse_term(p), IRI)
    ]

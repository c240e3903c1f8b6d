"""Properties that the shapes of a class require and no mapping makes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.ontology.term import shorten
from emkg.pipeline.lint_finding import Severity, found
from emkg.rdf import IRI, Literal
from emkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding
    from emkg.rdf import Term
    from emkg.validation import ShapesGraph


@dataclass(frozen=True)
class Requirement:
    """Things of `target` need at least one value of `path`."""

    target: str
    path: str
    shape: str
    severity: Severity


def requirements(shapes: ShapesGraph) -> tuple[Requirement, ...]:
    """Every property shape with a single predicate as its path and sh:minCount of at least 1."""
    values: dict[tuple[Term, str], list[Term]] = defaultdict(list)
    for quad in shapes.quads:
        values[quad.subject, quad.predicate.value].append(quad.object)
    return tuple(
        Requirement(target.value, path.value, str(shape.value), _severity(values, shape))
        for (node, predicate), targets in values.items()
        if predicate == SH + "targetClass" and not _is_off(values, node)
        for target in targets
        for shape in values.get((node, SH + "property"), ())
        if _least(values, shape) > 0 and not _is_off(values, shape)
        for path in values.get((shape, SH + "path"), ())
        if isinstance(path, IRI)
    )


def lint_requirements(context: LintContext) -> Iterator[LintFinding]:
    """One finding for each property that the shapes of a triples map's classes require and nothing makes."""
    ontology = context.inputs.ontology
    needed = requirements(context.inputs.shapes)
    for triples_map in context.mapping.triples_maps:
        thing = context.things.subject(context.mapping, triples_map)
        if thing.is_open:
            continue
        for iri in triples_map.classes:
            above = ontology.ancestors(iri)
            place = context.text.find_iri(triples_map.location, iri, context.end_of(triples_map))
            lacks = [one for one in needed if one.target in above and one.path not in thing.predicates]
            for one in {each.path: each for each in sorted(lacks, key=_weight)}.values():
                yield found(
                    "required-property",
                    place,
                    f"{shorten(iri)} needs {shorten(one.path)} ({shorten(one.shape)}), and no mapping makes it",
                    f"{shorten(iri)} 须有 {shorten(one.path)}（{shorten(one.shape)}），而没有映射生成它",
                    suggestion=shorten(one.path),
                    severity=one.severity,
                )


def _weight(requirement: Requirement) -> int:
    """Of several shapes that require one property the strictest comes last, and is told of."""
    return (Severity.NOTE, Severity.WARNING, Severity.ERROR).index(requirement.severity)


def _least(values: dict[tuple[Term, str], list[Term]], shape: Term) -> int:
    counts = values.get((shape, SH + "minCount"), [])
    return int(counts[0].value) if counts and isinstance(counts[0], Literal) else 0


def _is_off(values: dict[tuple[Term, str], list[Term]], shape: Term) -> bool:
    return any(one.value in {"true", "1"} for one in values.get((shape, SH + "deactivated"), ()))


def _severity(values: dict[tuple[Term, str], list[Term]], shape: Term) -> Severity:
    stated = {one.value for one in values.get((shape, SH + "severity"), ())}
    if SH + "Warning" in stated:
        return Severity.WARNING
    return Severity.NOTE if SH + "Info" in stated else Severity.ERROR

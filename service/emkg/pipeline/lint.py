"""`emkg map lint`: what is wrong with mappings before they run, every finding with its line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.errors import Location, MappingError
from emkg.mapping import parse_mapping
from emkg.ontology import load_ontology
from emkg.pipeline.act_table import Acts
from emkg.pipeline.lint_act import lint_citations
from emkg.pipeline.lint_context import LintContext, LintInputs
from emkg.pipeline.lint_finding import RULES, LintFinding, LintRule, Severity, found
from emkg.pipeline.lint_function import lint_functions
from emkg.pipeline.lint_iri import lint_iris
from emkg.pipeline.lint_shape import lint_requirements
from emkg.pipeline.lint_source import lint_sources
from emkg.pipeline.lint_source_names import UNNAMED_DATA, SourceReader
from emkg.pipeline.lint_statement import Things
from emkg.pipeline.lint_term import lint_terms
from emkg.pipeline.lint_text import MappingText
from emkg.pipeline.lint_unused import lint_unused
from emkg.validation import load_shapes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from emkg.mapping import Mapping

__all__ = [
    "RULES",
    "LintFinding",
    "LintInputs",
    "LintReport",
    "LintRule",
    "Severity",
    "lint_inputs",
    "lint_mappings",
]

_CHECKS: Final = (
    lint_terms,
    lint_requirements,
    lint_sources,
    lint_iris,
    lint_unused,
    lint_functions,
    lint_citations,
)


@dataclass(frozen=True)
class LintReport:
    """Everything found in some mapping files, by place."""

    files: tuple[Path, ...]
    findings: tuple[LintFinding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(one.severity is severity for one in self.findings)

    @property
    def has_errors(self) -> bool:
        """Whether a run would fail, or make something other than what is meant."""
        return self.count(Severity.ERROR) > 0


def lint_inputs(
    root: Path, *, as_of: date, shapes: Sequence[Path] = (), data_root: Path | None = None
) -> LintInputs:
    """What mappings are judged by, from a folder that holds ontology/ and shapes/.

    Args:
        root: The folder.
        as_of: The date on which cited articles should be in force.
        shapes: Shapes files in place of the folder's own.
        data_root: The folder that `data:` paths are relative to.

    Raises:
        ShapesError: A shapes file is missing or wrong.
    """
    return LintInputs(
        ontology=load_ontology(root / "ontology"),
        shapes=load_shapes(shapes or sorted((root / "shapes").glob("*.ttl"))),
        acts=Acts.of_content(root),
        as_of=as_of,
        data_root=data_root,
    )


def lint_mappings(files: Sequence[Path], inputs: LintInputs) -> LintReport:
    """Judge mapping files, those given together as one: what one maps, another need not.

    A file that cannot be parsed gives its first fault as a finding. Nothing is raised for what is wrong with a
    mapping or its sources.
    """
    findings: list[LintFinding] = []
    parsed: list[tuple[Path, Mapping]] = []
    for path in files:
        data_root = inputs.data_root or path.parent / UNNAMED_DATA
        try:
            parsed.append((path, parse_mapping(path, data_root=data_root)))
        except MappingError as error:
            findings.append(_syntax(path, error))
    mappings = [mapping for _, mapping in parsed]
    things = Things.of(mappings)
    with SourceReader() as reader:
        for path, mapping in parsed:
            context = LintContext(mapping, MappingText.read(path), mappings, things, inputs, reader)
            findings += [finding for check in _CHECKS for finding in check(context)]
    return LintReport(tuple(files), tuple(sorted(dict.fromkeys(findings), key=lambda one: one.order)))


def _syntax(path: Path, error: MappingError) -> LintFinding:
    place = error.location or Location(str(path))
    located = Location(place.file, place.line or 1, place.column or 1)
    return found("syntax", located, error.message, error.message_zh or error.message)

"""What a validation found, as values: the W3C validation report without any library's types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.rdf import IRI, Subject, Term
from emkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

VIOLATION = IRI(SH + "Violation")
WARNING = IRI(SH + "Warning")
INFO = IRI(SH + "Info")


@dataclass(frozen=True)
class ValidationResult:
    """One validation result (SHACL, section 3.6.2).

    `path` is the property path in SPARQL's syntax with full IRIs (`<p>`, `^<p>`, `<p>/<q>`), None at a node
    shape. `messages` maps a language tag to a text; a text of the shape's author without a tag has the key "".
    """

    focus_node: Term
    path: str | None
    value: Term | None
    component: IRI
    severity: IRI
    source_shape: Subject
    messages: Mapping[str, str] = field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """The text in `language`, else without a tag, else in English, else any; empty where there is none."""
        for key in (language, "", "en"):
            if key in self.messages:
                return self.messages[key]
        return next(iter(self.messages.values()), "")


def order_of(result: ValidationResult) -> tuple[str, ...]:
    """What results are sorted by."""
    parts = (result.focus_node, result.path or "", result.component, result.value or "", result.source_shape)
    return tuple(str(part) for part in parts)


@dataclass(frozen=True)
class ValidationReport:
    """All results of one validation; `conforms` is False as soon as there is one, of whatever severity."""

    conforms: bool
    results: tuple[ValidationResult, ...] = ()

    @classmethod
    def of(cls, results: Collection[ValidationResult]) -> ValidationReport:
        """The report of these results, sorted by focus node, path and component."""
        return cls(not results, tuple(sorted(results, key=order_of)))

    def with_severity(self, severity: IRI) -> tuple[ValidationResult, ...]:
        """The results of one severity."""
        return tuple(result for result in self.results if result.severity == severity)

    def focus_nodes(self) -> frozenset[Term]:
        """The focus nodes at fault."""
        return frozenset(result.focus_node for result in self.results)

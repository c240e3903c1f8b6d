"""`emkg map suggest`: a first mapping for a file, every proposal with its score and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.errors import InputError
from emkg.ontology import TermKind, load_ontology
from emkg.pipeline.inspection import inspect_source
from emkg.pipeline.lint_finding import Severity
from emkg.pipeline.lint_shape import Requirement, requirements
from emkg.pipeline.suggestion_score import Fit, Target, class_likeness, fit, read_words, targets_of
from emkg.sources.suggestion import did_you_mean
from emkg.validation import load_shapes
from emkg.vocabulary import EM, RDFS_LABEL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.ontology import Ontology, OntologyTerm
    from emkg.sources.inspection import ColumnProfile, Inspection
    from emkg.sources.inspection.file import InspectedTable

ENOUGH: Final = 0.6
_CANDIDATES: Final = 3
_EVENT: Final = EM + "Event"


@dataclass(frozen=True)
class _Judges:
    """What columns are judged by."""

    ontology: Ontology
    targets: Sequence[Target]
    needed: Sequence[Requirement]


@dataclass(frozen=True)
class ColumnProposal:
    """A column, its candidates (best first), and the one proposed; None where none is good enough or free."""

    column: ColumnProfile
    candidates: tuple[Fit, ...]
    chosen: Fit | None


@dataclass(frozen=True)
class ClassProposal:
    """What the records are taken to be."""

    term: OntologyTerm
    score: float
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """A mapping of one table.

    Attributes:
        inspection: What the file is.
        table: Which of its tables.
        classes: What its records may be, best first; the first is proposed.
        key: The columns of the subject; empty where none tells the records apart.
        columns: The proposals, in the file's order.
        missing: Properties that things of the proposed class must have and no column is proposed for.
    """

    inspection: Inspection
    table: InspectedTable
    classes: tuple[ClassProposal, ...]
    key: tuple[str, ...]
    columns: tuple[ColumnProposal, ...]
    missing: tuple[str, ...]

    @property
    def mapped(self) -> int:
        """How many columns have a property proposed."""
        return sum(one.chosen is not None for one in self.columns)

    @property
    def other_tables(self) -> tuple[str, ...]:
        """The names of the file's other tables, for which nothing is said here."""
        return tuple(
            one.sample.name for one in self.inspection.tables if one.sample.name != self.table.sample.name
        )


def suggest_mapping(path: Path, content: Path, *, limit: int = 10_000, table: str = "") -> Suggestion:
    """A first mapping of one of a file's tables against the ontology; no column is mapped below a score of 0.6.

    Without a name it is the table of which most columns can be mapped, the fullest of equals.

    Raises:
        InputError: The file has no table of this name.
        SourceError: The file is not there, or is not of the format that its name says.
    """
    found = suggest_tables(path, content, limit=limit)
    if not table:
        return max(found, key=lambda one: (one.mapped, len(one.table.sample.rows)))
    names = [one.table.sample.name for one in found]
    if table not in names:
        raise InputError(
            f"{path} has no table {table}{did_you_mean(table, names)}; it has {', '.join(names) or 'one only'}",
            message_zh=f"{path} 中没有 {table}，有：{'、'.join(names)}",
        )
    return found[names.index(table)]


def suggest_tables(path: Path, content: Path, *, limit: int = 10_000) -> tuple[Suggestion, ...]:
    """A suggestion for each table of a file, in the order of the inspection.

    Raises:
        SourceError: The file is not there, or is not of the format that its name says.
    """
    ontology = load_ontology(content / "ontology")
    targets = targets_of(ontology, read_words(content / "mappings" / "words.csv"))
    inspection = inspect_source(path, content, limit=limit)
    judges = _Judges(ontology, targets, requirements(load_shapes(sorted((content / "shapes").glob("*.ttl")))))
    return tuple(_suggest(inspection, table, judges) for table in inspection.tables)


def _suggest(inspection: Inspection, table: InspectedTable, judges: _Judges) -> Suggestion:
    ontology = judges.ontology
    fits = {
        column.name: sorted(
            (found for target in judges.targets if (found := fit(column, target))), key=lambda one: -one.score
        )
        for column in table.columns
    }
    classes = _classes(f"{table.sample.name} {inspection.path.stem}", fits, ontology)
    chosen = classes[0].term if classes else None
    columns = tuple(_choose(table.columns, fits, chosen, ontology))
    key = table.keys[0] if table.keys else ()
    return Suggestion(inspection, table, classes, key, columns, _missing(chosen, columns, judges))


def _missing(
    chosen: OntologyTerm | None, columns: Sequence[ColumnProposal], judges: _Judges
) -> tuple[str, ...]:
    above = judges.ontology.ancestors(chosen.iri) if chosen else frozenset()
    made = {one.chosen.target.iri for one in columns if one.chosen}
    needed = {one.path for one in judges.needed if one.target in above and one.severity is Severity.ERROR}
    return tuple(sorted(needed - made))


def _classes(name: str, fits: dict[str, list[Fit]], ontology: Ontology) -> tuple[ClassProposal, ...]:
    """Classes by what their own properties fit and by the table's name; most specific of equals first."""
    proposals = []
    for term in ontology.terms.values():
        if term.kind is not TermKind.CLASS or not term.defined_by.endswith(
            ("/city-data", "/core", "/resources")
        ):
            continue
        above = ontology.ancestors(term.iri)
        own = [
            max((one.score for one in found if one.target.domain and one.target.domain <= above), default=0.0)
            for found in fits.values()
        ]
        fitting = [score for score in own if score >= ENOUGH]
        likeness = class_likeness(name, term)
        score = min(1.0, round(likeness + 0.2 * sum(fitting), 2))
        if score >= ENOUGH / 2:
            reasons = [f"the table's name is like “{term.labels.get('en', '')}”"] if likeness else []
            reasons += [f"{len(fitting)} columns fit properties of its own"] if fitting else []
            proposals.append((score, len(above), ClassProposal(term, score, "; ".join(reasons))))
    ranked = [one for *_, one in sorted(proposals, key=lambda item: (-item[0], -item[1], item[2].term.iri))]
    if (
        not ranked
        and _EVENT in ontology.terms
        and any(
            one.target.iri == EM + "eventType" and one.score >= ENOUGH
            for found in fits.values()
            for one in found[:1]
        )
    ):
        ranked = [ClassProposal(ontology.terms[_EVENT], ENOUGH, "a column holds event types")]
    return tuple(ranked[:_CANDIDATES])


def _choose(
    columns: Sequence[ColumnProfile],
    fits: dict[str, list[Fit]],
    chosen: OntologyTerm | None,
    ontology: Ontology,
) -> list[ColumnProposal]:
    """Each column its best property that the class may have; a property goes to the column that fits it best."""
    above = ontology.ancestors(chosen.iri) if chosen else frozenset()
    able = {
        column.name: [one for one in fits[column.name] if one.target.domain <= above]
        for column in columns
        if not column.is_personal  # to pass it on is a decision, not a proposal
    }
    ranked = sorted(
        (
            (one.score, bool(one.target.domain), -place, column.name, one)
            for place, column in enumerate(columns)
            for one in able.get(column.name, ())
        ),
        key=lambda item: item[:3],  # of equals, what only this class may have
        reverse=True,
    )
    taken: dict[str, Fit] = {}
    used: set[str] = set()
    for score, *_, name, one in ranked:
        if (
            score >= ENOUGH
            and name not in taken
            and (one.target.iri not in used or one.target.iri == RDFS_LABEL)
        ):
            taken[name] = one
            used.add(one.target.iri)
    return [
        ColumnProposal(column, tuple(fits[column.name][:_CANDIDATES]), taken.get(column.name))
        for column in columns
    ]

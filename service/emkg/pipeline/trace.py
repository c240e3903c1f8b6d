"""From validation results back to the source: the cells of the values at fault, or of the row that should have them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from emkg.arrow import text_array
from emkg.mapping import absent_cells, locate
from emkg.rdf import IRI, BlankNode, Triple, parse_term
from emkg.vocabulary import RDF_TYPE, SH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emkg.mapping import Mapping as MappingFile
    from emkg.mapping import SourceCell
    from emkg.rdf import Term
    from emkg.validation import ValidationResult

_COMPARISONS: Final = frozenset(
    f"{SH}{name}ConstraintComponent" for name in ("LessThan", "LessThanOrEquals", "Equals", "Disjoint")
)
_MAX_COUNT: Final = IRI(SH + "MaxCountConstraintComponent")


@dataclass(frozen=True)
class TracedResult:
    """A validation result and its place in the source; no cells where the mapping does not make the focus node.

    Attributes:
        result: The result.
        cells: One source row's cells: of the value at fault (and the one it is compared with), of the key where a key is repeated, and the one that
            should hold a value where there is none. Of several rows that give one focus node it is the last.
        rows: Every row that takes part, in order.
    """

    result: ValidationResult
    cells: tuple[SourceCell, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Judged:
    """What was validated, and by what.

    Attributes:
        statements: The data graph, as columns s, p, o in N-Triples form.
        compared: Shape -> the property that its values are compared with.
    """

    statements: pa.Table
    compared: Mapping[Term, IRI]


def trace_results(
    results: Sequence[ValidationResult], judged: Judged, mapping: MappingFile, *, base: str, dataset: str
) -> tuple[TracedResult, ...]:
    """The place of every result, in the order given; the mapping's sources are read once for all of them.

    Args:
        results: What the validation found.
        judged: What it looked at.
        mapping: The mapping that made it.
        base: The base of relative IRIs in that run.
        dataset: The dataset's name in that run.

    Raises:
        MappingError: The mapping cannot be compiled.
        SourceError: A source cannot be read as described.
    """
    by_subject = _statements_of({str(one.focus_node) for one in results}, judged.statements)
    candidates = [
        _candidates(one, by_subject.get(str(one.focus_node), []), judged.compared.get(one.source_shape))
        for one in results
    ]
    found = locate((triple for one in candidates for triple in one), [mapping], base=base, dataset=dataset)
    return tuple(
        _traced(result, [cell for triple in triples for cell in found[triple]], mapping)
        for result, triples in zip(results, candidates, strict=True)
    )


def _statements_of(subjects: set[str], statements: pa.Table) -> dict[str, list[Triple]]:
    rows = statements.filter(pc.is_in(statements["s"], text_array(sorted(subjects))))
    by_subject: dict[str, list[Triple]] = defaultdict(list)
    for row in rows.select(["s", "p", "o"]).to_pylist():
        subject, predicate, value = (parse_term(row[name]) for name in "spo")
        if isinstance(subject, IRI | BlankNode) and isinstance(predicate, IRI):
            by_subject[row["s"]].append(Triple(subject, predicate, value))
    return by_subject


def _candidates(result: ValidationResult, statements: Sequence[Triple], compared: IRI | None) -> list[Triple]:
    """The statements at fault; where one is missing, those that say that the focus node is there at all."""
    predicate = predicate_of(result)
    at_fault = [
        one for one in statements if one.predicate == predicate and result.value in {None, one.object}
    ]
    if at_fault and compared and result.component.value in _COMPARISONS:
        at_fault += [one for one in statements if one.predicate == compared]
    return at_fault or [one for one in statements if one.predicate.value == RDF_TYPE] or list(statements[:1])


def predicate_of(result: ValidationResult) -> IRI | None:
    """The predicate of a result's path; None where the path is longer, or there is none."""
    path = result.path or ""
    return IRI(path[1:-1]) if path.startswith("<") and path.count("<") == 1 else None


def _traced(result: ValidationResult, cells: Sequence[SourceCell], mapping: MappingFile) -> TracedResult:
    rows = tuple(sorted({cell.row for cell in cells}))
    if not rows:
        return TracedResult(result, (), ())
    last = [cell for cell in cells if cell.row == rows[-1]]
    keys = [cell for cell in last if cell.is_key]
    if result.component == _MAX_COUNT:
        return TracedResult(result, tuple(keys or last), rows)
    others = [cell for cell in last if not cell.is_key]
    predicate = predicate_of(result)
    if result.value is None and not others and predicate:
        others = list(absent_cells(mapping, last[0], predicate))
    return TracedResult(result, tuple(others or keys), rows)

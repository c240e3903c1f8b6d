"""Whether the ontology's modules are in order: described, declared, within their profiles, consistent, answering."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ontology import (
    OntologyFinding,
    Statements,
    check_ontology,
    find_misaligned,
    foreign_datatypes,
    read_alignments,
    read_ontology,
)
from emkg.ontology.axiom_count import count_axioms
from emkg.ontology.term import shorten
from emkg.pipeline.ontology_report import OntologyReport
from emkg.rdf import IRI
from emkg.reasoning.consistency import Judgement, judge_consistency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from emkg.ontology import Ontology
    from emkg.pipeline.ontology_competency import CompetencyAnswer
    from emkg.reasoning.consistency import Consistency

_OUTSIDE_DL: Final = frozenset(
    {
        "forbidden-punning",
        "literal-of-object-property",
        "not-simple",
        "resource-of-datatype-property",
        "undeclared-class",
        "undeclared-property",
        "unknown-name",
        "wrong-range",
    }
)
_OUTSIDE_RL: Final = frozenset({"outside-rl"})


@dataclass(frozen=True)
class CheckOptions:
    """How the modules are checked.

    Attributes:
        timeout_s: How long the reasoner may take.
        competency: Asks the competency questions; None leaves them out.
        alignments: Folder of the alignments to check with the modules; None for none.
    """

    timeout_s: float = 120.0
    competency: Callable[[Ontology], Iterable[CompetencyAnswer]] | None = None
    alignments: Path | None = None


def check_modules(files: Sequence[Path], options: CheckOptions | None = None) -> OntologyReport:
    """Everything that is wrong with these modules taken together.

    The reasoner is asked even where the rest finds something, so that one run shows everything.

    Raises:
        InputError: A file is missing or its format unknown, or a mapping set cannot be read.
        RdfSyntaxError: A module does not parse; located by file, line and column.
    """
    chosen = options or CheckOptions()
    start = time.monotonic()
    ontology = read_ontology(files)
    statements = Statements.of(ontology.modules)
    found = check_ontology(ontology)
    aligned = (
        tuple(find_misaligned(ontology, read_alignments(chosen.alignments))) if chosen.alignments else ()
    )
    consistency = judge_consistency(ontology.quads, timeout_s=chosen.timeout_s)
    answers = tuple(chosen.competency(ontology)) if chosen.competency else ()
    problems = {each.problem for each in found}
    return OntologyReport(
        modules=len(ontology.modules),
        terms=sum(term.is_ours for term in ontology.terms.values()),
        axioms=count_axioms(ontology.quads),
        is_dl=not problems & _OUTSIDE_DL,
        is_rl=not problems & _OUTSIDE_RL,
        foreign_datatypes=foreign_datatypes(statements),
        consistency=consistency,
        findings=(*found, *_judged(consistency, statements, found), *aligned),
        answers=answers,
        seconds=time.monotonic() - start,
    )


def _judged(
    consistency: Consistency, statements: Statements, found: Iterable[OntologyFinding]
) -> Iterator[OntologyFinding]:
    """What only the reasoner knows, as findings."""
    known = {each.iri for each in found if each.problem == "unsatisfiable-class"}
    explained = any(each.problem in {"contradiction", "unsatisfiable-class"} for each in found)
    for iri in consistency.unsatisfiable:
        if iri not in known:
            yield OntologyFinding(
                statements.location(IRI(iri)),
                iri,
                "unsatisfiable-class",
                f"{shorten(iri)} can have no instance, says HermiT: what it is said to be contradicts itself",
                f"{shorten(iri)} 不可能有实例（HermiT）：其定义自相矛盾",
            )
    if consistency.judgement is Judgement.INCONSISTENT and not explained:
        yield OntologyFinding(
            None,
            "",
            "inconsistent",
            "the modules contradict each other, says HermiT",
            "各模块相互矛盾（HermiT）",
        )

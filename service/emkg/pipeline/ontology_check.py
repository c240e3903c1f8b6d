"""Whether the ontology's modules are in order: described, declared, within their profiles, consistent, answering."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
from emkg.ontology.finding import OWL_2_DL, OWL_2_RL
from emkg.ontology.term import shorten
from emkg.pipeline.ontology_competency import ask_questions, knowledge_statements, read_questions
from emkg.pipeline.ontology_report import OntologyReport
from emkg.rdf import IRI
from emkg.reasoning.consistency import Judgement, judge_consistency
from emkg.vocabulary import CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from emkg.ontology import Ontology
    from emkg.pipeline.ontology_competency import CompetencyAnswer
    from emkg.reasoning.consistency import Consistency


@dataclass(frozen=True)
class CheckOptions:
    """How the modules are checked.

    Attributes:
        timeout_s: How long the reasoner may take.
        alignments: Folder of the alignments to check with the modules; None for none.
        knowledge: Folder whose mappings/reference makes the reference data, and whose ontology/competency asks
            questions of both; None to ask nothing.
    """

    timeout_s: float = 120.0
    alignments: Path | None = None
    knowledge: Path | None = None


def check_modules(files: Sequence[Path], options: CheckOptions | None = None) -> OntologyReport:
    """Everything that is wrong with these modules taken together.

    The reasoner is asked even where the rest finds something, so that one run shows everything.

    Raises:
        InputError: A file is missing or its format unknown, or a mapping set or question cannot be read.
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
    coded, answers = _known(ontology, statements, chosen.knowledge) if chosen.knowledge else ((), ())
    profiles = {each.profile for each in found}
    return OntologyReport(
        modules=len(ontology.modules),
        terms=sum(term.is_ours for term in ontology.terms.values()),
        axioms=count_axioms(ontology.quads),
        is_dl=OWL_2_DL not in profiles,
        is_rl=OWL_2_RL not in profiles,
        foreign_datatypes=foreign_datatypes(statements),
        consistency=consistency,
        findings=(*found, *_judged(consistency, statements, found), *aligned, *coded),
        answers=answers,
        seconds=time.monotonic() - start,
    )


def _known(
    ontology: Ontology, statements: Statements, content: Path
) -> tuple[tuple[OntologyFinding, ...], tuple[CompetencyAnswer, ...]]:
    """What the modules and the reference data say together: codes that neither declares, and answers."""
    questions = read_questions(content / "ontology" / "competency")
    knowledge = knowledge_statements(ontology.quads, content)
    subjects = frozenset(knowledge.column("s").unique().to_pylist())
    return tuple(_undeclared_codes(statements, subjects)), tuple(ask_questions(questions, knowledge))


def _undeclared_codes(statements: Statements, subjects: frozenset[str]) -> Iterator[OntologyFinding]:
    for module, quad in statements.located():
        term = quad.object
        if isinstance(term, IRI) and term.value.startswith(CODE) and str(term) not in subjects:
            name = shorten(term.value)
            yield OntologyFinding(
                module.location(quad.subject, term),
                term.value,
                "undeclared-code",
                f"{name} is used; neither a module nor the reference data says what it is",
                f"使用了 {name}，但本体模块和参考数据都没有说明它是什么",
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

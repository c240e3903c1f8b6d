"""What a check of the ontology found out, as a value, and as lines and JSON for its readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.pipeline.place import shown
from emkg.reasoning.consistency import Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.ontology import OntologyFinding
    from emkg.pipeline.ontology_competency import CompetencyAnswer
    from emkg.reasoning.consistency import Consistency

_NOT_JUDGED_ZH: Final = {
    Judgement.NO_EXTRA: "未安装 owlready2",
    Judgement.NO_JAVA: "没有 Java",
    Judgement.TIMEOUT: "推理机未在时限内结束",
    Judgement.FAILED: "推理机运行失败",
}


@dataclass(frozen=True)
class OntologyReport:
    """The result of `check_modules`.

    Attributes:
        modules: How many files were read.
        terms: How many terms of ours they declare.
        axioms: How many logical axioms and declarations they state.
        is_dl: Whether together they are OWL 2 DL, apart from `foreign_datatypes`.
        is_rl: Whether they are OWL 2 RL.
        foreign_datatypes: Datatypes outside the OWL 2 datatype map, by how many statements use them.
        consistency: The reasoner's verdict.
        findings: What is wrong, by file and line.
        answers: The competency questions' answers; empty when they were not asked.
        seconds: How long it all took.
    """

    modules: int
    terms: int
    axioms: int
    is_dl: bool
    is_rl: bool
    foreign_datatypes: Mapping[str, int]
    consistency: Consistency
    findings: tuple[OntologyFinding, ...]
    answers: tuple[CompetencyAnswer, ...]
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found, the reasoner agrees, and every question has its expected answer."""
        answered = all(each.is_expected for each in self.answers)
        return not self.findings and self.consistency.is_coherent and answered

    @property
    def profile(self) -> str:
        """`OWL 2 DL, OWL 2 RL`, or what of it holds."""
        held = [name for name, holds in (("OWL 2 DL", self.is_dl), ("OWL 2 RL", self.is_rl)) if holds]
        return ", ".join(held) or "OWL 2 Full"


def finding_line(finding: OntologyFinding, language: str) -> str:
    """`ontology/law.ttl:41: message`, in `zh` or `en`."""
    message = finding.message_zh if language == "zh" else finding.message
    return f"{shown(finding.location)}: {shown(message)}" if finding.location else shown(message)


def verdict_words(consistency: Consistency, language: str) -> tuple[str, str]:
    """Whether it is consistent, and whether it is coherent: yes, no, or why that is not known."""
    yes, no = ("是", "否") if language == "zh" else ("yes", "no")
    if not consistency.is_judged:
        reason = _NOT_JUDGED_ZH[consistency.judgement] if language == "zh" else consistency.judgement.value
        unknown = f"未判定（{reason}）" if language == "zh" else f"not judged ({reason})"
        return unknown, unknown
    return (yes if consistency.is_consistent else no), (yes if consistency.is_coherent else no)


def report_json(report: OntologyReport) -> dict[str, object]:
    """The report for machines; a verdict that is not known is null."""
    judged = report.consistency.is_judged
    return {
        "sound": report.is_sound,
        "modules": report.modules,
        "terms": report.terms,
        "axioms": report.axioms,
        "profile": {"owl2dl": report.is_dl, "owl2rl": report.is_rl},
        "datatypes_outside_owl2": dict(report.foreign_datatypes),
        "consistent": report.consistency.is_consistent if judged else None,
        "coherent": report.consistency.is_coherent if judged else None,
        "reasoner": report.consistency.judgement.value,
        "seconds": round(report.seconds, 2),
        "findings": [_finding_json(each) for each in report.findings],
        "competency": [each.document() for each in report.answers],
    }


def _finding_json(finding: OntologyFinding) -> dict[str, object]:
    place = finding.location
    return {
        "file": shown(place.file) if place else None,
        "line": place.line if place else None,
        "term": finding.iri or None,
        "problem": finding.problem,
        "message": shown(finding.message),
        "message_zh": shown(finding.message_zh),
    }

"""The project's own modules, each broken in one place: found, and located."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from emkg.errors import RdfSyntaxError
from emkg.ontology import module_files
from emkg.pipeline.ontology_check import CheckOptions, check_modules
from emkg.pipeline.ontology_report import OntologyReport, finding_line, report_json, verdict_words
from emkg.reasoning.consistency import Consistency, Judgement

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")
NO_REASONER = CheckOptions(timeout_s=0.01)


def _broken(checkout: Path, folder: Path, module: str, old: str, new: str) -> OntologyReport:
    """The report on the modules with `old` replaced in one of them."""
    for file in module_files(checkout / "ontology"):
        shutil.copy(file, folder)
    text = (folder / module).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (folder / module).write_text(text.replace(old, new, 1), encoding="utf-8")
    return check_modules(module_files(folder), NO_REASONER)


def _line(folder: Path, module: str, start: str) -> int:
    lines = (folder / module).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def _places(report: OntologyReport, problem: str) -> list[tuple[str, int | None, str]]:
    return [
        (Path(each.location.file).name, each.location.line, each.iri.rpartition("#")[2])
        for each in report.findings
        if each.problem == problem and each.location
    ]


@needs_java
def test_the_modules_are_in_order(checkout: Path) -> None:
    report = check_modules(module_files(checkout / "ontology"))

    assert [finding_line(each, "en") for each in report.findings] == []
    assert report.is_sound
    assert report.profile == "OWL 2 DL, OWL 2 RL"
    assert report.modules >= 11
    assert report.terms > 400
    assert report.axioms > 1000


def test_a_removed_declaration_is_found_where_the_term_is_used(checkout: Path, tmp_path: Path) -> None:
    report = _broken(checkout, tmp_path, "organisations.ttl", "em:Portfolio a owl:Class ;", "em:Portfolio")

    places = _places(report, "undeclared-term")

    start = _line(tmp_path, "organisations.ttl", "em:Portfolio")
    assert places == [("organisations.ttl", start, "Portfolio")]


def test_a_misspelt_term_is_found_on_its_line(checkout: Path, tmp_path: Path) -> None:
    report = _broken(checkout, tmp_path, "core.ttl", "rdfs:range em:EventType", "rdfs:range em:EventTyp")

    places = _places(report, "undeclared-term")

    assert places == [("core.ttl", _line(tmp_path, "core.ttl", "    rdfs:range em:EventTyp "), "EventTyp")]
    assert any("did you mean em:EventType" in each.message for each in report.findings)


def test_a_disjointness_that_clashes_is_found_at_the_class(checkout: Path, tmp_path: Path) -> None:
    report = _broken(
        checkout,
        tmp_path,
        "organisations.ttl",
        "em:CoordinatingBody a owl:Class ;",
        "em:CoordinatingBody a owl:Class ;\n    owl:disjointWith em:PublicBody ;",
    )

    places = _places(report, "unsatisfiable-class")

    assert places == [
        ("organisations.ttl", _line(tmp_path, "organisations.ttl", "em:CoordinatingBody"), "CoordinatingBody")
    ]


@needs_java
def test_what_only_the_reasoner_sees_is_found_too(tmp_path: Path) -> None:
    module = tmp_path / "module.ttl"
    module.write_text(
        """@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Body a owl:Class . :Event a owl:Class ; owl:disjointWith :Body .
:calls a owl:ObjectProperty ; rdfs:range :Body .
:Odd a owl:Class ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :calls ; owl:someValuesFrom :Event ] .
""",
        encoding="utf-8",
    )

    report = check_modules([module])

    places = {each.problem: each.location.line for each in report.findings if each.location}
    assert places == {"unsatisfiable-class": 6, "outside-rl": 7}
    assert report.consistency.is_consistent
    assert not report.consistency.is_coherent


@needs_java
def test_modules_that_contradict_each_other_are_not_sound(tmp_path: Path) -> None:
    module = tmp_path / "module.ttl"
    module.write_text(
        """@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:same a owl:ObjectProperty , owl:IrreflexiveProperty . :a a owl:NamedIndividual ; :same :a .
""",
        encoding="utf-8",
    )

    report = check_modules([module])

    assert [each.problem for each in report.findings] == ["inconsistent"]
    assert verdict_words(report.consistency, "en") == ("no", "no")


def test_a_verdict_that_is_not_known_is_not_a_pass(checkout: Path) -> None:
    report = check_modules(module_files(checkout / "ontology"), NO_REASONER)

    assert not report.consistency.is_judged
    assert not report.is_sound
    assert report_json(report)["consistent"] is None
    assert verdict_words(report.consistency, "en")[0].startswith("not judged (")


def test_every_reason_not_to_judge_is_said_in_both_languages() -> None:
    for judgement in set(Judgement) - {Judgement.CONSISTENT, Judgement.INCONSISTENT}:
        assert verdict_words(Consistency(judgement), "zh")[0].startswith("未判定（")


def test_a_module_that_does_not_parse_is_located(tmp_path: Path) -> None:
    module = tmp_path / "module.ttl"
    module.write_text("@prefix : <https://example.org/> .\n:a :b\n", encoding="utf-8")

    with pytest.raises(RdfSyntaxError) as caught:
        check_modules([module])

    assert caught.value.location is not None
    assert caught.value.location.line in {2, 3}


def test_a_code_that_nobody_declares_is_found_on_its_line(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "ontology" / "competency").mkdir(parents=True)
    for name in ("government-levels.rq", "government-levels.csv"):
        shutil.copy(checkout / "ontology" / "competency" / name, tmp_path / "ontology" / "competency")
    module = tmp_path / "core.ttl"
    text = (checkout / "ontology" / "core.ttl").read_text(encoding="utf-8")
    module.write_text(
        text.replace("act/erl-2024/article/63>", "act/erl-2042/article/63>", 1), encoding="utf-8"
    )

    report = check_modules([module], CheckOptions(timeout_s=0.01, knowledge=tmp_path))

    codes = [each for each in report.findings if each.iri.endswith("act/erl-2042/article/63")]
    line = next(n for n, text in enumerate(module.read_text().splitlines(), 1) if "erl-2042" in text)
    assert [(each.problem, each.location and each.location.line) for each in codes] == [
        ("undeclared-code", line)
    ]
    assert len(report.answers) == 1

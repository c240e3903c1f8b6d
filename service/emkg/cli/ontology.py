"""`emkg ontology`: is the ontology in order, what changed, and all of it in one document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from emkg.cli.console import Console
from emkg.content import content_root
from emkg.ontology import compare, load_ontology, module_files, read_ontology
from emkg.ontology.term import shorten
from emkg.pipeline.ontology_check import CheckOptions, check_modules
from emkg.pipeline.ontology_difference import difference_json, difference_lines
from emkg.pipeline.ontology_export import export_ontology
from emkg.pipeline.ontology_report import finding_line, report_json, verdict_words

if TYPE_CHECKING:
    from emkg.ontology import Ontology
    from emkg.pipeline.ontology_competency import CompetencyAnswer
    from emkg.pipeline.ontology_report import OntologyReport

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILE_OR_FOLDER = click.Path(exists=True, path_type=Path)
_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")


@click.group("ontology")
def ontology_command() -> None:
    """Check, compare and export the ontology."""


@ontology_command.command("check")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--competency", is_flag=True, help="Ask the competency questions too, and look up every code.")
@click.option(
    "--timeout", "timeout_s", type=float, default=120.0, show_default=True, help="Seconds for HermiT."
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.pass_context
def check_command(
    ctx: click.Context, files: tuple[Path, ...], *, competency: bool, timeout_s: float, as_json: bool
) -> None:
    """Check the modules FILES taken together, or the ontology that comes with EMKG, with its alignments.

    Terms described and declared, no orphan, OWL 2 DL and RL, consistent and coherent by HermiT (extra `owl`, and
    Java). Exit code: 0 in order, 1 not, or the reasoner could not judge.
    """
    console = Console.for_process()
    folder = content_root() / "ontology"
    options = CheckOptions(
        timeout_s=timeout_s,
        alignments=None if files else folder / "alignments",
        knowledge=content_root() if competency else None,
    )
    report = check_modules(files or module_files(folder), options)
    if as_json:
        console.json(report_json(report))
    else:
        _print_report(report, console)
    ctx.exit(0 if report.is_sound else 1)


def _print_report(report: OntologyReport, console: Console) -> None:
    for finding in report.findings:
        console.say(finding_line(finding, "zh"), finding_line(finding, "en"))
    for answer in report.answers:
        _print_answer(answer, console)
    consistent, coherent = verdict_words(report.consistency, console.language)
    if report.consistency.detail:
        console.note(report.consistency.detail, report.consistency.detail)
    foreign = ", ".join(f"{shorten(name)} ×{count}" for name, count in report.foreign_datatypes.items())
    aside, aside_zh = (f" (apart from {foreign})", f"（{foreign} 除外）") if foreign else ("", "")
    if report.answers:
        expected, asked = sum(each.is_expected for each in report.answers), len(report.answers)
        console.say(
            f"能力问题：{asked} 个，符合预期 {expected} 个",
            f"competency: {expected} of {asked} questions as expected",
        )
    console.say(
        f"模块 {report.modules}，术语 {report.terms}，公理 {report.axioms}，类型 {report.profile}{aside_zh}，"
        f"一致 {consistent}，协调 {coherent}，发现 {len(report.findings)}，用时 {report.seconds:.1f} 秒",
        f"modules: {report.modules}, terms: {report.terms}, axioms: {report.axioms}, profile: {report.profile}{aside}, "
        f"consistent: {consistent}, coherent: {coherent}, findings: {len(report.findings)}, seconds: {report.seconds:.1f}",
    )


def _print_answer(answer: CompetencyAnswer, console: Console) -> None:
    if answer.is_expected:
        return
    question = answer.question
    console.say(
        f"{question.file.name}：{question.number} {question.text_zh}",
        f"{question.file.name}: {question.number} {question.text_en}",
    )
    for sign, rows in (("-", answer.missing), ("+", answer.unexpected)):
        for row in rows:
            console.say(f"  {sign} {', '.join(row)}", f"  {sign} {', '.join(row)}")


@ontology_command.command("diff")
@click.argument("old", type=_FILE_OR_FOLDER)
@click.argument("new", type=_FILE_OR_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="The difference as JSON.")
def diff_command(old: Path, new: Path, *, as_json: bool) -> None:
    """What NEW adds, removes, changes and deprecates against OLD; each a folder of modules or one RDF file."""
    console = Console.for_process()
    difference = compare(_read(old), _read(new))
    if as_json:
        console.json(difference_json(difference))
        return
    for zh, en in zip(difference_lines(difference, "zh"), difference_lines(difference, "en"), strict=True):
        console.say(zh, en)


@ontology_command.command("export")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File; standard output by default.",
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="turtle", show_default=True)
def export_command(output: Path | None, form: str) -> None:
    """All modules of the ontology that comes with EMKG as one document."""
    console = Console.for_process()
    text = export_ontology(load_ontology(content_root() / "ontology"), form)
    if output is None:
        console.text(text)
        return
    output.write_text(text, encoding="utf-8")
    console.note(f"已写入 {output}", f"wrote {output}")


def _read(path: Path) -> Ontology:
    return load_ontology(path) if path.is_dir() else read_ontology([path])

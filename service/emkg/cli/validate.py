"""`emkg validate`: RDF files judged by SHACL shapes, usable in anybody's CI."""

from __future__ import annotations

from pathlib import Path

import click

from emkg.cli.console import Console
from emkg.errors import EmkgError
from emkg.validation import ValidationReport, report_json, report_text, report_turtle, validate_files

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("validate")
@click.option("--data", "data", multiple=True, required=True, type=_FILE, help="RDF file; may be repeated.")
@click.option(
    "--shapes", "shapes", multiple=True, required=True, type=_FILE, help="Shapes file; may be repeated."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True
)
@click.pass_context
def validate_command(ctx: click.Context, data: tuple[Path, ...], shapes: tuple[Path, ...], form: str) -> None:
    """Judge RDF files by SHACL shapes with pySHACL.

    Exit code: 0 the data conforms, 1 it does not, 2 it cannot be judged.
    """
    console = Console.for_process()
    try:
        report = validate_files(data, shapes)
    except EmkgError as error:
        console.note(error.message_zh or str(error), str(error))
        ctx.exit(2)
    console.text(_render(report, form, console))
    ctx.exit(0 if report.conforms else 1)


def _render(report: ValidationReport, form: str, console: Console) -> str:
    if form == "json":
        return report_json(report)
    if form == "turtle":
        return report_turtle(report)
    return report_text(report, "zh" if console.language == "zh" else "en")

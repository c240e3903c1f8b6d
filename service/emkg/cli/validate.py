"""`emkg validate`: RDF files judged by SHACL shapes, usable in anybody's CI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from emkg.cli.console import Console
from emkg.errors import EmkgError
from emkg.validation import (
    CompiledValidator,
    ValidationReport,
    report_json,
    report_text,
    report_turtle,
    validate_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.validation import Validator

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _pyshacl() -> Validator:
    from emkg.validation.engine import PyshaclValidator  # noqa: PLC0415  (a second to import, and seldom wanted)

    return PyshaclValidator()


_ENGINES: dict[str, Callable[[], Validator]] = {"compiled": CompiledValidator, "pyshacl": _pyshacl}


@click.command("validate")
@click.option("--data", "data", multiple=True, required=True, type=_FILE, help="RDF file; may be repeated.")
@click.option(
    "--shapes", "shapes", multiple=True, required=True, type=_FILE, help="Shapes file; may be repeated."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True
)
@click.option(
    "--engine",
    type=click.Choice(sorted(_ENGINES)),
    default="compiled",
    show_default=True,
    help="compiled: plans over a ledger in memory; pyshacl: the reference.",
)
@click.pass_context
def validate_command(
    ctx: click.Context, data: tuple[Path, ...], shapes: tuple[Path, ...], form: str, engine: str
) -> None:
    """Judge RDF files by SHACL shapes.

    Exit code: 0 the data conforms, 1 it does not, 2 it cannot be judged.
    """
    console = Console.for_process()
    try:
        report = validate_files(data, shapes, _ENGINES[engine]())
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

"""`emkg map lint`: what is wrong with mappings, before they run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from emkg.cli.console import Console
from emkg.cli.map_run import FILE, FOLDER
from emkg.cli.mapping_page import show_lint
from emkg.content import content_root
from emkg.pipeline.lint import lint_inputs, lint_mappings

if TYPE_CHECKING:
    from pathlib import Path


@click.command("lint")
@click.argument("mappings", nargs=-1, required=True, type=FILE)
@click.option(
    "--data", "data_root", type=FOLDER, help="Folder that `data:` paths of the mappings are relative to."
)
@click.option(
    "--shapes", multiple=True, type=FILE, help="Shapes file in place of EMKG's own; may be repeated."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date on which cited law must be in force.")
@click.pass_context
def lint_command(
    ctx: click.Context,
    *,
    mappings: tuple[Path, ...],
    data_root: Path | None,
    shapes: tuple[Path, ...],
    form: str,
    as_of: datetime | None,
) -> None:
    """Say what is wrong with mappings before they run: terms, ranges, shapes, sources, functions, law.

    Exit code: 0 no errors (there may be warnings and notes), 1 errors.
    """
    day = as_of.date() if as_of else today()
    inputs = lint_inputs(content_root(), as_of=day, shapes=shapes, data_root=data_root)
    report = lint_mappings(mappings, inputs)
    show_lint(Console.for_process(), report, form)
    ctx.exit(1 if report.has_errors else 0)


def today() -> date:
    """The date here and now."""
    return datetime.now(UTC).astimezone().date()

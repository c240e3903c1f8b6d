"""`emkg why`: one statement followed down to its rule, its facts, and their source cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from emkg.bootstrap import open_ledger, open_workspace, why_inputs
from emkg.cli.console import Console
from emkg.cli.option import workspace_option
from emkg.pipeline.why import WhyAnswer, why
from emkg.pipeline.why_render import why_json, why_text, why_turtle
from emkg.rdf import parse_compact
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path


@click.command("why")
@click.argument("subject")
@click.argument("predicate")
@click.argument("value", metavar="OBJECT")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True
)
@workspace_option
def why_command(
    *,
    subject: str,
    predicate: str,
    value: str,
    form: str,
    workspace: Path | None,
) -> None:
    """Why a statement holds: rule, facts, mapping line, source row and cell.

    Terms are written as `<iri>`, as a prefixed name (`em:callsOn`), or as a literal (`"text"@zh`).
    """
    console = Console.for_process()
    place = open_workspace(workspace)
    terms = [parse_compact(text, PREFIXES) for text in (subject, predicate, value)]
    with open_ledger(place, read_only=True) as ledger:
        answer = why(terms[0], terms[1], terms[2], why_inputs(place, ledger))
    console.text(_render(answer, form, console))


def _render(answer: WhyAnswer, form: str, console: Console) -> str:
    if form == "json":
        return why_json(answer)
    if form == "turtle":
        return why_turtle(answer)
    return why_text(answer, "zh" if console.language == "zh" else "en")

"""`emkg map preview`: sample rows, their statements, and what the shapes say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from emkg.cli.console import Console
from emkg.cli.map_run import FILE, FOLDER
from emkg.cli.preview_page import show_previews
from emkg.content import content_root
from emkg.ontology import load_ontology
from emkg.pipeline.preview import Choice, PreviewInputs, preview_mapping
from emkg.validation import load_shapes

if TYPE_CHECKING:
    from pathlib import Path


@click.command("preview")
@click.argument("mapping", type=FILE)
@click.option(
    "--data", "data_root", type=FOLDER, help="Folder that `data:` paths of the mapping are relative to."
)
@click.option(
    "--rows", default=3, show_default=True, type=click.IntRange(1, 1000), help="Rows of each triples map."
)
@click.option("--key", default="", help="Only rows with this key: a cell of the subject's, or its IRI.")
@click.option(
    "--shapes", multiple=True, type=FILE, help="Shapes file in place of EMKG's own; may be repeated."
)
@click.option("--base", default="https://w3id.org/emkg/id/", show_default=True, help="Base of relative IRIs.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def preview_command(
    *,
    mapping: Path,
    data_root: Path | None,
    rows: int,
    key: str,
    shapes: tuple[Path, ...],
    base: str,
    form: str,
) -> None:
    """Show sample rows beside the statements they give, what is withheld, and what the shapes say.

    Exit code: 0 shown, whatever it shows; 1 the mapping or a source is wrong.
    """
    root = content_root()
    inputs = PreviewInputs(
        shapes=load_shapes(shapes or [root / "shapes" / name for name in ("city.ttl", "records.ttl")]),
        ontology=load_ontology(root / "ontology"),
        base=base,
        data_root=data_root,
    )
    previews = preview_mapping(mapping, Choice(rows, key), inputs)
    show_previews(Console.for_process(), previews, form)

"""`emkg demo`: the whole way on the demonstration city."""

from __future__ import annotations

from pathlib import Path

import click

from emkg.bootstrap import run_demonstration
from emkg.cli.console import Console
from emkg.cli.demo_page import show
from emkg.cli.workspace import cancellable, follow
from emkg.pipeline.hooks import IngestHooks
from emkg.pipeline.ingest import IngestOptions


@click.command("demo")
@click.option(
    "--scale", default=1, show_default=True, type=click.IntRange(min=1), help="Multiply the city's size."
)
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Workspace to use instead of the one in the cache folder.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def demo_command(scale: int, directory: Path | None, as_json: bool) -> None:
    """Generate six departments' exports of a severe-haze week, ingest them, and answer who must act and why.

    A second run ingests only what has changed. `emkg serve`, `ask`, `why` and `audit` then use the same city.
    """
    console = Console.for_process()
    with cancellable() as cancelled:
        options = IngestOptions(hooks=IngestHooks(follow(console), cancelled))
        story = run_demonstration(directory, scale=scale, options=options)
    if as_json:
        console.json(story.document())
    else:
        show(story, console)

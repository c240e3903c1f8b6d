"""`emkg load`: RDF files as they are into a named graph of the workspace's ledger."""

from __future__ import annotations

import re
from pathlib import Path

import click

from emkg.bootstrap import open_ledger, open_workspace, version
from emkg.cli.console import Console
from emkg.cli.option import workspace_option
from emkg.cli.workspace import cancellable
from emkg.errors import ParameterError
from emkg.pipeline.dataset import Dataset
from emkg.pipeline.hooks import IngestHooks
from emkg.pipeline.ingest import IngestInputs, IngestOptions, ingest

_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("load")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--graph", required=True, help="IRI of the graph that the files replace.")
@workspace_option
def load_command(*, files: tuple[Path, ...], graph: str, workspace: Path | None) -> None:
    """Load RDF FILES (N-Triples, N-Quads, Turtle, TriG, RDF/XML, JSON-LD; by their extension) as a named graph.

    The graph becomes what the files say, and so does every graph that they name themselves. No shape judges them and
    no rule runs; files that did not change are not read again.
    """
    console = Console.for_process()
    place = open_workspace(workspace)
    dataset = Dataset(f"load/{_checked(graph)}", graph, rdf_files=files, policy=None)
    with open_ledger(place, for_changes=True) as ledger, cancellable() as cancelled:
        inputs = IngestInputs(ledger, place.settings.base, agent=f"emkg {version()}")
        options = IngestOptions(hooks=IngestHooks(cancelled=cancelled))
        (report,) = ingest((dataset,), inputs, options).datasets
    console.say(
        f"{graph}：{report.statements} 条陈述，新增 {report.added}，移除 {report.removed}（第 {report.generation} 代）",
        f"{graph}: {report.statements} statements, {report.added} added, {report.removed} removed (generation {report.generation})",
    )


def _checked(graph: str) -> str:
    if not _IRI.fullmatch(graph):
        raise ParameterError(f"{graph!r} is not an absolute IRI", message_zh=f"{graph!r} 不是绝对 IRI")
    return graph

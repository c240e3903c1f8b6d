"""`emkg update`: SPARQL 1.1 Update on the workspace's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import click

from emkg.bootstrap import open_ledger, open_workspace, updater
from emkg.cli.console import Console
from emkg.cli.option import workspace_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("update")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@workspace_option
def update_command(*, file: TextIO, workspace: Path | None) -> None:
    """Run the SPARQL 1.1 Update request in FILE (`-`: standard input), as a whole or not at all.

    Outside GRAPH, WITH and USING it means the graph https://w3id.org/emkg/graph/default. Graphs of datasets and of
    rules can be read and not changed. No shape judges the outcome, and rules see it at the next ingest.
    """
    console = Console.for_process()
    place = open_workspace(workspace)
    with open_ledger(place, for_changes=True) as ledger:
        commit = updater(place, ledger).run(file.read())
    if commit.is_empty:
        console.say(
            f"没有变化（第 {commit.generation} 代）", f"Nothing changed (generation {commit.generation})"
        )
        return
    console.say(
        f"新增 {commit.added} 条陈述，移除 {commit.removed} 条（第 {commit.generation} 代）",
        f"{commit.added} statements added, {commit.removed} removed (generation {commit.generation})",
    )

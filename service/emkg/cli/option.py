"""Options and arguments that several commands have; importing them costs nothing."""

from __future__ import annotations

from pathlib import Path

import click

workspace_option = click.option(
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    help="Workspace folder; else EMKG_WORKSPACE, the current folder, or the demonstration city.",
)


def node_text(node: str) -> str:
    """A node as its N-Triples text: an IRI may be written without its brackets."""
    return node if node.startswith(("<", "_:")) else f"<{node}>"

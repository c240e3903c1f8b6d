"""`emkg map`: mappings on their own, without a workspace; each command in a module of its own."""

from __future__ import annotations

from typing import Final

import click

from emkg.cli.group import lazy_group

MAP_COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "run": ("emkg.cli.map_run", "Run mapping files into one N-Quads file."),
    "suggest": ("emkg.cli.map_suggest", "Propose a first mapping of a file."),
    "lint": ("emkg.cli.map_lint", "Say what is wrong with mappings before they run."),
    "preview": ("emkg.cli.map_preview", "Show sample rows beside the statements they give."),
}


@click.group("map", cls=lazy_group(MAP_COMMANDS))
def map_command() -> None:
    """Run, check and preview mappings (YARRRML or RML)."""

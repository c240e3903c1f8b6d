"""Command groups whose commands are imported when they are called, so that `--help` and every command stay quick."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


def lazy_group(commands: Mapping[str, tuple[str, str]]) -> type[click.Group]:
    """A group of these commands.

    Args:
        commands: Name -> the module that holds `<name>_command`, and what the list of commands says of it.
    """

    class LazyGroup(click.Group):
        def list_commands(self, ctx: click.Context) -> list[str]:
            del ctx
            return list(commands)

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            del ctx
            if cmd_name not in commands:
                return None
            command: object = getattr(import_module(commands[cmd_name][0]), f"{cmd_name}_command")
            if not isinstance(command, click.Command):
                raise TypeError(cmd_name)
            return command

        def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            """List the commands from the table, without importing them."""
            del ctx
            with formatter.section("Commands"):
                formatter.write_dl([(name, text) for name, (_, text) in commands.items()])

    return LazyGroup

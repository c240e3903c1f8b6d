"""`emkg map suggest`: a first mapping for a file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from emkg.cli.console import Console
from emkg.cli.map_run import FILE
from emkg.content import content_root
from emkg.errors import InputError
from emkg.pipeline.suggestion import suggest_mapping
from emkg.pipeline.suggestion_data import suggestion_data
from emkg.pipeline.suggestion_yaml import suggestion_yaml


@click.command("suggest")
@click.argument("file", type=FILE)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="New mapping file; else it is printed.",
)
@click.option(
    "--rows",
    default=10_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Records that are looked at.",
)
@click.option("--table", default="", help="Sheet, iterator or table of FILE; else the one that fits best.")
@click.option("--json", "as_json", is_flag=True, help="Every candidate and the mapping as JSON.")
def suggest_command(*, file: Path, out: Path | None, rows: int, table: str, as_json: bool) -> None:
    """Propose a first mapping of FILE against the ontology, every line with its score and its reason.

    What scores below 0.6 is not mapped, and named with its candidates. Exit code: 0 proposed, 1 it cannot be read.
    """
    console = Console.for_process()
    suggestion = suggest_mapping(file, content_root(), limit=rows, table=table)
    folder = out.resolve().parent if out else Path.cwd()
    text = suggestion_yaml(suggestion, os.path.relpath(str(file.resolve()), str(folder)))
    if out is not None:
        _write(out, text)
    if as_json:
        console.json(suggestion_data(suggestion, text))
    elif out is None:
        console.text(text)
    else:
        count = len(suggestion.columns)
        console.say(
            f"{out}：{count} 列中映射了 {suggestion.mapped} 列；请逐行核对，再运行 emkg map lint {out}",
            f"{out}: {suggestion.mapped} of {count} columns mapped; read it line by line, then run emkg map lint {out}",
        )


def _write(out: Path, text: str) -> None:
    """A new file; what is there is never overwritten."""
    if out.exists():
        raise InputError(
            f"{out} is there already; name another file", message_zh=f"{out} 已存在，请换一个文件名"
        )
    out.write_text(text, encoding="utf-8")

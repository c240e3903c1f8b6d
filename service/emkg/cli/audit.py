"""`emkg audit`: what an auditor asks of the law in the graph."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click
from rich.table import Table

from emkg.audit import (
    Coverage,
    compute_coverage,
    coverage_csv,
    coverage_detail,
    coverage_json,
    coverage_matrix,
)
from emkg.bootstrap import open_evaluator, open_ledger, open_workspace
from emkg.cli.console import Console
from emkg.cli.option import workspace_option
from emkg.errors import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.audit import Grid


@click.group("audit")
def audit_command() -> None:
    """Audit the legal grounds of duties."""


@audit_command.command("coverage")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date asked about; today by default.")
@click.option("--division", help="GB/T 2260 code whose local acts bind; the workspace's city by default.")
@click.option("--event-type", help="Every cell of one event type (its code), instead of the matrix.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@workspace_option
def coverage_command(
    *,
    as_of: datetime | None,
    division: str | None,
    event_type: str | None,
    form: str,
    workspace: Path | None,
) -> None:
    """Which cells of event type x phase x level have a duty in force, and by which articles."""
    console = Console.for_process()
    place = open_workspace(workspace)
    day = as_of.date() if as_of else date.today()  # noqa: DTZ011 - a city's civil date
    with open_ledger(place, read_only=True) as ledger, open_evaluator(ledger, place.settings) as evaluator:
        coverage = compute_coverage(evaluator, day, division or place.settings.city.division)
    if event_type is not None:
        coverage = _only(coverage, event_type)
    if form == "csv":
        console.text(coverage_csv(coverage))
    elif form == "json":
        console.json(coverage_json(coverage))
    else:
        language = console.language
        grid = (
            coverage_matrix(coverage, language) if event_type is None else coverage_detail(coverage, language)
        )
        _print(grid, console)


def _only(coverage: Coverage, event_type: str) -> Coverage:
    cells = tuple(
        cell for cell in coverage.cells if event_type in {cell.event_type.key, cell.event_type.code}
    )
    if not cells:
        raise NotFoundError(
            f"there is no event type {event_type}; `emkg audit coverage` lists them",
            message_zh=f"没有事件类型 {event_type}，运行 emkg audit coverage 可列出全部",
        )
    return Coverage(coverage.as_of, coverage.jurisdiction, cells)


def _print(grid: Grid, console: Console) -> None:
    table = Table(*grid.head)
    for row in grid.rows:
        table.add_row(*row)
    console.say(grid.title, grid.title)
    console.table(table)
    for line in grid.legend:
        console.say(line, line)

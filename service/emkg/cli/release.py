"""`emkg release`: nodes that the gate withholds are accepted as they stand, with a reason that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.table import Table

from emkg.bootstrap import ingest_workspace, open_ledger, open_workspace
from emkg.cli.console import Console
from emkg.cli.option import node_text, workspace_option
from emkg.cli.workspace import cancellable, report_table
from emkg.errors import ParameterError
from emkg.pipeline.hooks import IngestHooks
from emkg.pipeline.ingest import IngestOptions

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ledger import Release


@click.command("release")
@click.argument("dataset", required=False)
@click.argument("nodes", nargs=-1)
@click.option("--reason", default="", help="Why these nodes are right although shapes find fault with them.")
@click.option("--revoke", is_flag=True, help="Take the release of these nodes back.")
@click.option("--list", "is_listing", is_flag=True, help="List what was released, of DATASET or of all.")
@workspace_option
def release_command(
    *,
    dataset: str | None,
    nodes: tuple[str, ...],
    reason: str,
    revoke: bool,
    is_listing: bool,
    workspace: Path | None,
) -> None:
    """Accept NODES (IRIs) of DATASET that wait in quarantine, and run the dataset.

    A release holds for what a node states now: once its source gives it other statements, it is judged again like any
    other node. The findings stay in the report, and the reason in the ledger.
    """
    console = Console.for_process()
    place = open_workspace(workspace)
    if is_listing:
        with open_ledger(place, read_only=True) as ledger:
            console.table(_table(ledger.quarantine.releases(dataset), console))
        return
    if dataset is None or not nodes or bool(reason.strip()) == revoke:
        raise ParameterError(
            "name the dataset and its nodes, and say why: emkg release DATASET NODE… --reason TEXT (or --revoke)",
            message_zh="请指明数据集、节点和理由：emkg release 数据集 节点… --reason 理由（撤回用 --revoke）",
        )
    terms = [node_text(node) for node in nodes]
    with open_ledger(place, for_changes=True) as ledger, cancellable() as cancelled:
        if revoke:
            ledger.quarantine.revoke(dataset, terms)
        else:
            ledger.quarantine.release(dataset, terms, reason.strip())
        report = ingest_workspace(
            place, ledger, [dataset], IngestOptions(hooks=IngestHooks(cancelled=cancelled))
        )
    console.table(report_table(report, console))
    report.raise_for_gate()


def _table(releases: tuple[Release, ...], console: Console) -> Table:
    table = Table()
    for zh, en in (("数据集", "Dataset"), ("节点", "Node"), ("时间", "Released"), ("理由", "Reason")):
        table.add_column(console.pick(zh, en), overflow="fold")
    for one in releases:
        table.add_row(one.dataset, one.node, f"{one.released:%Y-%m-%d %H:%M}", one.reason)
    return table

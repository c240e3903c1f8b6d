"""`emkg serve`: the HTTP service on a workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import uvicorn

from emkg.bootstrap import open_workspace, prepare_demonstration
from emkg.cli.console import Console
from emkg.cli.option import workspace_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("serve")
@click.option("--host", help="Address to listen on; the workspace's setting by default.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; the workspace's setting by default."
)
@workspace_option
def serve_command(host: str | None, port: int | None, workspace: Path | None) -> None:
    """Serve SPARQL at /sparql, the named questions at /api, documentation at /docs.

    The ledger is opened for reading: commands that only read may run beside it, `emkg ingest` may not.
    """
    console = Console.for_process()
    place = open_workspace(workspace)
    if prepare_demonstration(place):
        console.note("已准备好示范市。", "The demonstration city was prepared first.")
    os.environ["EMKG_WORKSPACE"] = str(place.root)
    listen = place.settings.service
    uvicorn.run(
        "emkg.api.process:application",
        factory=True,
        host=host or listen.host,
        port=listen.port if port is None else port,
        log_level="info",
        server_header=False,
    )

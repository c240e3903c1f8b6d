"""The command group; a command's module is imported when the command is called, so that `--help` stays quick."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import Final

import click

from emkg.cli.console import error_text
from emkg.cli.group import lazy_group
from emkg.errors import CancelledError, EmkgError

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("emkg.cli.demo", "The whole way on the demonstration city."),
    "init": ("emkg.cli.workspace", "Make a workspace for a new city."),
    "ingest": ("emkg.cli.workspace", "Run datasets into the workspace's ledger."),
    "quarantine": ("emkg.cli.quarantine", "What the last runs could not accept, and why."),
    "release": ("emkg.cli.release", "Accept nodes that wait in quarantine, as they stand."),
    "load": ("emkg.cli.load", "RDF files into a named graph of the ledger."),
    "update": ("emkg.cli.update", "SPARQL 1.1 Update on the ledger."),
    "source": ("emkg.cli.source", "What a file is, before a mapping is written for it."),
    "map": ("emkg.cli.mapping", "Run mappings on source files."),
    "validate": ("emkg.cli.validate", "Judge RDF files by SHACL shapes."),
    "query": ("emkg.cli.query", "SPARQL over the workspace, or over RDF files."),
    "ask": ("emkg.cli.query", "A named question."),
    "why": ("emkg.cli.why", "Why a statement holds."),
    "audit": ("emkg.cli.audit", "Coverage of duties by articles in force on a date."),
    "serve": ("emkg.cli.serve", "The service: SPARQL, REST, documentation."),
    "ledger": ("emkg.cli.ledger", "Whether the ledger is sound."),
    "backup": ("emkg.cli.ledger", "Copy the ledger, with all its past, to a file."),
    "restore": ("emkg.cli.ledger", "Put a backup in the ledger's place."),
    "ontology": ("emkg.cli.ontology", "Check, compare and export the ontology."),
}

_STOPPED: Final = 130  # 128 + SIGINT, as a shell would say it


@click.group(cls=lazy_group(COMMANDS), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(metadata.version("emkg"), prog_name="emkg")
def cli() -> None:
    """EMKG: one meaning for every department's data; who must act, when, and under which article in force.

    It advises and never issues an order.
    """


def main() -> None:
    """Run the command line; an EMKG error is one located line and exit 1, or the code that its command documents."""
    try:
        code: object = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("中断。 Stopped.", err=True)
        sys.exit(_STOPPED)
    except EmkgError as error:
        click.echo(error_text(error), err=True)
        sys.exit(_STOPPED if isinstance(error, CancelledError) else 1)

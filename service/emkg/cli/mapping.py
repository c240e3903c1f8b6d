"""`emkg map`: mappings on their own, without a workspace."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emkg.cli.console import Console
from emkg.cli.mapping_page import show_lint
from emkg.cli.preview_page import show_previews
from emkg.content import content_root
from emkg.ontology import load_ontology
from emkg.pipeline.lint import lint_inputs, lint_mappings
from emkg.pipeline.map_run import MapReport, map_run
from emkg.pipeline.preview import Choice, PreviewInputs, preview_mapping
from emkg.validation import load_shapes

if TYPE_CHECKING:
    from emkg.mapping import Progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("map")
def map_command() -> None:
    """Run, check and preview mappings (YARRRML or RML)."""


@map_command.command("run")
@click.argument("mappings", nargs=-1, required=True, type=_FILE)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="N-Quads file to write.",
)
@click.option("--base", default="https://w3id.org/emkg/id/", show_default=True, help="Base of relative IRIs.")
@click.option(
    "--data", "data_root", type=_FOLDER, help="Folder that `data:` paths of the mappings are relative to."
)
@click.option("--strict", is_flag=True, help="End with an error at the first value that does not fit.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def run_command(
    *, mappings: tuple[Path, ...], out: Path, base: str, data_root: Path | None, strict: bool, as_json: bool
) -> None:
    """Run mapping files into one N-Quads file; the quarantine is written beside it as CSV and Parquet.

    Exit code: 0 done (values may be in quarantine), 1 a mapping or source is wrong, or, with --strict, a value.
    """
    console = Console.for_process()

    def progress(done: Progress) -> None:
        console.note(
            f"{done.triples_map}：{done.rows} 行，{done.statements} 条陈述",
            f"{done.triples_map}: {done.rows} rows, {done.statements} statements",
        )

    report = map_run(mappings, out, base=base, strict=strict, data_root=data_root, progress=progress)
    if as_json:
        console.json(_as_data(report))
        return
    withheld = sum(report.quarantined.values())
    console.say(
        f"{report.out}：{report.rows} 行成为 {report.statements} 条陈述，{withheld} 个值进入隔离区，用时 {report.seconds:.1f} 秒",
        f"{report.out}: {report.rows} rows became {report.statements} statements, {withheld} values in quarantine, {report.seconds:.1f} s",
    )
    for reason, count in sorted(report.quarantined.items()):
        console.say(f"  {reason}：{count}", f"  {reason}: {count}")
    if withheld:
        console.say(f"隔离记录：{report.quarantine_csv}", f"Quarantine: {report.quarantine_csv}")


@map_command.command("lint")
@click.argument("mappings", nargs=-1, required=True, type=_FILE)
@click.option(
    "--data", "data_root", type=_FOLDER, help="Folder that `data:` paths of the mappings are relative to."
)
@click.option(
    "--shapes", multiple=True, type=_FILE, help="Shapes file in place of EMKG's own; may be repeated."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date on which cited law must be in force.")
@click.pass_context
def lint_command(
    ctx: click.Context,
    *,
    mappings: tuple[Path, ...],
    data_root: Path | None,
    shapes: tuple[Path, ...],
    form: str,
    as_of: datetime | None,
) -> None:
    """Say what is wrong with mappings before they run: terms, ranges, shapes, sources, functions, law.

    Exit code: 0 no errors (there may be warnings and notes), 1 errors.
    """
    day = as_of.date() if as_of else today()
    inputs = lint_inputs(content_root(), as_of=day, shapes=shapes, data_root=data_root)
    report = lint_mappings(mappings, inputs)
    show_lint(Console.for_process(), report, form)
    ctx.exit(1 if report.has_errors else 0)


@map_command.command("preview")
@click.argument("mapping", type=_FILE)
@click.option(
    "--data", "data_root", type=_FOLDER, help="Folder that `data:` paths of the mapping are relative to."
)
@click.option(
    "--rows", default=3, show_default=True, type=click.IntRange(1, 1000), help="Rows of each triples map."
)
@click.option("--key", default="", help="Only rows with this key: a cell of the subject's, or its IRI.")
@click.option(
    "--shapes", multiple=True, type=_FILE, help="Shapes file in place of EMKG's own; may be repeated."
)
@click.option("--base", default="https://w3id.org/emkg/id/", show_default=True, help="Base of relative IRIs.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def preview_command(
    *,
    mapping: Path,
    data_root: Path | None,
    rows: int,
    key: str,
    shapes: tuple[Path, ...],
    base: str,
    form: str,
) -> None:
    """Show sample rows beside the statements they give, what is withheld, and what the shapes say.

    Exit code: 0 shown, whatever it shows; 1 the mapping or a source is wrong.
    """
    root = content_root()
    inputs = PreviewInputs(
        shapes=load_shapes(shapes or (root / "shapes" / "city.ttl",)),
        ontology=load_ontology(root / "ontology"),
        base=base,
        data_root=data_root,
    )
    previews = preview_mapping(mapping, Choice(rows, key), inputs)
    show_previews(Console.for_process(), previews, form)


def today() -> date:
    """The date here and now."""
    return datetime.now(UTC).astimezone().date()


def _as_data(report: MapReport) -> dict[str, object]:
    return {
        "out": str(report.out),
        "quarantine_csv": str(report.quarantine_csv),
        "quarantine_parquet": str(report.quarantine_parquet),
        "rows": report.rows,
        "statements": report.statements,
        "quarantined": dict(sorted(report.quarantined.items())),
        "seconds": round(report.seconds, 3),
    }

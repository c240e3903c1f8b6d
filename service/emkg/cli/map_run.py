"""`emkg map run`: mapping files to one N-Quads file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from emkg.cli.console import Console
from emkg.mapping.engine import MEMORY_MB
from emkg.mapping.engine_choice import LOCAL_SPARK, EngineChoice
from emkg.pipeline.map_run import MapReport, map_run

if TYPE_CHECKING:
    from emkg.mapping import Progress

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("run")
@click.argument("mappings", nargs=-1, required=True, type=FILE)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="N-Quads file to write.",
)
@click.option("--base", default="https://w3id.org/emkg/id/", show_default=True, help="Base of relative IRIs.")
@click.option(
    "--data", "data_root", type=FOLDER, help="Folder that `data:` paths of the mappings are relative to."
)
@click.option("--strict", is_flag=True, help="End with an error at the first value that does not fit.")
@click.option(
    "--sort", "is_sorted", is_flag=True, help="Write the lines in order, so that two files can be compared."
)
@click.option(
    "--memory",
    "memory_mb",
    type=click.IntRange(min=256),
    default=MEMORY_MB,
    show_default=True,
    help="MB that the engine may hold in memory; what is more goes to disk. The process needs about 200 MB besides.",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What runs the plans; Spark is the extra `spark`, for what outgrows one machine.",
)
@click.option(
    "--master", help="Spark's master, such as spark://host:7077. [default: local[*]]", metavar="URL"
)
@click.option(
    "--work",
    type=FOLDER,
    help="Folder for what Spark keeps during the run; with a cluster, one that all its workers reach.",
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Host that sources may be fetched from; without it none is. Can be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def run_command(
    *,
    mappings: tuple[Path, ...],
    out: Path,
    base: str,
    data_root: Path | None,
    strict: bool,
    is_sorted: bool,
    memory_mb: int,
    engine: str,
    master: str | None,
    work: Path | None,
    hosts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run mapping files into one N-Quads file; the quarantine is written beside it as CSV and Parquet.

    Exit code: 0 done (values may be in quarantine), 1 a mapping or source is wrong, or, with --strict, a value.
    """
    if engine != "spark" and (master or work):
        raise click.UsageError("--master and --work go with --engine spark")
    console = Console.for_process()
    choice = EngineChoice(memory_mb, (master or LOCAL_SPARK) if engine == "spark" else "", work)

    def progress(done: Progress) -> None:
        console.note(
            f"{done.triples_map}：{done.rows} 行，{done.statements} 条陈述",
            f"{done.triples_map}: {done.rows} rows, {done.statements} statements",
        )

    report = map_run(
        mappings,
        out,
        base=base,
        strict=strict,
        is_sorted=is_sorted,
        data_root=data_root,
        engine=choice,
        hosts=hosts,
        progress=progress,
    )
    if as_json:
        console.json(_as_data(report))
        return
    withheld = sum(report.quarantined.values())
    console.say(
        f"{report.out}：{report.rows} 行成为 {report.statements} 条陈述，{withheld} 个值进入隔离区，用时 {report.seconds:.1f} 秒",
        f"{report.out}: {report.rows} rows became {report.statements} statements, {withheld} values in quarantine, {report.seconds:.1f} s",
    )
    for path, count in report.targets.items():
        console.say(f"  {path}：{count} 条陈述", f"  {path}: {count} statements")
    for reason, count in sorted(report.quarantined.items()):
        console.say(f"  {reason}：{count}", f"  {reason}: {count}")
    if withheld:
        console.say(f"隔离记录：{report.quarantine_csv}", f"Quarantine: {report.quarantine_csv}")


def _as_data(report: MapReport) -> dict[str, object]:
    return {
        "out": str(report.out),
        "quarantine_csv": str(report.quarantine_csv),
        "quarantine_parquet": str(report.quarantine_parquet),
        "rows": report.rows,
        "statements": report.statements,
        "targets": {str(path): count for path, count in report.targets.items()},
        "quarantined": dict(sorted(report.quarantined.items())),
        "seconds": round(report.seconds, 3),
    }

"""`emkg validate`: RDF files judged by SHACL shapes, usable in anybody's CI."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emkg.cli.console import Console, error_text
from emkg.cli.option import workspace_option
from emkg.errors import EmkgError, ParameterError
from emkg.validation import (
    CompiledValidator,
    DataPlaces,
    ValidationReport,
    load_shapes,
    report_json,
    report_sarif,
    report_text,
    report_turtle,
    validate_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emkg.pipeline.judgement import Traced
    from emkg.validation import ReportLanguage, Validator

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _pyshacl() -> Validator:
    from emkg.validation.engine import PyshaclValidator  # noqa: PLC0415  (a second to import, and seldom wanted)

    return PyshaclValidator()


_ENGINES: dict[str, Callable[[], Validator]] = {"compiled": CompiledValidator, "pyshacl": _pyshacl}


@click.command("validate")
@click.option(
    "--data",
    "data",
    multiple=True,
    type=_FILE,
    help="RDF file; may be repeated. Without any, the workspace's ledger is judged.",
)
@click.option(
    "--shapes",
    "shapes",
    multiple=True,
    type=_FILE,
    help="Shapes file; may be repeated. Without any, the workspace's own.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "turtle", "sarif"]),
    default="text",
    show_default=True,
)
@click.option(
    "--engine",
    type=click.Choice(sorted(_ENGINES)),
    default="compiled",
    show_default=True,
    help="compiled: plans over the data in memory; pyshacl: the reference.",
)
@click.option(
    "--keep", is_flag=True, help="Write the report on the ledger into its graph …/graph/validation."
)
@click.option(
    "--trace",
    is_flag=True,
    help="Name the source cells that the results on the ledger come from, with text and json.",
)
@workspace_option
@click.pass_context
def validate_command(
    ctx: click.Context,
    *,
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    form: str,
    engine: str,
    keep: bool,
    trace: bool,
    workspace: Path | None,
) -> None:
    """Judge RDF files, or the workspace's ledger, by SHACL shapes.

    Exit code: 0 the data conforms, 1 it does not, 2 it cannot be judged.
    """
    console = Console.for_process()
    traced: Sequence[Traced] = ()
    try:
        if data:
            _check_files(shapes, is_ledgers=keep or trace)
            report = validate_files(data, shapes, _ENGINES[engine]())
        else:
            _check_ledgers(engine, form, trace=trace)
            report, traced = _judged(workspace, shapes, keep=keep, trace=trace)
    except EmkgError as error:
        click.echo(error_text(error), err=True)
        ctx.exit(2)
    console.text(_render(report, form, console, data, traced))
    ctx.exit(0 if report.conforms else 1)


def _check_files(shapes: tuple[Path, ...], *, is_ledgers: bool) -> None:
    if not shapes:
        raise ParameterError("name the shapes: --shapes FILE", message_zh="请用 --shapes 指定形状文件")
    if is_ledgers:
        raise ParameterError(
            "--keep and --trace are for the workspace's ledger; leave --data out",
            message_zh="--keep 与 --trace 用于工作区账本，请勿同时使用 --data",
        )


def _check_ledgers(engine: str, form: str, *, trace: bool) -> None:
    """What would have no effect is refused."""
    if engine != "compiled":
        raise ParameterError(
            "the ledger is judged by the compiled engine; --engine is for --data",
            message_zh="账本由编译引擎校验；--engine 用于 --data",
        )
    if trace and form not in {"text", "json"}:
        raise ParameterError(
            f"--trace goes with --format text and json, not {form}",
            message_zh="--trace 仅用于 text 和 json 格式",
        )


def _judged(
    workspace: Path | None, shapes: tuple[Path, ...], *, keep: bool, trace: bool
) -> tuple[ValidationReport, Sequence[Traced]]:
    # Plain files need neither a workspace nor the pipeline, which take longer to import than a small file to judge.
    from emkg.bootstrap import open_ledger, open_workspace, version  # noqa: PLC0415
    from emkg.pipeline.judgement import judge_ledger, keep_report, trace_report  # noqa: PLC0415

    place = open_workspace(workspace)
    files = shapes or place.shapes()
    graph = load_shapes(files)
    with open_ledger(place, read_only=not keep) as ledger:
        report = judge_ledger(ledger, graph)
        if keep:
            keep_report(ledger, report, agent=f"emkg {version()}", files=files)
        if not trace:
            return report, ()
        base, data = place.settings.base, place.data_root
        return report, trace_report(ledger, report, graph, place.datasets(), base=base, data_root=data)


def _render(
    report: ValidationReport, form: str, console: Console, data: tuple[Path, ...], traced: Sequence[Traced]
) -> str:
    if form == "json":
        return report_json(report, [asdict(one) for one in traced])
    if form == "turtle":
        return report_turtle(report)
    language: ReportLanguage = "zh" if console.language == "zh" else "en"
    if form == "sarif":
        return report_sarif(report, DataPlaces(data, report.focus_nodes()), language)
    return report_text(report, language, [_origin(one, console) for one in traced])


def _origin(traced: Traced, console: Console) -> str:
    from emkg.pipeline.place import shown  # noqa: PLC0415

    graphs = ", ".join(f"<{name}>" for name in traced.graphs)
    if not traced.cells:
        return graphs
    first = traced.cells[0]
    columns = ", ".join(dict.fromkeys(cell.column for cell in traced.cells))
    return console.pick(
        f"{first.file} 第 {first.row} 行 {columns}（{shown(first.mapping)}，{graphs}）",
        f"{first.file} row {first.row} {columns} ({shown(first.mapping)}, {graphs})",
    )

"""`emkg init` and `emkg ingest`: a workspace, and its datasets into its ledger."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from emkg.bootstrap import ingest_workspace, open_ledger, open_workspace
from emkg.cli.console import Console
from emkg.cli.option import workspace_option
from emkg.errors import SettingsError
from emkg.pipeline.hooks import IngestHooks, Stage, StageProgress
from emkg.pipeline.ingest import IngestOptions
from emkg.settings import WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from emkg.pipeline.report import DatasetReport, IngestReport

_TOML = """\
# A city's workspace. Every key: docs/guide/settings.md of EMKG.
[city]
name_zh = "{zh}"
name_en = "{en}"
division = "{division}"   # GB/T 2260: whose local acts bind
level = "city"

[gate]
policy = "quarantine"   # reject | quarantine | report
"""


@click.command("init")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name-zh", default="某市", show_default=True, help="The city's name in Chinese.")
@click.option("--name-en", default="A City", show_default=True, help="The city's name in English.")
@click.option("--division", default="310000", show_default=True, help="Its GB/T 2260 code.")
def init_command(directory: Path, name_zh: str, name_en: str, division: str) -> None:
    """Make a workspace for a new city: emkg.toml, mappings/<department>/, shapes/, data/."""
    console = Console.for_process()
    file = directory / WORKSPACE_FILE
    if file.exists():
        raise SettingsError(
            f"{file} is there already; nothing was changed", message_zh=f"{file} 已存在，未作改动"
        )
    for folder in ("mappings", "shapes", "data"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    file.write_text(_TOML.format(zh=name_zh, en=name_en, division=division), encoding="utf-8")
    console.say(
        f"已建立工作区 {directory}。把部门文件放进 data/，映射放进 mappings/<部门>/<数据集>.yml，然后运行 emkg ingest --workspace {directory}",
        f"Workspace {directory} is made. Put files under data/, mappings at mappings/<department>/<dataset>.yml, then run emkg ingest --workspace {directory}",
    )


@click.command("ingest")
@click.argument("datasets", nargs=-1)
@workspace_option
@click.option("--force", is_flag=True, help="Run datasets although nothing they depend on changed.")
@click.option("--strict", is_flag=True, help="End at the first value that does not fit.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def ingest_command(
    *, datasets: tuple[str, ...], workspace: Path | None, force: bool, strict: bool, as_json: bool
) -> None:
    """Run datasets (`department` or `department/dataset`; all by default) into the workspace's ledger.

    Each dataset is loaded whole or not at all. Ctrl-C stops before the next commit.
    Exit code: 0 done (values may be in quarantine), 1 a mapping or source is wrong or the gate rejected a dataset,
    130 stopped by Ctrl-C.
    """
    console = Console.for_process()
    place = open_workspace(workspace)
    with open_ledger(place) as ledger, cancellable() as cancelled:
        hooks = IngestHooks(follow(console), cancelled)
        report = ingest_workspace(
            place, ledger, datasets, IngestOptions(force=force, strict=strict, hooks=hooks)
        )
    if as_json:
        console.json(report_data(report))
    else:
        console.table(report_table(report, console))
    report.raise_for_gate()


@contextmanager
def cancellable() -> Iterator[threading.Event]:
    """While the block runs, the first Ctrl-C sets the event, the second ends the process as usual."""
    event = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        event.set()
        signal.signal(signal.SIGINT, previous)

    previous = signal.signal(signal.SIGINT, stop)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, previous)


def follow(console: Console) -> Callable[[StageProgress], None]:
    """Says which stage begins: a line each in a pipe, one line rewritten on a terminal."""

    def say(progress: StageProgress) -> None:
        text = f"[{progress.number}/{progress.total}] {progress.dataset} {progress.stage.value}"
        if console.err.is_terminal:
            is_last = progress.stage is Stage.REASON
            console.err.print(f"\r{text:<70}", end="\n" if is_last else "", markup=False)
        elif progress.stage in {Stage.MAP, Stage.JUDGE, Stage.REASON}:
            console.err.print(text, markup=False)

    return say


def report_data(report: IngestReport) -> dict[str, Any]:  # JSON-ready
    """An ingest report as JSON-ready data."""
    return {
        "generation": report.generation,
        "seconds": round(report.seconds, 2),
        "datasets": [json.loads(one.to_json()) for one in report.datasets],
        "inferred": [asdict(one) for one in report.inferred],
    }


def report_table(report: IngestReport, console: Console) -> Table:
    """An ingest report as a table, one line a dataset."""
    table = Table()
    heads = (
        ("数据集", "Dataset"),
        ("结果", "Outcome"),
        ("行", "Rows"),
        ("陈述", "Statements"),
        ("新增", "Added"),
        ("移除", "Removed"),
        ("隔离", "Quarantined"),
        ("闸门", "Gate"),
    )
    for number, (zh, en) in enumerate(heads):
        table.add_column(console.pick(zh, en), justify="right" if number > 1 else "left", no_wrap=number < 2)  # noqa: PLR2004 - the first two are words
    for one in report.datasets:
        table.add_row(*_cells(one))
    return table


def _cells(one: DatasetReport) -> tuple[str, ...]:
    gate = " ".join(f"{name} {count}" for name, count in sorted(one.severities.items()))
    numbers = (one.rows, one.statements, one.added, one.removed, sum(one.quarantined.values()))
    return (one.dataset, one.outcome.value, *(str(number) for number in numbers), gate)

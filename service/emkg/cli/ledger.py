"""`emkg ledger check|compact|snapshot`, `emkg backup` and `emkg restore`: a ledger's soundness, a copy of it, and the way back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from emkg.bootstrap import open_ledger, open_workspace
from emkg.cli.console import Console
from emkg.cli.option import workspace_option
from emkg.ledger import Ledger


@click.group("ledger")
def ledger_command() -> None:
    """The workspace's ledger."""


@ledger_command.command("check")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_context
def check_command(context: click.Context, *, workspace: Path | None, as_json: bool) -> None:
    """Read the whole ledger and say what is wrong inside it.

    Exit code: 0 sound, 1 something is wrong.
    """
    console = Console.for_process()
    with open_ledger(open_workspace(workspace), read_only=True) as ledger:
        report = ledger.check()
    if as_json:
        console.json({**asdict(report), "is_sound": report.is_sound})
    else:
        console.say(
            f"第 {report.generation} 代：{report.quads} 条陈述，{report.past_quads} 条历史陈述，{report.terms} 个词项",
            f"Generation {report.generation}: {report.quads} statements, {report.past_quads} past ones, {report.terms} terms",
        )
        for flaw in report.flaws:
            console.say(
                f"{flaw.name}：{flaw.message_zh}（{flaw.count} 处，例如 {flaw.example}）",
                f"{flaw.name}: {flaw.message} ({flaw.count}, for example {flaw.example})",
            )
        if report.is_sound:
            console.say("账本完好", "The ledger is sound")
        else:
            console.say(
                "请恢复备份（emkg restore），或重新导入到新文件",
                "Restore a backup (emkg restore), or ingest into a new file",
            )
    if not report.is_sound:
        context.exit(1)


@ledger_command.command("compact")
@workspace_option
def compact_command(workspace: Path | None) -> None:
    """Write the ledger's file anew, sorted and without what nothing uses; every generation stays."""
    console = Console.for_process()
    place = open_workspace(workspace)
    limits = place.settings.ledger
    done = Ledger.compact(
        place.ledger_path, memory_limit_mb=limits.memory_limit_mb, spill_limit_mb=limits.spill_limit_mb
    )
    before, after = done.bytes_before / 1e6, done.bytes_after / 1e6
    console.say(
        f"账本已压实：{before:.1f} MB → {after:.1f} MB，清除 {done.terms_dropped} 个无用词项",
        f"Compacted: {before:.1f} MB to {after:.1f} MB, {done.terms_dropped} unused terms dropped",
    )


@ledger_command.command("snapshot")
@click.argument("name", required=False)
@workspace_option
def snapshot_command(name: str | None, workspace: Path | None) -> None:
    """Give the current generation a NAME; without one, list the names."""
    console = Console.for_process()
    with open_ledger(open_workspace(workspace), read_only=name is None) as ledger:
        shown = (ledger.take_snapshot(name),) if name else ledger.snapshots()
    for snapshot in shown:
        taken = f"{snapshot.taken:%Y-%m-%d %H:%M:%S} UTC"
        console.say(
            f"{snapshot.name}：第 {snapshot.generation} 代（{taken}）",
            f"{snapshot.name}: generation {snapshot.generation} ({taken})",
        )
    if not shown:
        console.say("还没有快照", "There are no snapshots yet")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@workspace_option
def backup_command(file: Path, workspace: Path | None) -> None:
    """Copy the workspace's ledger, with all its past, to a new FILE, which appears when it is complete."""
    console = Console.for_process()
    with open_ledger(open_workspace(workspace)) as ledger:
        ledger.backup(file)
        generation = ledger.generation
    console.say(
        f"已备份到 {file}（第 {generation} 代，{file.stat().st_size / 1e6:.1f} MB）",
        f"Backed up to {file} (generation {generation}, {file.stat().st_size / 1e6:.1f} MB)",
    )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workspace_option
def restore_command(file: Path, workspace: Path | None) -> None:
    """Put the backup FILE in the place of the workspace's ledger, once it is found sound; the former one is kept."""
    console = Console.for_process()
    place = open_workspace(workspace)
    kept = Ledger.restore(file, place.ledger_path)
    console.say(f"已恢复 {file}", f"Restored {file}")
    if kept:
        console.say(f"原账本保留为 {kept}", f"The former ledger is kept as {kept}")

"""`emkg source inspect`: what a file is, before anybody writes a mapping for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from emkg.cli.console import Console
from emkg.content import content_root
from emkg.pipeline.inspection import as_data, inspect_source, sources_yaml

if TYPE_CHECKING:
    from emkg.sources.inspection import ColumnProfile, Inspection, TableSample


@click.group("source")
def source_command() -> None:
    """Files that a department hands in."""


@source_command.command("inspect")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rows",
    default=10_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Records that columns are judged by.",
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def inspect_command(*, file: Path, rows: int, as_json: bool) -> None:
    """Say what FILE is: encoding, dialect, header, columns, nulls, keys, likely codes, and how a mapping reads it.

    Nothing is guessed in silence: every finding has its reason, and what cannot be told is said to be so. Values of
    personal data are not shown. Exit code: 0 inspected, 1 it cannot be read.
    """
    console = Console.for_process()
    inspection = inspect_source(file, content_root(), limit=rows)
    if as_json:
        console.json(as_data(inspection))
    else:
        _show(console, inspection)


def _show(console: Console, inspection: Inspection) -> None:
    encoding = inspection.encoding
    if encoding:
        doubt = console.pick("（不能确定）", " (not certain)") if not encoding.is_certain else ""
        console.say(
            f"编码：{encoding.name}{doubt}：{encoding.reason_zh}",
            f"Encoding: {encoding.name}{doubt}: {encoding.reason}",
        )
    for table in inspection.tables:
        sample = table.sample
        read, name = len(sample.rows), sample.name or inspection.path.name
        console.say(
            f"\n{name}：{_extent(sample, '{} 条记录，列由其中前 {} 条判断', '{} 条记录', f'多于 {read} 条记录，只看了这些')}",
            f"\n{name}: {_extent(sample, '{} records, columns judged by the first {}', '{} records', f'more than {read} records, only these were looked at')}",
        )
        for english, chinese in sample.notes:
            console.say(f"  {chinese}", f"  {english}")
        for key in table.keys[:3]:
            console.say(f"  可作主键：{'、'.join(key)}", f"  could be the key: {', '.join(key)}")
        if table.columns:
            console.table(_columns_table(console, table.columns))
    console.say("\n映射中这样声明：", "\nIn a mapping:")
    console.text(sources_yaml(inspection))


def _extent(sample: TableSample, partly: str, wholly: str, unknown: str) -> str:
    """How much there is and how much of it was read."""
    read = len(sample.rows)
    if sample.is_whole:
        return wholly.format(read)
    return partly.format(sample.count, read) if sample.count > read else unknown


def _columns_table(console: Console, columns: tuple[ColumnProfile, ...]) -> Table:
    table = Table()
    for zh, en in (
        ("列", "Column"),
        ("类型", "Type"),
        ("空", "Empty"),
        ("不同值", "Distinct"),
        ("取值", "Values"),
        ("可能是", "Likely"),
    ):
        table.add_column(console.pick(zh, en), overflow="fold")
    for column in columns:
        table.add_row(
            column.name,
            " ".join(filter(None, (column.datatype, column.form))),
            f"{column.empty} {' '.join(column.null_tokens)}".strip(),
            str(column.distinct),
            _values(console, column),
            "\n".join(_likely(console, column)),
        )
    return table


def _values(console: Console, column: ColumnProfile) -> str:
    if column.is_personal:
        return console.pick("（个人信息，不予显示）", "(personal data, not shown)")
    if column.datatype == "string":
        return "; ".join(text[:30] for text in column.examples)
    return f"{column.lowest} … {column.highest}" if column.lowest != column.highest else column.lowest


def _likely(console: Console, column: ColumnProfile) -> list[str]:
    lines = []
    for code in column.codes:
        label = console.pick(code.kind.label[1], code.kind.label[0])
        lines.append(f"{label} {code.share:.0%}" + (f" → {code.kind.hint}" if code.kind.hint else ""))
        lines += [console.pick(chinese, english) for english, chinese in code.notes]
    for row, value in column.misfits:
        lines.append(console.pick(f"第 {row} 行不符：{value[:30]}", f"row {row} does not fit: {value[:30]}"))
    return lines

"""`emkg quarantine`: what the workspace's last runs could not accept, each value with its place and reason."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.table import Table

from emkg.bootstrap import open_ledger, open_workspace
from emkg.cli.console import Console
from emkg.cli.option import node_text, workspace_option
from emkg.errors import InputError, NotFoundError
from emkg.pipeline.place import shown

if TYPE_CHECKING:
    from emkg.ledger import Ledger


@click.command("quarantine")
@click.argument("dataset", required=False)
@click.option("--reason", help="Only records of this reason, such as bad-lexical-form or shacl.")
@click.option("--node", help="Only what is about this focus node (an IRI), with the statements that wait.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "summary", "csv", "json", "parquet", "nquads"]),
    default="text",
    show_default=True,
    help="nquads: the statements that the gate keeps out; the others: the records.",
)
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@workspace_option
def quarantine_command(
    *,
    dataset: str | None,
    reason: str | None,
    node: str | None,
    form: str,
    out: Path | None,
    workspace: Path | None,
) -> None:
    """List what waits in quarantine, of DATASET or of all: file, row, column, value, reason, message, mapping line.

    A record goes when a later run of its dataset accepts the value: mend the source, the mapping or the shape, and
    run `emkg ingest`. A node that is right all the same is accepted by `emkg release`.
    """
    console = Console.for_process()
    with open_ledger(open_workspace(workspace), read_only=True) as ledger:
        records, statements = _waiting(ledger, dataset, reason, None if node is None else node_text(node))
    if (out is not None and form in _PAGES) or (out is None and form == "parquet"):
        raise InputError(
            "--out FILE goes with --format csv, json, nquads and parquet, and parquet needs it",
            message_zh="--out 用于 csv、json、nquads、parquet 格式；parquet 必须指定 --out",
        )
    if form in _PAGES:
        _PAGES[form](records, console)
        console.say(f"共 {records.num_rows} 条记录", f"{records.num_rows} records")
        if node is not None:
            console.text(_nquads(statements))
    elif form == "parquet" and out is not None:
        pq.write_table(records, out)
    else:
        text = _nquads(statements) if form == "nquads" else _WRITERS[form](records)
        if out is None:
            console.text(text)
        else:  # spreadsheets know UTF-8 by its mark
            out.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")


def _waiting(
    ledger: Ledger, dataset: str | None, reason: str | None, node: str | None
) -> tuple[pa.Table, pa.Table]:
    """The records and the statements that were asked for."""
    known = [run.name for run in ledger.runs()]
    if dataset is not None and dataset not in known:
        raise NotFoundError(
            f"no run of {dataset} was accepted; known: {', '.join(known)}",
            message_zh=f"没有数据集 {dataset} 的已接受运行；已知：{'、'.join(known)}",
        )
    records = ledger.quarantine.records(dataset).read_all()
    statements = ledger.quarantine.statements(dataset).read_all()
    if reason is not None:
        records = records.filter(pc.equal(records["reason"], reason))
    if node is not None:
        records = records.filter(pc.equal(records["node"], node))
        statements = statements.filter(pc.equal(statements["s"], node))
    return records, statements


def _nquads(statements: pa.Table) -> str:
    return "".join(f"{row['s']} {row['p']} {row['o']} {row['g']} .\n" for row in statements.to_pylist())


def _json(records: pa.Table) -> str:
    return json.dumps(records.to_pylist(), ensure_ascii=False, indent=2) + "\n"


def _csv(records: pa.Table) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, records.column_names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records.to_pylist())
    return text.getvalue()


def _counts(records: pa.Table) -> list[tuple[tuple[str, str], int]]:
    pairs = zip(records["dataset"].to_pylist(), records["reason"].to_pylist(), strict=True)
    return sorted(Counter(pairs).items())


def _summary(records: pa.Table, console: Console) -> None:
    names = (
        console.pick("数据集", "Dataset"),
        console.pick("原因", "Reason"),
        console.pick("条数", "Records"),
    )
    table = Table(*names)
    for (name, reason), count in _counts(records):
        table.add_row(name, reason, str(count))
    console.table(table)


def _lines(records: pa.Table, console: Console) -> None:
    for record in records.to_pylist():
        message = console.pick(record["message_zh"], record["message"])
        row = (
            "" if record["row"] is None else console.pick(f" 第 {record['row']} 行", f" row {record['row']}")
        )
        column = f" {record['column']}" if record["column"] else ""
        console.text(
            f"{record['dataset']}: {record['file']}{row}{column}: {message} [{record['reason']}, {shown(record['mapping'])}]\n"
        )


_PAGES: Final = {"text": _lines, "summary": _summary}
_WRITERS: Final = {"csv": _csv, "json": _json}

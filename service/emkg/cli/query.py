"""`emkg query` and `emkg ask`: SPARQL and named questions over the workspace."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from rich.table import Table

from emkg.bootstrap import open_evaluator, open_ledger, open_workspace
from emkg.cli.console import Console
from emkg.cli.option import workspace_option
from emkg.errors import ParameterError
from emkg.pipeline.files import load_files
from emkg.plan import QueryKind, ResultFormat, parse_solutions
from emkg.query import Answer, ask, find_question, questions, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ledger import Ledger
    from emkg.plan import Evaluator, QueryResult

_FORMATS = {
    "json": ResultFormat.JSON,
    "xml": ResultFormat.XML,
    "csv": ResultFormat.CSV,
    "tsv": ResultFormat.TSV,
    "turtle": ResultFormat.TURTLE,
    "ntriples": ResultFormat.N_TRIPLES,
}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("query")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--data", multiple=True, type=_FILE, help="RDF file to query instead of the workspace; may be repeated."
)
@click.option("--format", "form", type=click.Choice(["table", *_FORMATS]), default="table", show_default=True)
@click.option(
    "--as-of", help="As it stood: a generation, a snapshot's name, a date (its end, UTC) or an instant."
)
@click.option("--explain", is_flag=True, help="Show the plan (SQL), or why there is none; evaluate nothing.")
@workspace_option
def query_command(
    *,
    file: TextIO,
    data: tuple[Path, ...],
    form: str,
    as_of: str | None,
    explain: bool,
    workspace: Path | None,
) -> None:
    """Evaluate the SPARQL query in FILE (`-`: standard input) within the workspace's limits."""
    console = Console.for_process()
    with _opened(workspace, data) as (ledger, evaluator):
        generation = None if as_of is None else ledger.generation_of(as_of)
        if explain:
            console.text(evaluator.explain(file.read(), as_of=generation) + "\n")
            return
        result = evaluator.query(file.read(), result_format=_FORMATS.get(form), as_of=generation)
    if form == "table" and result.format is ResultFormat.JSON and result.kind is QueryKind.SELECT:
        console.table(_solutions_table(result))
        return
    sys.stdout.buffer.write(result.content)
    if not result.content.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")


@contextmanager
def _opened(workspace: Path | None, data: tuple[Path, ...]) -> Iterator[tuple[Ledger, Evaluator]]:
    place = open_workspace(workspace)
    source = load_files(data) if data else open_ledger(place, read_only=True)
    with source as ledger, open_evaluator(ledger, place.settings) as evaluator:
        yield ledger, evaluator


def _solutions_table(result: QueryResult) -> Table:
    solutions = parse_solutions(result)
    table = Table(*solutions.variables)
    for row in solutions.rows:
        table.add_row(*(str(row[name].value) if name in row else "" for name in solutions.variables))
    return table


@click.command("ask")
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@workspace_option
def ask_command(question: str | None, parameters: tuple[str, ...], form: str, workspace: Path | None) -> None:
    """Ask a named question, such as `who-must-act event_type=11B19 as_of=2026-08-20`; without one, list them."""
    console = Console.for_process()
    if question is None:
        _list_questions(console)
        return
    with _opened(workspace, ()) as (_, evaluator):
        answer = ask(question, _pairs(parameters), evaluator, context=open_workspace(workspace).ask_context)
    if form == "json":
        console.json(answer.document())
        return
    _print_answer(answer, console)


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for text in parameters:
        name, separator, value = text.partition("=")
        if not separator:
            raise ParameterError(
                f"{text!r} is no parameter; write name=value", message_zh=f"{text!r} 不是参数，请写成 名称=值"
            )
        pairs[name] = value
    return pairs


def _list_questions(console: Console) -> None:
    for one in questions():
        console.say(f"{one.name}：{one.title.zh}", f"{one.name}: {one.title.en}")
        console.say(f"    {one.description.zh}", f"    {one.description.en}")
        for parameter in one.parameters:
            console.say(
                f"    {parameter.name}：{parameter.zh}",
                f"    {parameter.name}: {parameter.en}",
            )


def _print_answer(answer: Answer, console: Console) -> None:
    """The question's main columns, in the reader's language; every column is in the JSON form."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    shown = find_question(answer.question).table
    for column in shown:
        table.add_column(console.pick(column.description.zh, column.description.en), overflow="fold")
    names = [_in_language(column.name, answer, console.language) for column in shown]
    for row in answer.rows:
        table.add_row(*(_cell(to_json(row.get(name)), console.language) for name in names))
    console.table(table)
    console.say(
        f"截至 {answer.as_of}；第 {answer.generation} 代；{len(answer.rows)} 行",
        f"As of {answer.as_of}; generation {answer.generation}; {len(answer.rows)} rows",
    )
    for note in answer.notes:
        console.say(f"注：{note.text.zh}", f"Note: {note.text.en}")


def _in_language(name: str, answer: Answer, language: str) -> str:
    return name if name in answer.columns else f"{name}_{language}"


def _cell(value: object, language: str) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "✓"
        case list():
            return "; ".join(_cell(part, language) for part in value)
        case dict():
            labels = [part for key, part in value.items() if key.endswith(f"label_{language}") and part]
            return " ".join(str(part) for part in labels) or next(
                (_cell(part, language) for part in value.values()), ""
            )
        case str() if value.startswith("https://w3id.org/emkg/"):
            return value.rsplit("/", 1)[-1]
        case _:
            return str(value)

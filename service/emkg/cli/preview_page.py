"""What `emkg map preview` shows: for each row a table of cells, statements, withheld values and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from emkg.ontology.term import shorten
from emkg.pipeline.place import shown
from emkg.rdf import IRI, Literal, parse_term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.cli.console import Console
    from emkg.mapping import SourceCell
    from emkg.pipeline.preview import Preview, PreviewRow, PreviewViolation


def show_previews(console: Console, previews: Iterable[Preview], form: str) -> None:
    """The previews in one of the formats text and json."""
    if form == "json":
        console.json([_preview_json(one) for one in previews])
        return
    for preview in previews:
        sample = preview.sample
        name = sample.triples_map.rpartition("#")[2]
        console.say(
            f"{name}（{shown(sample.location)}），数据源 {sample.file}",
            f"{name} ({shown(sample.location)}), source {sample.file}",
        )
        if not preview.rows:
            console.say("  没有符合的行", "  no such row")
            continue
        console.table(_table(console, preview.rows))


def _table(console: Console, rows: Iterable[PreviewRow]) -> Table:
    table = Table(show_lines=True)
    table.add_column(console.pick("行", "Row"), justify="right")
    for zh, en in (("单元格", "Cells"), ("陈述", "Statements"), ("隔离与违反", "Withheld and violations")):
        table.add_column(console.pick(zh, en), overflow="fold", ratio=1)
    for row in rows:
        sample = row.sample
        cells = "\n".join(f"{name} = {'∅' if text is None else text}" for name, text in sample.cells.items())
        table.add_row(
            Text(str(sample.row)), Text(cells), Text(_statements(row)), Text("\n".join(_faults(console, row)))
        )
    return table


def _statements(row: PreviewRow) -> str:
    lines: list[str] = []
    subject = ""
    for s, p, o in row.sample.statements:
        if s != subject:
            lines.append(_short(s))
            subject = s
        lines.append(f"  {_short(p)} {_short(o)}")
    return "\n".join(lines)


def _faults(console: Console, row: PreviewRow) -> list[str]:
    withheld = [
        f"✗ {one.column or '-'}: {console.pick(one.message_zh, one.message)} ({one.reason}, {shown(one.mapping)})"
        for one in row.sample.quarantine
    ]
    return [*withheld, *(_violation(console, one) for one in row.violations)]


def _violation(console: Console, one: PreviewViolation) -> str:
    result = one.result
    level = shorten(result.severity.value).removeprefix("sh:")
    place = "".join(f"\n  ← {cell.column} = {cell.value} ({shown(cell.mapping)})" for cell in one.cells)
    path = _short(result.path) if result.path and result.path.count("<") == 1 else result.path or ""
    return f"! {level} {path}: {result.message(console.language)}{place}"


def _short(text: str) -> str:
    """The N-Triples term with its IRIs as `em:…` where a prefix is known."""
    term = parse_term(text)
    if isinstance(term, IRI):
        return shorten(term.value)
    if isinstance(term, Literal) and term.datatype and not term.language:
        return text.replace(f"<{term.datatype}>", shorten(term.datatype))
    return text


def _preview_json(preview: Preview) -> dict[str, object]:
    sample = preview.sample
    return {
        "triples_map": sample.triples_map,
        "file": sample.file,
        "location": shown(sample.location),
        "rows": [_row_json(one) for one in preview.rows],
    }


def _row_json(row: PreviewRow) -> dict[str, object]:
    sample = row.sample
    return {
        "row": sample.row,
        "cells": dict(sample.cells),
        "statements": [f"{s} {p} {o} ." for s, p, o in sample.statements],
        "quarantine": [
            {
                "column": one.column,
                "value": one.value,
                "reason": one.reason,
                "message": one.message,
                "message_zh": one.message_zh,
                "mapping": shown(one.mapping),
            }
            for one in sample.quarantine
        ],
        "violations": [_violation_json(one) for one in row.violations],
    }


def _violation_json(one: PreviewViolation) -> dict[str, object]:
    result = one.result
    return {
        "severity": shorten(result.severity.value),
        "focus_node": str(result.focus_node),
        "path": result.path,
        "value": None if result.value is None else str(result.value),
        "shape": str(result.source_shape),
        "messages": dict(result.messages),
        "cells": [_cell_json(cell) for cell in one.cells],
    }


def _cell_json(cell: SourceCell) -> dict[str, object]:
    return {"column": cell.column, "value": cell.value, "mapping": shown(cell.mapping)}

"""`emkg source inspect`: a file of unknown make, its columns against the codes that the reference tables know."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from emkg.sources.inspection import Inspection, KnownCodes, inspect_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emkg.sources.inspection import ColumnProfile, TableSample
    from emkg.sources.inspection.file import InspectedTable


def inspect_source(path: Path, content: Path, *, limit: int) -> Inspection:
    """Inspect a file; `content` is the folder that holds ontology/reference.

    Raises:
        SourceError: The file is not there, or is not of the format that its name says.
    """
    return inspect_file(path, known_codes(content), limit=limit)


def known_codes(content: Path) -> KnownCodes:
    """The division codes and event type codes of the reference tables."""
    reference = content / "ontology" / "reference"
    return KnownCodes(
        divisions=frozenset(_column(reference / "divisions.csv", "code")),
        event_types=frozenset(_column(reference / "event-types.csv", "notation")),
    )


def _column(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return [row[name] for row in csv.DictReader(rows) if row[name]]


def sources_yaml(inspection: Inspection) -> str:
    """The `sources:` of a mapping that reads what was found; names are to be changed to what they mean."""
    lines = ["sources:"]
    for number, table in enumerate(inspection.tables, start=1):
        name = f"source{number if len(inspection.tables) > 1 else ''}"
        lines += source_yaml(name, table, f"data:{inspection.path.name}")
    return "\n".join(lines) + "\n"


def source_yaml(
    name: str, table: InspectedTable, access: str, extra: Mapping[str, str | int] | None = None
) -> list[str]:
    """One entry of `sources:`, as lines."""
    options = {**table.sample.options, **(extra or {})}
    lines = [f"  {name}:", f"    access: {json.dumps(access, ensure_ascii=False)}"]
    lines += [f"    {key}: {_scalar(key, value)}" for key, value in options.items()]
    tokens = sorted({token for column in table.columns for token in column.null_tokens})
    if tokens:
        lines.append(f"    nullValues: {json.dumps(tokens, ensure_ascii=False)}")
    return lines


def _scalar(key: str, value: str | int) -> str:
    if isinstance(value, int) or key in {"namespaces", "referenceFormulation", "encoding"}:
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def as_data(inspection: Inspection) -> dict[str, object]:
    """The findings as JSON-ready data."""
    encoding = inspection.encoding
    return {
        "file": str(inspection.path),
        "encoding": encoding
        and {
            "name": encoding.name,
            "reason": encoding.reason,
            "reason_zh": encoding.reason_zh,
            "certain": encoding.is_certain,
        },
        "tables": [
            {
                "name": table.sample.name,
                **_table(table.sample),
                "keys": [list(key) for key in table.keys],
                "columns": [_column_data(column) for column in table.columns],
            }
            for table in inspection.tables
        ],
        "sources": sources_yaml(inspection),
    }


def _table(sample: TableSample) -> dict[str, object]:
    return {
        "options": sample.options,
        "rows_read": len(sample.rows),
        "rows": sample.count or (len(sample.rows) if sample.is_whole else None),
        "is_whole": sample.is_whole,
        "notes": [{"en": english, "zh": chinese} for english, chinese in sample.notes],
    }


def _column_data(column: ColumnProfile) -> dict[str, object]:
    return {
        "name": column.name,
        "tag": column.tag,
        "datatype": column.datatype,
        "format": column.form,
        "values": column.values,
        "empty": column.empty,
        "null_tokens": list(column.null_tokens),
        "distinct": column.distinct,
        "lowest": column.lowest,
        "highest": column.highest,
        "examples": list(column.examples),
        "misfits": [{"row": row, "value": value} for row, value in column.misfits],
        "is_key": column.is_key,
        "is_personal": column.is_personal,
        "likely": [
            {
                "kind": code.kind.name,
                "share": round(code.share, 3),
                "reads_it": code.kind.hint,
                "notes": [{"en": english, "zh": chinese} for english, chinese in code.notes],
            }
            for code in column.codes
        ],
    }

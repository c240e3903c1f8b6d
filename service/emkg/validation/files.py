"""Validation of files, outside any workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.rdf.relation import STATEMENTS_SCHEMA, parse_relation
from emkg.validation.compiled import CompiledValidator
from emkg.validation.shapes import load_shapes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.validation.engine import Validator
    from emkg.validation.report import ValidationReport


def validate_files(
    data: Sequence[Path], shapes: Sequence[Path], validator: Validator | None = None
) -> ValidationReport:
    """The report on the merge of the data files, by the merge of the shapes files.

    Raises:
        InputError: A file is missing or its format unknown; RdfSyntaxError where it does not parse.
        ShapesError: The shapes are wrong, or cannot be judged by.
    """
    graph = load_shapes(shapes)
    batches = (
        batch
        for number, path in enumerate(data)
        for batch in parse_relation(path, base=path.resolve().as_uri(), scope=f"d{number}")
    )
    table = pa.Table.from_batches(batches, STATEMENTS_SCHEMA)
    return (validator or CompiledValidator()).validate(table, graph)

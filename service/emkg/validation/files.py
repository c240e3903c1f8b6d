"""Validation of files, outside any workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.rdf import parse_file
from emkg.validation.compiled import CompiledValidator
from emkg.validation.shapes import apart, load_shapes

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
    quads = [
        quad
        for number, path in enumerate(data)
        for quad in apart(parse_file(path, base=path.resolve().as_uri()), f"d{number}")
    ]
    return (validator or CompiledValidator()).validate(quads, graph)

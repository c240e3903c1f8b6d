"""Alignments of our terms to other vocabularies: SSSOM TSV files (https://mapping-commons.github.io/sssom/)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from emkg.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "comment",
)


@dataclass(frozen=True)
class Alignment:
    """One row: that a term of ours and a term of another vocabulary mean nearly, or exactly, the same.

    Attributes:
        subject: IRI of our term.
        predicate: IRI of the relation.
        object: IRI of the other term.
        object_label: The other term in words of our own.
        justification: IRI of how the row came to be.
        confidence: From 0 to 1.
        comment: What must be known of it; may be empty.
        location: The row's file and line.
    """

    subject: str
    predicate: str
    object: str
    object_label: str
    justification: str
    confidence: float
    comment: str
    location: Location


@dataclass(frozen=True)
class MappingSet:
    """One file: what its header says, and its rows in order."""

    path: Path
    metadata: Mapping[str, object]
    alignments: tuple[Alignment, ...]


def read_alignments(folder: Path) -> tuple[MappingSet, ...]:
    """Every mapping set (`*.sssom.tsv`) of a folder, by file name; none if there is no such folder.

    Raises:
        InputError: A file is not SSSOM as we write it; located by file and line.
    """
    return tuple(read_mapping_set(file) for file in sorted(folder.glob("*.sssom.tsv")))


def read_mapping_set(path: Path) -> MappingSet:
    """A mapping set with its CURIEs expanded.

    Raises:
        InputError: The header is no YAML, a column is missing, a prefix is not in the `curie_map`, or a
            confidence is not between 0 and 1; located by file and line.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    metadata = _metadata(path, header)
    prefixes = metadata.get("curie_map")
    if not isinstance(prefixes, dict):
        raise _wrong("the header has no curie_map", "文件头缺少 curie_map", path, 1)
    rows = csv.DictReader(lines[len(header) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise _wrong(
            f"the columns must be {', '.join(COLUMNS)}",
            f"各列应为 {', '.join(COLUMNS)}",
            path,
            len(header) + 1,
        )
    found = (
        _alignment(row, prefixes, Location(str(path), number))
        for number, row in enumerate(rows, len(header) + 2)
    )
    return MappingSet(path, metadata, tuple(found))


def _metadata(path: Path, header: Iterable[str]) -> dict[str, object]:
    try:
        metadata: object = yaml.safe_load("\n".join(line.removeprefix("#") for line in header))
    except yaml.YAMLError as error:
        raise _wrong("the header is no YAML", "文件头不是 YAML", path, 1) from error
    if not isinstance(metadata, dict):
        raise _wrong("there is no header", "缺少文件头", path, 1)
    return metadata


def _alignment(row: Mapping[str, str], prefixes: Mapping[str, str], location: Location) -> Alignment:
    if any(row.get(name) is None for name in COLUMNS):
        raise InputError("a cell is missing", message_zh="缺少单元格", location=location)
    return Alignment(
        subject=_expand(row["subject_id"], prefixes, location),
        predicate=_expand(row["predicate_id"], prefixes, location),
        object=_expand(row["object_id"], prefixes, location),
        object_label=row["object_label"],
        justification=_expand(row["mapping_justification"], prefixes, location),
        confidence=_confidence(row["confidence"], location),
        comment=row["comment"],
        location=location,
    )


def _expand(curie: str, prefixes: Mapping[str, str], location: Location) -> str:
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in prefixes:
        raise InputError(
            f"the prefix of {curie!r} is not in the curie_map",
            message_zh=f"curie_map 中没有 {curie!r} 的前缀",
            location=location,
        )
    return prefixes[prefix] + local


def _confidence(text: str, location: Location) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise InputError(
            f"the confidence {text!r} is not between 0 and 1",
            message_zh=f"可信度 {text!r} 不在 0 与 1 之间",
            location=location,
        )
    return value


def _wrong(message: str, message_zh: str, path: Path, line: int) -> InputError:
    return InputError(message, message_zh=message_zh, location=Location(str(path), line))

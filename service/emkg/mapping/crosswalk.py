"""Crosswalks: SSSOM TSV files that say which of our terms a department's code means.

A row's `subject_id` is the code, as it stands in the data or as a CURIE; `object_id` is an IRI or a CURIE of the
`curie_map` in the file's header or of our own prefixes (https://mapping-commons.github.io/sssom/).
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from emkg.errors import Location, MappingError
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_TERM: Final = frozenset({"", "sssom:NoTermFound"})


def read_crosswalk(path: Path, location: Location) -> dict[str, str]:
    """Code to IRI; a CURIE's code is known both whole and without its prefix.

    Raises:
        MappingError: The file is not there, lacks a column, maps one code to two terms, or uses an unknown prefix.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MappingError(
            f"the crosswalk {path.name} cannot be read: {error.strerror}",
            message_zh=f"无法读取对照表 {path.name}",
            location=location,
        ) from error
    except UnicodeDecodeError:
        raise _bad_file(path, location, "it is not UTF-8 text", "不是 UTF-8 文本") from None
    if "\0" in text:
        raise _bad_file(path, location, "it holds a null character", "含有空字符")
    lines = text.splitlines()
    header = [line for line in lines if line.startswith("#")]
    prefixes = {**PREFIXES, **_curie_map(header, Location(str(path), line=1))}
    rows = csv.DictReader(
        (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    if not {"subject_id", "object_id"} <= set(rows.fieldnames or ()):
        raise MappingError(
            f"the crosswalk {path.name} needs the columns subject_id and object_id",
            message_zh=f"对照表 {path.name} 缺少 subject_id 或 object_id 列",
            location=location,
        )
    result: dict[str, str] = {}
    for number, row in enumerate(rows, start=len(header) + 2):
        place = Location(str(path), line=number)
        if row["subject_id"] is None or row["object_id"] is None:
            raise _bad_file(path, place, "the row has fewer cells than the header", "该行的单元格少于列名")
        if row["object_id"] in _NO_TERM:
            continue
        target = _expand(row["object_id"], prefixes, place)
        for code in _codes(row["subject_id"], prefixes):
            if result.setdefault(code, target) != target:
                raise MappingError(
                    f"the code {code!r} is mapped to two terms, {result[code]} and {target}",
                    message_zh=f"代码“{code}”对应了两个不同的术语",
                    location=place,
                )
    return result


def _curie_map(header: list[str], place: Location) -> Mapping[str, str]:
    try:
        metadata = yaml.safe_load("\n".join(line[1:].removeprefix(" ") for line in header)) or {}
        prefixes = metadata.get("curie_map") or {} if isinstance(metadata, dict) else None
    except (yaml.YAMLError, RecursionError):
        prefixes = None
    if not isinstance(prefixes, dict) or not all(isinstance(iri, str) for iri in prefixes.values()):
        path = Path(place.file)
        raise _bad_file(
            path, place, "its header is no YAML with a curie_map of IRIs", "文件头不是含 curie_map 的 YAML"
        )
    return {str(prefix): iri for prefix, iri in prefixes.items()}


def _bad_file(path: Path, place: Location, what: str, what_zh: str) -> MappingError:
    return MappingError(
        f"the crosswalk {path.name} cannot be read: {what}",
        message_zh=f"无法读取对照表 {path.name}：{what_zh}",
        location=place,
    )


def _codes(subject: str, prefixes: Mapping[str, str]) -> tuple[str, ...]:
    prefix, colon, local = subject.partition(":")
    return (subject, local) if colon and prefix in prefixes else (subject,)


def _expand(curie: str, prefixes: Mapping[str, str], location: Location) -> str:
    iri = _resolved(curie, prefixes, location)
    if re.search(r'[\x00-\x20<>"{}|\\^`]', iri):
        raise MappingError(
            f"{curie!r} is no IRI: it holds a character that IRIs may not have",
            message_zh=f"“{curie}”不是合法 IRI",
            location=location,
        )
    return iri


def _resolved(curie: str, prefixes: Mapping[str, str], location: Location) -> str:
    prefix, _, local = curie.partition(":")
    if local.startswith("//"):
        return curie
    if prefix not in prefixes:
        raise MappingError(
            f"the prefix {prefix!r} of {curie} is not in the crosswalk's curie_map",
            message_zh=f"对照表的 curie_map 没有前缀“{prefix}”",
            location=location,
        )
    return prefixes[prefix] + local

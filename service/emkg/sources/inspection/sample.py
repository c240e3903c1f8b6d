"""Some of a file's records as texts, whatever its format: what columns are judged by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class TableSample:
    """One table of a file: a CSV file, a sheet, an iterator's items, a database table.

    Attributes:
        name: What the table is called; empty where the file holds one only.
        options: The keys of a mapping's source that read it (`iterator`, `sheet`, `headerRow` …).
        columns: The references, in order.
        rows: The sampled records, each with the row that the format's reader would count.
        is_whole: Every record was read.
        notes: What a reader should know, English and Chinese.
        count: How many records there are, where all were counted; 0 where they were not.
        tags: The HXL tags of the columns, where a row below the names holds them.
    """

    name: str
    options: dict[str, str | int]
    columns: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[str | None]]]
    is_whole: bool
    notes: tuple[tuple[str, str], ...] = field(default=())
    tags: tuple[str, ...] = ()
    count: int = 0

"""The words of the grammar and the topics, read from `ontology/reference/wording/`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ontology.office.wording import Lexicon, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LEVELS: Final = ("national", "province", "city", "county", "township", "community")


@dataclass(frozen=True)
class Topic:
    """A matter, or a name, with the bodies that have it at each level; without any: none is known."""

    key: str
    bodies: Mapping[str, tuple[str, ...]]


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a reference table, in file order."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def parts(cell: str) -> tuple[str, ...]:
    """The values of a cell that joins several with `;`."""
    return tuple(part for part in cell.split(";") if part)


def read_lexicon(folder: Path) -> Lexicon:
    """The words of `words.csv` and the topics' words of `topics.csv`; a topic's word wins over a plain one."""
    words = {
        row["word"]: Token(row["word"], TokenKind(row["kind"]), parts(row["value"]))
        for row in read_rows(folder / "words.csv")
    }
    for row in read_rows(folder / "topics.csv"):
        kind = TokenKind(row["form"])
        words |= {word: Token(word, kind, (row["topic"],)) for word in parts(row["words"])}
    return Lexicon(words)


def read_topics(folder: Path) -> dict[str, Topic]:
    """The topics of `topics.csv` by key."""
    return {
        row["topic"]: Topic(row["topic"], {level: parts(row[level]) for level in LEVELS if row[level]})
        for row in read_rows(folder / "topics.csv")
    }

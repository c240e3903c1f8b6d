"""The acts of the reference data: which are repealed, since when, and what stands in their place."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Act:
    """One act version: since when it is repealed, by what, and what replaces its articles."""

    title: str
    title_zh: str
    repealed_on: date | None
    successors: tuple[str, ...]


@dataclass(frozen=True)
class Acts:
    """The acts of the reference data by key; `articles` gives an article's successors, as `act/article`."""

    by_key: Mapping[str, Act]
    articles: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def of_content(cls, root: Path) -> Acts:
        """The acts of a folder that holds ontology/reference."""
        folder = root / "ontology" / "reference"
        articles: dict[tuple[str, str], tuple[str, ...]] = {}
        for row in _rows(folder / "successions.csv"):
            old = (row["from_act"], row["from_article"])
            if row["to_article"]:
                articles[old] = (*articles.get(old, ()), f"{row['to_act']} {row['to_article']}")
        return cls({row["act"]: _act(row) for row in _rows(folder / "acts.csv")}, articles)


def _act(row: dict[str, str]) -> Act:
    ended = row["superseded_on"]
    repealed_on = date.fromisoformat(ended) if ended else None
    return Act(
        row["title_en"],
        row["title_zh"],
        repealed_on,
        tuple(one.strip() for one in row["superseded_by"].split(";") if one.strip()),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

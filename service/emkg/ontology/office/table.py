"""The tables of offices and incumbencies, made from the duties, the bodies and the words of the grammar."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ontology.office.designation import designations
from emkg.ontology.office.lexicon import parts, read_lexicon, read_rows, read_topics
from emkg.ontology.office.resolution import Entry, Knowledge, Resolution, Usage, read_wording, resolve
from emkg.ontology.office.wording import DesignationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from emkg.ontology.office.wording import Lexicon

    Row = dict[str, str]

OFFICE_COLUMNS: Final = (
    "wording",
    "resolution",
    "bearer_class",
    "resolution_rule",
    "is_exclusive",
    "duties",
    "note",
)
_COMMUNITY: Final = "s-"  # how the keys of communities' bodies begin
_ORGANS: Final = frozenset({DesignationKind.DEPARTMENT, DesignationKind.GOVERNMENT, DesignationKind.BODY})
INCUMBENCY_COLUMNS: Final = (
    "id",
    "office",
    "body",
    "level",
    "from",
    "from_precision",
    "until",
    "until_precision",
    "resolution",
    "source",
)


@dataclass(frozen=True)
class OfficeTables:
    """What every wording was resolved to, the duties that use them, and the two tables as CSV text."""

    resolutions: Mapping[str, Resolution]
    duties: tuple[Row, ...]
    offices: str
    incumbencies: str


def make_tables(reference: Path) -> OfficeTables:
    """The tables of offices and incumbencies for the reference folder; the same input gives the same text."""
    duties = read_rows(reference / "duties.csv")
    bodies = {row["id"]: row for row in read_rows(reference / "bodies.csv")}
    knowledge = read_knowledge(reference / "wording")
    usages = read_usages(duties)
    wordings = sorted(usages.keys() | {word for word, entry in knowledge.listed.items() if entry.classes})
    resolutions = {word: resolve(word, usages.get(word, Usage()), knowledge) for word in wordings}
    offices = (
        _office(found, usages.get(word, Usage()), is_exclusive=names_one_organ(found, knowledge.lexicon))
        for word, found in resolutions.items()
    )
    incumbencies = (row for found in resolutions.values() for row in _incumbencies(found, bodies))
    return OfficeTables(
        resolutions,
        tuple(duties),
        _csv(OFFICE_COLUMNS, offices),
        _csv(INCUMBENCY_COLUMNS, incumbencies),
    )


def names_one_organ(found: Resolution, lexicon: Lexicon) -> bool:
    """Whether a wording is a single designation of a department, a government or a named body.

    Bodies of communities (residents' and villagers' committees) are kinds of bodies, none of them one organ.
    """
    named = designations(read_wording(found.wording, lexicon))
    has_organ = any(not key.startswith(_COMMUNITY) for key in found.bodies)
    return has_organ and len(named) == 1 and named[0].kind in _ORGANS


def read_knowledge(folder: Path) -> Knowledge:
    """The grammar's words, the topics, the listed wordings and the exceptions of the folder."""
    return Knowledge(
        read_lexicon(folder),
        read_topics(folder),
        _entries(folder / "exceptions.csv"),
        _entries(folder / "listed.csv"),
    )


def _entries(file: Path) -> dict[str, Entry]:
    return {
        row["wording"]: Entry(
            parts(row["bodies"]),
            parts(row["bearer_class"]),
            parts(row.get("resolution_rule", "")),
            row["note"],
        )
        for row in read_rows(file)
    }


def read_usages(duties: Iterable[Row]) -> dict[str, Usage]:
    """How often and at which levels each wording stands in the duties, as bearer and as receiver."""
    bearers: dict[str, list[Row]] = defaultdict(list)
    receivers: dict[str, list[Row]] = defaultdict(list)
    for duty in duties:
        for word in dict.fromkeys(parts(duty["bearers"])):
            bearers[word].append(duty)
        for word in dict.fromkeys(parts(duty["receiver"])):
            receivers[word].append(duty)
    return {
        word: Usage(
            len(bearers[word]), len(receivers[word]), _levels(bearers[word]), _levels(receivers[word])
        )
        for word in bearers.keys() | receivers.keys()
    }


def _levels(duties: Iterable[Row]) -> frozenset[str]:
    return frozenset(level for duty in duties for level in parts(duty["levels"]))


def _office(found: Resolution, usage: Usage, *, is_exclusive: bool) -> Row:
    return {
        "wording": found.wording,
        "resolution": found.kind,
        "bearer_class": ";".join(found.classes),
        "resolution_rule": ";".join(found.rules),
        "is_exclusive": "true" if is_exclusive else "",
        "duties": str(usage.bearer_rows),
        "note": found.note,
    }


def _incumbencies(found: Resolution, bodies: Mapping[str, Row]) -> Iterator[Row]:
    for key in sorted(found.bodies):
        body = bodies[key]
        yield {
            "id": f"{found.wording}--{key}",
            "office": found.wording,
            "body": key,
            "level": body["level"],
            "from": body["valid_from"],
            "from_precision": body["valid_from_precision"],
            "until": body["valid_until"],
            "until_precision": body["valid_until_precision"],
            "resolution": found.bodies[key],
            "source": body["source"] if found.bodies[key] == "exact" else "wording",
        }


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()

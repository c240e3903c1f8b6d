"""The difference of two versions of the ontology, for readers and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ontology.term import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ontology import Difference

_WORDS: Final = {
    "zh": {
        "added": "新增",
        "removed": "删除",
        "deprecated": "弃用",
        "changed": "修改",
        "total": "新增 {added}，删除 {removed}，修改 {changed}，弃用 {deprecated}",
    },
    "en": {
        "added": "added",
        "removed": "removed",
        "deprecated": "deprecated",
        "changed": "changed",
        "total": "{added} added, {removed} removed, {changed} changed, {deprecated} deprecated",
    },
}


def difference_lines(difference: Difference, language: str) -> Iterator[str]:
    """One line for each term and each value that changed, then the totals; in `zh` or `en`."""
    words = _WORDS[language]
    for kind, iris in (
        ("added", difference.added),
        ("removed", difference.removed),
        ("deprecated", difference.deprecated),
    ):
        yield from (f"{words[kind]} {shorten(iri)}" for iri in iris)
    for change in difference.changed:
        yield f"{words['changed']} {shorten(change.iri)} {shorten(change.predicate)}"
        yield from (f"  - {value}" for value in change.removed)
        yield from (f"  + {value}" for value in change.added)
    yield words["total"].format(
        added=len(difference.added),
        removed=len(difference.removed),
        changed=len({change.iri for change in difference.changed}),
        deprecated=len(difference.deprecated),
    )


def difference_json(difference: Difference) -> dict[str, object]:
    """The difference for machines, IRIs written out."""
    return {
        "added": list(difference.added),
        "removed": list(difference.removed),
        "changed": [
            {
                "term": change.iri,
                "property": change.predicate,
                "removed": list(change.removed),
                "added": list(change.added),
            }
            for change in difference.changed
        ],
        "deprecated": list(difference.deprecated),
    }

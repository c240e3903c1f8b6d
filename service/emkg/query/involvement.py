"""Which departments are drawn in: the most specific grounds of each reason, with the chain shown in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.query.case import iris, settle_case
from emkg.query.catalogue import find_part, find_question
from emkg.query.duty import law_notes
from emkg.query.run import Asker, rows_of, run
from emkg.rdf import IRI
from emkg.vocabulary import CODE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emkg.query.answer import Note, Row, Value
    from emkg.query.case import Given
    from emkg.query.question import Question

_REASON: Final = ("body", "reason", "link_1", "link_2", "target")
_LINKS: Final = ("link_1", "link_2")
_GOVERNMENT: Final = IRI(CODE + "body-kind/government")


def departments_involved(
    question: Question, given: Given, asker: Asker
) -> tuple[Given, tuple[Row, ...], tuple[Note, ...]]:
    """Answer `departments-involved`."""
    settled = settle_case(given, asker)
    rows = _most_specific(rows_of(run(question, settled, asker)))
    chains = _links(rows, asker)
    shown = tuple({**row, "chain": _chain(row, chains)} for row in rows)
    return settled, shown, tuple(law_notes(settled, [row for row in rows if row["hops"] == 0], asker))


def departments_of(given: Given, asker: Asker) -> tuple[Given, tuple[IRI, ...]]:
    """The departments that a case draws in, without the governments above them; and the settled case."""
    settled, rows, _ = departments_involved(find_question("departments-involved"), given, asker)
    bodies = {row["body"]: None for row in rows if row["body_kind"] != _GOVERNMENT}
    return settled, tuple(body for body in bodies if isinstance(body, IRI))


def _most_specific(rows: Sequence[Row]) -> tuple[Row, ...]:
    nearest: dict[tuple[Value, ...], int] = {}
    for row in rows:
        reason = tuple(row[name] for name in _REASON)
        nearest[reason] = min(_distance(row), nearest.get(reason, _distance(row)))
    return tuple(row for row in rows if _distance(row) == nearest[tuple(row[name] for name in _REASON)])


def _distance(row: Row) -> int:
    distance = row["specificity"]
    return distance if isinstance(distance, int) else 0


def _links(rows: Sequence[Row], asker: Asker) -> Mapping[Value, Row]:
    """Each link met, described once, with all its sources."""
    met = sorted({link for row in rows for name in _LINKS if isinstance(link := row[name], IRI)})
    if not met:
        return {}
    found: dict[Value, dict[str, Value]] = {}
    for row in rows_of(run(find_part("causal-links"), {"link": tuple(met)}, asker)):
        link = found.setdefault(row["link"], {**row, "source": ()})
        sources = link["source"]
        if isinstance(sources, tuple) and row["source"] is not None:
            link["source"] = (*sources, row["source"])
    return found


def _chain(row: Row, links: Mapping[Value, Row]) -> tuple[Value, ...]:
    return tuple(links[link] for name in _LINKS if (link := row[name]) in links)


def named_bodies(given: Given, asker: Asker) -> tuple[Given, tuple[IRI, ...]]:
    """The bodies that were named, or those that the case draws in."""
    if "body" in given:
        return settle_case(given, asker), iris(given["body"])
    return departments_of({name: terms for name, terms in given.items() if name != "body"}, asker)

"""Who must act: rows straight from the query, and notes on what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.query.answer import Note, Row, to_value
from emkg.query.case import GENERATED, date_of, iris, settle_case
from emkg.query.catalogue import find_part
from emkg.query.question import Question, Text
from emkg.query.run import Asker, rows_of, run
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emkg.query.case import Given


def who_must_act(
    question: Question, given: Given, asker: Asker
) -> tuple[Given, tuple[Row, ...], tuple[Note, ...]]:
    """Answer `who-must-act`."""
    settled = settle_case(given, asker)
    rows = rows_of(run(question, settled, asker))
    notes = (*law_notes(settled, rows, asker), *_without_level(settled, asker), *_open_offices(rows))
    return settled, rows, notes


def law_notes(given: Given, rows: Sequence[Row], asker: Asker) -> Iterator[Note]:
    """What the rows rest on: versions not held, no duty for the very type, repealed grounds, a generated event."""
    if any(to_value(term) is True for term in given.get(GENERATED, ())):
        yield Note(
            "generated-data",
            Text("该事件是为演示生成的数据。", "The event is data generated for demonstration."),
            iris(given.get("event", ())),
        )
    for version in rows_of(run(find_part("versions-not-held"), given, asker)):
        yield _version_not_held(version, given)
    if not any(row["specificity"] == 0 for row in rows):
        yield _no_duty_for_the_type(given)
    grounds = {row["act"]: row for row in rows if row["on_repealed_ground"]}
    for act, row in grounds.items():
        if isinstance(act, IRI):
            yield _on_repealed_ground(act, row)


def _version_not_held(row: Row, given: Given) -> Note:
    day = date_of(given)
    act = row["act"]
    return Note(
        "version-not-held",
        Text(
            f"《{row['act_label_zh']}》自 {row['in_force_from']} 起施行，但 {day} 当时的文本未收录"
            f"（收录的文本自 {row['held_from']} 起适用），故不据其作答。",
            f"{row['act_label_en']} has been in force since {row['in_force_from']}, but its text as of {day} is not "
            f"held (the held one applies from {row['held_from']}); no answer is given from it.",
        ),
        (act,) if isinstance(act, IRI) else (),
    )


def _no_duty_for_the_type(given: Given) -> Note:
    day = date_of(given)
    return Note(
        "no-duty-for-the-type",
        Text(
            f"所收录的、{day} 有效且约束该地的条文中，没有专门针对该事件类型的义务；所列义务来自其上级类型。",
            f"No article that is held, in force on {day} and binding there has a duty for this very type of event; "
            "the duties listed are those for wider types.",
        ),
        iris(given["event_type"]),
    )


def _on_repealed_ground(act: IRI, row: Row) -> Note:
    return Note(
        "on-repealed-ground",
        Text(
            f"《{row['act_label_zh']}》所依据的上位法当日已失效，其条文的效力应予核实。",
            f"{row['act_label_en']} implements an act that is no longer in force on the date; "
            "whether its articles still hold should be checked.",
        ),
        (act,),
    )


def _without_level(given: Given, asker: Asker) -> Iterator[Note]:
    duties = [row["duty"] for row in rows_of(run(find_part("duties-without-level"), given, asker))]
    if duties:
        yield Note(
            "level-not-stated",
            Text(
                f"另有 {len(duties)} 项义务的条文未写明由哪一级承担，未列入。",
                f"{len(duties)} more duties are not listed: their articles do not say at which level they are borne.",
            ),
            iris([duty for duty in duties if isinstance(duty, IRI)]),
        )


def _open_offices(rows: Sequence[Row]) -> Iterator[Note]:
    offices = {row["office"] for row in rows if row["body"] is None and row["bearer_class"] is None}
    if offices:
        yield Note(
            "open-office",
            Text(
                f"有 {len(offices)} 个法定称谓当日由哪个机构担任尚不清楚，列为待定。",
                f"For {len(offices)} offices it is not known which body holds them on the date; they are listed as open.",
            ),
            iris(sorted(office for office in offices if isinstance(office, IRI))),
        )

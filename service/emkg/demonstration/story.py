"""What `emkg demo` tells: from the departments' rows to who must act, as data."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from emkg.query import Answer, AskContext, Json, Value, ask, to_json
from emkg.rdf import IRI
from emkg.vocabulary import ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.demonstration.city import City
    from emkg.ledger import Ledger
    from emkg.pipeline.report import DatasetReport, IngestReport
    from emkg.plan import Evaluator
    from emkg.query import Row

# On 2026-08-15 the haze articles of the air law gave way to those of the code: the days before and after it.
BEFORE_THE_CODE: Final = date(2026, 8, 10)
UNDER_THE_CODE: Final = date(2026, 8, 20)
_BEYOND: Final = 99
_DEPARTMENTS: Final = ("environment", "weather", "health", "police", "education", "economy", "city")


@dataclass(frozen=True)
class Involvement:
    """One department on one date: why it is drawn in, and the articles that put a duty on it.

    Attributes:
        body: The key of its IRI (`c-eco`).
        rows: The rows of `departments-involved`, the strongest reason first.
        direct: Duties that apply to the event itself, with the distance of their type from the event's.
    """

    body: str
    label_zh: str
    label_en: str
    rows: tuple[Row, ...]
    direct: Mapping[Value, int]

    @property
    def articles(self) -> tuple[Row, ...]:
        """One row for each article: those that apply to the event itself first, the more specific before."""
        grounded = sorted((row for row in self.rows if row["article"] is not None), key=self.distance)
        return tuple({row["article"]: row for row in reversed(grounded)}.values())[::-1]

    @property
    def closeness(self) -> int:
        """How far the closest duty's type is above the event's."""
        return min((self.distance(row) for row in self.rows), default=_BEYOND)

    def distance(self, row: Row) -> int:
        """How far the duty's type is above the event's; beyond every real one for duties of what may follow."""
        return self.direct.get(row["duty"], _BEYOND)

    @property
    def chains(self) -> tuple[Row, ...]:
        """One row for each way that leads to the department over causal links."""
        linked = (row for row in reversed(self.rows) if row["link_1"] is not None)
        return tuple({(row["link_1"], row["link_2"]): row for row in linked}.values())[::-1]


@dataclass(frozen=True)
class Story:
    """The demonstration's whole answer.

    Attributes:
        city: What was generated.
        report: What became of it.
        quarantine: Every withheld value, as the ledger keeps it.
        event: The haze event.
        involved: By date: the departments drawn in, those with the closest duties first.
        duties: By date: `who-must-act`.
        portfolio: `portfolio-exceeded` for the departments drawn in on the event's date.
        coordination: `coordination-form` of each pair of them on the event's date.
    """

    city: City
    report: IngestReport
    quarantine: tuple[Mapping[str, object], ...]
    event: IRI
    involved: Mapping[date, tuple[Involvement, ...]]
    duties: Mapping[date, Answer]
    portfolio: Answer
    coordination: Answer

    @property
    def as_of(self) -> date:
        """The event's date."""
        return self.city.start

    @property
    def statement(self) -> tuple[str, str, str]:
        """An inferred statement to ask `emkg why` about, as its arguments."""
        rows = self.duties[self.as_of].rows
        row = next(row for row in rows if row["body"] is not None and row["specificity"] == 0)
        return (f"<{self.event.value}>", "em:callsForDuty", f"<{to_json(row['duty'])}>")

    def departments(self) -> tuple[tuple[str, tuple[DatasetReport, ...]], ...]:
        """The reports by department, in the order of the story."""
        return tuple((name, self.report.department(name)) for name in _DEPARTMENTS)

    def document(self) -> dict[str, Json]:
        """All of it as JSON."""
        city = self.city
        return {
            "generated": True,
            "event": self.event.value,
            "event_date": self.as_of.isoformat(),
            "source_rows": sum(city.rows.values()),
            "planted_faults": dict(sorted(Counter(one.fault.catcher.value for one in city.faults).items())),
            "ingest": [_department(name, reports) for name, reports in self.departments()],
            "quarantine": [{name: str(value) for name, value in one.items()} for one in self.quarantine],
            "generation": self.report.generation,
            "inferred": [asdict(one) for one in self.report.inferred],
            "departments": {
                day.isoformat(): [_involvement(one) for one in found] for day, found in self.involved.items()
            },
            "who_must_act": {day.isoformat(): _duties(answer) for day, answer in self.duties.items()},
            "portfolio": self.portfolio.document(),
            "coordination": self.coordination.document(),
            "why": list(self.statement),
        }


def tell_story(
    city: City, report: IngestReport, ledger: Ledger, evaluator: Evaluator, context: AskContext
) -> Story:
    """Ask the questions of the haze case on the event's date, and on the days before and after the change of law."""
    event = f"{ID}event/{city.event_key}"

    def answer(question: str, day: date, **parameters: str) -> Answer:
        return ask(question, parameters, evaluator, as_of=day, context=context)

    days = sorted({BEFORE_THE_CODE, UNDER_THE_CODE, city.start})
    duties = {day: answer("who-must-act", day, event=event) for day in days}
    return Story(
        city=city,
        report=report,
        quarantine=tuple(ledger.quarantine.records().read_all().to_pylist()),
        event=IRI(event),
        involved={
            day: _involvements(answer("departments-involved", day, event=event), duties[day]) for day in days
        },
        duties=duties,
        portfolio=answer("portfolio-exceeded", city.start, event=event),
        coordination=answer("coordination-form", city.start, event=event),
    )


def _involvements(answer: Answer, duties: Answer) -> tuple[Involvement, ...]:
    direct = {row["duty"]: int(str(row["specificity"])) for row in reversed(duties.rows)}
    by_body: dict[str, list[Row]] = {}
    for row in answer.rows:
        by_body.setdefault(_key(row["body"]), []).append(row)
    found = (
        Involvement(body, str(rows[0]["body_label_zh"]), str(rows[0]["body_label_en"]), tuple(rows), direct)
        for body, rows in by_body.items()
    )
    return tuple(sorted(found, key=lambda one: (one.closeness, one.body)))


def _key(value: object) -> str:
    return value.value.rsplit("/", 1)[-1] if isinstance(value, IRI) else str(value)


def _duties(answer: Answer) -> Json:
    """The counts over every duty, and the rows of the event's own type."""
    document = answer.document()
    return {
        "duties": len({row["duty"] for row in answer.rows}),
        "bodies": len({row["body"] for row in answer.rows if row["body"] is not None}),
        "open_offices": len({row["office"] for row in answer.rows if row["body"] is None}),
        "notes": document["notes"],
        "rows_of_own_type": [
            {name: to_json(row.get(name)) for name in answer.columns}
            for row in answer.rows
            if row["specificity"] == 0
        ],
    }


def _department(name: str, reports: tuple[DatasetReport, ...]) -> Json:
    quarantined: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    for one in reports:
        quarantined.update(one.quarantined)
        severities.update(one.severities)
    return {
        "department": name,
        "rows": sum(one.rows for one in reports),
        "statements": sum(one.statements for one in reports),
        "quarantined": dict(sorted(quarantined.items())),
        "gate": dict(sorted(severities.items())),
        "findings": [asdict(finding) for one in reports for finding in one.findings],
    }


def _involvement(one: Involvement) -> Json:
    return {
        "body": one.body,
        "label_zh": one.label_zh,
        "label_en": one.label_en,
        "reasons": [str(reason) for reason in sorted({row["reason"] for row in one.rows}, key=str)],
        "chains": [to_json(row["chain"]) for row in one.chains],
        "articles": [
            {
                "act": _key(row["act"]),
                "article": str(row["article_number"]),
                "act_label_zh": str(row["act_label_zh"]),
                "act_label_en": str(row["act_label_en"]),
                "duty": _key(row["duty"]),
                "paraphrase_zh": to_json(row["paraphrase_zh"]),
                "paraphrase_en": to_json(row["paraphrase_en"]),
                "phase": _key(row["phase"]),
                "own_type": one.distance(row) == 0,
                "applies_to_the_event": one.distance(row) < _BEYOND,
                "on_repealed_ground": bool(row["on_repealed_ground"]),
            }
            for row in one.articles
        ],
    }

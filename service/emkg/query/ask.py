"""Ask a named question."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from emkg.errors import ParameterError
from emkg.query.answer import Answer, Note, Row
from emkg.query.case import Given, date_of, settle_case
from emkg.query.catalogue import all_texts, find_question
from emkg.query.coordination import coordination_form, portfolio_exceeded
from emkg.query.duty import who_must_act
from emkg.query.involvement import departments_involved
from emkg.query.run import Asker, Evaluator, rows_of, run
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emkg.query.question import Question


@dataclass(frozen=True)
class AskContext:
    """What the city that is asked gives by itself.

    Attributes:
        defaults: Texts of parameters (`jurisdiction`, `level`) for when neither they nor an event is given.
        today: The day that "now" means; the system's civil date by default.
    """

    defaults: Mapping[str, str] = field(default_factory=dict)
    today: date | None = None


Answered: TypeAlias = tuple[Given, tuple[Row, ...], tuple[Note, ...]]


def ask(
    name: str,
    parameters: Mapping[str, str],
    evaluator: Evaluator,
    *,
    as_of: date | None = None,
    context: AskContext | None = None,
) -> Answer:
    """Answer a named question.

    Args:
        name: The question's name.
        parameters: Parameter name -> text, as a user types it.
        evaluator: Evaluates the queries; every step of one answer runs on one generation.
        as_of: The date asked about, as the parameter `as_of` would give it.
        context: What the city that is asked gives by itself.

    Raises:
        UnknownQuestionError: There is no such question.
        ParameterError: A parameter is unknown, missing or malformed.
        NotFoundError: An event, type, division, level or body that was named is not known.
        LimitError: A query reached a limit.
    """
    question = find_question(name)
    texts = dict(parameters) | ({} if as_of is None else {"as_of": as_of.isoformat()})
    context = context or AskContext()
    given = _parsed(question, _completed(question, texts, context.defaults))
    today = context.today or date.today()  # noqa: DTZ011  (a city's civil date)
    asker = Asker(evaluator, evaluator.generation, today, all_texts())
    settled, rows, notes = _ANSWERERS.get(name, _plain)(question, given, asker)
    return Answer(
        question=name,
        parameters=_taken(question, settled),
        as_of=date_of(settled),
        generation=asker.generation,
        columns=tuple(column.name for column in question.columns),
        rows=rows,
        notes=notes,
    )


def _completed(question: Question, texts: dict[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    known = [parameter.name for parameter in question.parameters]
    for name in texts:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(known)}"
            raise ParameterError(
                f"{question.name} has no parameter {name!r}; {hint}",
                message_zh=f"问题 {question.name} 没有参数 {name!r}；可用参数：{'、'.join(known)}",
            )
    texts = {name: text for name, text in texts.items() if text.strip()}
    if not {"event", "body"} & texts.keys():
        texts = {name: text for name, text in defaults.items() if name in known} | texts
    if question.requires and not any(set(group) <= texts.keys() for group in question.requires):
        groups = " or ".join(" + ".join(group) for group in question.requires)
        groups_zh = "，或 ".join(" + ".join(group) for group in question.requires)
        raise ParameterError(
            f"{question.name} needs {groups}", message_zh=f"问题 {question.name} 需要参数 {groups_zh}"
        )
    own = {
        parameter.name: parameter.default
        for parameter in question.parameters
        if parameter.default is not None
    }
    return own | texts


def _parsed(question: Question, texts: Mapping[str, str]) -> Given:
    return {
        parameter.name: parameter.parse(texts[parameter.name])
        for parameter in question.parameters
        if parameter.name in texts
    }


def _taken(question: Question, settled: Given) -> dict[str, tuple[str, ...]]:
    return {
        parameter.name: tuple(
            term.value if isinstance(term, IRI) else getattr(term, "value", str(term))
            for term in settled[parameter.name]
        )
        for parameter in question.parameters
        if settled.get(parameter.name)
    }


def _plain(question: Question, given: Given, asker: Asker) -> Answered:
    settled = settle_case(given, asker)
    return settled, rows_of(run(question, settled, asker)), ()


_ANSWERERS: Final[dict[str, Callable[[Question, Given, Asker], Answered]]] = {
    "who-must-act": who_must_act,
    "departments-involved": departments_involved,
    "coordination-form": coordination_form,
    "portfolio-exceeded": portfolio_exceeded,
}

"""Questions as documents, and what is said of wrong ones."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from emkg.errors import NotFoundError, ParameterError, UnknownQuestionError
from emkg.plan import outline
from emkg.query import Question, ask, find_question, questions, to_json
from emkg.query.answer import to_value
from emkg.query.catalogue import all_texts
from emkg.query.question import parse_question
from emkg.rdf import IRI, BlankNode, Literal
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from emkg.plan import Evaluator
    from emkg.query import Value
    from emkg.rdf import Term

NAMES = ("coordination-form", "departments-involved", "portfolio-exceeded", "who-must-act")


def test_the_questions_are_documented_in_both_languages() -> None:
    assert tuple(question.name for question in questions()) == NAMES
    for question in questions():
        texts = [question.title, question.description, *(column.description for column in question.columns)]
        assert all(text.zh and text.en for text in texts)
        assert all(parameter.zh and parameter.en for parameter in question.parameters)


@pytest.mark.parametrize("text", all_texts())
def test_no_question_reads_more_than_the_predicates_it_names(text: str) -> None:
    assert outline(text).touched.predicates is not None


def test_every_question_is_valid_sparql_as_it_stands(evaluator: Evaluator) -> None:
    for text in all_texts():
        assert evaluator.select(text).variables


def test_a_misspelt_question_is_recognised(evaluator: Evaluator) -> None:
    with pytest.raises(UnknownQuestionError, match="did you mean who-must-act"):
        ask("who-must-at", {}, evaluator)
    with pytest.raises(UnknownQuestionError, match="known: coordination-form"):
        find_question("zzz")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, r"needs event or event_type \+ jurisdiction \+ level"),
        ({"event": " "}, "needs event"),
        ({"evnt": "e1"}, "did you mean event"),
        ({"zzz": "e1"}, "known: event, event_type"),
        ({"event": "e 1"}, "expected a code or an IRI"),
        ({"event": "e1", "as_of": "2026-13-01"}, "expected a date"),
        ({"event": "e1", "level": "city"}, "level cannot be given beside event"),
        ({"event": "bare"}, "says nothing of jurisdiction, level"),
    ],
)
def test_a_wrong_parameter_is_explained(
    evaluator: Evaluator, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        ask("who-must-act", parameters, evaluator)

    assert caught.value.message_zh


def test_too_many_hops_are_refused(evaluator: Evaluator) -> None:
    with pytest.raises(ParameterError, match="from 0 to 2"):
        ask("departments-involved", {"event": "e1", "hops": "3"}, evaluator)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"event": "nope"}, "there is no event"),
        ({"event_type": "nope", "jurisdiction": "310", "level": "city"}, "event_type: .*nope> is not known"),
        ({"event_type": "haze", "jurisdiction": "9", "level": "city"}, "jurisdiction: .*9> is not known"),
    ],
)
def test_what_is_not_known_is_said_so(evaluator: Evaluator, parameters: dict[str, str], message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        ask("who-must-act", parameters, evaluator)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "# title: {zh: 题, en: T}",
        "# title: {zh: 题, en: T}\n# description: {zh: 题, en: T}\n# columns: {}\n# parameters: {x: {type: y}}",
    ],
)
def test_a_question_without_a_whole_header_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match=r"broken\.rq: the header lacks or misstates"):
        parse_question("broken", header + "\nSELECT * {}")


def test_a_parameter_may_be_a_whole_iri_or_a_prefixed_name() -> None:
    parameter = find_question("who-must-act").parameter("event_type")

    assert parameter is not None
    whole = parameter.parse("https://example.org/x")
    prefixed = parameter.parse("code:event/11B19")
    assert (whole, prefixed) == ((IRI("https://example.org/x"),), parameter.parse("11B19"))
    assert find_question("who-must-act").parameter("nothing") is None


@pytest.mark.parametrize(
    ("term", "value", "json"),
    [
        (None, None, None),
        (IRI("http://e/"), IRI("http://e/"), "http://e/"),
        (BlankNode("b"), "_:b", "_:b"),
        (Literal("x"), "x", "x"),
        (Literal("1", XSD + "boolean"), True, True),
        (Literal("maybe", XSD + "boolean"), "maybe", "maybe"),
        (Literal("12", XSD + "integer"), 12, 12),
        (Literal("1.5", XSD + "decimal"), Decimal("1.5"), 1.5),
        (Literal("x", XSD + "decimal"), "x", "x"),
        (Literal("2026-08-15", XSD + "date"), date(2026, 8, 15), "2026-08-15"),
        (Literal("2026-08-15T01:02:03", XSD + "dateTime"), datetime(2026, 8, 15, 1, 2, 3), "2026-08-15T01:02:03"),  # noqa: DTZ001  (a local time)
    ],
)  # fmt: skip
def test_terms_become_values_and_values_json(term: Term | None, value: Value, json: object) -> None:
    assert to_value(term) == value
    assert to_json(value) == json


def test_a_question_of_ones_own_needs_no_code() -> None:
    header = "# title: {zh: 题, en: T}\n# description: {zh: 题, en: T}\n# columns: {x: {zh: 甲, en: A}}\n"

    assert isinstance(parse_question("own", header + "SELECT ?x {}"), Question)

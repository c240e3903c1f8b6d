"""The named questions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emkg.query import questions

if TYPE_CHECKING:
    import httpx


def test_all_questions_are_listed_with_their_parameters(client: httpx.Client) -> None:
    listed = client.get("/api/questions").json()

    assert [each["name"] for each in listed] == [question.name for question in questions()]
    who = next(each for each in listed if each["name"] == "who-must-act")
    assert [each["name"] for each in who["parameters"]][:2] == ["event", "event_type"]
    assert who["title"] == {"zh": "谁必须行动", "en": "Who must act"}
    assert "SELECT" in who["sparql"]


@pytest.mark.parametrize("route", ["/api/who-must-act", "/api/questions/who-must-act"])
def test_a_question_is_answered_as_json(client: httpx.Client, route: str) -> None:
    answer = client.get(route, params={"event": "e1"}).json()

    assert answer["as_of"] == "2024-12-01"
    assert answer["generation"] == 1
    row = answer["rows"][0]
    assert row["body_label_zh"] == "市生态环境局"
    assert (row["act_label_en"], row["article_number"]) == ("Act A", "9")
    assert row["on_repealed_ground"] is False


def test_the_citys_defaults_complete_a_question(client: httpx.Client) -> None:
    answer = client.get("/api/who-must-act?event_type=haze").json()

    assert answer["as_of"] == "2026-01-01"
    assert answer["parameters"]["level"] == ["https://w3id.org/emkg/code/level/city"]


def test_a_parameter_with_many_values_may_be_repeated(client: httpx.Client) -> None:
    once = client.get("/api/coordination-form?body=c-eco,c-met").json()
    twice = client.get("/api/coordination-form?body=c-eco&body=c-met").json()

    assert once["rows"] == twice["rows"]
    assert once["rows"][0]["form_label_zh"] == "完全分立式"


def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/api/who-must-act?event=e1")
    again = client.get(
        "/api/who-must-act?event=e1", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'}
    )
    other = client.get("/api/who-must-act?event_type=haze", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200


def test_a_new_generation_is_a_new_answer(client: httpx.Client, statements: Any) -> None:
    first = client.get("/api/who-must-act?event=e1")
    statements.generation = 2
    again = client.get("/api/who-must-act?event=e1", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert again.json()["generation"] == 2


def test_the_rows_are_described_in_the_openapi_document(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()

    rows = document["components"]["schemas"]["WhoMustActRow"]["properties"]
    assert "当日" in rows["body"]["description"]
    parameters = document["paths"]["/api/who-must-act"]["get"]["parameters"]
    assert {each["name"] for each in parameters} >= {"event", "as_of", "phase"}

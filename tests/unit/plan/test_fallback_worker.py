"""The child process's side of the conversation, held within this process."""

from __future__ import annotations

import io
import resource
from typing import TYPE_CHECKING, Any

import pytest

from emkg.plan import fallback_worker as worker

if TYPE_CHECKING:
    from collections.abc import Mapping

QUADS = b'<http://e/s> <http://e/p> "x" .\n<http://e/s> <http://e/p> "y" .\n'
QUERY = {
    "request": "query",
    "text": "SELECT * { ?s ?p ?o }",
    "format": "text/csv",
    "timeout_s": 1,
    "max_rows": 10,
    "max_bytes": 1000,
    "named_graphs": None,
    "prefixes": {"e": "http://e/", "f": "http://f/"},
}


@pytest.fixture(autouse=True)
def _without_limits_on_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "limit_processor_time", lambda _: None)


def converse(*frames: tuple[Mapping[str, Any], bytes]) -> list[tuple[dict[str, Any], bytes]]:
    source, output = io.BytesIO(), io.BytesIO()
    for header, body in frames:
        worker.write_frame(source, header, body)
    source.seek(0)
    worker.serve(source, output)
    output.seek(0)
    answers = []
    while output.tell() < len(output.getvalue()):
        answers.append(worker.read_frame(output))
    return answers


def asked(**changes: Any) -> tuple[dict[str, Any], bytes]:
    load = ({"request": "load"}, b""), ({}, QUADS), ({}, b"")
    return converse(*load, (QUERY | changes, b""))[-1]


def test_chunks_are_loaded_and_counted() -> None:
    answers = converse(({"request": "load"}, b""), ({}, QUADS), ({}, QUADS), ({}, b""))

    assert answers == [({"quads": 2}, b"")]


def test_a_load_that_fails_leaves_the_conversation_in_step() -> None:
    broken = converse(({"request": "load"}, b""), ({}, b"nonsense\n"), ({}, QUADS), ({}, b""), (QUERY, b""))

    assert broken[0][0]["error"] == "syntax"
    assert broken[1][0] == {"rows": 0}


@pytest.mark.parametrize(
    ("media_type", "rows"),
    [
        ("text/csv", 2),
        ("text/tab-separated-values", 2),
        ("application/sparql-results+json", 2),
        ("application/sparql-results+xml", 2),
    ],
)
def test_solutions_are_counted(media_type: str, rows: int) -> None:
    assert asked(format=media_type)[0] == {"rows": rows}


def test_a_graph_is_written_with_the_prefixes_it_needs() -> None:
    header, body = asked(text="CONSTRUCT WHERE { ?s ?p ?o }", format="text/turtle")

    assert header == {"rows": 2}
    assert body == b'@prefix e: <http://e/> .\ne:s e:p "x" , "y" .\n'


@pytest.mark.parametrize(
    "changes",
    [
        {"max_rows": 1},
        {"max_bytes": 10},
        {"text": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "text/turtle", "max_rows": 1},
        {"text": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "text/turtle", "max_bytes": 10},
    ],
)
def test_a_result_over_its_limit_is_said_to_be_so(changes: dict[str, Any]) -> None:
    assert asked(**changes)[0]["error"] == "too-large"


def test_a_dataset_overrides_the_one_of_the_text() -> None:
    text = "SELECT * FROM <http://g/none> { ?s ?p ?o }"

    assert asked(text=text)[0] == {"rows": 0}
    assert asked(text=text, named_graphs=[])[0] == {"rows": 2}


def test_a_graph_name_that_is_no_iri_is_said_to_be_so() -> None:
    assert asked(named_graphs=["http://%zz"])[0]["error"] == "bad-iri"


def test_a_syntax_error_is_split_into_place_and_message() -> None:
    header, _ = converse(({"request": "check", "text": "SELECT * {"}, b""))[0]

    assert (header["error"], header["line"], header["column"]) == ("syntax", 1, 11)


def test_a_query_that_parses_is_answered_with_nothing() -> None:
    assert converse(({"request": "check", "text": "ASK {}"}, b"")) == [({}, b"")]


def test_an_unexpected_failure_is_reported_rather_than_fatal() -> None:
    answers = converse(({"request": "dance"}, b""), (QUERY, b""))

    assert answers[0][0]["error"] == "failed"
    assert answers[1][0] == {"rows": 0}


def test_limits_are_given_to_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[int, tuple[int, int]] = {}
    monkeypatch.undo()
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: given.update({kind: limits}))

    worker.limit_resources(1 << 30)
    worker.limit_processor_time(5)

    assert given[resource.RLIMIT_AS] == (1 << 30, 1 << 30)
    assert given[resource.RLIMIT_NOFILE] == (3, 3)
    assert given[resource.RLIMIT_CPU][0] >= 7

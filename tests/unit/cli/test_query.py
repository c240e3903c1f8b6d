from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from emkg.rdf import parse_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg, Finished

SELECT = """
PREFIX em: <https://w3id.org/emkg/ontology#>
SELECT ?event ?injured WHERE { ?event a em:Event OPTIONAL { ?event em:injured ?injured } } ORDER BY ?event
"""
CONSTRUCT = "CONSTRUCT { ?e a <http://e/Incident> } WHERE { ?e a <https://w3id.org/emkg/ontology#Event> }"
DATA = """
@prefix em: <https://w3id.org/emkg/ontology#> .
<https://w3id.org/emkg/id/event/F1> a em:Event ; em:injured 0 .
<https://w3id.org/emkg/id/event/F2> a em:Event .
"""
F1 = "https://w3id.org/emkg/id/event/F1"


@pytest.fixture(params=["files", "workspace"])
def place(request: pytest.FixtureRequest, tmp_path: Path, ingested_town: Path) -> tuple[object, ...]:
    """Where to ask: RDF files without any workspace, or a workspace with the same events."""
    (tmp_path / "events.ttl").write_text(DATA, encoding="utf-8")
    return {"files": ("--data", tmp_path / "events.ttl"), "workspace": ("--workspace", ingested_town)}[
        request.param
    ]


def _ask(emkg: Emkg, tmp_path: Path, text: str, *words: object) -> Finished:
    (tmp_path / "question.rq").write_text(text, encoding="utf-8")
    return emkg("query", tmp_path / "question.rq", *words)


def test_a_select_is_a_table(emkg: Emkg, tmp_path: Path, place: tuple[object, ...]) -> None:
    answer = _ask(emkg, tmp_path, SELECT, *place)

    assert answer.code == 0
    assert [heading for heading in ("event", "injured") if heading in answer.out] == ["event", "injured"]
    assert F1 in answer.out


def test_a_select_is_json_xml_csv_and_tsv(emkg: Emkg, tmp_path: Path, place: tuple[object, ...]) -> None:
    texts = {
        form: _ask(emkg, tmp_path, SELECT, *place, "--format", form).out
        for form in ("json", "xml", "csv", "tsv")
    }

    bindings = json.loads(texts["json"])["results"]["bindings"]
    assert bindings[0]["event"]["value"] == F1
    assert len(etree.fromstring(texts["xml"].encode()).findall(".//{*}result")) == len(bindings)
    assert next(csv.DictReader(io.StringIO(texts["csv"]))) == {"event": F1, "injured": "0"}
    assert texts["tsv"].splitlines()[0] == "?event\t?injured"
    assert texts["tsv"].splitlines()[1].startswith(f"<{F1}>\t")


@pytest.mark.parametrize("form", ["turtle", "ntriples"])
def test_a_construct_is_rdf(emkg: Emkg, tmp_path: Path, place: tuple[object, ...], form: str) -> None:
    answer = _ask(emkg, tmp_path, CONSTRUCT, *place, "--format", form)

    triples = {str(quad.triple) for quad in parse_text(answer.out, "turtle")}
    assert answer.code == 0
    assert f"<{F1}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/Incident>" in {
        triple.removesuffix(" .") for triple in triples
    }


def test_a_query_that_does_not_parse_ends_with_1_and_says_where(
    emkg: Emkg, tmp_path: Path, place: tuple[object, ...]
) -> None:
    ended = _ask(emkg, tmp_path, "SELECT ?event WHERE { ?event a }", *place)

    assert ended.code == 1
    assert ended.out == ""
    assert "1:" in ended.err


def test_another_service_is_not_asked(emkg: Emkg, tmp_path: Path, ingested_town: Path) -> None:
    ended = _ask(
        emkg, tmp_path, "SELECT * { SERVICE <http://e/sparql> { ?s ?p ?o } }", "--workspace", ingested_town
    )

    assert ended.code == 1
    assert "SERVICE" in ended.err


def test_an_answer_larger_than_the_limit_is_refused(
    emkg: Emkg, tmp_path: Path, ingested_town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMKG_QUERY__MAX_ROWS", "1")

    ended = _ask(emkg, tmp_path, SELECT, "--workspace", ingested_town)

    assert ended.code == 1
    assert ended.out == ""
    assert "ask with LIMIT and OFFSET" in ended.err


def test_a_workspace_without_a_ledger_says_what_to_run(emkg: Emkg, tmp_path: Path, town: Path) -> None:
    ended = _ask(emkg, tmp_path, SELECT, "--workspace", town)

    assert ended.code == 1
    assert "run `emkg ingest` first" in ended.err


def test_without_any_workspace_the_demonstration_is_meant(emkg: Emkg, tmp_path: Path) -> None:
    ended = _ask(emkg, tmp_path, SELECT)

    assert ended.code == 1
    assert "run `emkg demo` first" in ended.err

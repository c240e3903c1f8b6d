"""Logical targets beyond the official cases: other formats and encodings, and files that are not to be written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emkg.errors import InputError, MappingError
from emkg.pipeline.map_run import map_run
from emkg.rdf import canonical, parse_text

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <http://example.org/> .
@prefix formats: <http://www.w3.org/ns/formats/> .
<#m> rml:logicalSource [ rml:source "a.csv" ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "http://example.org/{id}" ; rml:class ex:Thing SUBJECT ] ;
  rml:predicateObjectMap [ rml:predicate ex:name ; rml:objectMap [ rml:reference "name" ; rml:language "zh" ; rml:logicalTarget <#t> ] ] .
<#t> rml:target [ a rml:FilePath ; rml:root rml:MappingDirectory ; rml:path "PATH" ] ; REST .
"""
NAMES = ("<http://example.org/1>", '"\u9ad8\u6865"@zh')


def _run(folder: Path, path: str, rest: str, subject: str = "") -> Path:
    (folder / "a.csv").write_text("id,name\n1,高桥\n", encoding="utf-8")
    text = MAPPING.replace("PATH", path).replace("REST", rest).replace("SUBJECT", subject)
    (folder / "m.ttl").write_text(text)
    report = map_run([folder / "m.ttl"], folder / "out.nq", base="http://e/")
    assert report.targets == {(folder / path).resolve(): 1}
    return folder / path


def test_a_statement_with_a_target_is_not_in_the_output(tmp_path: Path) -> None:
    target = _run(tmp_path, "new/names.nq", "rml:serialization formats:N-Quads")

    assert target.read_text() == '<http://example.org/1> <http://example.org/name> "高桥"@zh .\n'
    assert "Thing" in (tmp_path / "out.nq").read_text()
    assert "name" not in (tmp_path / "out.nq").read_text()


@pytest.mark.parametrize(
    ("name", "form", "encoding"),
    [
        ("N-Triples", "ntriples", "UTF-8"),
        ("TriG", "trig", "UTF-16"),
        ("RDF_XML", "rdfxml", "UTF-8"),
        ("Turtle", "turtle", "GB18030"),
    ],
)
def test_the_same_statements_in_another_format_and_encoding(
    tmp_path: Path, name: str, form: str, encoding: str
) -> None:
    target = _run(tmp_path, "t.x", f'rml:serialization formats:{name} ; rml:encoding "{encoding}"')

    text = target.read_bytes().decode(encoding)
    lines = '<http://example.org/1> <http://example.org/name> "高桥"@zh .'
    assert canonical(parse_text(text, form)) == canonical(parse_text(lines, "nquads"))


def test_rdf_json_keeps_languages(tmp_path: Path) -> None:
    target = _run(tmp_path, "t.json", "rml:serialization formats:RDF_JSON")

    assert json.loads(target.read_text()) == {
        "http://example.org/1": {
            "http://example.org/name": [{"type": "literal", "value": "高桥", "lang": "zh"}]
        }
    }


@pytest.mark.parametrize(
    ("path", "rest", "message"),
    [
        ("a.csv", "rml:serialization formats:N-Quads", "is read or written by this run already"),
        ("m.ttl", "rml:serialization formats:N-Quads", "is read or written by this run already"),
        ("out.nq", "rml:serialization formats:N-Quads", "is read or written by this run already"),
        ("out.quarantine.csv", "rml:serialization formats:N-Quads", "is read or written by this run already"),
        ("../../elsewhere.nq", "rml:serialization formats:N-Quads", "nothing is written elsewhere"),
        ("t.x", "rml:serialization formats:HDT", "is no format that can be written"),
        ("t.x", "rml:compression rml:rar", "is no compression"),
        ("t.x", 'rml:encoding "UTF-99"', "is no encoding"),
    ],
)
def test_a_target_that_cannot_be_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, rest: str, message: str
) -> None:
    folder = tmp_path / "mapping"
    folder.mkdir()
    monkeypatch.chdir(folder)

    with pytest.raises(MappingError, match=message) as raised:
        _run(folder, path, rest)

    assert raised.value.location is not None
    assert sorted(one.name for one in folder.iterdir()) == ["a.csv", "m.ttl"]


@pytest.mark.parametrize("name", ["Turtle", "RDF_JSON"])
def test_a_format_without_graphs_takes_no_statement_in_one_and_nothing_is_written(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(InputError, match="is in a named graph"):
        _run(tmp_path, "t.x", f"rml:serialization formats:{name}", "; rml:graph ex:g")

    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "m.ttl"]

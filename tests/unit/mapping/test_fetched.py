"""Sources at URLs: fetched once each, from allowed hosts alone, and named by their URLs when something is wrong."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError, SourceError
from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping
from emkg.pipeline.map_run import map_run
from emkg.sources import fetch as fetching

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HERE = {"127.0.0.1"}
PREFIXES = """@prefix rml: <http://w3id.org/rml/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix ex: <http://e/> .
"""


@pytest.fixture
def web(served: Callable[[Path], str], tmp_path: Path) -> str:
    """A server with a table and a document."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "a.csv").write_text("id,v\n1,雾\n2,\udc80\n", encoding="utf-8", errors="surrogateescape")
    (folder / "a.json").write_text(json.dumps([{"id": 1, "parts": [{"n": 2}, {"n": 3}]}]), encoding="utf-8")
    return served(folder)


def _yarrrml(folder: Path, *sources: str) -> Path:
    maps = "".join(
        f"  m{number}:\n    sources: [[{source}]]\n    s: ex:$(id)\n    po: [[ex:v, $(v)]]\n"
        for number, source in enumerate(sources)
    )
    file = folder / "m.yml"
    file.write_text(f"prefixes: {{ex: 'http://e/'}}\nmappings:\n{maps}", encoding="utf-8")
    return file


def test_a_table_at_a_url_is_mapped_and_its_faults_have_its_name(web: str, tmp_path: Path) -> None:
    out = tmp_path / "o.nq"

    map_run([_yarrrml(tmp_path, f"'{web}/open/a.csv~csv'")], out, base="http://b/", hosts=HERE)

    assert out.read_text(encoding="utf-8") == '<http://e/1> <http://e/v> "雾" .\n'
    with (tmp_path / "o.quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        (record,) = csv.DictReader(file)
    assert (record["file"], record["row"], record["column"]) == ("a.csv", "3", "v")


def test_a_distribution_is_fetched_once_for_all_its_iterators(
    web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.ttl"
    part = "rml:logicalSource [ rml:source <#file> ; rml:referenceFormulation rml:JSONPath ; rml:iterator '{}' ] ;"
    file.write_text(
        f"{PREFIXES}<#file> a dcat:Distribution ; dcat:accessURL <{web}/a.json> .\n"
        f"<#one> {part.format('$[*]')} rml:subjectMap [ rml:template 'http://e/{{id}}' ; rml:class ex:One ] .\n"
        f"<#two> {part.format('$[*].parts[*]')} rml:subjectMap [ rml:template 'http://e/{{n}}' ; rml:class ex:Two ] .\n",
        encoding="utf-8",
    )
    fetched: list[str] = []
    original = fetching.fetch
    monkeypatch.setattr(
        "emkg.mapping.fetched.fetch", lambda url, *rest: (fetched.append(url), original(url, *rest))
    )

    report = map_run([file], tmp_path / "o.nq", base="http://b/", hosts=HERE)

    assert report.statements == 3
    assert fetched == [f"{web}/a.json"]


@pytest.mark.parametrize(
    ("path", "hosts", "message"),
    [
        ("/a.csv", (), "allow it with --allow-host 127.0.0.1"),
        ("/nothing.csv", HERE, "File not found"),
        ("/moved-to/http://elsewhere.example/a.csv", HERE, "--allow-host elsewhere.example"),
        ("/moved-to/file:///etc/passwd", HERE, "is not allowed"),
    ],
)
def test_what_is_not_fetched_is_an_error_of_its_url(
    path: str, hosts: set[str], message: str, web: str, tmp_path: Path
) -> None:
    mapping = _yarrrml(tmp_path, f"'{web}{path}~csv'")

    with pytest.raises(SourceError, match=message) as raised:
        map_run([mapping], tmp_path / "o.nq", base="http://b/", hosts=hosts)

    assert raised.value.location is not None
    assert raised.value.location.file.startswith(
        "http://127.0.0.1" if "elsewhere" not in path else "http://e"
    )
    assert not (tmp_path / "o.nq").exists()


def test_a_file_beyond_the_limit_is_refused(
    web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 5)
    with pytest.raises(SourceError, match="larger than 5 bytes"):
        map_run([_yarrrml(tmp_path, f"'{web}/a.csv~csv'")], tmp_path / "o.nq", base="http://b/", hosts=HERE)


def test_a_server_that_is_not_there_is_an_error_of_the_url(tmp_path: Path) -> None:
    mapping = _yarrrml(tmp_path, "'http://127.0.0.1:9/a.csv~csv'")
    with pytest.raises(SourceError, match="cannot be fetched"):
        map_run([mapping], tmp_path / "o.nq", base="http://b/", hosts=HERE)


def test_a_missing_column_is_an_error_of_the_url(web: str, tmp_path: Path) -> None:
    mapping = _yarrrml(tmp_path, f"'{web}/a.csv~csv'")
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("$(v)", "$(w)"), encoding="utf-8")

    with pytest.raises(SourceError) as raised:
        map_run([mapping], tmp_path / "o.nq", base="http://b/", hosts=HERE)

    assert str(raised.value).startswith(f"{web}/a.csv")


def test_a_url_with_a_password_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="holds no secrets") as raised:
        parse_mapping(_yarrrml(tmp_path, "'https://me:hidden@e.example/a.csv~csv'"))

    assert "hidden" not in str(raised.value)


def test_other_doors_refuse_a_url(web: str, tmp_path: Path) -> None:
    mapping = parse_mapping(_yarrrml(tmp_path, f"'{web}/a.csv~csv'"))
    with pytest.raises(SourceError, match="fetched by `emkg map run` alone"):
        run_mapping(mapping, dataset="a/b", base="http://b/")

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg

FILES = {
    "a.nt": "<http://e/a> <http://e/p> <http://e/b> .\n",
    "a.nq": "<http://e/a> <http://e/p> <http://e/b> .\n",
    "a.ttl": "<http://e/a> <http://e/p> <http://e/b> .\n",
    "a.trig": "{ <http://e/a> <http://e/p> <http://e/b> . }\n",
    "a.rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
        <rdf:Description rdf:about="http://e/a"><e:p rdf:resource="http://e/b"/></rdf:Description></rdf:RDF>""",
    "a.jsonld": '{"@id": "http://e/a", "http://e/p": {"@id": "http://e/b"}}',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_format_becomes_the_graph(emkg: Emkg, town: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(FILES[name])
    query = tmp_path / "all.rq"
    query.write_text("SELECT ?s ?p ?o WHERE { GRAPH <http://e/g> { ?s ?p ?o } }")

    loaded = emkg("load", file, "--graph", "http://e/g", "--workspace", town)
    found = emkg("query", query, "--format", "csv", "--workspace", town)

    assert loaded.code == 0
    assert "1 statements, 1 added, 0 removed" in loaded.out
    assert found.out.split() == ["s,p,o", "http://e/a,http://e/p,http://e/b"]


def test_a_graph_becomes_what_the_files_say(emkg: Emkg, town: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text(FILES["a.nt"])
    emkg("load", file, "--graph", "http://e/g", "--workspace", town)
    file.write_text("<http://e/c> <http://e/p> <http://e/b> .\n")

    again = emkg("load", file, "--graph", "http://e/g", "--workspace", town)

    assert "1 added, 1 removed" in again.out


@pytest.mark.parametrize("graph", ["no iri", "relative", "http://e/a b"])
def test_a_graph_needs_an_iri(emkg: Emkg, town: Path, tmp_path: Path, graph: str) -> None:
    file = tmp_path / "a.nt"
    file.write_text(FILES["a.nt"])
    refused = emkg("load", file, "--graph", graph, "--workspace", town)
    assert refused.code == 1
    assert "IRI" in refused.err


def test_a_file_that_does_not_parse_is_located_and_nothing_is_loaded(
    emkg: Emkg, town: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("<http://e/a> <http://e/p> .\n")
    refused = emkg("load", file, "--graph", "http://e/g", "--workspace", town)
    assert refused.code == 1
    assert "a.ttl:1" in refused.err

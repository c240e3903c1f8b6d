from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.bootstrap import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg


def test_an_update_changes_what_a_query_finds(emkg: Emkg, town: Path, tmp_path: Path) -> None:
    request, query = tmp_path / "change.ru", tmp_path / "all.rq"
    request.write_text(
        'INSERT DATA { GRAPH <http://e/g> { <http://e/a> <http://e/p> "霾"@zh } }', encoding="utf-8"
    )
    query.write_text("SELECT ?o WHERE { GRAPH <http://e/g> { ?s ?p ?o } }")

    first = emkg("update", request, "--workspace", town)
    again = emkg("update", request, "--workspace", town)
    found = emkg("query", query, "--format", "csv", "--workspace", town)

    assert first.code == again.code == 0
    assert "1 statements added, 0 removed (generation" in first.out
    assert "Nothing changed" in again.out
    assert found.out.split() == ["o", "霾"]


def test_a_wrong_update_is_located_and_exits_1(emkg: Emkg, town: Path, tmp_path: Path) -> None:
    request = tmp_path / "change.ru"
    request.write_text("INSERT DATA {\n  <a> <b> ?c }")

    done = emkg("update", request, "--workspace", town)

    assert done.code == 1
    assert "query:1:13: data holds no variables" in done.err


def test_the_graph_of_a_dataset_is_not_changed(emkg: Emkg, town: Path, tmp_path: Path) -> None:
    request = tmp_path / "change.ru"
    graph = next(one.graph for one in open_workspace(town).datasets())
    request.write_text(f"INSERT DATA {{ GRAPH <{graph}> {{ <a> <b> <c> }} }}")

    done = emkg("update", request, "--workspace", town)

    assert done.code == 1
    assert "change its sources" in done.err


def test_the_demonstration_city_is_ingested_before_it_is_changed(emkg: Emkg, tmp_path: Path) -> None:
    """Else the update's ledger would be taken for the city's."""
    request = tmp_path / "change.ru"
    request.write_text("INSERT DATA { <a> <b> <c> }")

    done = emkg("update", request)

    assert done.code == 1
    assert "run `emkg demo` first" in done.err

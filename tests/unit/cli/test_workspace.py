from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.unit.cli.conftest import Emkg


def test_init_makes_a_workspace_and_says_what_comes_next(emkg: Emkg, tmp_path: Path) -> None:
    made = emkg("init", tmp_path / "city", "--name-en", "Harbour City", "--division", "330200")

    assert made.code == 0
    assert f"emkg ingest --workspace {tmp_path / 'city'}" in made.out.replace("\n", "")
    assert sorted(path.name for path in (tmp_path / "city").iterdir()) == [
        "data",
        "emkg.toml",
        "mappings",
        "shapes",
    ]
    assert 'name_en = "Harbour City"' in (tmp_path / "city" / "emkg.toml").read_text(encoding="utf-8")


def test_a_city_begins_with_init_files_and_ingest(emkg: Emkg, town: Path, tmp_path: Path) -> None:
    city = tmp_path / "city"
    emkg("init", city)
    for folder in ("data", "mappings", "shapes"):
        shutil.copytree(town / folder, city / folder, dirs_exist_ok=True)

    done = emkg("ingest", "fire", "law", "--workspace", city)

    assert done.code == 0
    assert "Town fire brigade" in emkg("ask", "who-must-act", "event=F1", "--workspace", city).out


def test_init_leaves_a_workspace_that_is_there_alone(emkg: Emkg, town: Path) -> None:
    before = (town / "emkg.toml").read_bytes()

    again = emkg("init", town)

    assert again.code == 1
    assert "is there already; nothing was changed" in again.err
    assert (town / "emkg.toml").read_bytes() == before


def test_ingest_reports_rows_statements_and_what_was_withheld(emkg: Emkg, town: Path) -> None:
    done = emkg("ingest", "fire", "law", "--workspace", town, "--json")

    report = json.loads(done.out)
    fire, law = report["datasets"]
    assert done.code == 0
    assert (fire["rows"], fire["quarantined"]) == (3, {"bad-lexical-form": 1, "shacl": 1})
    assert law["quarantined"] == {}
    assert report["generation"] > 0


def test_ingest_as_a_table_speaks_the_readers_language(emkg: Emkg, town: Path) -> None:
    chinese = emkg("ingest", "fire", "--workspace", town, language="zh")
    english = emkg("ingest", "fire", "--workspace", town)

    assert "数据集" in chinese.out
    assert "fire/incidents" in chinese.out
    assert "Quarantined" in english.out
    assert "fire/incidents map" in chinese.err


def test_a_second_ingest_runs_nothing_anew_unless_forced(emkg: Emkg, town: Path) -> None:
    emkg("ingest", "fire", "--workspace", town)

    again = emkg("ingest", "fire", "--workspace", town)
    forced = emkg("ingest", "fire", "--workspace", town, "--force")

    assert "map" not in again.err
    assert "fire/incidents map" in forced.err


def test_a_strict_ingest_ends_at_the_first_value_that_does_not_fit(emkg: Emkg, town: Path) -> None:
    ended = emkg("ingest", "fire", "--workspace", town, "--strict")

    assert ended.code == 1
    assert "incidents.csv row 3 column injured" in ended.err
    assert emkg("ask", "--workspace", town).code == 0


def test_a_gate_that_rejects_ends_with_1_and_loads_nothing(
    emkg: Emkg, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (town / "events.rq").write_text("ASK { ?event a <https://w3id.org/emkg/ontology#Event> }")
    monkeypatch.setenv("EMKG_GATE__POLICY", "reject")

    rejected = emkg("ingest", "fire", "--workspace", town)

    assert rejected.code == 1
    assert "fire/incidents" in rejected.err
    found = emkg("query", town / "events.rq", "--workspace", town, "--format", "json")
    assert json.loads(found.out)["boolean"] is False


def test_a_dataset_that_is_not_there_is_refused_with_those_that_are(emkg: Emkg, town: Path) -> None:
    english = emkg("ingest", "police", "--workspace", town)
    chinese = emkg("ingest", "police", "--workspace", town, language="zh")

    assert (english.code, chinese.code) == (1, 1)
    assert "there is no dataset police; known: " in english.err
    assert "fire/incidents" in english.err
    assert chinese.err.startswith("没有名为 police 的数据集")


def test_a_mapping_that_is_wrong_is_named_with_line_and_column(emkg: Emkg, town: Path) -> None:
    mapping = town / "mappings" / "fire" / "incidents.yml"
    mapping.write_text(mapping.read_text().replace("sources: [incidents]", "sources: [incidens]"))

    ended = emkg("ingest", "fire", "--workspace", town)

    assert ended.code == 1
    assert f"{mapping}:" in ended.err
    assert "incidens" in ended.err


def test_a_folder_that_is_no_workspace_is_refused_with_the_way_out(emkg: Emkg, tmp_path: Path) -> None:
    english = emkg("ingest", "--workspace", tmp_path)
    chinese = emkg("ingest", "--workspace", tmp_path, language="zh")

    assert english.code == 1
    assert f"make one with `emkg init {tmp_path}`" in english.err
    assert "不是工作区" in chinese.err


def test_a_key_of_the_workspace_that_is_unknown_is_refused(emkg: Emkg, town: Path) -> None:
    (town / "emkg.toml").write_text('[city]\nnaem_zh = "某镇"\n', encoding="utf-8")

    ended = emkg("ingest", "--workspace", town)

    assert ended.code == 1
    assert f"{town / 'emkg.toml'}: city.naem_zh" in ended.err

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from emkg.errors import DataError, InputError, MappingError
from emkg.pipeline.map_run import dataset_names, map_run

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping import Progress

BASE = "http://e/"
MAPPING = """\
prefixes: {e: 'http://e/'}
mappings:
  site:
    source: ['%s~csv']
    s: e:$(id)
    po:
      - [e:name, $(名称), zh~lang]
      - [e:size, $(size), xsd:integer]
      - {p: e:near, o: {value: $(id), type: blank}}
"""


def _mapping(folder: Path, rows: str, name: str = "m") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text(f"id,名称,size\n{rows}", encoding="utf-8")
    path = folder / f"{name}.yml"
    path.write_text(MAPPING % f"{name}.csv", encoding="utf-8")
    return path


@pytest.mark.parametrize("is_sorted", [True, False])
def test_the_statements_are_distinct_and_on_request_sorted(tmp_path: Path, *, is_sorted: bool) -> None:
    mapping = _mapping(tmp_path, "b,霾,2\na,雾,1\na,雾,1\n")
    report = map_run([mapping, mapping], tmp_path / "out.nq", base=BASE, is_sorted=is_sorted)
    lines = (tmp_path / "out.nq").read_text(encoding="utf-8").splitlines()
    assert sorted(lines) == sorted(set(lines))
    assert not is_sorted or lines == sorted(lines)
    assert '<http://e/a> <http://e/name> "雾"@zh .' in lines
    assert report.statements == len(lines)
    assert (report.rows, report.quarantined) == (6, {})


def test_what_is_withheld_stands_beside(tmp_path: Path) -> None:
    mapping = _mapping(tmp_path, "a,雾,many\n")
    report = map_run([mapping], tmp_path / "out.nq", base=BASE)
    with (tmp_path / "out.quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        (record,) = csv.DictReader(file)
    assert (record["file"], record["row"], record["column"], record["value"]) == (
        "m.csv",
        "2",
        "size",
        "many",
    )
    assert record["mapping"] == f"{mapping}:8"
    table = pq.read_table(tmp_path / "out.quarantine.parquet")
    assert table["reason"].to_pylist() == ["bad-lexical-form"]
    assert report.quarantined == {"bad-lexical-form": 1}


def test_a_strict_run_stops_and_leaves_earlier_files_alone(tmp_path: Path) -> None:
    mapping = _mapping(tmp_path, "a,雾,many\n")
    (tmp_path / "out.nq").write_text("earlier", encoding="utf-8")
    with pytest.raises(DataError, match=r"m\.csv row 2 column size"):
        map_run([mapping], tmp_path / "out.nq", base=BASE, strict=True)
    assert (tmp_path / "out.nq").read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.csv", "m.yml", "out.nq"]


def test_a_wrong_mapping_is_found_before_anything_runs(tmp_path: Path) -> None:
    good, bad = _mapping(tmp_path, "a,雾,1\n"), tmp_path / "bad.yml"
    bad.write_text("mapping: {}", encoding="utf-8")
    seen: list[Progress] = []
    bad.write_text("mapings: {}", encoding="utf-8")
    with pytest.raises(MappingError):
        map_run([good, bad], tmp_path / "out.nq", base=BASE, progress=seen.append)
    assert seen == []


def test_progress_is_told(tmp_path: Path) -> None:
    seen: list[Progress] = []
    map_run([_mapping(tmp_path, "a,雾,1\n")], tmp_path / "out.nq", base=BASE, progress=seen.append)
    assert [(step.rows, step.statements) for step in seen] == [(1, 3)]


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/out\.nq cannot be written"):
        map_run([_mapping(tmp_path, "a,雾,1\n")], tmp_path / "none/out.nq", base=BASE)


def test_blank_nodes_of_two_datasets_stay_apart(tmp_path: Path) -> None:
    one, other = _mapping(tmp_path / "fire", "a,雾,1\n"), _mapping(tmp_path / "police", "a,雾,1\n")
    map_run([one, other], tmp_path / "out.nq", base=BASE)
    lines = (tmp_path / "out.nq").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if "_:" in line]) == 2


def test_datasets_are_named_after_folder_and_file(tmp_path: Path) -> None:
    paths = [tmp_path / "fire/a.yml", tmp_path / "fire/a.rml.ttl", tmp_path / "police/a.yaml"]
    assert dataset_names(paths) == ["fire/a", "fire/a-2", "police/a"]

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
from emkg.mapping.parse import parse_mapping
from emkg.sources.description import Formulation, SourceDescription

if TYPE_CHECKING:
    from pathlib import Path


def _source(tmp_path: Path, source: str, data_root: Path | None = None) -> SourceDescription:
    path = tmp_path / "m.yml"
    path.write_text(
        f"sources:\n  s: {source}\nmappings:\n  m: {{source: s, s: 'http://e/$(a)'}}\n", encoding="utf-8"
    )
    return parse_mapping(path, data_root=data_root).triples_maps[0].source


@pytest.mark.parametrize(
    ("source", "formulation", "iterator"),
    [
        ("['a.csv~csv']", Formulation.CSV, ""),
        ("a.txt~csv", Formulation.CSV, ""),
        ("['a.json~jsonpath', '$.x[*]']", Formulation.JSON, "$.x[*]"),
        ("['a.jsonl~jsonl']", Formulation.JSON_LINES, ""),
        ("['a.xml~xpath', '/a/b']", Formulation.XML, "/a/b"),
        ("['a.xlsx~xlsx']", Formulation.XLSX, ""),
        ("['a.db~sqlite']", Formulation.SQLITE, ""),
        ("['a.parquet']", Formulation.PARQUET, ""),
    ],
)
def test_the_list_form(tmp_path: Path, source: str, formulation: Formulation, iterator: str) -> None:
    made = _source(tmp_path, source)
    assert (made.formulation, made.iterator) == (formulation, iterator)
    assert made.path.parent == tmp_path.resolve()


def test_the_keyed_form_says_everything(tmp_path: Path) -> None:
    made = _source(
        tmp_path,
        "{access: sub/空气.txt, type: localfile, referenceFormulation: csv, encoding: GB18030, nullValues: [NA, '-', '—'],"
        " delimiter: '\\t', quote: '', comment: '#', headerRow: 3, skipAfterHeader: 1, rowNumber: 行}",
    )
    assert made == SourceDescription(
        path=(tmp_path / "sub/空气.txt").resolve(),
        formulation=Formulation.CSV,
        encoding="gb18030",
        null_values=("", "NA", "-", "—"),
        delimiter="\t",
        quote="",
        comment="#",
        header_row=3,
        skip_after_header=1,
        row_number="行",
    )


def test_sheet_query_and_namespaces(tmp_path: Path) -> None:
    assert _source(tmp_path, "{access: a.xlsx, sheet: 学校}").sheet == "学校"
    assert _source(tmp_path, "{access: a.db, referenceFormulation: sqlite, query: visits}").query == "visits"
    xml = "{access: a.xml, iterator: /c:alert, namespaces: {c: 'urn:oasis:names:tc:emergency:cap:1.2'}}"
    assert _source(tmp_path, xml).namespaces == {"c": "urn:oasis:names:tc:emergency:cap:1.2"}


def test_tsv_is_csv_with_tabs(tmp_path: Path) -> None:
    assert _source(tmp_path, "[a.tsv~tsv]").delimiter == "\t"


def test_data_paths_are_relative_to_the_data_folder(tmp_path: Path) -> None:
    made = _source(tmp_path, "['data:beijing/a.csv~csv']", tmp_path / "shared")
    assert made.path == (tmp_path / "shared/beijing/a.csv").resolve()


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("['data:a.csv~csv']", "2:7", "data folder"),
        ("['a.csv~cvs']", "2:7", "did you mean 'csv'"),
        ("['a.dat']", "2:7", "reference formulation"),
        ("['a.json~jsonpath']", "2:6", "needs an iterator"),
        ("[]", "2:6", "a source is"),
        ("{referenceFormulation: csv}", "2:6", "needs access"),
        ("{access: a.csv, encodng: gbk}", "2:22", "did you mean 'encoding'"),
        ("{access: a.csv, encoding: gb1803}", "2:32", "did you mean 'gb18030'"),
        ("{access: a.csv, headerRow: 0}", "2:33", "whole number from 1 on"),
        ("{access: a.csv, delimiter: ';;'}", "2:33", "one character"),
        ("{access: a.csv, type: localfil}", "2:28", "did you mean 'localfile'"),
        ("{access: 'ftp://e/a.csv'}", "2:15", "only files"),
        ("{access: [a.csv]}", "2:15", "must be text, and a list"),
    ],
)
def test_a_fault_names_its_place_and_the_way_out(
    tmp_path: Path, source: str, place: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message) as caught:
        _source(tmp_path, source)
    assert str(caught.value).startswith(f"{tmp_path / 'm.yml'}:{place}: ")
    assert caught.value.message_zh or "a source is" in message

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
from emkg.mapping.parse import parse_mapping
from emkg.sources.description import DatabaseServer, Formulation, SourceDescription

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


@pytest.mark.parametrize(
    ("access", "kind", "dsn"),
    [
        (
            "jdbc:postgresql://db.example.org:5433/fire",
            "postgresql",
            "jdbc:postgresql://db.example.org:5433/fire",
        ),
        ("postgresql://db/fire", "PostgreSQL", "jdbc:postgresql://db/fire"),
        ("http://localhost/example", "mysql", "jdbc:mysql://localhost/example"),
        ("127.0.0.1:3307/fire", "mariadb", "jdbc:mariadb://127.0.0.1:3307/fire"),
        ("jdbc:mysql://db/fire", "mariadb", "jdbc:mysql://db/fire"),
        ("$FIRE_DSN", "postgresql", "$FIRE_DSN"),
    ],
)
def test_a_database_server_is_named_by_type_address_and_credentials(
    tmp_path: Path, access: str, kind: str, dsn: str
) -> None:
    credentials = "credentials: {username: reader, password: $FIRE_PASSWORD}"
    made = _source(
        tmp_path,
        f"{{access: '{access}', type: {kind}, {credentials}, queryFormulation: sql2008, query: 'SELECT 1 AS a', nullValues: ['-']}}",
    )
    assert (made.formulation, made.iterator, made.query) == (Formulation.SQL, "SELECT 1 AS a", "")
    assert made.null_values == ("", "-")
    assert made.server is not None
    assert (made.server.user, made.server.password) == ("reader", "$FIRE_PASSWORD")
    assert made.server.dsn.replace("mariadb", "mysql") == dsn.replace("mariadb", "mysql")


def test_a_table_of_a_database_needs_no_credentials(tmp_path: Path) -> None:
    made = _source(
        tmp_path, "{access: db/fire, type: postgresql, query: stations, referenceFormulation: csv}"
    )
    assert (made.iterator, made.query, made.path.name) == ("", "stations", "stations")
    assert made.server == DatabaseServer("jdbc:postgresql://db/fire")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("{access: db/fire, type: postgres, query: a}", "did you mean 'postgresql'"),
        ("{access: db/fire, type: mysql}", "needs query"),
        ("{access: 'jdbc:mysql://db/fire', type: postgresql, query: a}", "the address is of mysql"),
        ("{access: 'reader:secret@db/fire', type: mysql, query: a}", "credentials"),
        ("{access: 'ftp://db/fire', type: mysql, query: a}", "host/database"),
        ("{access: db/fire, type: mysql, query: a, delimiter: ';'}", "delimiter means nothing"),
        ("{access: db/fire, type: mysql, query: a, queryFormulation: sql92}", "no query formulation"),
        ("{access: db/fire, type: mysql, query: a, credentials: {user: b}}", "did you mean 'username'"),
        ("{access: a.csv, credentials: {username: b}}", "is for a type of"),
    ],
)
def test_what_a_database_source_cannot_be(tmp_path: Path, source: str, complaint: str) -> None:
    with pytest.raises(MappingError, match=complaint) as caught:
        _source(tmp_path, source)
    assert caught.value.location is not None
    assert "secret" not in str(caught.value)

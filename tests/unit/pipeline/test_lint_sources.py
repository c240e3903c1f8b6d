"""Names of sources of every format, and references into them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from emkg.errors import SourceError
from emkg.pipeline.lint import LintFinding, lint_inputs, lint_mappings
from emkg.sources import Formulation, SourceDescription
from emkg.sources.names import source_names

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.pipeline.lint_context import LintInputs


@pytest.fixture(scope="module")
def inputs(checkout: Path) -> LintInputs:
    return lint_inputs(checkout, as_of=date(2026, 8, 15))


def _describe(path: Path, formulation: Formulation, iterator: str = "", **more: object) -> SourceDescription:
    return SourceDescription(path, formulation, iterator, **more)  # type: ignore[arg-type]  # the test's own keys


def test_columns_of_a_csv_are_those_of_the_header_row_repeated_ones_numbered(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("#x\ntitle\nno;name;name;\n1;2;3;4\n", encoding="utf-8")

    names = source_names(
        _describe(path, Formulation.CSV, delimiter=";", comment="#", header_row=2, row_number="line")
    )

    assert names == ("no", "name[1]", "name[2]", "line")


def test_paths_of_json_lead_to_values(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"items": [{"a": 1, "b c": {"d": [{"e": 2}]}}, {"f": null}]}', encoding="utf-8")

    assert source_names(_describe(path, Formulation.JSON, "$.items[*]")) == ("a", "['b c'].d[*].e", "f")


def test_paths_of_json_lines_pass_over_broken_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n{broken\n{"b": {"c": 2}}\n', encoding="utf-8")

    assert source_names(_describe(path, Formulation.JSON_LINES)) == ("a", "b.c")


def test_paths_of_xml_use_the_declared_prefixes(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text('<l xmlns="http://e/"><i no="1"><a/><b><c>x</c></b></i></l>', encoding="utf-8")

    names = source_names(_describe(path, Formulation.XML, "/p:l/p:i", namespaces={"p": "http://e/"}))

    assert names == ("@no", "p:a", "p:b/p:c")


def test_columns_of_a_sheet_a_table_a_query_and_parquet(tmp_path: Path) -> None:
    book, base, columns = tmp_path / "a.xlsx", tmp_path / "a.sqlite", tmp_path / "a.parquet"
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet("first").write_row(0, 0, ["no", "name"])
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("CREATE TABLE t (no, name)")
        connection.commit()
    pq.write_table(pa.table({"no": [1], "name": ["x"]}), columns)

    assert source_names(_describe(book, Formulation.XLSX)) == ("no", "name")
    assert source_names(_describe(book, Formulation.XLSX, sheet="first")) == ("no", "name")
    assert source_names(_describe(base, Formulation.SQLITE)) == ("no", "name")
    assert source_names(_describe(base, Formulation.SQLITE, query="SELECT no AS n FROM t")) == ("n",)
    assert source_names(_describe(columns, Formulation.PARQUET)) == ("no", "name")


def test_a_file_of_another_format_is_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"\x00\x01 nothing")

    for formulation in (
        Formulation.JSON,
        Formulation.XML,
        Formulation.XLSX,
        Formulation.SQLITE,
        Formulation.PARQUET,
    ):
        with pytest.raises(SourceError):
            source_names(_describe(path, formulation, "/a"))


def _lint(tmp_path: Path, source: str, reference: str, inputs: LintInputs) -> list[LintFinding]:
    path = tmp_path / "m.yml"
    path.write_text(
        f"mappings:\n  one:\n    source: [{source}]\n    s: http://e/$({reference})\n    po: [[em:remark, x]]\n",
        encoding="utf-8",
    )
    return [one for one in lint_mappings([path], inputs).findings if one.code == "unknown-reference"]


def test_a_path_that_no_item_has_is_a_warning_with_the_nearest_path(
    inputs: LintInputs, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text('[{"name": 1, "list": [5]}]', encoding="utf-8")
    source = "'a.json~jsonpath', '$[*]'"

    (found,) = _lint(tmp_path, source, "nam", inputs)

    assert (found.severity.value, found.suggestion) == ("warning", "name")
    assert (found.location.line, found.location.column) == (4, 17)
    assert _lint(tmp_path, source, "list[0]", inputs) == []


def test_a_path_that_is_none_is_told_at_the_source(inputs: LintInputs, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<l><i/></l>", encoding="utf-8")
    path = tmp_path / "m.yml"
    path.write_text(
        "mappings:\n  one:\n    source: ['a.xml~xpath', '/l/i']\n    s: http://e/$(x[)\n    po: [[em:remark, x]]\n",
        encoding="utf-8",
    )

    found = [one for one in lint_mappings([path], inputs).findings if one.code == "missing-source"]

    assert [(one.location.line, one.location.column) for one in found] == [(3, 15)]


VIEW = """@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <http://example.org/> .
<#source> rml:source "a.csv" ; rml:referenceFormulation rml:CSV .
<#view> rml:viewOn <#source> ;
  rml:field [ rml:fieldName "id" ; rml:reference "id" ] ;
  rml:field [ rml:fieldName "name" ; rml:reference "nmae" ] .
<#m> rml:logicalSource <#view> ; rml:subjectMap [ rml:template "http://example.org/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "Name" ] ] .
"""


def test_references_to_a_view_and_within_it_are_checked(tmp_path: Path, inputs: LintInputs) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,x\n")
    path = tmp_path / "m.ttl"
    path.write_text(VIEW)

    report = lint_mappings([path], inputs)

    found = {(one.code, one.location.line, one.suggestion) for one in report.findings}
    assert ("unknown-reference", 6, "name") in found
    assert ("unknown-reference", 8, "name") in found


def test_a_source_at_a_url_is_noted_and_not_fetched(tmp_path: Path, inputs: LintInputs) -> None:
    path = tmp_path / "m.yml"
    path.write_text(
        "prefixes: {ex: 'http://e/'}\nmappings:\n  m:\n    sources: [['http://e.example/a.csv~csv']]\n"
        "    s: ex:$(id)\n    po: [[ex:v, $(v)]]\n",
        encoding="utf-8",
    )
    found = [one for one in lint_mappings([path], inputs).findings if one.code.endswith("source")]

    assert [(one.code, one.location.line) for one in found] == [("unchecked-source", 4)]
    assert "fetched when the mapping runs" in found[0].message

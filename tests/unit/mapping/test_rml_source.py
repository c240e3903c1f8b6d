from __future__ import annotations

from pathlib import Path

import pytest

from emkg.errors import MappingError
from emkg.mapping.parse import parse_mapping
from emkg.sources.description import Formulation, SourceDescription

HEAD = """\
@prefix rml: <http://w3id.org/rml/> .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix ems: <https://w3id.org/emkg/source#> .
"""
FILE = 'rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "%s" ]'


def _source(tmp_path: Path, source: str, data_root: Path | None = None) -> SourceDescription:
    path = tmp_path / "m.ttl"
    path.write_text(f"{HEAD}<#m> rml:subject <#s> ; rml:logicalSource [ {source} ] .\n", encoding="utf-8")
    return parse_mapping(path, data_root=data_root).triples_maps[0].source


@pytest.mark.parametrize(
    ("formulation", "expected", "iterator"),
    [
        ("rml:CSV", Formulation.CSV, ""),
        ("rml:JSONPath", Formulation.JSON, "$"),
        ("rml:XPath", Formulation.XML, "/*"),
        ("ems:JSONLines", Formulation.JSON_LINES, ""),
        ("ems:XLSX", Formulation.XLSX, ""),
        ("ems:SQLite", Formulation.SQLITE, ""),
        ("ems:Parquet", Formulation.PARQUET, ""),
    ],
)
def test_formulations(tmp_path: Path, formulation: str, expected: Formulation, iterator: str) -> None:
    made = _source(tmp_path, f"{FILE % 'a'} ; rml:referenceFormulation {formulation}")
    assert (made.formulation, made.iterator, made.path) == (expected, iterator, (tmp_path / "a").resolve())


def test_encoding_null_tokens_and_options(tmp_path: Path) -> None:
    made = _source(
        tmp_path,
        'rml:source [ a rml:FilePath ; rml:path "a.csv" ; rml:encoding rml:UTF-16 ; rml:null "-", "NA" ;'
        " rml:compression rml:none ] ; rml:referenceFormulation rml:CSV ; rml:iterator '' ;"
        ' ems:headerRow 3 ; ems:skipAfterHeader 1 ; ems:rowNumber "no" ; ems:delimiter ";" ; ems:sheet "学校" ; ems:query "visits"',
    )
    assert (made.encoding, set(made.null_values)) == ("utf-16", {"", "-", "NA"})
    assert (made.header_row, made.skip_after_header, made.delimiter) == (3, 1, ";")
    assert (made.sheet, made.query, made.row_number) == ("学校", "visits", "no")


def test_a_csvw_table_brings_its_dialect(tmp_path: Path) -> None:
    made = _source(
        tmp_path,
        'rml:source [ a csvw:Table ; csvw:url "a.csv" ; csvw:null "NA" ; csvw:dialect [ csvw:delimiter ";" ;'
        ' csvw:quoteChar "\'" ; csvw:commentPrefix "#" ; csvw:encoding "GB18030" ] ] ; rml:referenceFormulation rml:CSV',
    )
    assert (made.delimiter, made.quote, made.comment, made.encoding) == (";", "'", "#", "gb18030")
    assert made.null_values == ("", "NA")


def test_xpath_prefixes(tmp_path: Path) -> None:
    made = _source(
        tmp_path,
        f"{FILE % 'a.xml'} ; rml:iterator '/c:a' ; rml:referenceFormulation [ a rml:XPathReferenceFormulation ;"
        " rml:namespace [ rml:namespacePrefix 'c' ; rml:namespaceURL 'urn:c' ] ]",
    )
    assert (made.formulation, made.namespaces, made.iterator) == (Formulation.XML, {"c": "urn:c"}, "/c:a")


def test_roots(tmp_path: Path) -> None:
    csv = " ; rml:referenceFormulation rml:CSV"
    in_working_directory = _source(
        tmp_path, f"rml:source [ rml:root rml:CurrentWorkingDirectory ; rml:path 'a' ]{csv}"
    )
    in_folder = _source(tmp_path, f"rml:source [ rml:root 'sub' ; rml:path 'a' ]{csv}")
    plain = _source(tmp_path, f"rml:source 'a'{csv}")
    in_data = _source(tmp_path, f"{FILE % 'data:x/a'}{csv}", tmp_path / "shared")
    assert in_working_directory.path == (Path.cwd() / "a").resolve()
    assert in_folder.path == (tmp_path / "sub/a").resolve()
    assert plain.path == (tmp_path / "a").resolve()
    assert in_data.path == (tmp_path / "shared/x/a").resolve()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("rml:referenceFormulation rml:CSV", "no rml:source"),
        (FILE % "a", "no rml:referenceFormulation"),
        (f"{FILE % 'a'} ; rml:referenceFormulation rml:SQL2008Table", "no reference formulation"),
        (f"{FILE % 'a'} ; rml:referenceFormulation rml:CSV ; rml:itertor '$'", "did you mean 'rml:iterator'"),
        ("rml:source [ a rml:FilePath ] ; rml:referenceFormulation rml:CSV", "no rml:path"),
        (
            "rml:source [ rml:path 'a' ; rml:encoding 'utf-88' ] ; rml:referenceFormulation rml:CSV",
            "did you mean 'utf-8'",
        ),
        (
            "rml:source [ rml:path 'a' ; rml:compression rml:rar ] ; rml:referenceFormulation rml:CSV",
            "no compression",
        ),
        (f"{FILE % 'ftp://e/a'} ; rml:referenceFormulation rml:CSV", "only files"),
        (f"{FILE % 'data:a'} ; rml:referenceFormulation rml:CSV", "data folder"),
        (f"{FILE % 'a'} ; rml:referenceFormulation rml:CSV ; ems:headerRow 0", "whole number from 1 on"),
    ],
)
def test_a_fault_names_its_line_and_the_way_out(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(MappingError) as caught:
        _source(tmp_path, source)
    assert message in caught.value.message
    assert str(caught.value).startswith(f"{tmp_path / 'm.ttl'}:4:")
    assert caught.value.message_zh

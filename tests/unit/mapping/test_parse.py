"""Golden pairs: what YARRRML says in a key and RML in properties is one model, and gives one output."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from emkg.errors import Location
from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping

if TYPE_CHECKING:
    from pathlib import Path

YARRRML = """\
prefixes: {e: 'http://e/'}
sources:
  rows: %s
mappings:
  m:
    source: rows
    s: %s
    po:
%s
  other:
    source: rows
    s: e:other/$(k)
"""
RML = """\
@prefix rml: <http://w3id.org/rml/> .
@prefix ems: <https://w3id.org/emkg/source#> .
@prefix emf: <https://w3id.org/emkg/function#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://e/> .
<#m> rml:logicalSource [ %s ] ; %s ; %s .
<#other> rml:logicalSource [ %s ] ; rml:subjectMap [ rml:template "http://e/other/{k}" ] .
"""
CSV = ("[rows.csv~csv]", 'rml:source [ rml:path "rows.csv" ] ; rml:referenceFormulation rml:CSV')
SUBJECT = ("e:$(k)", 'rml:subjectMap [ rml:template "http://e/{k}" ]')
NAME = ("- [e:p, $(a)]", 'rml:predicateObjectMap [ rml:predicate e:p ; rml:objectMap [ rml:reference "a" ] ]')
ROWS = "k,a,b\n1,霾,2026-11-16\n2,雾 1,2026-11-17\n"

SOURCES = {
    "keys": (
        (
            "{access: rows.csv, referenceFormulation: csv, encoding: gb18030, nullValues: ['-'], headerRow: 2,"
            " skipAfterHeader: 1, delimiter: ';', quote: \"'\", comment: '#', rowNumber: no}"
        ),
        (
            'rml:source [ rml:path "rows.csv" ; rml:encoding "gb18030" ; rml:null "-" ] ; rml:referenceFormulation rml:CSV ;'
            ' ems:headerRow 2 ; ems:skipAfterHeader 1 ; ems:delimiter ";" ; ems:quoteChar "\'" ; ems:commentPrefix "#" ;'
            ' ems:rowNumber "no"'
        ),
    ),
    "json": (
        "['rows.json~jsonpath', '$.rows[*]']",
        'rml:source [ rml:path "rows.json" ] ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$.rows[*]"',
    ),
    "json-lines": (
        "['rows.jsonl~jsonl']",
        'rml:source "rows.jsonl" ; rml:referenceFormulation ems:JSONLines',
    ),
    "xml": (
        "{access: rows.xml, iterator: '/c:rows/c:row', namespaces: {c: 'urn:c'}}",
        (
            'rml:source "rows.xml" ; rml:iterator "/c:rows/c:row" ; rml:referenceFormulation [ a rml:XPathReferenceFormulation ;'
            ' rml:namespace [ rml:namespacePrefix "c" ; rml:namespaceURL "urn:c" ] ]'
        ),
    ),
    "xlsx": (
        "{access: rows.xlsx, sheet: 学校}",
        'rml:source "rows.xlsx" ; rml:referenceFormulation ems:XLSX ; ems:sheet "学校"',
    ),
    "sqlite": (
        "{access: rows.db, referenceFormulation: sqlite, query: visits}",
        'rml:source "rows.db" ; rml:referenceFormulation ems:SQLite ; ems:query "visits"',
    ),
    "parquet": ("[rows.parquet~parquet]", 'rml:source "rows.parquet" ; rml:referenceFormulation ems:Parquet'),
}

SUBJECTS = {
    "template": SUBJECT,
    "constant": ("e:all", "rml:subject e:all"),
    "blank": (
        "{value: n$(k), type: blank}",
        'rml:subjectMap [ rml:template "n{k}" ; rml:termType rml:BlankNode ]',
    ),
    "unsafe": (
        "{value: 'http://e/$(k)', type: unsafeIRI}",
        'rml:subjectMap [ rml:template "http://e/{k}" ; rml:termType rml:UnsafeIRI ]',
    ),
    "uri": (
        "{value: 'http://e/$(a)', type: uri}",
        'rml:subjectMap [ rml:template "http://e/{a}" ; rml:termType rml:URI ]',
    ),
    "function": (
        "{function: emf:concat, parameters: [[emf:value, 'http://e/'], [emf:other, $(k)]]}",
        (
            "rml:subjectMap [ rml:functionExecution [ rml:function emf:concat ;"
            ' rml:input [ rml:parameter emf:value ; rml:inputValue "http://e/" ] ,'
            ' [ rml:parameter emf:other ; rml:inputValueMap [ rml:reference "k" ] ] ] ; rml:termType rml:IRI ]'
        ),
    ),
}

OBJECTS = {
    "reference": ("$(a)", 'rml:objectMap [ rml:reference "a" ]'),
    "template": ("no. $(k) $(a)", 'rml:objectMap [ rml:template "no. {k} {a}" ; rml:termType rml:Literal ]'),
    "constant": ("text", 'rml:object "text"'),
    "iri": ("e:$(a)~iri", 'rml:objectMap [ rml:template "http://e/{a}" ]'),
    "constant iri": ("e:thing~iri", "rml:object e:thing"),
    "type": (
        "{value: e:$(a), type: iri}",
        'rml:objectMap [ rml:template "http://e/{a}" ; rml:termType rml:IRI ]',
    ),
    "datatype": (
        "{value: $(b), datatype: xsd:date}",
        'rml:objectMap [ rml:reference "b" ; rml:datatype xsd:date ]',
    ),
    "language": ("{value: $(a), language: zh}", 'rml:objectMap [ rml:reference "a" ; rml:language "zh" ]'),
    "function": (
        "{function: emf:trim, parameters: [[emf:value, $(a)]]}",
        (
            "rml:objectMap [ rml:functionExecution [ rml:function emf:trim ;"
            ' rml:input [ rml:parameter emf:value ; rml:inputValueMap [ rml:reference "a" ] ] ] ]'
        ),
    ),
    "row by row": ("{mapping: other}", "rml:objectMap [ rml:parentTriplesMap <#other> ]"),
    "join": (
        "{mapping: other, condition: {function: equal, parameters: [[str1, $(k), s], [str2, $(k), o]]}}",
        "rml:objectMap [ rml:parentTriplesMap <#other> ; rml:joinCondition [ rml:child 'k' ; rml:parent 'k' ] ]",
    ),
}

STATEMENTS = {
    "graph": (
        "- {p: e:p, o: $(a), graphs: [e:g, e:g/$(k)]}",
        (
            'rml:predicateObjectMap [ rml:predicate e:p ; rml:objectMap [ rml:reference "a" ] ; rml:graph e:g ;'
            ' rml:graphMap [ rml:template "http://e/g/{k}" ] ]'
        ),
    ),
    "many": (
        "- [[e:p, e:q], [$(a), $(b)]]",
        'rml:predicateObjectMap [ rml:predicate e:p , e:q ; rml:objectMap [ rml:reference "a" ] , [ rml:reference "b" ] ]',
    ),
    "predicate": (
        "- [e:$(k), $(a)]",
        'rml:predicateObjectMap [ rml:predicateMap [ rml:template "http://e/{k}" ] ; rml:objectMap [ rml:reference "a" ] ]',
    ),
}


def _shape(value: object) -> object:
    """The value without its places."""
    if isinstance(value, Location):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        shown = {field.name: _shape(getattr(value, field.name)) for field in fields(value)}
        return type(value).__name__, shown
    if isinstance(value, tuple):
        return [_shape(item) for item in value]
    return value


def _write(
    folder: Path, source: tuple[str, str], subject: tuple[str, str], statement: tuple[str, str]
) -> tuple[Path, Path]:
    yarrrml, rml = folder / "m.yml", folder / "m.ttl"
    yarrrml.write_text(YARRRML % (source[0], subject[0], indent(statement[0], "      ")), encoding="utf-8")
    rml.write_text(RML % (source[1], subject[1], statement[1], source[1]), encoding="utf-8")
    return yarrrml, rml


def _statements(path: Path) -> set[str]:
    with run_mapping(parse_mapping(path), dataset="d", base="http://base/") as run:
        rows = run.statements().read_all().to_pylist()
    return {f"{row['s']} {row['p']} {row['o']} {row['g']}" for row in rows}


def _assert_pair(folder: Path, paths: tuple[Path, Path], *, runs: bool = True) -> None:
    (folder / "rows.csv").write_text(ROWS, encoding="utf-8")
    yarrrml, rml = (parse_mapping(path) for path in paths)
    assert _shape(yarrrml.triples_maps) == _shape(rml.triples_maps)
    if runs:
        made = _statements(paths[0])
        assert made
        assert made == _statements(paths[1])


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_described_alike(tmp_path: Path, name: str) -> None:
    _assert_pair(tmp_path, _write(tmp_path, SOURCES[name], SUBJECT, NAME), runs=False)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_is_made_alike(tmp_path: Path, name: str) -> None:
    _assert_pair(tmp_path, _write(tmp_path, CSV, SUBJECTS[name], NAME))


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_made_alike(tmp_path: Path, name: str) -> None:
    yarrrml, rml = OBJECTS[name]
    statement = (f"- {{p: e:p, o: {yarrrml}}}", f"rml:predicateObjectMap [ rml:predicate e:p ; {rml} ]")
    _assert_pair(tmp_path, _write(tmp_path, CSV, SUBJECT, statement))


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_made_alike(tmp_path: Path, name: str) -> None:
    _assert_pair(tmp_path, _write(tmp_path, CSV, SUBJECT, STATEMENTS[name]))


def test_a_class_is_stated_alike(tmp_path: Path) -> None:
    subject = (SUBJECT[0], 'rml:subjectMap [ rml:template "http://e/{k}" ; rml:class e:Thing ]')
    _assert_pair(tmp_path, _write(tmp_path, CSV, subject, (f"- [a, e:Thing]\n{NAME[0]}", NAME[1])))


def test_a_new_blank_node_for_each_row_is_made_alike(tmp_path: Path) -> None:
    subject = ("{type: blank}", "rml:subjectMap [ rml:termType rml:BlankNode ]")
    paths = _write(tmp_path, CSV, subject, NAME)
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    assert [len(_statements(path)) for path in paths] == [2, 2]

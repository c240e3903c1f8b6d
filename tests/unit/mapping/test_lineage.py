from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import SourceError
from emkg.mapping import locate, run_mapping
from emkg.rdf import IRI, BlankNode, Literal, Triple, parse_term

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.mapping import Mapping, SourceCell

EX = "http://example.org/"
MAPPING = """mappings:
  person:
    sources: [[p.csv~csv]]
    s: ex:person/$(id)
    po:
      - [a, ex:Person]
      - [ex:name, $(name), zh~lang]
      - [ex:born, {function: emf:parseDate, parameters: [[emf:value, $(born)], [emf:format, "%Y年%m月%d日"]]}]
      - p: ex:unit
        o:
          mapping: unit
          condition: {function: equal, parameters: [[str1, $(unit)], [str2, $(code)]]}
      - p: ex:sameUnitAs
        o:
          mapping: person
          condition: {function: equal, parameters: [[str1, $(unit)], [str2, $(unit)]]}
      - [ex:self, {mapping: self}]
  self:
    sources: [[p.csv~csv]]
    s: ex:self/$(name)
  unit:
    sources: [[u.csv~csv]]
    s: ex:unit/$(code)
    po: [[ex:kind, ex:Unit~iri]]
"""
PEOPLE = "id,name,born,unit\n1,张三,1980年1月2日,a/b\n2,张三,1981年3月4日,a/b\n"
UNITS = "code\nx\na/b\n"


@pytest.fixture
def mapping(parse: Callable[..., Mapping]) -> Mapping:
    return parse(MAPPING, p_csv=PEOPLE, u_csv=UNITS)


def _where(cells: tuple[SourceCell, ...]) -> list[tuple[str, int, str, str]]:
    return [(cell.file, cell.row, cell.column, cell.value) for cell in cells]


def _locate(mapping: Mapping, subject: str, predicate: str, value: IRI | Literal) -> tuple[SourceCell, ...]:
    statement = Triple(IRI(EX + subject), IRI(EX + predicate), value)
    return locate([statement], [mapping], base="http://base.example/", dataset="test/set")[statement]


def test_a_statement_leads_to_its_row_its_cells_and_the_lines_that_read_them(mapping: Mapping) -> None:
    cells = _locate(mapping, "person/2", "born", Literal("1981-03-04"))

    assert _where(cells) == [("p.csv", 3, "id", "2"), ("p.csv", 3, "born", "1981年3月4日")]
    assert [cell.mapping.rpartition(":")[2] for cell in cells] == ["6", "10"]


def test_a_joined_statement_leads_to_both_sources(mapping: Mapping) -> None:
    cells = _locate(mapping, "person/1", "unit", IRI(EX + "unit/a%2Fb"))

    assert set(_where(cells)) == {
        ("p.csv", 2, "id", "1"),
        ("p.csv", 2, "unit", "a/b"),
        ("u.csv", 3, "code", "a/b"),
    }


def test_a_triples_map_joined_with_itself_leads_to_both_rows(mapping: Mapping) -> None:
    cells = _locate(mapping, "person/1", "sameUnitAs", IRI(EX + "person/2"))

    assert {(cell.row, cell.column) for cell in cells} == {(2, "id"), (2, "unit"), (3, "id"), (3, "unit")}


def test_a_subject_of_the_same_row_leads_to_its_cell(mapping: Mapping) -> None:
    cells = _locate(mapping, "person/1", "self", IRI(EX + "self/张三"))

    assert _where(cells) == [("p.csv", 2, "id", "1"), ("p.csv", 2, "name", "张三")]


def test_a_class_leads_to_the_key(mapping: Mapping) -> None:
    statement = Triple(
        IRI(EX + "person/1"), IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), IRI(EX + "Person")
    )

    assert _where(locate([statement], [mapping], base="")[statement]) == [("p.csv", 2, "id", "1")]


def test_what_the_mapping_does_not_say_has_no_cells(mapping: Mapping) -> None:
    assert _locate(mapping, "person/1", "born", Literal("1981-03-04")) == ()
    assert _locate(mapping, "person/9", "name", Literal("张三", language="zh")) == ()
    assert _locate(mapping, "person/1", "other", Literal("张三")) == ()
    assert _locate(mapping, "place/1", "name", Literal("张三", language="zh")) == ()


def test_a_row_of_constants_is_named_as_a_whole(parse: Callable[..., Mapping]) -> None:
    constant = (
        "mappings:\n  all:\n    sources: [[p.csv~csv]]\n    s: ex:all\n    po: [[ex:kind, ex:Kind~iri]]\n"
    )

    cells = _locate(parse(constant, p_csv="id\n1\n"), "all", "kind", IRI(EX + "Kind"))

    assert _where(cells) == [("p.csv", 2, "", "")]


def test_a_value_of_an_array_leads_to_its_item(parse: Callable[..., Mapping]) -> None:
    nested = """mappings:
  item:
    sources: [[a.json~jsonpath, "$[*]"]]
    s: ex:item/$(names[*])
    po: [[ex:tag, "$(tags[*])"]]
"""
    items = '[{"names": ["a"], "tags": ["x"]}, {"names": ["b", "c"], "tags": ["x", "y"]}]'

    cells = _locate(parse(nested, a_json=items), "item/c", "tag", Literal("y"))

    assert _where(cells) == [("a.json", 2, "names[*]", "b; c"), ("a.json", 2, "tags[*]", "x; y")]


def test_every_statement_of_a_run_leads_back_to_a_cell(mapping: Mapping) -> None:
    with run_mapping(mapping, dataset="test/set", base="http://base.example/") as run:
        rows = run.statements().read_all().to_pylist()

    statements = []
    for row in rows:
        subject, predicate, value = (parse_term(row[name]) for name in "spo")
        assert isinstance(subject, IRI | BlankNode)
        assert isinstance(predicate, IRI)
        statements.append(Triple(subject, predicate, value))
    found = locate(statements, [mapping], base="http://base.example/", dataset="test/set")
    assert set(found) == set(statements)
    assert all(found.values())


def test_a_source_that_is_gone_is_an_error(mapping: Mapping) -> None:
    mapping.triples_maps[0].source.path.unlink()

    with pytest.raises(SourceError):
        _locate(mapping, "person/1", "name", Literal("张三", language="zh"))

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from emkg.mapping.model import (
    Constant,
    FunctionCall,
    JoinCondition,
    Reference,
    RefObjectMap,
    RowKey,
    Template,
    TermMap,
    TermType,
)
from emkg.mapping.parse import parse_mapping
from emkg.rdf import IRI, RDF_LANG_STRING, BlankNode, Literal
from emkg.vocabulary import CODE, EM, FUNCTION, ID, RDF_TYPE, RDFS_LABEL, XSD

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping.model import Mapping

HEAD = """\
prefixes:
  id: https://w3id.org/emkg/id/
sources:
  rows: [rows.csv~csv]
mappings:
"""


def _parse(tmp_path: Path, mappings: str) -> Mapping:
    path = tmp_path / "m.yml"
    path.write_text(HEAD + indent(dedent(mappings), "  "), encoding="utf-8")
    return parse_mapping(path)


def _objects(tmp_path: Path, statement: str) -> tuple[TermMap | RefObjectMap, ...]:
    text = f"""\
    m:
      source: rows
      s: id:m/$(k)
      po:
        - {statement}
    """
    (triples_map,) = _parse(tmp_path, text).triples_maps
    (made,) = triples_map.predicate_objects
    return made.objects


def test_a_mapping_becomes_one_triples_map_with_its_places(tmp_path: Path) -> None:
    text = """\
    school:
      sources: rows
      s: id:school/$(代码)
      po:
        - [a, em:School]
        - [rdfs:label, $(名称), zh~lang]
    """
    (made,) = _parse(tmp_path, text).triples_maps
    assert made.iri == "https://w3id.org/emkg/mapping/m#school"
    assert made.subject.expression == Template((ID + "school/", Reference("代码")))
    assert made.subject.term_type is TermType.IRI
    assert made.classes == (EM + "School",)
    (label,) = made.predicate_objects
    assert label.predicates[0].expression == Constant(IRI(RDFS_LABEL))
    assert (label.location.line, label.location.column) == (11, 9)
    assert (made.location.line, made.location.column) == (6, 3)
    assert made.subject.location.line == 8


@pytest.mark.parametrize(
    ("statement", "expression", "term_type"),
    [
        ("[em:p, $(名称)]", Reference("名称"), TermType.LITERAL),
        (
            "[em:p, 'no. $(a)/$(b)']",
            Template(("no. ", Reference("a"), "/", Reference("b"))),
            TermType.LITERAL,
        ),
        ("[em:p, $(url)~iri]", Reference("url"), TermType.IRI),
        ("[em:p, code:level/city~iri]", Constant(IRI(CODE + "level/city")), TermType.IRI),
        ("[em:p, code:level/city]", Constant(Literal("code:level/city")), TermType.LITERAL),
        ("[em:p, 'http://e/$(a)~iri']", Template(("http://e/", Reference("a"))), TermType.IRI),
        ("[em:p, 007]", Constant(Literal("007")), TermType.LITERAL),
        ("[em:p, 007, xsd:integer]", Constant(Literal("007", XSD + "integer")), TermType.LITERAL),
        ("[em:p, 霾, zh~lang]", Constant(Literal("霾", RDF_LANG_STRING, "zh")), TermType.LITERAL),
        ("{p: em:p, o: {value: $(a), type: iri}}", Reference("a"), TermType.IRI),
        ("{p: em:p, o: {value: 'b$(a)', type: blank}}", Template(("b", Reference("a"))), TermType.BLANK_NODE),
        ("{p: em:p, o: {v: b1, type: blank}}", Constant(BlankNode("b1")), TermType.BLANK_NODE),
        ("{p: em:p, o: {v: x, type: literal}}", Constant(Literal("x")), TermType.LITERAL),
        (
            "{p: em:p, o: {v: 'code:$(a)', type: unsafeIRI}}",
            Template((CODE, Reference("a"))),
            TermType.UNSAFE_IRI,
        ),
        ("[a, 'em:$(kind)']", Template((EM, Reference("kind"))), TermType.IRI),
        (r"[em:p, 'costs \$\(5\) $(a)']", Template(("costs $(5) ", Reference("a"))), TermType.LITERAL),
        ("[em:p, $(PM2.5(μg/m3))]", Reference("PM2.5(μg/m3)"), TermType.LITERAL),
        (r"[em:p, '$(a\)b\()']", Reference("a)b("), TermType.LITERAL),
        ("[em:p, 'urn:$(a)~iri']", Template(("urn:", Reference("a"))), TermType.IRI),
    ],
)
def test_an_object_is_what_its_text_says(
    tmp_path: Path, statement: str, expression: object, term_type: TermType
) -> None:
    (made,) = _objects(tmp_path, statement)
    assert isinstance(made, TermMap)
    assert (made.expression, made.term_type) == (expression, term_type)


def test_a_datatype_makes_a_reference_a_typed_literal(tmp_path: Path) -> None:
    for statement in (
        "[em:p, $(d), xsd:date]",
        "{p: em:p, o: {value: $(d), datatype: xsd:date}}",
        "{p: em:p, o: [[$(d), xsd:date]]}",
    ):
        (made,) = _objects(tmp_path, statement)
        assert isinstance(made, TermMap)
        assert (made.expression, made.datatype, made.term_type) == (
            Reference("d"),
            XSD + "date",
            TermType.LITERAL,
        )


def test_a_datatype_or_language_can_come_from_the_row(tmp_path: Path) -> None:
    (typed,) = _objects(tmp_path, "[em:p, $(v), 'xsd:$(t)']")
    (tagged,) = _objects(tmp_path, "[em:p, x, $(l)~lang]")
    assert isinstance(typed, TermMap)
    assert isinstance(tagged, TermMap)
    assert typed.datatype_map is not None
    assert typed.datatype_map.expression == Template((XSD, Reference("t")))
    assert tagged.language == Reference("l")


def test_every_predicate_meets_every_object(tmp_path: Path) -> None:
    text = """\
    m:
      source: rows
      s: id:$(k)
      po:
        - [[em:p, rdfs:label], [$(a), $(b)]]
    """
    (made,) = _parse(tmp_path, text).triples_maps[0].predicate_objects
    assert [p.expression for p in made.predicates] == [Constant(IRI(EM + "p")), Constant(IRI(RDFS_LABEL))]
    assert [o.expression for o in made.objects if isinstance(o, TermMap)] == [Reference("a"), Reference("b")]


def test_graphs_of_the_mapping_and_of_a_statement(tmp_path: Path) -> None:
    text = """\
    m:
      source: rows
      s: id:$(k)
      graphs: id:g/$(k)
      po:
        - {p: a, o: em:School, graphs: [id:other]}
    """
    (made,) = _parse(tmp_path, text).triples_maps
    assert made.graphs[0].expression == Template((ID + "g/", Reference("k")))
    assert made.classes == ()
    (statement,) = made.predicate_objects
    assert statement.predicates[0].expression == Constant(IRI(RDF_TYPE))
    assert statement.graphs[0].expression == Constant(IRI(ID + "other"))


def test_functions_nest_and_name_their_parameters(tmp_path: Path) -> None:
    (made,) = _objects(
        tmp_path,
        "{p: em:p, o: {function: emf:parseDate, parameters: [[emf:value, {function: emf:trim, parameters: "
        "[{parameter: emf:value, value: $(d)}]}], [emf:format, '%Y年']], datatype: xsd:date}}",
    )
    assert isinstance(made, TermMap)
    assert (made.datatype, made.term_type) == (XSD + "date", TermType.LITERAL)
    call = made.expression
    assert isinstance(call, FunctionCall)
    assert call.function == FUNCTION + "parseDate"
    (value, inner), form = call.arguments
    assert value == FUNCTION + "value"
    assert isinstance(inner, FunctionCall)
    assert inner.arguments == ((FUNCTION + "value", Reference("d")),)
    assert form == (FUNCTION + "format", Constant(Literal("%Y年")))


def test_a_function_may_make_an_iri_or_a_subject(tmp_path: Path) -> None:
    (made,) = _objects(tmp_path, "{p: em:p, o: {f: emf:translate, pms: [[emf:value, $(c)]], type: iri}}")
    assert isinstance(made, TermMap)
    assert made.term_type is TermType.IRI
    text = """\
    m:
      source: rows
      s: {function: emf:hashed, parameters: [[emf:value, {value: $(k)}], [emf:kind, em:School~iri]]}
    """
    subject = _parse(tmp_path, text).triples_maps[0].subject
    assert isinstance(subject.expression, FunctionCall)
    assert subject.term_type is TermType.IRI
    assert subject.expression.arguments[1][1] == Constant(IRI(EM + "School"))


def test_a_crosswalk_is_found_beside_the_mapping(tmp_path: Path) -> None:
    (made,) = _objects(
        tmp_path,
        "{p: em:p, o: {function: emf:translate, parameters: [[emf:value, $(c)], [emf:crosswalk, ../x.tsv]]}}",
    )
    assert isinstance(made, TermMap)
    assert isinstance(made.expression, FunctionCall)
    assert made.expression.arguments[1][1] == Constant(Literal(str((tmp_path / "../x.tsv").resolve())))


def test_a_join_names_the_other_mapping_and_what_must_be_equal(tmp_path: Path) -> None:
    text = """\
    a:
      source: rows
      s: id:a/$(k)
      po:
        - p: em:p
          o:
            mapping: b
            condition: {function: equal, parameters: [[str1, $(k), s], [str2, $(j), o]]}
        - {p: em:q, o: {mapping: b}}
    b: {source: rows, s: [id:b/$(j), id:c/$(j)]}
    """
    made = _parse(tmp_path, text).triples_maps[0]
    joined = made.predicate_objects[0].objects
    assert [o.parent_triples_map for o in joined if isinstance(o, RefObjectMap)] == [
        "https://w3id.org/emkg/mapping/m#b",
        "https://w3id.org/emkg/mapping/m#b-2",
    ]
    assert isinstance(joined[0], RefObjectMap)
    assert joined[0].joins == (JoinCondition(Reference("k"), Reference("j")),)
    unconditional = made.predicate_objects[1].objects[0]
    assert isinstance(unconditional, RefObjectMap)
    assert unconditional.joins == ()


def test_several_sources_and_subjects_give_a_triples_map_each(tmp_path: Path) -> None:
    text = """\
    m: {sources: [rows, [other.json~jsonpath, '$.a[*]']], s: [id:a/$(k), {value: b$(k), type: blank}]}
    """
    made = _parse(tmp_path, text).triples_maps
    assert len({each.iri for each in made}) == 4
    assert {each.source.path.name for each in made} == {"rows.csv", "other.json"}
    assert [each.subject.term_type for each in made[:2]] == [TermType.IRI, TermType.BLANK_NODE]


def test_a_blank_node_without_a_value_is_new_for_each_row(tmp_path: Path) -> None:
    (made,) = _objects(tmp_path, "{p: em:p, o: {type: blank}}")
    (other,) = _objects(tmp_path, "{p: em:pp, o: {type: blank}}")
    assert isinstance(made, TermMap)
    assert isinstance(other, TermMap)
    assert isinstance(made.expression, RowKey)
    assert made.term_type is TermType.BLANK_NODE
    assert made.expression != other.expression


def test_base_and_anchors(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        "base: http://e/\nprefixes: {em: 'http://own/'}\nauthors: [city]\nmappings:\n"
        "  a: &a {source: [x.csv~csv], s: thing, po: [[em:p, $(x)]]}\n"
        "  b: {<<: *a, s: other/$(x)}\n",
        encoding="utf-8",
    )
    first, second = parse_mapping(path).triples_maps
    assert first.base == "http://e/"
    assert first.subject.expression == Constant(IRI("http://e/thing"))
    assert second.subject.expression == Template(("other/", Reference("x")))
    assert second.predicate_objects[0].predicates[0].expression == Constant(IRI("http://own/p"))

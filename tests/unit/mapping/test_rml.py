from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
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
from emkg.rdf import IRI, RDF_LANG_STRING, Literal
from emkg.vocabulary import EM, FUNCTION, RDFS_LABEL, XSD

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping.model import Mapping

HEAD = """\
@prefix rml: <http://w3id.org/rml/> .
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix emf: <https://w3id.org/emkg/function#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SOURCE = "rml:logicalSource <#a> ;"
TAIL = """
<#a> rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "a.csv" ] ;
    rml:referenceFormulation rml:CSV .
"""


def _parse(tmp_path: Path, body: str) -> Mapping:
    path = tmp_path / "m.ttl"
    path.write_text(HEAD + dedent(body) + TAIL, encoding="utf-8")
    return parse_mapping(path)


def _objects(tmp_path: Path, object_map: str) -> tuple[TermMap | RefObjectMap, ...]:
    body = f"<#m> {SOURCE} rml:subject em:x ; rml:predicateObjectMap [ rml:predicate em:p ; {object_map} ] ."
    return _parse(tmp_path, body).triples_maps[0].predicate_objects[0].objects


def test_a_document_becomes_triples_maps_in_file_order_with_their_places(tmp_path: Path) -> None:
    body = f"""\
    <#school> a rml:TriplesMap ;
      {SOURCE}
      rml:subjectMap [ rml:template "http://e/{{代码}}" ; rml:class em:School ; rml:graph em:g ] ;
      rml:predicateObjectMap
        [ rml:predicate rdfs:label ; rml:objectMap [ rml:reference "名称" ; rml:language "zh" ] ] .
    <#body> {SOURCE} rml:baseIRI <http://base/> ; rml:subjectMap [ rml:template "{{k}}" ] .
    """
    school, body_map = _parse(tmp_path, body).triples_maps
    assert school.iri == "https://w3id.org/emkg/mapping/m#school"
    assert school.subject.expression == Template(("http://e/", Reference("代码")))
    assert school.classes == (EM + "School",)
    assert [graph.expression for graph in school.graphs] == [Constant(IRI(EM + "g"))]
    (label,) = school.predicate_objects
    assert label.predicates[0].expression == Constant(IRI(RDFS_LABEL))
    (made,) = label.objects
    assert isinstance(made, TermMap)
    assert made.language == Constant(Literal("zh"))
    assert school.source.path == (tmp_path / "a.csv").resolve()
    assert body_map.base == "http://base/"
    places = [school.location, label.location, made.location, body_map.location]
    assert [(place.line, place.column) for place in places] == [(6, 1), (10, 5), (10, 48), (11, 1)]


@pytest.mark.parametrize(
    ("object_map", "expression", "term_type"),
    [
        ('rml:objectMap [ rml:reference "a" ]', Reference("a"), TermType.LITERAL),
        ('rml:objectMap [ rml:reference "a" ; rml:termType rml:IRI ]', Reference("a"), TermType.IRI),
        (
            'rml:objectMap [ rml:template "http://e/{a}" ]',
            Template(("http://e/", Reference("a"))),
            TermType.IRI,
        ),
        (
            'rml:objectMap [ rml:template "{a} km" ; rml:termType rml:Literal ]',
            Template((Reference("a"), " km")),
            TermType.LITERAL,
        ),
        (
            'rml:objectMap [ rml:template "u{a}" ; rml:termType rml:URI ]',
            Template(("u", Reference("a"))),
            TermType.URI,
        ),
        (
            'rml:objectMap [ rml:template "u{a}" ; rml:termType rml:UnsafeURI ]',
            Template(("u", Reference("a"))),
            TermType.UNSAFE_IRI,
        ),
        (
            'rml:objectMap [ rml:template "b{a}" ; rml:termType rml:BlankNode ]',
            Template(("b", Reference("a"))),
            TermType.BLANK_NODE,
        ),
        (
            r'rml:objectMap [ rml:template "\\{x\\}{a\\{b\\}}\\\\" ]',
            Template(("{x}", Reference("a{b}"), "\\")),
            TermType.IRI,
        ),
        ("rml:objectMap [ rml:constant em:School ]", Constant(IRI(EM + "School")), TermType.IRI),
        ("rml:object em:School", Constant(IRI(EM + "School")), TermType.IRI),
        ('rml:object "霾"@zh', Constant(Literal("霾", RDF_LANG_STRING, "zh")), TermType.LITERAL),
        ("rml:object 007", Constant(Literal("007", XSD + "integer")), TermType.LITERAL),
    ],
)
def test_the_term_type_follows_from_the_expression(
    tmp_path: Path, object_map: str, expression: object, term_type: TermType
) -> None:
    (made,) = _objects(tmp_path, object_map)
    assert isinstance(made, TermMap)
    assert (made.expression, made.term_type) == (expression, term_type)


def test_a_blank_node_without_an_expression_is_new_for_each_row(tmp_path: Path) -> None:
    (made,) = _objects(tmp_path, "rml:objectMap [ rml:termType rml:BlankNode ]")
    assert isinstance(made, TermMap)
    assert isinstance(made.expression, RowKey)
    assert made.term_type is TermType.BLANK_NODE


def test_datatypes_are_fixed_or_made_of_the_row(tmp_path: Path) -> None:
    for text in ("rml:datatype xsd:date", "rml:datatypeMap [ rml:constant xsd:date ]"):
        (fixed,) = _objects(tmp_path, f'rml:objectMap [ rml:reference "d" ; {text} ]')
        assert isinstance(fixed, TermMap)
        assert (fixed.datatype, fixed.term_type) == (XSD + "date", TermType.LITERAL)
    (made,) = _objects(
        tmp_path, 'rml:objectMap [ rml:template "{d}" ; rml:datatypeMap [ rml:template "http://e/{t}" ] ]'
    )
    assert isinstance(made, TermMap)
    assert made.datatype_map is not None
    assert made.datatype_map.expression == Template(("http://e/", Reference("t")))
    assert made.term_type is TermType.LITERAL


def test_a_language_can_come_from_the_row(tmp_path: Path) -> None:
    (made,) = _objects(
        tmp_path, 'rml:objectMap [ rml:reference "d" ; rml:languageMap [ rml:reference "l" ] ]'
    )
    assert isinstance(made, TermMap)
    assert made.language == Reference("l")


def test_joins_take_references_or_expressions(tmp_path: Path) -> None:
    made = _objects(
        tmp_path,
        'rml:objectMap [ rml:parentTriplesMap <#m> ; rml:joinCondition [ rml:child "a" ; rml:parent "b" ] ,'
        ' [ rml:childMap [ rml:constant "1" ] ; rml:parentMap [ rml:template "{c}" ] ] ] ,'
        " [ rml:parentTriplesMap <#m> ]",
    )
    joined, by_row = made
    assert isinstance(joined, RefObjectMap)
    assert joined.parent_triples_map == "https://w3id.org/emkg/mapping/m#m"
    assert joined.joins == (
        JoinCondition(Reference("a"), Reference("b")),
        JoinCondition(Constant(Literal("1")), Template((Reference("c"),))),
    )
    assert isinstance(by_row, RefObjectMap)
    assert by_row.joins == ()


def test_functions_nest(tmp_path: Path) -> None:
    (made,) = _objects(
        tmp_path,
        """rml:objectMap [ rml:termType rml:IRI ; rml:functionExecution [ rml:function emf:translate ;
          rml:input [ rml:parameter emf:value ; rml:inputValueMap [ rml:functionExecution [
              rml:functionMap [ rml:constant emf:trim ] ;
              rml:input [ rml:parameterMap [ rml:constant emf:value ] ; rml:inputValueMap [ rml:reference "c" ] ] ] ] ] ,
            [ rml:parameter emf:crosswalk ; rml:inputValue "x.tsv" ] ] ]""",
    )
    assert isinstance(made, TermMap)
    assert made.term_type is TermType.IRI
    call = made.expression
    assert isinstance(call, FunctionCall)
    (_, inner), (name, crosswalk) = call.arguments
    assert isinstance(inner, FunctionCall)
    assert (inner.function, inner.arguments) == (FUNCTION + "trim", ((FUNCTION + "value", Reference("c")),))
    assert (name, crosswalk) == (
        FUNCTION + "crosswalk",
        Constant(Literal(str((tmp_path / "x.tsv").resolve()))),
    )


@pytest.mark.parametrize(
    ("object_map", "message"),
    [
        ('rml:objectMap [ rml:refrence "a" ]', "did you mean 'rml:reference'"),
        ('rml:objectMap [ rml:reference "a" ; rml:template "b" ]', "rml:reference and rml:template"),
        ("rml:objectMap [ rml:reference em:a ]", "must be a literal"),
        ("rml:objectMap [ rml:constant 1 ; rml:termType rml:IRI ]", "is no IRI"),
        ("rml:objectMap [ rml:constant em:a ; rml:termType rml:BlankNode ]", "is no BlankNode"),
        ('rml:objectMap [ rml:reference "a" ; rml:termType rml:Irri ]', "is no term type"),
        ('rml:objectMap [ rml:reference "a" ; rml:language "english" ]', "no language tag"),
        ('rml:objectMap [ rml:reference "a" ; rml:language "zh" ; rml:datatype xsd:date ]', "not both"),
        ('rml:objectMap [ rml:reference "a" ; rml:language "zh" ; rml:termType rml:IRI ]', "only literals"),
        ('rml:objectMap [ rml:reference "a" ; rml:language "zh", "en" ]', "stands 2 times"),
        (
            'rml:objectMap [ rml:reference "a" ; rml:language "zh" ; rml:languageMap [ rml:constant "en" ] ]',
            "keep one",
        ),
        (
            'rml:objectMap [ rml:reference "a" ; rml:datatype xsd:date ; rml:datatypeMap [ rml:constant em:x ] ]',
            "keep one",
        ),
        ('rml:objectMap [ rml:reference "a" ; rml:datatype "date" ]', "must be an IRI"),
        ('rml:objectMap [ rml:template "a{b" ]', "without its partner"),
        ('rml:objectMap [ rml:template "a}b" ]', "without its partner"),
        ('rml:objectMap [ rml:template "{{a}}" ]', "without its partner"),
        ('rml:objectMap [ rml:template "{}" ]', "empty reference"),
        (r'rml:objectMap [ rml:template "a\\b" ]', "backslash"),
        ("rml:objectMap [ rml:parentTriplesMap <#n> ]", "no triples map of this document; did you mean"),
        (
            "rml:objectMap [ rml:parentTriplesMap <#m> ; rml:joinCondition [ rml:child 'a' ] ]",
            "needs rml:parent",
        ),
        ("rml:objectMap [ rml:functionExecution [ ] ]", "rml:function or rml:functionMap"),
        (
            "rml:objectMap [ rml:functionExecution [ rml:function emf:x ; rml:input [ rml:parameter emf:a ] ] ]",
            "an input needs",
        ),
        (
            "rml:objectMap [ rml:functionExecution [ rml:functionMap [ rml:reference 'f' ] ] ]",
            "a constant IRI",
        ),
        ("rml:graph em:g", "has no rml:object"),
    ],
)
def test_a_fault_in_a_term_names_its_line(tmp_path: Path, object_map: str, message: str) -> None:
    with pytest.raises(MappingError) as caught:
        _objects(tmp_path, object_map)
    assert message in caught.value.message
    assert str(caught.value).startswith(f"{tmp_path / 'm.ttl'}:6:")


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        (f"<#m> {SOURCE} rml:baseIRI <http://e/> .", ":6:1", "no subject maps"),
        (f"<#m> {SOURCE} rml:subject em:a ; rml:subjectMap [ rml:template 'b' ] .", ":6:1", "2 subject maps"),
        (f"<#m> {SOURCE} rml:subjectMap [ rml:constant 'b' ] .", ":6:46", "cannot make a Literal"),
        ("<#m> rml:subject em:a ; a rml:TriplesMap .", ":6:1", "no rml:logicalSource"),
        ("em:a em:b em:c .", ":1:1", "no rml:TriplesMap"),
        ("<#m> <http://www.w3.org/ns/r2rml#logicalTable> [] .", ":6:1", "no subject maps"),
        ("<#m> rml:subject em:a", ":7:1", "not Turtle"),
    ],
)
def test_a_document_that_is_incomplete(tmp_path: Path, body: str, place: str, message: str) -> None:
    with pytest.raises(MappingError) as caught:
        _parse(tmp_path, body)
    assert message in caught.value.message
    assert str(caught.value).startswith(f"{tmp_path / 'm.ttl'}{place}: ")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.ttl").write_bytes("# 霾".encode("gbk"))
    for name, message in (("none.ttl", "cannot be read"), ("gbk.ttl", "not UTF-8")):
        with pytest.raises(MappingError, match=message):
            parse_mapping(tmp_path / name)

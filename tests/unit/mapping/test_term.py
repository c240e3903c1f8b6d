from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
from emkg.rdf import Literal

from .conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.mapping import Mapping

    from .conftest import Outcome

LABEL = f"_:b{zlib.crc32(b'test/set'):08x}"
RML = """@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:map a rml:TriplesMap ;
  rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "a.csv" ] ;
                      rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ SUBJECT ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ OBJECT ] ] .
"""


def _rml(
    execute: Callable[..., Outcome],
    table: str,
    object_map: str,
    subject: str = 'rml:template "http://example.org/{id}"',
) -> Outcome:
    return execute(RML.replace("SUBJECT", subject).replace("OBJECT", object_map), a_csv=table)


def test_template_values_are_encoded_and_chinese_stays_readable(from_csv: Callable[..., Outcome]) -> None:
    outcome = from_csv("id,n\n市 一/二%<😀>,1\n", "- [ex:n, $(n)]")

    assert {row["s"] for row in outcome.rows} == {"<http://example.org/item/市%20一%2F二%25%3C😀%3E>"}


def test_literals_are_escaped_as_the_rdf_package_escapes_them(from_csv: Callable[..., Outcome]) -> None:
    texts = ['a"b', "a\\b", "a\tb", "\x01\x7f", "line\nbreak", "平常"]
    table = "id,t\n" + "".join(
        f'{number},"{text.replace(chr(34), chr(34) * 2)}"\n' for number, text in enumerate(texts)
    )

    outcome = from_csv(table, "- [ex:t, $(t)]")

    assert outcome.objects("t") == {str(Literal(text)) for text in texts}


def test_a_relative_iri_is_resolved_and_an_impossible_one_quarantined(
    execute: Callable[..., Outcome],
) -> None:
    table = "id,x\n1,http://other.example/a\n2,rel/b\n3,with space\n4,a<b\n"

    outcome = _rml(execute, table, 'rml:reference "x" ; rml:termType rml:IRI')

    assert outcome.objects("p") == {"<http://other.example/a>", "<http://base.example/rel/b>"}
    assert outcome.faults() == {(4, "x", "with space", "bad-iri"), (5, "x", "a<b", "bad-iri")}


def test_an_unsafe_iri_keeps_slashes_and_a_uri_is_ascii(execute: Callable[..., Outcome]) -> None:
    template = 'rml:template "http://example.org/{x}" ; rml:termType'

    unsafe = _rml(execute, "id,x\n1,a/市\n", f"{template} rml:UnsafeIRI")
    uri = _rml(execute, "id,x\n1,a/市\n", f"{template} rml:URI")

    assert unsafe.objects("p") == {"<http://example.org/a/市>"}
    assert uri.objects("p") == {"<http://example.org/a%2F%E5%B8%82>"}


def test_a_template_that_can_never_be_an_iri_is_the_mappings_fault(execute: Callable[..., Outcome]) -> None:
    with pytest.raises(MappingError, match="makes no IRI"):
        _rml(execute, "id,x\n1,a\n", 'rml:template "http://example.org/a b/{x}"')


def test_blank_nodes_are_one_per_value_and_the_datasets_own(parse: Callable[..., Mapping]) -> None:
    text = RML.replace("SUBJECT", 'rml:template "{id}" ; rml:termType rml:BlankNode').replace(
        "OBJECT", 'rml:reference "x"'
    )
    mapping = parse(text, a_csv="id,x\na-b_c 市,1\na-b_c 市,2\n")

    subjects = {row["s"] for row in run(mapping).rows}
    elsewhere = {row["s"] for row in run(mapping, dataset="other/set").rows}

    assert subjects == {LABEL + "a_2Db_5Fc_20市"}
    assert subjects.isdisjoint(elsewhere)


def test_a_blank_node_map_without_an_expression_makes_one_node_per_row(
    execute: Callable[..., Outcome],
) -> None:
    outcome = _rml(execute, "id,x\n1,a\n1,a\n", 'rml:reference "x"', subject="rml:termType rml:BlankNode")

    assert len({row["s"] for row in outcome.rows}) == 2


def test_languages_come_from_the_row_and_are_checked(execute: Callable[..., Outcome]) -> None:
    language = 'rml:reference "x" ; rml:languageMap [ rml:reference "l" ]'

    outcome = _rml(execute, "id,x,l\n1,你好,zh-Hans\n2,hello,not a tag\n3,hi,\n", language)

    assert outcome.objects("p") == {'"你好"@zh-Hans'}
    assert outcome.faults() == {(3, "l", "not a tag", "bad-language-tag")}


def test_datatypes_come_from_the_row_and_are_checked(execute: Callable[..., Outcome]) -> None:
    datatype = 'rml:reference "x" ; rml:datatypeMap [ rml:template "http://www.w3.org/2001/XMLSchema#{d}" ]'

    outcome = _rml(execute, "id,x,d\n1,5,integer\n2,5,string\n3,x,byte\n", datatype)

    assert outcome.objects("p") == {'"5"^^<http://www.w3.org/2001/XMLSchema#integer>', '"5"'}
    assert outcome.faults() == {(4, "x", "x", "bad-lexical-form")}


def test_graphs_are_constants_or_made_of_the_row(execute: Callable[..., Outcome]) -> None:
    subject = 'rml:template "http://example.org/{id}" ; rml:graphMap [ rml:template "http://example.org/graph/{g}" ]'
    default = 'rml:template "http://example.org/{id}" ; rml:graph rml:defaultGraph'

    named = _rml(execute, "id,x,g\n1,a,甲\n2,b,\n", 'rml:reference "x"', subject=subject)
    unnamed = _rml(execute, "id,x,g\n1,a,甲\n", 'rml:reference "x"', subject=default)

    assert [(row["o"], row["g"]) for row in named.rows] == [('"a"', "<http://example.org/graph/甲>")]
    assert [(row["o"], row["g"]) for row in unnamed.rows] == [('"a"', None)]


def test_predicates_may_be_made_of_the_row(execute: Callable[..., Outcome]) -> None:
    text = RML.replace("SUBJECT", 'rml:template "http://example.org/{id}"').replace(
        "OBJECT", 'rml:reference "x"'
    )
    text = text.replace("rml:predicate ex:p", 'rml:predicateMap [ rml:template "http://example.org/{q}" ]')

    outcome = execute(text, a_csv="id,x,q\n1,a,first\n1,a,second\n")

    assert {row["p"] for row in outcome.rows} == {"<http://example.org/first>", "<http://example.org/second>"}


def test_an_array_gives_every_value_with_every_other(execute: Callable[..., Outcome]) -> None:
    mapping = """mappings:
  item:
    sources: [[a.json~jsonpath, "$[*]"]]
    s: ex:item/$(id)
    po:
      - [ex:tag, "$(tags[*])"]
      - [ex:both, "ex:$(tags[*])/$(kinds[*])~iri"]
      - [ex:count, "$(counts[*])", xsd:byte]
      - [ex:natural, "$(mixed[*])"]
"""
    items = '[{"id": 1, "tags": ["a", "b"], "kinds": ["x", "y"], "counts": [1, 300], "mixed": [1.5, true, "t"]}, {"id": 2}]'

    outcome = execute(mapping, a_json=items)

    assert outcome.objects("tag") == {'"a"', '"b"'}
    assert outcome.objects("both") == {f"<http://example.org/{tag}/{kind}>" for tag in "ab" for kind in "xy"}
    assert outcome.objects("count") == {'"1"^^<http://www.w3.org/2001/XMLSchema#byte>'}
    assert outcome.faults() == {(1, "counts[*]", "300", "bad-lexical-form")}
    assert outcome.objects("natural") == {
        '"1.5E0"^^<http://www.w3.org/2001/XMLSchema#double>',
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        '"t"',
    }


def test_natural_datatypes_are_canonical_and_integers_exact(execute: Callable[..., Outcome]) -> None:
    mapping = """mappings:
  item:
    sources: [[a.json~jsonpath, "$[*]"]]
    s: ex:item/$(id)
    po: [[ex:value, $(v)]]
"""
    values = ["9007199254740993", "100.0", "-0.00015", "0.0", "1e300", "false"]
    items = ", ".join(f'{{"id": {number}, "v": {value}}}' for number, value in enumerate(values))

    outcome = execute(mapping, a_json=f"[{items}]")

    xsd = "http://www.w3.org/2001/XMLSchema#"
    doubles = ("1.0E2", "-1.5E-4", "0.0E0", "1.0E300")
    assert outcome.objects("value") == {
        f'"9007199254740993"^^<{xsd}integer>',
        f'"false"^^<{xsd}boolean>',
        *(f'"{double}"^^<{xsd}double>' for double in doubles),
    }

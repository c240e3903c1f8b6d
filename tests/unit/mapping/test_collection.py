"""Lists and containers: what the official cases leave open, errors, and the way back to the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
from emkg.mapping import locate, run_mapping
from emkg.rdf import IRI, Literal, Triple, parse_term

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.mapping import Mapping

    from .conftest import Outcome

RML = """@prefix rml: <http://w3id.org/rml/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix ex: <http://example.org/> .
<#m> rml:logicalSource [ rml:source "a.csv" ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "http://example.org/e/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ OBJECT ] ] .
"""
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ROWS = "id,group,x,y\n1,a,1,one\n2,b,2,two\n3,a,3,\n"
BY_GROUP = 'rml:template "http://example.org/g/{group}" ; rml:gather ( [ rml:reference "x" ] [ rml:reference "y" ] ) ; rml:gatherAs rdf:KIND'


def _lists(outcome: Outcome) -> dict[str, list[str]]:
    """Head -> members, by following rdf:rest."""
    first = {row["s"]: row["o"] for row in outcome.rows if row["p"] == f"<{RDF}first>"}
    rest = {row["s"]: row["o"] for row in outcome.rows if row["p"] == f"<{RDF}rest>"}
    found = {}
    for head in first.keys() - set(rest.values()):
        node, members = head, []
        while node != f"<{RDF}nil>":
            members.append(str(first[node]))
            node = rest[node]
        found[str(head)] = members
    return found


def test_rows_of_one_name_share_a_list_in_the_order_of_rows(execute: Callable[..., Outcome]) -> None:
    outcome = execute(RML.replace("OBJECT", BY_GROUP.replace("KIND", "List")), a_csv=ROWS)

    assert _lists(outcome) == {
        "<http://example.org/g/a>": ['"1"', '"one"', '"3"'],
        "<http://example.org/g/b>": ['"2"', '"two"'],
    }
    assert outcome.objects("p") == {"<http://example.org/g/a>", "<http://example.org/g/b>"}
    assert outcome.report.triples_maps[0].statements == 3 + 5 + 5


def test_members_of_a_container_are_numbered_across_rows(execute: Callable[..., Outcome]) -> None:
    outcome = execute(RML.replace("OBJECT", BY_GROUP.replace("KIND", "Seq")), a_csv=ROWS)

    members = {row["p"]: row["o"] for row in outcome.rows if row["s"] == "<http://example.org/g/a>"}
    assert members == {
        f"<{RDF}type>": f"<{RDF}Seq>",
        f"<{RDF}_1>": '"1"',
        f"<{RDF}_2>": '"one"',
        f"<{RDF}_3>": '"3"',
    }


def test_lists_without_a_name_are_each_rows_own(execute: Callable[..., Outcome]) -> None:
    gather = 'rml:gather ( [ rml:reference "group" ] [ rml:reference "y" ] ) ; rml:gatherAs rdf:List'

    outcome = execute(RML.replace("OBJECT", gather), a_csv=ROWS)

    assert sorted(_lists(outcome).values()) == [['"a"'], ['"a"', '"one"'], ['"b"', '"two"']]


def test_every_combination_is_a_list_of_its_own(execute: Callable[..., Outcome]) -> None:
    split = """rml:functionExecution [ rml:function <https://w3id.org/emkg/function#split> ;
        rml:input [ rml:parameter <https://w3id.org/emkg/function#value> ; rml:inputValueMap [ rml:reference "COLUMN" ] ] ]"""
    gather = f"rml:gather ( [ {split} ] [ {split.replace('COLUMN', 'y')} ] ) ; rml:gatherAs rdf:List ; rml:strategy rml:cartesianProduct"

    outcome = execute(RML.replace("OBJECT", gather.replace("COLUMN", "x")), a_csv="id,x,y\n1,a;b,c;d\n2,e,\n")

    assert sorted(_lists(outcome).values()) == [
        ['"a"', '"c"'],
        ['"a"', '"d"'],
        ['"b"', '"c"'],
        ['"b"', '"d"'],
    ]
    assert len(outcome.objects("p")) == 4


def test_a_member_that_fits_no_term_is_quarantined_and_the_others_stay(
    execute: Callable[..., Outcome],
) -> None:
    gather = 'rml:gather ( [ rml:reference "x" ; rml:datatype <http://www.w3.org/2001/XMLSchema#integer> ] [ rml:reference "y" ] ) ; rml:gatherAs rdf:List'

    outcome = execute(RML.replace("OBJECT", gather), a_csv="id,x,y\n1,many,one\n")

    assert list(_lists(outcome).values()) == [['"one"']]
    assert outcome.faults() == {(2, "x", "many", "bad-lexical-form")}


@pytest.mark.parametrize(
    ("gather", "message"),
    [
        ('rml:gather ( [ rml:reference "x" ] )', "needs rml:gather and rml:gatherAs"),
        ("rml:gatherAs rdf:List", "needs rml:gather and rml:gatherAs|one of rml:constant"),
        ('rml:gather ( [ rml:reference "x" ] ) ; rml:gatherAs rdf:Lisst', "Lisst' is no collection or container; did you mean"),
        ('rml:gather [ rml:reference "x" ] ; rml:gatherAs rdf:List', r"must be a list \( … \)"),
        ("rml:gather () ; rml:gatherAs rdf:List", "is an empty list"),
        ('rml:gather ( [ rml:reference "x" ] ) ; rml:gatherAs rdf:List ; rml:strategy rml:zip', "is no strategy"),
        ('rml:reference "x" ; rml:termType rml:Literal ; rml:gather ( [ rml:reference "x" ] ) ; rml:gatherAs rdf:List', "an IRI or a blank node"),
        ('rml:gather ( [ rml:parentTriplesMap <#m> ; rml:joinCondition [ rml:child "x" ; rml:parent "x" ] ] ) ; rml:gatherAs rdf:List', "has no join condition"),
    ],
)  # fmt: skip
def test_a_faulty_gather_map_is_refused_at_its_line(
    execute: Callable[..., Outcome], gather: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message) as raised:
        execute(RML.replace("OBJECT", gather), a_csv=ROWS)

    assert raised.value.location is not None
    assert raised.value.location.line == 6


def test_a_name_that_may_be_several_is_refused_at_its_line(execute: Callable[..., Outcome]) -> None:
    json_source = 'rml:source "a.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]"'
    text = RML.replace('rml:source "a.csv" ; rml:referenceFormulation rml:CSV', json_source)
    gather = (
        'rml:template "http://e/{n[*]}" ; rml:gather ( [ rml:reference "n[*]" ] ) ; rml:gatherAs rdf:List'
    )

    with pytest.raises(MappingError, match="must be one for each row") as raised:
        execute(text.replace("OBJECT", gather), a_json='[{"id": 1, "n": [1, 2]}]')

    assert raised.value.location is not None


def test_a_member_leads_to_its_cell(parse: Callable[..., Mapping]) -> None:
    mapping = parse(RML.replace("OBJECT", BY_GROUP.replace("KIND", "Seq")), a_csv=ROWS)
    statement = Triple(IRI("http://example.org/g/a"), IRI(RDF + "_3"), Literal("3"))

    cells = locate([statement], [mapping], base="http://base.example/", dataset="test/set")[statement]

    assert {(cell.row, cell.column, cell.value) for cell in cells} >= {(4, "x", "3"), (4, "group", "a")}


def test_a_node_of_a_list_leads_to_its_cell(parse: Callable[..., Mapping]) -> None:
    mapping = parse(RML.replace("OBJECT", BY_GROUP.replace("KIND", "List")), a_csv=ROWS)
    with run_mapping(mapping, dataset="test/set", base="http://base.example/") as run:
        [row] = [one for one in run.statements().read_all().to_pylist() if one["o"] == '"two"']
    subject, predicate, value = (parse_term(row[name]) for name in "spo")
    assert not isinstance(subject, Literal)
    assert isinstance(predicate, IRI)
    statement = Triple(subject, predicate, value)

    cells = locate([statement], [mapping], base="http://base.example/", dataset="test/set")[statement]

    assert {(cell.row, cell.column, cell.value) for cell in cells} >= {(3, "y", "two")}

"""Logical views: what the official cases leave open: other formats, faults, blank nodes, indexes of joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Outcome

    Execute = Callable[..., Outcome]

HEAD = """@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <http://example.org/> .
@prefix ems: <https://w3id.org/emkg/source#> .
"""
MAP = """<#m> rml:logicalSource <#view> ; rml:subjectMap [ rml:template "http://example.org/SUBJECT" ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ OBJECT ] ] .
"""
CSV = '<#source> rml:source "a.csv" ; rml:referenceFormulation rml:CSV .\n'


def _mapping(source: str, view: str, subject: str, value: str = 'rml:reference "value"') -> str:
    head = f"{HEAD}{source}<#view> rml:viewOn <#source> ; {view} .\n"
    return head + MAP.replace("SUBJECT", subject).replace("OBJECT", value)


def _field(name: str, reference: str, rest: str = "") -> str:
    return f'rml:field [ rml:fieldName "{name}" ; rml:reference "{reference}" {rest} ]'


def _pairs(outcome: Outcome) -> set[tuple[str, str]]:
    return {
        (str(row["s"]).removeprefix("<http://example.org/").rstrip(">"), str(row["o"]))
        for row in outcome.rows
    }


def test_elements_within_elements(execute: Execute) -> None:
    source = '<#source> rml:source "a.xml" ; rml:referenceFormulation rml:XPath ; rml:iterator "/city/district" .\n'
    view = (
        _field("name", "@name")
        + ' ; rml:field [ rml:fieldName "school" ; rml:iterator "school" ; '
        + _field("no", "@no")
        + " ; "
        + _field("pupils", "pupils")
        + " ]"
    )

    outcome = execute(
        _mapping(source, view, "{name}/{school.#}/{school.no}", 'rml:reference "school.pupils"'),
        a_xml='<city><district name="N"><school no="7"><pupils>300</pupils></school><school no="8"/></district>'
        '<district name="S"><school no="9"><pupils>12</pupils></school></district></city>',
    )

    assert _pairs(outcome) == {("N/0/7", '"300"'), ("S/0/9", '"12"')}


def test_lines_of_json_with_natural_datatypes(execute: Execute) -> None:
    source = '<#source> rml:source "a.jsonl" ; rml:referenceFormulation ems:JSONLines .\n'
    view = (
        _field("id", "$.id")
        + ' ; rml:field [ rml:fieldName "part" ; rml:iterator "$.parts[*]" ; '
        + _field("size", "$.size")
        + " ]"
    )

    outcome = execute(
        _mapping(source, view, "{id}/{part.#}", 'rml:reference "part.size"'),
        a_jsonl='{"id": "a", "parts": [{"size": 9007199254740993}, {"size": 1.5}]}\nno json\n{"id": "b", "parts": []}\n',
    )

    assert _pairs(outcome) == {
        ("a/0", '"9007199254740993"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("a/1", '"1.5E0"^^<http://www.w3.org/2001/XMLSchema#double>'),
    }
    assert {(record["row"], record["reason"]) for record in outcome.quarantine} == {(2, "bad-json")}


@pytest.mark.parametrize(
    ("formulation", "iterator", "reference", "text"),
    [
        ("JSONPath", "$[*]", "$.t", '[{"t": "x"}, {"t": "y"}]'),
        ("XPath", "/a/b", "@t", '<a><b t="x"/><b t="y"/></a>'),
        ("CSV", "", "t", "t,u\nx,1\ny,2"),
    ],
)
def test_a_table_whose_cells_hold_another_format(
    execute: Execute, formulation: str, iterator: str, reference: str, text: str
) -> None:
    inner = f'; rml:field [ a rml:IterableField ; rml:fieldName "item" ; rml:referenceFormulation rml:{formulation} ; '
    inner += (f'rml:iterator "{iterator}" ; ' if iterator else "") + _field("t", reference) + " ]"
    view = _field("id", "id") + " ; " + _field("cell", "cell", inner)
    quoted = text.replace('"', '""')

    outcome = execute(
        _mapping(
            CSV, view, "{#}/{id}", 'rml:template "{cell.item.#}:{cell.item.t}" ; rml:termType rml:Literal'
        ),
        a_csv=f'id,cell\n1,"{quoted}"\n2,\n',
    )

    assert _pairs(outcome) == {("0/1", '"0:x"'), ("0/1", '"1:y"')}


def test_a_cell_that_is_not_of_its_format_is_quarantined_and_its_row_stays(execute: Execute) -> None:
    inner = '; rml:field [ rml:fieldName "item" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$" ; '
    view = _field("id", "id") + " ; " + _field("cell", "cell", inner + _field("t", "$.t") + " ]")

    outcome = execute(_mapping(CSV, view, "{id}", 'rml:reference "cell"'), a_csv="id,cell\n1,{oops\n2,3\n")

    assert _pairs(outcome) == {("1", '"{oops"'), ("2", '"3"')}
    assert outcome.faults() == {(2, "cell", "{oops", "bad-text")}


@pytest.mark.parametrize(
    ("formulation", "text"),
    [
        ("CSV", 't,u\nx,"1\n'),
        ("CSV", ""),
        ("XPath", "<a><b></a>"),
        ("XPath", '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'),
    ],
)
def test_a_cell_of_another_format_that_is_damaged_is_quarantined(
    execute: Execute, formulation: str, text: str
) -> None:
    inner = f'; rml:field [ a rml:IterableField ; rml:fieldName "item" ; rml:referenceFormulation rml:{formulation} ; rml:iterator "/a" ; '
    view = _field("id", "id") + " ; " + _field("cell", "cell", inner + _field("t", "t") + " ]")
    cell = text.replace('"', '""')

    outcome = execute(_mapping(CSV, view, "{id}", 'rml:reference "id"'), a_csv=f'id,cell\n1,"{cell}"\n')

    assert outcome.objects("p") == {'"1"'}
    assert {record["reason"] for record in outcome.quarantine} == ({"bad-text"} if text else set())


def test_an_encoding_that_a_cell_declares_is_not_that_of_its_text(execute: Execute) -> None:
    inner = '; rml:field [ a rml:IterableField ; rml:fieldName "item" ; rml:referenceFormulation rml:XPath ; rml:iterator "/a" ; '
    view = _field("id", "id") + " ; " + _field("cell", "cell", inner + _field("t", "t") + " ]")
    cell = '<?xml version=""1.0"" encoding=""GBK""?><a><t>高桥</t></a>'

    outcome = execute(
        _mapping(CSV, view, "{id}", 'rml:reference "cell.item.t"'), a_csv=f'id,cell\n1,"{cell}"\n'
    )

    assert outcome.objects("p") == {'"高桥"'}


def test_a_row_of_a_cell_may_be_short_or_long(execute: Execute) -> None:
    inner = '; rml:field [ a rml:IterableField ; rml:fieldName "item" ; rml:referenceFormulation rml:CSV ; '
    view = _field("id", "id") + " ; " + _field("cell", "cell", inner + _field("u", "u") + " ]")

    outcome = execute(
        _mapping(CSV, view, "{cell.item.#}", 'rml:reference "cell.item.u"'),
        a_csv='id,cell\n1,"t,u\nx\ny,1\nz,2,3"\n',
    )

    assert _pairs(outcome) == {("1", '"1"'), ("2", '"2"')}


def test_a_field_may_be_called_iteration(execute: Execute) -> None:
    source = '<#source> rml:source "a.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .\n'

    outcome = execute(
        _mapping(source, _field("iteration", "$.n[*]"), "{iteration.#}", 'rml:reference "iteration"'),
        a_json='[{"n": ["x", "y"]}]',
    )

    assert _pairs(outcome) == {("0", '"x"'), ("1", '"y"')}


def test_values_of_siblings_go_with_each_other_and_a_missing_one_leaves_the_row(execute: Execute) -> None:
    source = '<#source> rml:source "a.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .\n'
    view = _field("id", "$.id") + " ; " + _field("a", "$.a[*]") + " ; " + _field("b", "$.b[*]")

    outcome = execute(
        _mapping(source, view, "{id}/{a}", 'rml:reference "b"'),
        a_json='[{"id": 1, "a": ["x", "y"], "b": ["u", "v"]}, {"id": 2, "a": ["z"]}]',
    )

    assert _pairs(outcome) == {("1/x", '"u"'), ("1/x", '"v"'), ("1/y", '"u"'), ("1/y", '"v"')}


def test_each_row_of_a_view_has_a_blank_node_of_its_own(execute: Execute) -> None:
    source = '<#source> rml:source "a.json" ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" .\n'

    outcome = execute(
        _mapping(source, _field("a", "$.a[*]"), "{#}", "rml:termType rml:BlankNode"),
        a_json='[{"a": ["x", "y"]}, {"a": ["z"]}]',
    )

    assert len(outcome.objects("p")) == 3


JOIN = (
    '<#people> rml:viewOn [ rml:source "b.csv" ; rml:referenceFormulation rml:CSV ] ; '
    + _field("team", "team")
    + " ; "
    + _field("who", "who")
    + " .\n"
)
JOINED = (
    _field("id", "id")
    + ' ; rml:KINDJoin [ rml:parentLogicalView <#people> ; rml:joinCondition [ rml:child "id" ; rml:parent "team" ] ; '
    + _field("member", "who")
    + " ]"
)
TEAMS = {"a_csv": "id\nred\nblue\n", "b_csv": "team,who\nred,Ann\nred,Bo\ngreen,Cy\n"}


def test_a_joined_field_counts_its_matches(execute: Execute) -> None:
    view = JOINED.replace("KIND", "inner")

    outcome = execute(_mapping(CSV + JOIN, view, "{#}/{id}/{member.#}", 'rml:reference "member"'), **TEAMS)

    assert _pairs(outcome) == {("0/red/0", '"Ann"'), ("0/red/1", '"Bo"')}


def test_a_left_join_keeps_the_row_without_a_match(execute: Execute) -> None:
    view = JOINED.replace("KIND", "left")

    outcome = execute(_mapping(CSV + JOIN, view, "{id}", 'rml:reference "id"'), **TEAMS)

    assert _pairs(outcome) == {("red", '"red"'), ("blue", '"blue"')}


@pytest.mark.parametrize(
    ("view", "error", "message"),
    [
        (_field("id", "id") + " ; " + _field("id", "id"), MappingError, "two fields are called 'id'"),
        ('rml:field [ rml:reference "id" ]', MappingError, "the field has no rml:fieldName"),
        (_field("id", "id") + " ; rml:viewOn <#view>", MappingError, "viewOn stands 2 times"),
        (_field("id", "id", '; rml:field [ rml:fieldName "x" ; rml:iterator "$" ]'), MappingError, "with a rml:referenceFormulation"),
        (_field("id", "id") + " ; rml:leftJoin [ rml:parentLogicalView <#source> ]", MappingError, "needs rml:parentLogicalView and rml:joinCondition"),
        (_field("id", "idd"), SourceError, "'idd'.*did you mean 'id'"),
        (_field("idd", "id"), SourceError, "no field of the view 'id'; did you mean 'idd'"),
    ],
)  # fmt: skip
def test_a_faulty_view_is_refused(
    execute: Execute, view: str, error: type[MappingError | SourceError], message: str
) -> None:
    with pytest.raises(error, match=message) as raised:
        execute(_mapping(CSV, view, "{id}", 'rml:reference "id"'), a_csv="id\n1\n")

    assert raised.value.location is not None


@pytest.mark.parametrize("is_nested", [False, True])
def test_a_record_whose_rows_are_beyond_measure_ends_the_run(execute: Execute, is_nested: bool) -> None:
    source = '<#source> rml:source "a.json" ; rml:referenceFormulation rml:JSONPath .\n'
    view = " ; ".join(_field(name, f"$.{name}[*]") for name in "abc")
    if is_nested:
        view = f'rml:field [ rml:fieldName "r" ; rml:iterator "$" ; {view} ]'
    numbers = ", ".join(str(number) for number in range(101))

    with pytest.raises(SourceError, match="more than 1,000,000 rows of the view"):
        execute(
            _mapping(source, view, "{r.a}" if is_nested else "{a}", 'rml:constant "b"'),
            a_json=f'{{"a": [{numbers}], "b": [{numbers}], "c": [{numbers}]}}',
        )

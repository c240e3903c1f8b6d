"""Documents of R2RML and of RML's earlier vocabulary are the same mappings as their pairs in RML."""

from __future__ import annotations

import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from emkg.errors import Location, MappingError
from emkg.mapping.parse import parse_mapping

HERE = Path(__file__).parent
RR = "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n"


def _without_places(value: object) -> object:
    """The model without lines and columns, which differ between the two documents."""
    if isinstance(value, Location):
        return None
    if isinstance(value, tuple):
        return tuple(map(_without_places, value))
    if is_dataclass(value):
        return type(value).__name__, [_without_places(getattr(value, each.name)) for each in fields(value)]
    return value


@pytest.mark.parametrize(("folder", "name"), [("r2rml", "r2rml.ttl"), ("legacy-rml", "legacy.ttl")])
def test_an_earlier_vocabulary_says_what_rml_says(tmp_path: Path, folder: str, name: str) -> None:
    parsed = []
    for document in (name, "rml.ttl"):
        shutil.copy(HERE / folder / document, tmp_path / "m.ttl")
        parsed.append(_without_places(parse_mapping(tmp_path / "m.ttl")))
    assert parsed[0] == parsed[1]


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        ("<#m> rr:logicalTable [ rr:tableName 't' ] .", ":2:1", "no subject maps"),
        (
            "<#m> rr:logicalTable [ rr:tableName 't' ] ;\n rr:subjectMap [ rr:colum 'a' ] .",
            ":3:16",
            "did you mean",
        ),
        (
            "<#m> rr:logicalTable [ rr:tableName 't' ; rr:sqlQuery 'q' ] ; rr:subject <#a> .",
            ":2:22",
            "stands 2 times",
        ),
        ("<#m> rr:logicalTable [] ; rr:subject <#a> .", ":2:22", "no rml:source"),
    ],
)
def test_a_fault_in_r2rml_is_named_where_it_stands(
    tmp_path: Path, body: str, place: str, message: str
) -> None:
    path = tmp_path / "m.ttl"
    path.write_text(RR + body, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        parse_mapping(path)
    assert str(caught.value).startswith(f"{path}{place}: ")
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("value", "place", "message"),
    [
        ("rr:predicateObjectMap [ rr:predicate grel:valueParameter ; rr:object 'a' ]", ":6:", "rml:function"),
        (
            "rr:predicateObjectMap [ rr:predicate fno:executes ; rr:object grel:toUpperCase ] ,\n [ rr:predicate grel:valueParameter ]",
            ":8:",
            "inputValue",
        ),
    ],
)
def test_a_fault_in_a_function_value_is_named_where_it_stands(
    tmp_path: Path, value: str, place: str, message: str
) -> None:
    path = tmp_path / "m.ttl"
    path.write_text(
        f"""{RR}@prefix rml: <http://semweb.mmlab.be/ns/rml#> . @prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix fnml: <http://semweb.mmlab.be/ns/fnml#> . @prefix fno: <https://w3id.org/function/ontology#> .
@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .
<#m> rml:logicalSource [ rml:source "a.csv" ; rml:referenceFormulation ql:CSV ] ; rr:subject <#a> ;
 rr:predicateObjectMap [ rr:predicate <#p> ; rr:objectMap [ fnml:functionValue [
 {value} ] ] ] .
""",
        encoding="utf-8",
    )
    with pytest.raises(MappingError) as caught:
        parse_mapping(path)
    assert place in str(caught.value)
    assert message in str(caught.value)

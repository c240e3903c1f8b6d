"""Conditions, outputs of functions, functions of other vocabularies and of installed packages."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError, SettingsError
from emkg.mapping.function.plugin import known_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Outcome

    Execute = Callable[..., Outcome]

ROWS = "id,kind,name,when\n1,A,Venus,2024-01-01\n2,B,Serena,soon\n3,,Loena,2024-01-03\n"
ONLY_A = '{function: emf:equal, parameters: [[emf:value, $(kind)], [emf:other, "A"]]}'
EXTERNAL = "prefixes:\n  grel: http://users.ugent.be/~bjdmeest/function/grel.ttl#\n  fn: https://w3id.org/imec/idlab/function#\n"
RML = """@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix emf: <https://w3id.org/emkg/function#> .
<#m> rml:logicalSource [ rml:source "a.csv" ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "http://example.org/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ OBJECT ] ] .
"""
CONDITION = """rml:condition [ rml:functionExecution [ rml:function emf:equal ;
  rml:input [ rml:parameter emf:value ; rml:inputValueMap [ rml:reference "kind" ] ] , [ rml:parameter emf:other ; rml:inputValue "A" ] ] ;
  rml:return emf:result ]"""


def _mapping(body: str) -> str:
    return "mappings:\n  m:\n    sources: [[a.csv~csv]]\n    s: http://example.org/$(id)\n" + body


def test_a_mapping_on_a_condition_says_nothing_of_other_rows(execute: Execute) -> None:
    outcome = execute(
        _mapping(f"    condition: {ONLY_A}\n    po:\n      - [a, ex:Thing]\n      - [ex:name, $(name)]\n"),
        a_csv=ROWS,
    )

    assert outcome.statements == {
        "<http://example.org/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Thing>",
        '<http://example.org/1> <http://example.org/name> "Venus"',
    }
    assert outcome.quarantine == []


def test_a_statement_on_a_condition_leaves_the_others(execute: Execute) -> None:
    outcome = execute(
        _mapping(
            f"    po:\n      - [ex:name, $(name)]\n      - {{p: a, o: ex:A, condition: {ONLY_A}}}\n"
            f"      - {{p: ex:p, o: [$(kind), fixed], condition: {ONLY_A}}}\n"
        ),
        a_csv=ROWS,
    )

    assert outcome.objects("name") == {'"Venus"', '"Serena"', '"Loena"'}
    assert outcome.objects("p") == {'"A"', '"fixed"'}
    assert sum("22-rdf-syntax-ns#type" in text for text in outcome.statements) == 1


def test_what_a_condition_leaves_out_is_not_at_fault(execute: Execute) -> None:
    object_map = f'rml:reference "when" ; rml:datatype xsd:date ; {CONDITION}'

    outcome = execute(RML.replace("OBJECT", object_map), a_csv=ROWS)

    assert outcome.objects("p") == {'"2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'}
    assert outcome.quarantine == []


@pytest.mark.parametrize(
    ("constant", "expected"),
    [
        ("5", '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ('"五"@zh', '"五"@zh'),
        ('"text"', '"text"'),
        ("ex:thing", "<http://example.org/thing>"),
    ],
)
def test_a_constant_on_a_condition_stays_what_it_is(execute: Execute, constant: str, expected: str) -> None:
    outcome = execute(RML.replace("OBJECT", f"rml:constant {constant} ; {CONDITION}"), a_csv=ROWS)

    assert [(row["s"], row["o"]) for row in outcome.rows] == [("<http://example.org/1>", expected)]


def test_a_joined_statement_on_a_condition(execute: Execute) -> None:
    join = "{mapping: m, condition: {function: equal, parameters: [[str1, $(id), s], [str2, $(id), o]]}}"

    outcome = execute(
        _mapping(f"    po:\n      - p: ex:p\n        o: {join}\n        condition: {ONLY_A}\n"), a_csv=ROWS
    )

    assert outcome.objects("p") == {"<http://example.org/1>"}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("{function: emf:not, parameters: [[emf:truth, {function: emf:isPresent, parameters: [[emf:value, $(kind)]]}]]}", {"3"}),
        ("{function: emf:isMissing, parameters: [[emf:value, $(kind)]]}", {"3"}),
        ("{function: emf:notEqual, parameters: [[emf:value, $(kind)], [emf:other, A]]}", {"2"}),
        ("{function: emf:matches, parameters: [[emf:value, $(name)], [emf:pattern, '.*(nu|er).*']]}", {"1", "2"}),
        (f"{{function: emf:or, parameters: [[emf:truth, {ONLY_A}], [emf:other, {{function: emf:isMissing, parameters: [[emf:value, $(kind)]]}}]]}}", {"1", "3"}),
        (f"{{function: emf:and, parameters: [[emf:truth, {ONLY_A}], [emf:other, {{function: emf:matches, parameters: [[emf:value, $(name)], [emf:pattern, 'S.*']]}}]]}}", set()),
    ],
)  # fmt: skip
def test_the_functions_of_conditions(execute: Execute, call: str, expected: set[str]) -> None:
    outcome = execute(_mapping(f"    condition: {call}\n    po:\n      - [ex:id, $(id)]\n"), a_csv=ROWS)

    assert outcome.objects("id") == {f'"{one}"' for one in expected}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("grel:toLowerCase, parameters: [[grel:valueParameter, $(name)]]", '"venus"'),
        ("grel:string_trim, parameters: [[grel:valueParam, ' x ']]", '"x"'),
        ("grel:string_length, parameters: [[grel:valueParam, $(name)]]", '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("grel:string_replace, parameters: [[grel:valueParameter, $(name)], [grel:p_string_find, n], [grel:p_string_replace, N]]", '"VeNus"'),
        ("grel:string_substring, parameters: [[grel:valueParameter, $(name)], [grel:param_int_i_from, 1], [grel:param_int_i_opt_to, 3]]", '"en"'),
        ("grel:string_substring, parameters: [[grel:valueParameter, $(name)], [grel:p_int_i_from, -2]]", '"us"'),
        ("grel:string_substring, parameters: [[grel:valueParameter, $(name)], [grel:p_int_i_from, -99], [grel:p_int_i_opt_to, -1]]", '"Venu"'),
        ("fn:isNull, parameters: [[fn:str, $(name)]]", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("grel:boolean_not, parameters: [[grel:bool_b, {function: fn:notEqual, parameters: [[grel:valueParameter, a], [grel:valueParameter2, b]]}]]", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    ],
)  # fmt: skip
def test_a_function_of_another_vocabulary(execute: Execute, call: str, expected: str) -> None:
    text = _mapping(f"    po:\n      - [ex:p, {{function: {call}}}]\n")
    declared = EXTERNAL.removeprefix("prefixes:\n") + text

    assert execute(declared, a_csv="id,name\n1,Venus\n").objects("p") == {expected}


def test_an_output_that_a_function_does_not_have(execute: Execute) -> None:
    call = 'rml:functionExecution [ rml:function emf:upper ; rml:input [ rml:parameter emf:value ; rml:inputValue "a" ] ] ; rml:return emf:resullt'

    with pytest.raises(
        MappingError, match="'emf:resullt' is no output of emf:upper; did you mean 'emf:result'"
    ):
        execute(RML.replace("OBJECT", call), a_csv=ROWS)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put a module on the path whose entry point `FUNCTIONS` gives mapping functions."""
    known_functions.cache_clear()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    def write(module: str) -> None:
        metadata = tmp_path / "site" / "city_functions-1.0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: city-functions\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text("[emkg.functions]\ncity = city_functions:FUNCTIONS\n")
        (tmp_path / "site" / "city_functions.py").write_text(module)

    yield write
    sys.modules.pop("city_functions", None)
    known_functions.cache_clear()


PLUGIN = """
from emkg.mapping import Body, Function, Parameter
FUNCTIONS = [Function("reverse", (Parameter("value", "the text", "文本"),), "Backwards.", "倒序。",
                      lambda constants: Body(lambda value: value.reverse()), namespace="http://city.example/fn#")]
"""


def test_a_package_brings_a_function_of_its_own(execute: Execute, install: Callable[[str], None]) -> None:
    install(PLUGIN)
    call = "{function: 'http://city.example/fn#reverse', parameters: [[emf:value, $(name)]]}"

    outcome = execute(_mapping(f"    po:\n      - [ex:p, {call}]\n"), a_csv="id,name\n1,abc\n")

    assert outcome.objects("p") == {'"cba"'}


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (PLUGIN.replace("http://city.example/fn#", "https://w3id.org/emkg/function#").replace("reverse", "trim"), "is a function already"),
        ("FUNCTIONS = 5", "neither an emkg.mapping.Function nor a sequence"),
        ("1 / 0", "cannot be loaded: division by zero"),
    ],
)  # fmt: skip
def test_a_package_whose_functions_cannot_be_used(
    execute: Execute, install: Callable[[str], None], module: str, message: str
) -> None:
    install(module)

    with pytest.raises(SettingsError, match=message) as raised:
        execute(
            _mapping("    po:\n      - [ex:p, {function: emf:trim, parameters: [[emf:value, x]]}]\n"),
            a_csv=ROWS,
        )

    assert "entry point city" in str(raised.value)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
from emkg.mapping.parse import parse_mapping

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = "sources: {s: [a.csv~csv]}\n"
JOIN = "m: {source: s, s: 'code:$(k)', po: [{p: em:p, o: {mapping: m, condition: %s}}]}"


def _po(statement: str) -> str:
    return f"m: {{source: s, s: 'code:$(k)', po: [{statement}]}}"


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("m: {source: t, s: 'code:$(k)'}", "'t' is no source of this document; known: s"),
        ("m: {source: s}", "'m' has no subjects"),
        ("m: {s: 'code:$(k)'}", "'m' has no sources"),
        ("m: {source: [], s: 'code:$(k)'}", "sources are empty"),
        ("m: {source: s, s: }", "the subject is empty"),
        ("m: {source: s, s: 'code:$(k)', subjct: x}", "did you mean 'subject'"),
        ("m: {source: s, s: x, subject: y}", "'subjects' twice"),
        ("m: {source: s, s: x, s: y}", "'s' stands twice"),
        ("m: {source: s, s: {value: x, type: literal}}", "a subject cannot be a literal"),
        ("m: {source: s, s: school/1}", "relative IRI"),
        ("m: {source: s, s: 'http://e/a b'}", "no IRI: it holds ' '"),
        ("m: {source: s, s: ''}", "an IRI is empty"),
        ("m: [source]", "must be a map"),
        (_po("[em:p]"), "a predicate-object is"),
        (_po("a"), "a predicate-object is"),
        (_po("[emm:p, x]"), "prefix 'emm' is not declared; did you mean 'em'"),
        (_po("{p: em:p}"), "needs objects"),
        (_po("{p: em:p, o: }"), "no object"),
        (_po("{p: , o: x}"), "no predicate"),
        (_po("{p: {value: x, type: blank}, o: x}"), "a predicate must be an IRI"),
        (_po("[em:p, '$(a']"), "not closed"),
        (_po("[em:p, '$()']"), "empty reference"),
        (_po("[em:p, x, english~lang]"), "no language tag"),
        (_po("[em:p, x, iri]"), "write ~iri behind the object"),
        (_po("[em:p, x~iri, xsd:date]"), "neither datatype nor language"),
        (_po("{p: em:p, o: [[a, b, c]]}"), "an object in list form"),
        (_po("{p: em:p, o: {value: x, datatype: xsd:date, language: zh}}"), "not both"),
        (_po("{p: em:p, o: {value: x, datatype: xsd:date, type: iri}}"), "only literals"),
        (_po("{p: em:p, o: {value: x, type: irri}}"), "did you mean 'iri'"),
        (_po("{p: em:p, o: {type: iri}}"), "needs a value or a function"),
        (_po("{p: em:p, o: {function: trim}}"), "relative IRI"),
        (_po("{p: em:p, o: {function: 'emf:$(f)'}}"), "must be a fixed IRI"),
        (_po("{p: em:p, o: {value: {parameters: []}}}"), "a function is"),
        (
            _po("{p: em:p, o: {function: emf:trim, parameters: [[emf:value, a], [emf:value, b]]}}"),
            "stands twice",
        ),
        (_po("{p: em:p, o: {function: emf:trim, parameters: [[emf:value]]}}"), "a parameter is"),
        (_po("{p: em:p, o: {function: emf:trim, parameters: [[emf:value, {type: iri}]]}}"), "needs a value"),
        (_po("{p: em:p, o: {mapping: n}}"), "no mapping of this document"),
        (JOIN % "{function: equal}", "a condition is"),
        (JOIN % "{function: equals, parameters: []}", "did you mean 'equal'"),
        (JOIN % "{function: equal, parameters: [[x, $(a)], [y, $(b)]]}", "one parameter of a condition"),
        (JOIN % "{function: equal, parameters: [[str1, $(a)]]}", "compares two values"),
    ],
)
def test_a_fault_says_what_is_wrong_and_where(tmp_path: Path, mapping: str, message: str) -> None:
    path = tmp_path / "m.yml"
    path.write_text(f"{SOURCES}mappings:\n  {mapping}\n", encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        parse_mapping(path)
    assert message in caught.value.message
    assert str(caught.value).startswith(f"{path}:3:")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", ":1:1", "empty"),
        ("mappings:\n  a: [b\nc: d", ":3:2", "not YAML"),
        ("a: \x01", "", "not YAML"),
        ("mapings: {}", ":1:1", "did you mean 'mappings'"),
        ("prefixes: {}", ":1:1", "no mappings"),
        ("- a", ":1:1", "must be a map"),
    ],
)
def test_a_document_that_is_none(tmp_path: Path, text: str, place: str, message: str) -> None:
    path = tmp_path / "m.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        parse_mapping(path)
    assert str(caught.value).startswith(f"{path}{place}: ")
    assert message in caught.value.message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.yml").write_bytes("# 霾\nmappings: {}".encode("gbk"))
    for name, message in (
        ("none.yml", "cannot be read"),
        ("gbk.yml", "not UTF-8"),
        ("m.json", "names no mapping language"),
    ):
        with pytest.raises(MappingError, match=message):
            parse_mapping(tmp_path / name)

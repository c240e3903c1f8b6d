from __future__ import annotations

import pytest

from emkg.errors import RdfSyntaxError
from emkg.rdf import IRI, BlankNode, Literal, Term, compact, parse_compact
from emkg.vocabulary import CODE, EM, RDF_TYPE, XSD


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("em:callsOn", IRI(EM + "callsOn")),
        ("code:event/11B19", IRI(CODE + "event/11B19")),
        ("code:office/应急管理部门", IRI(CODE + "office/应急管理部门")),
        ("<http://ex/a>", IRI("http://ex/a")),
        ("http://ex/a", IRI("http://ex/a")),
        ("a", IRI(RDF_TYPE)),
        ("_:b", BlankNode("b")),
        ('"雾霾"@zh', Literal("雾霾", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "zh")),
        ('"2026-08-15"^^xsd:date', Literal("2026-08-15", XSD + "date")),
        (f'"7"^^<{XSD}integer>', Literal("7", XSD + "integer")),
        ('"plain"', Literal("plain")),
    ],
)
def test_a_term_is_read_as_it_is_typed(text: str, term: Term) -> None:
    assert parse_compact(text) == term
    assert parse_compact(compact(term)) == term


@pytest.mark.parametrize(
    ("text", "said"),
    [("nope:a", "prefix nope: of nope:a is not known"), ("two words", "is no term"), ("<a", "a")],
)
def test_what_is_no_term_is_an_error_that_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(RdfSyntaxError, match=said):
        parse_compact(text)


def test_the_longest_fitting_prefix_is_taken() -> None:
    assert compact(IRI(EM + "duty")) == "em:duty"
    assert compact(Literal("x", XSD + "date")) == '"x"^^xsd:date'
    assert compact(IRI("http://elsewhere/a")) == "<http://elsewhere/a>"

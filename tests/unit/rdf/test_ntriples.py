from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.errors import RdfSyntaxError
from emkg.rdf import IRI, RDF_LANG_STRING, BlankNode, Literal, Quad, escape, parse_term, quads_to_lines

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("<http://e/上海>", IRI("http://e/上海")),
        (r"<http://e/\u4E0A>", IRI("http://e/上")),
        ("_:b1.x", BlankNode("b1.x")),
        ('""', Literal("")),
        ('"007"^^<http://www.w3.org/2001/XMLSchema#integer>', Literal("007", XSD + "integer")),
        ('"x"^^<http://www.w3.org/2001/XMLSchema#string>', Literal("x")),
        ('"霾"@zh-Hans-CN', Literal("霾", RDF_LANG_STRING, "zh-Hans-CN")),
        (r'"a\n\t\"\\\u0041\U0001F600"', Literal('a\n\t"\\A😀')),
    ],
)
def test_a_term_is_read_as_written(text: str, term: object) -> None:
    assert parse_term(text) == term


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("霾", 1),
        ("<http://e/a b>", 1),
        ("<relative>", 2),
        ('"open', 1),
        ('"a" .', 4),
        (r'"\x"', 1),
        (r'"ab\uD800"', 4),
        (r'"\U00110000"', 2),
        ('"x"@', 4),
        ('"x"^^<relative>', 2),
    ],
)
def test_what_is_no_term_is_refused_with_its_column(text: str, column: int) -> None:
    with pytest.raises(RdfSyntaxError) as caught:
        parse_term(text)
    assert caught.value.location is not None
    assert caught.value.location.column == column


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_the_round_trip(text: str) -> None:
    assert parse_term(str(Literal(text))) == Literal(text)


def test_escaping_touches_only_quotes_backslashes_and_control_characters() -> None:
    assert escape('上海 "\\\x07\n') == '上海 \\"\\\\\\u0007\\n'


def test_quads_become_lines_in_their_order() -> None:
    quads = [
        Quad(IRI("http://e/b"), IRI("http://e/p"), Literal("1"), IRI("http://e/g")),
        Quad(IRI("http://e/a"), IRI("http://e/p"), BlankNode("x")),
    ]
    assert list(quads_to_lines(quads)) == [
        '<http://e/b> <http://e/p> "1" <http://e/g> .',
        "<http://e/a> <http://e/p> _:x .",
    ]

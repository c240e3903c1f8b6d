from __future__ import annotations

import pytest

from emkg.errors import InputError, RdfSyntaxError
from emkg.rdf import (
    IRI,
    RDF_LANG_STRING,
    BlankNode,
    Literal,
    Quad,
    RdfFormat,
    canonical,
    parse_text,
    serialise,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
QUADS = [
    Quad(IRI("http://e/s"), IRI("http://e/p"), Literal("007", XSD + "integer")),
    Quad(IRI("http://e/s"), IRI("http://e/p"), Literal("霾\n", RDF_LANG_STRING, "zh-Hans-CN")),
    Quad(IRI("http://e/s"), IRI("http://e/p"), Literal("haze", RDF_LANG_STRING, "en")),
    Quad(IRI("http://e/s"), IRI("http://e/q"), BlankNode("b")),
]


@pytest.mark.parametrize("form", RdfFormat)
def test_what_was_written_reads_back_the_same(form: RdfFormat) -> None:
    text = "".join(serialise(QUADS, form.value, {"e": "http://e/"}))
    assert set(parse_text(text, form.value)) == set(QUADS)


@pytest.mark.parametrize("form", [form for form in RdfFormat if form.holds_graphs])
def test_formats_with_graphs_keep_them(form: RdfFormat) -> None:
    quads = [Quad(q.subject, q.predicate, q.object, IRI("http://e/g")) for q in QUADS]
    assert canonical(parse_text("".join(serialise(quads, form.value)), form.value)) == canonical(quads)


def test_prefixes_are_used() -> None:
    text = "".join(serialise(QUADS, "ttl", {"e": "http://e/"}))
    assert "e:s e:p 007" in text
    assert "@zh-Hans-CN" in text


@pytest.mark.parametrize("form", ["ntriples", "turtle", "rdfxml"])
def test_a_named_graph_is_not_dropped_in_silence(form: str) -> None:
    quad = Quad(IRI("http://e/s"), IRI("http://e/p"), IRI("http://e/o"), IRI("http://e/g"))
    with pytest.raises(InputError, match="named graph"):
        list(serialise([quad], form))


def test_an_iri_that_no_document_may_hold_is_refused() -> None:
    quad = Quad(IRI("http://e/a b"), IRI("http://e/p"), IRI("http://e/o"))
    with pytest.raises(RdfSyntaxError, match="Invalid IRI"):
        list(serialise([quad], "turtle"))

from __future__ import annotations

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.mapping.encode import decode_iri_safe, encode_iri_safe, iri_safe, label_safe
from emkg.mapping.model import Reference, Template
from emkg.mapping.template import expand, invert, is_invertible

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
TEMPLATE = Template(("http://example.org/", Reference("a"), "/part/", Reference("b"), "#", Reference("a")))


@given(TEXTS, TEXTS)
def test_inverting_what_was_expanded_gives_the_values_back(a: str, b: str) -> None:
    values = {"a": a, "b": b}

    assert is_invertible(TEMPLATE)
    assert invert(TEMPLATE, expand(TEMPLATE, values)) == values


@given(TEXTS)
def test_decoding_is_the_inverse_of_encoding(text: str) -> None:
    assert decode_iri_safe(encode_iri_safe(text)) == text


@given(st.lists(TEXTS, min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_the_plan_encodes_as_python_does(texts: list[str]) -> None:
    table = ibis.memtable({"text": texts}, schema={"text": "string"})

    encoded = ibis.duckdb.connect().to_pyarrow(iri_safe(table["text"])).to_pylist()

    assert encoded == [encode_iri_safe(text) for text in texts]


@given(st.lists(TEXTS, min_size=2, max_size=30, unique=True))
@settings(max_examples=30, deadline=None)
def test_different_texts_have_different_blank_node_labels(texts: list[str]) -> None:
    table = ibis.memtable({"text": texts}, schema={"text": "string"})

    labels = ibis.duckdb.connect().to_pyarrow(label_safe(table["text"])).to_pylist()

    assert len(set(labels)) == len(texts)


def test_what_the_template_cannot_make_has_no_values() -> None:
    assert invert(TEMPLATE, "http://example.org/1/other/2#1") is None
    assert invert(TEMPLATE, "http://example.org/1/part/2#3") is None
    assert invert(TEMPLATE, "http://example.org/%E5/part/2#%E5") is None
    assert invert(TEMPLATE, "http://example.org/%41/part/2#%41") is None


def test_references_without_a_reserved_character_between_them_cannot_be_told_apart() -> None:
    assert not is_invertible(Template((Reference("a"), "-", Reference("b"))))
    assert is_invertible(Template((Reference("a"), "-x:", Reference("b"))))
    assert is_invertible(Template((Reference("a"),)))

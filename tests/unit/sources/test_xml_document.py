"""XML: streaming iterators, XPath references, namespaces, and nothing read from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pytest

from emkg.errors import SourceError
from emkg.sources import (
    Formulation,
    SourceDescription,
    SourceRelation,
    are_read_together,
    read_source,
    read_sources,
)

if TYPE_CHECKING:
    from pathlib import Path

CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
ALERT = """<?xml version="1.0" encoding="ISO-8859-1"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <!-- a comment --><identifier>A1</identifier>
  <info level="2"><language>en</language><area><areaDesc>Essex</areaDesc></area><area><areaDesc>Kent</areaDesc></area></info>
  <info><language>fr</language><event>orage <b>fort</b> &amp; grêle</event></info>
</alert>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alert.xml"


def _read(path: Path, text: str | bytes, iterator: str, *references: str) -> SourceRelation:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("iso-8859-1"))
    description = SourceDescription(path, Formulation.XML, iterator, namespaces=CAP)
    return read_source(ibis.duckdb.connect(), description, references)


def _rows(relation: SourceRelation) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in relation.table.order_by("row").to_pyarrow().to_pylist()]


@pytest.mark.parametrize(
    "iterator", ["/cap:alert/cap:info", "//cap:info", "/*/cap:info", "/cap:alert/cap:info[cap:language]"]
)
def test_items_are_counted_in_document_order(path: Path, iterator: str) -> None:
    relation = _read(path, ALERT, iterator, "cap:language", "@level", "cap:area/cap:areaDesc")
    assert _rows(relation) == [(1, "en", "2", ["Essex", "Kent"]), (2, "fr", None, None)]
    assert relation.multi == {"cap:area/cap:areaDesc"}


def test_an_element_has_the_text_of_all_in_it_in_the_documents_encoding(path: Path) -> None:
    assert _rows(_read(path, ALERT, "//cap:info", "cap:event"))[1] == (2, "orage fort & grêle")


def test_a_reference_may_climb_to_what_follows_its_item(path: Path) -> None:
    text = "<list><item>a</item><item>b</item><source>s</source></list>"
    assert _rows(_read(path, text, "/list/item", ".", "../source", "text()")) == [
        (1, "a", "s", "a"),
        (2, "b", "s", "b"),
    ]


def test_functions_give_text_numbers_and_truth(path: Path) -> None:
    relation = _read(
        path, ALERT, "//cap:info", "count(cap:area)", "string(@level)", "boolean(@level)", "count(*) div 2"
    )
    assert _rows(relation) == [(1, "2", "2", "true", "1.5"), (2, "0", None, "false", "1")]


def test_items_in_items_are_all_found_complete(path: Path) -> None:
    text = "<r><c n='1'>x<c n='2'>y</c>z</c><c n='3'/></r>"
    assert _rows(_read(path, text, "//c", "@n", ".")) == [(1, "1", "xyz"), (2, "2", "y"), (3, "3", None)]


def test_deep_steps_match_below_named_ones(path: Path) -> None:
    text = "<r><a><x><k>1</k></x></a><b><k>2</k></b></r>"
    assert _rows(_read(path, text, "/r/a//k", ".")) == [(1, "1")]


def test_no_items_is_an_answer(path: Path) -> None:
    relation = _read(path, "<list/>", "/list/item", "name")
    assert (_rows(relation), relation.absent) == ([], frozenset())


def test_a_reference_no_item_has_is_absent(path: Path) -> None:
    assert _read(path, ALERT, "//cap:info", "language", "cap:language").absent == {"language"}


@pytest.mark.parametrize("iterator", ["/alert/info", "/alert[1]/info"])
def test_an_iterator_that_misses_the_root_is_refused_with_the_right_name(path: Path, iterator: str) -> None:
    with pytest.raises(SourceError, match="did you mean 'cap:alert'") as caught:
        _read(path, ALERT, iterator, "language")
    assert "根元素" in caught.value.message_zh


@pytest.mark.parametrize(
    ("iterator", "reference", "complaint"),
    [
        ("/x:alert", ".", "prefix 'x'"),
        ("//cap:info", "x:event", "Undefined namespace prefix"),
        ("//cap:info", "a[", "cannot be used"),
        ("//cap:info[", ".", "cannot be used"),
        ("//cap:info", "nonsense()", "cannot be used"),
    ],
)
def test_paths_that_cannot_be_used_are_refused(
    path: Path, iterator: str, reference: str, complaint: str
) -> None:
    with pytest.raises(SourceError, match=complaint):
        _read(path, ALERT, iterator, reference)


def test_items_differ_in_how_many_values_they_have(path: Path) -> None:
    text = """<r><i k="1"><a>x</a><b><c>1</c></b><b><c>2</c></b></i><i k="-"><a/><a>y</a></i><i><a>-</a><b><c>3</c></b></i>
        <i k="4"><a>one \ufdd0 two</a><b><c>4</c></b><b/></i></r>"""
    path.write_text(text, "utf-8")
    description = SourceDescription(path, Formulation.XML, "/r/i", null_values=("-",))
    references = ("@k", "count(b)", "a", "b/c", "a/text()", "b/@z")
    relation = read_source(ibis.duckdb.connect(), description, references)
    columns = [relation.columns[reference] for reference in references]
    rows = relation.table.order_by("row")[columns].to_pyarrow().to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("1", "2", "x", ["1", "2"], "x", None),
        (None, "0", "y", None, "y", None),
        (None, "1", None, ["3"], None, None),
        ("4", "2", "one \ufdd0 two", ["4"], "one \ufdd0 two", None),
    ]
    assert (relation.multi, relation.absent) == ({"b/c"}, {"b/@z"})


@pytest.mark.parametrize("reference", ["a", "a[1]"])
def test_no_item_has_a_reference_however_many_there_are(path: Path, reference: str) -> None:
    path.write_text("<r>" + "<i/>" * 2_000 + "</r>")  # as many as go into the table at once
    description = SourceDescription(path, Formulation.XML, "/r/i")
    assert read_source(ibis.duckdb.connect(), description, [reference]).absent == {reference}


def test_iterators_of_one_document_give_together_what_each_gives_alone(path: Path) -> None:
    path.write_text(
        "<r><i n='1'><u n='2'/><u n='3'><i n='4'/></u></i><x><i n='5'><u n='6'/></i></x><i n='7'><v/></i></r>"
    )
    iterators = ["/r/i", "/r/i/u", "//i", "//u", "/r/*/i", "//*", "/r"]
    asked = [(SourceDescription(path, Formulation.XML, one), ["@n", "u/@n"]) for one in iterators]
    backend = ibis.duckdb.connect()
    together = read_sources(backend, asked)
    assert [_rows(one) for one in together] == [_rows(read_source(backend, *one)) for one in asked]
    assert _rows(together[0]) == [(1, "1", ["2", "3"]), (2, "7", None)]
    assert all(are_read_together(asked[0][0], other) for other, _ in asked[1:])


def test_broken_xml_is_located(path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        _read(path, "<a>\n<b></a>", "/a/b", ".")
    assert caught.value.location is not None
    assert caught.value.location.line == 2


@pytest.mark.parametrize("iterator", ["/a/b", "/a/b[1]"])
def test_entities_are_refused_and_no_file_is_read(path: Path, iterator: str) -> None:
    secret = path.with_name("secret.txt")
    secret.write_text("secret")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a><b>&x;</b></a>'
    with pytest.raises(SourceError, match="declares entities"):
        _read(path, text, iterator, ".")


def test_items_done_with_leave_memory(path: Path) -> None:
    from emkg.sources import xml_document  # noqa: PLC0415 — the stream itself is what is tested here
    from emkg.sources.xml_pattern import compile_pattern  # noqa: PLC0415

    path.write_text("<r>" + "<skip><y/></skip><i><v>1</v></i>" * 20_000 + "</r>")
    description = SourceDescription(path, Formulation.XML, "/r/i")
    pattern = compile_pattern(description)
    assert pattern is not None
    alive = []
    for _, _, item in xml_document._items_of_stream([description], [pattern]):
        parent = item.getparent()
        assert parent is not None
        alive.append(len(parent))
    assert len(alive) == 20_000
    assert max(alive) < 4_000  # the parser takes the file in pieces of 32 KiB

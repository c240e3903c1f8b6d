from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.errors import InputError, Location, RdfSyntaxError
from emkg.rdf import IRI, RDF_LANG_STRING, BlankNode, Literal, Quad, parse_file, parse_text
from emkg.rdf.parse import parse_rows
from emkg.rdf.relation import parse_relation

if TYPE_CHECKING:
    from pathlib import Path

XSD = "http://www.w3.org/2001/XMLSchema#"
QUAD = Quad(IRI("http://e/s"), IRI("http://e/p"), Literal("霾", RDF_LANG_STRING, "zh-Hans-CN"))
RDF_12 = (
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/" r:version="1.2"'
    ' xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0">'
)
DOCUMENTS = {
    "a.ttl": "@prefix e: <http://e/> . e:s e:p '霾'@zh-Hans-CN .",
    "a.trig": '{ <http://e/s> <http://e/p> "霾"@zh-Hans-CN }',
    "a.nt": '<http://e/s> <http://e/p> "\\u973E"@zh-Hans-CN .\n',
    "a.nq": '<http://e/s> <http://e/p> "霾"@zh-Hans-CN .\n',
    "a.rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<r:Description r:about="http://e/s"><e:p xml:lang="zh-Hans-CN">霾</e:p></r:Description></r:RDF>',
    "a.jsonld": '{"@id": "http://e/s", "http://e/p": {"@value": "霾", "@language": "zh-Hans-CN"}}',
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_format_gives_the_same_row_as_quad(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(DOCUMENTS[name], encoding="utf-8")
    assert list(parse_rows(tmp_path / name, base="http://e/", scope="x")) == [
        ("<http://e/s>", "<http://e/p>", '"霾"@zh-Hans-CN', None)
    ]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"])),
            st.sampled_from(["", "@en", "@zh-Hans-CN", f"^^<{XSD}integer>", f"^^<{XSD}string>"]),
        ),
        max_size=8,
    )
)
def test_a_row_is_what_its_quad_writes(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "a.nq"
    ends = [f"{Literal(text)}{end}" for text, end in values]
    lines = [f"_:b{number} <http://e/p> {end} <http://e/g{number}> .\n" for number, end in enumerate(ends)]
    path.write_text("".join([*lines, "<http://e/a> <http://e/p> _:b0 .\n"]), encoding="utf-8")
    expected = [
        (str(quad.subject), str(quad.predicate), str(quad.object), quad.graph and str(quad.graph))
        for quad in parse_file(path)
    ]
    named = [
        tuple(part and part.replace("_:b", "_:d0b") for part in row[:1]) + row[1:] for row in expected[:-1]
    ]
    last = (*expected[-1][:2], "_:d0b0", None)
    assert list(parse_rows(path, base="http://e/", scope="d0")) == [*named, last]


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("a.ttl", "# said\n<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> .", 2, 27),
        ("a.ttl", "<http://e/a> <http://e/p> 1 {| <http://e/q> 2 |} .", 1, 29),
        ("a.nt", '<http://e/a> <http://e/p> "a" .\n<http://e/霾> <http://e/p> "x"@en--ltr .', 2, 30),
        ("a.nq", '\n<http://e/a> <http://e/p> "x"@ar--rtl <http://e/g> .', 2, 30),
        ("a.trig", '<http://e/g> { <http://e/a> <http://e/p> "x"@en--ltr }', 1, 45),
        (
            "a.rdf",
            f'{RDF_12}\n<r:Description r:about="http://e/s"><e:p xml:lang="en" its:dir="ltr">x</e:p></r:Description></r:RDF>',
            2,
            56,
        ),
        (
            "a.rdf",
            f'{RDF_12}\n<r:Description><e:p r:parseType="Triple"><r:Description><e:q>1</e:q></r:Description></e:p></r:Description></r:RDF>',
            2,
            23,
        ),
        (
            "a.jsonld",
            '{"@id": "http://e/s",\n "http://e/p": {"@value": "x", "@language": "en", "@direction": "ltr"}}',
            2,
            51,
        ),
    ],
)
def test_what_rdf_1_2_added_is_refused_at_its_place(
    tmp_path: Path, name: str, text: str, line: int, column: int
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    for read in (
        lambda: list(parse_file(path)),
        lambda: list(parse_rows(path, base="http://e/", scope="")),
        lambda: list(parse_relation(path, base="http://e/", scope="")),
    ):
        with pytest.raises(RdfSyntaxError, match=r"RDF 1\.2") as caught:
            read()
        assert caught.value.location == Location(str(path), line, column)
        assert "RDF 1.2" in caught.value.message_zh


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_format_gives_the_same_quad_with_its_tag_as_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(DOCUMENTS[name], encoding="utf-8")
    assert list(parse_file(tmp_path / name)) == [QUAD]


def test_lexical_forms_stay_as_written() -> None:
    text = f'<http://e/s> <http://e/p> 007, 1.50, "300"^^<{XSD}byte> .'
    objects = [quad.object for quad in parse_text(text, "turtle")]
    assert objects == [
        Literal("007", XSD + "integer"),
        Literal("1.50", XSD + "decimal"),
        Literal("300", XSD + "byte"),
    ]


def test_relative_iris_are_resolved_against_the_base(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<s> <p> <o> .", encoding="utf-8")
    (quad,) = parse_file(tmp_path / "a.ttl", base="http://e/x/")
    assert quad == Quad(IRI("http://e/x/s"), IRI("http://e/x/p"), IRI("http://e/x/o"))


def test_a_byte_order_mark_is_no_syntax_error(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(DOCUMENTS["a.ttl"], encoding="utf-8-sig")
    assert list(parse_file(tmp_path / "a.ttl")) == [QUAD]


def test_named_graphs_are_kept() -> None:
    (quad,) = parse_text("<http://e/g> { <http://e/s> <http://e/p> 1 }", "application/trig")
    assert quad.graph == IRI("http://e/g")


def test_reading_twice_gives_the_same_blank_nodes() -> None:
    text = "[] <http://e/p> [] , _:b , _:anon1 ."
    first, second = list(parse_text(text, "ttl")), list(parse_text(text, "ttl"))
    assert first == second
    assert len({quad.object for quad in first} | {first[0].subject}) == 4
    assert first[1].object == BlankNode("b")


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("a.ttl", "<http://e/s> <http://e/p>\n  e:unknown .", 2, 3),
        ("a.nt", "<http://e/s> <http://e/p> 1 .\n", 1, 27),
        ("a.rdf", "<a>\n  <b>\n</a>", 3, 4),
        ("a.rdf", "<a><b/><b><c/><c/></b></a>", None, None),
        ("a.jsonld", "{", 1, 2),
    ],
)
def test_a_syntax_error_names_its_place(
    tmp_path: Path, name: str, text: str, line: int | None, column: int | None
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RdfSyntaxError) as caught:
        list(parse_file(tmp_path / name))
    location = caught.value.location
    assert location is not None
    assert (location.file, location.line, location.column) == (str(tmp_path / name), line, column)


@pytest.mark.parametrize("term", ["<<( <http://e/s> <http://e/p> 1 )>>", '"x"@en--ltr'])
def test_rdf_1_2_is_refused_not_misread(term: str) -> None:
    with pytest.raises(RdfSyntaxError, match=r"RDF 1\.2"):
        list(parse_text(f"<http://e/s> <http://e/p> {term} .", "turtle"))


def test_a_remote_json_ld_context_is_not_fetched() -> None:
    with pytest.raises(RdfSyntaxError, match="remote"):
        list(parse_text('{"@context": "https://schema.org/", "@id": "http://e/s"}', "json-ld"))


def test_an_unknown_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv"):
        parse_file(tmp_path / "a.csv")
    with pytest.raises(InputError, match="known: ntriples"):
        parse_text("", "hdt")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.ttl: there is no such file"):
        parse_file(tmp_path / "a.ttl")

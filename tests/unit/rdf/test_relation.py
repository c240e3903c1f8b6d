from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emkg.errors import InputError, RdfSyntaxError
from emkg.rdf import parse
from emkg.rdf.parse import parse_rows
from emkg.rdf.relation import STATEMENTS_SCHEMA, parse_relation

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.rdf.oxigraph import Row

XSD = "http://www.w3.org/2001/XMLSchema#"
NODES = [
    "<http://e/a>", "<http://e/%E9%9C%BE#x?y>", "<https://市.e:80/霾?q=1&r[]=2>", "<urn:x:1>", "<mailto:a@e>", "_:b0", "_:b1.2",
    "_:anon7", "_:abcdefabcdefabcdefabcdef0", "_:霾", "<http://e/\\u973E>", "<rel>", "<http://e/a b>", "<http://e/a#b#c>", "<http://e/%zz>",
    "<http://e/\ue000>", "<http://e/\u00a0>", "<http://[::1]/x>", "<http://e>", "<http://>", "<<( <http://e/a> <http://e/p> 1 )>>",
]  # fmt: skip
TEXTS = [
    '"a"', '""', '"霾"@zh', '"x"@zh-Hans-CN', '"x"@zh-hans-cn', '"x"@EN', '"x"@en', '"x"@abcdefghi', '"x"@en-', '"x"@en--ltr', f'"1"^^<{XSD}integer>',
    f'"x"^^<{XSD}string>', '"x"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>', '"x"^^<e>', '"a\\"b"', '"\\u973E"', '"a\tb"', '"\x7f"', '"\x85\u2028"',
    '"a', "'a'", "7", '"a"b', '"\ud7ff\ue000"',
]  # fmt: skip
ENDS = [" .", ".", " . ", " . # said", "", " . .", "\t.", " .\r"]


def lines(nodes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    objects = st.one_of(nodes, st.sampled_from(TEXTS))
    graphs = st.sampled_from(["", "", " <http://e/g>", " _:g", " <g>", ' "g"'])
    space = st.sampled_from([" ", " ", " ", "  ", "\t", ""])
    parts = st.tuples(nodes, space, nodes, space, objects, graphs, st.sampled_from(ENDS))
    return st.one_of(parts.map("".join), st.sampled_from(["", "# said", " ", "x", "\r"]))


SOUND = st.sampled_from(["<http://e/a>", "<http://e/b#c>", "_:b0", "_:c", "<urn:x:1>", "_:anon7"])


def told(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=repr)


def of_columns(path: Path, scope: str) -> list[Row]:
    batches = list(parse_relation(path, base="http://e/", scope=scope))
    assert all(batch.schema == STATEMENTS_SCHEMA for batch in batches)
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


@example(['<http://e/a> <http://e/a> "x"@en--ltr .'], "a.nt", "", False)
@settings(max_examples=400)
@given(
    st.lists(st.one_of(lines(SOUND), lines(st.sampled_from(NODES))), max_size=6),
    st.sampled_from(["a.nt", "a.nq"]),
    st.sampled_from(["", "d0"]),
    st.booleans(),
)
def test_columns_hold_what_the_parser_reads(
    tmp_path_factory: pytest.TempPathFactory, written: list[str], name: str, scope: str, is_ended: bool
) -> None:
    path = tmp_path_factory.mktemp("relation") / name
    path.write_bytes(("\n".join(written) + "\n" * is_ended).encode())
    fault: RdfSyntaxError | None = None
    expected: list[Row] = []
    try:
        expected = told(list(parse_rows(path, base="http://e/", scope=scope)))
    except RdfSyntaxError as error:
        fault = error
    if fault is None:
        assert told(of_columns(path, scope)) == expected
        return
    with pytest.raises(RdfSyntaxError) as caught:
        of_columns(path, scope)
    assert caught.value.location is not None
    if fault.location and (fault.location.column or 0) > 1:  # a line's end is missed at the next one's begin
        assert caught.value.location.line == fault.location.line


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), st.integers(0, 60))
def test_no_character_anywhere_makes_a_difference(
    tmp_path_factory: pytest.TempPathFactory, text: str, place: int
) -> None:
    line = f'<http://e/a> <http://e/p> "value"^^<{XSD}date> <http://e/g> .\n'
    path = tmp_path_factory.mktemp("relation") / "a.nq"
    path.write_bytes((line[:place] + text + line[place:]).encode())
    try:
        expected = list(parse_rows(path, base="http://e/", scope="x"))
    except RdfSyntaxError:
        with pytest.raises(RdfSyntaxError):
            of_columns(path, "x")
    else:
        assert told(of_columns(path, "x")) == told(expected)


@pytest.mark.parametrize("block", [7, 64, 1000])
def test_blocks_and_line_numbers_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(parse, "_BLOCK_BYTES", block)
    path = tmp_path / "a.nt"
    good = [f'<http://e/{number}> <http://e/p> "{"霾" * (number % 9)}" .' for number in range(60)]
    path.write_text("\n".join(["# said", *good, "", *good[:3]]), encoding="utf-8-sig")
    assert len(of_columns(path, "")) == 63
    path.write_text("\n".join([*good, "<http://e/s> <http://e/p> 1 .", *good]), encoding="utf-8")
    with pytest.raises(RdfSyntaxError) as caught:
        of_columns(path, "")
    location = caught.value.location
    assert location is not None
    assert (location.line, location.column) == (61, 27)
    path.write_bytes("\n".join(good).encode() + b'\n<http://e/s> <http://e/p> "\xff" .\n')
    with pytest.raises(RdfSyntaxError) as caught:
        of_columns(path, "")
    assert caught.value.location is not None
    assert caught.value.location.line == 61


def test_what_a_line_lacks_is_missed_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text("<http://e/s> <http://e/p>\n<http://e/s> <http://e/p> <http://e/o> .\n", encoding="utf-8")
    with pytest.raises(RdfSyntaxError) as caught:
        of_columns(path, "")
    location = caught.value.location
    assert location is not None
    assert (location.line, location.column) == (1, 26)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.nt: there is no such file"):
        of_columns(tmp_path / "a.nt", "")

"""Long JSON documents: read in pieces, wherever the pieces happen to end."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.errors import SourceError
from emkg.sources import Formulation, SourceDescription, json_text, read_source
from emkg.sources.json_document import json_items
from emkg.sources.json_text import JsonText

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(value=VALUES, indent=st.sampled_from([None, 1]), size=st.integers(1, 9))
def test_a_document_reads_the_same_in_pieces_of_any_size(
    value: object, indent: int | None, size: int
) -> None:
    written = json.dumps(value, indent=indent, ensure_ascii=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_CHUNK_CHARS", size)
        text = JsonText(io.StringIO(written), Path("x.json"))
        found = text.value()
        text.expect_end()
    assert json.dumps(found, ensure_ascii=False) == json.dumps(
        json.loads(written, parse_int=str), ensure_ascii=False
    )


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_elements_are_found_among_other_members(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "_CHUNK_CHARS", size)
    path = tmp_path / "d.json"
    path.write_text(
        '{"n": 12, "a": {"x": [1, {}], "b": [ {"k": 1} , {"k": 22}, {"k": [3]} ], "y": {}}, "z": []}'
    )
    description = SourceDescription(path, Formulation.JSON, "$.a.b[*]")
    relation = read_source(ibis.duckdb.connect(), description, ["k"])
    assert relation.table.order_by("row").c0.to_pyarrow().to_pylist() == ["1", "22", None]


@pytest.mark.parametrize(
    ("text", "place", "complaint"),
    [
        ('{"a": [1,\n 2,]}', ":2:4", "Expecting value"),
        ('{"a": [1\n 2]}', ":2:2", "expecting ']'"),
        ('{"a": [1]\n, 5: 2}', ":2:4", "expecting a member's name"),
        ('{"a" [1]}', ":1:6", "expecting ':'"),
        ('{"a": [1]} x', ":1:12", "extra data"),
        ('{"a": [1]', ":1:10", "expecting '}'"),
        ('{"a": ["\n', ":1:9", "Invalid control character"),
    ],
)
def test_a_break_is_located_wherever_the_pieces_end(
    text: str, place: str, complaint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "d.json"
    path.write_text(text)
    for size in (1, 4, 1000):
        monkeypatch.setattr(json_text, "_CHUNK_CHARS", size)
        with pytest.raises(SourceError, match=complaint) as caught:
            read_source(ibis.duckdb.connect(), SourceDescription(path, Formulation.JSON, "$.a[*]"), ["k"])
        assert str(caught.value.location).endswith(place)


@pytest.mark.parametrize(
    ("text", "iterator", "count"),
    [
        ('{"a": []}', "$.a[*]", 0),
        ('{"a": null}', "$.a[*]", 0),
        ("{}", "$", 1),
        ('{"a": {"x": {"k": 1}, "y": {"k": 2}}}', "$.a[*]", 2),
        ('[{"b": []}, {}, {"b": [{"k": 1}]}]', "$[*].b[*]", 1),
        ('{"a": [{"k": 1}, {"k": 2}]}', "$.a[1]", 1),
    ],
)
def test_items_by_other_ways(text: str, iterator: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(text)
    relation = read_source(ibis.duckdb.connect(), SourceDescription(path, Formulation.JSON, iterator), ["k"])
    assert relation.table.count().to_pyarrow().as_py() == count


def test_memory_does_not_grow_with_the_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "_CHUNK_CHARS", 1 << 12)
    path = tmp_path / "d.json"
    path.write_text(json.dumps({"a": [{"k": "x" * 90}] * 30_000}))
    description = SourceDescription(path, Formulation.JSON, "$.a[*]")
    tracemalloc.start()
    count = sum(1 for _ in json_items(description))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 30_000
    assert peak < path.stat().st_size / 10

"""JSON and JSON Lines: paths, exact numbers, natural datatypes, located faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pytest

from emkg.errors import Location, SourceError
from emkg.sources import (
    Formulation,
    SourceDescription,
    SourceRelation,
    are_read_together,
    read_source,
    read_sources,
)
from emkg.sources.jsonpath import compile_jsonpath
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.json"


def _read(path: Path, text: str | bytes, iterator: str, *references: str) -> SourceRelation:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_source(ibis.duckdb.connect(), SourceDescription(path, Formulation.JSON, iterator), references)


def _read_lines(path: Path, text: str | bytes, *references: str, iterator: str = "") -> SourceRelation:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    description = SourceDescription(path, Formulation.JSON_LINES, iterator)
    return read_source(ibis.duckdb.connect(), description, references)


def _column(relation: SourceRelation, reference: str) -> list[object]:
    table = relation.table.order_by("row").to_pyarrow()
    return list(table[relation.columns[reference]].to_pylist())


def _types(relation: SourceRelation, reference: str) -> list[object]:
    table = relation.table.order_by("row").to_pyarrow()
    return list(table[relation.type_columns[reference]].to_pylist())


def test_numbers_keep_their_text_and_values_their_natural_datatype(path: Path) -> None:
    text = '[{"v": 9007199254740993}, {"v": 1.50}, {"v": 1E3}, {"v": true}, {"v": "7"}, {"v": null}, {}, {"v": NaN}]'
    relation = _read(path, text, "$[*]", "v")
    assert _column(relation, "v") == ["9007199254740993", "1.50", "1E3", "true", "7", None, None, "NaN"]
    names = ["integer", "double", "double", "boolean", "string", None, None, "double"]
    assert _types(relation, "v") == [name and XSD + name for name in names]


def test_nested_iterators_count_items_in_document_order(path: Path) -> None:
    text = '{"a": [{"b": [{"k": 1}, {"k": 2}]}, {"b": []}, {"b": [{"k": 3}]}]}'
    relation = _read(path, text, "$.a[*].b[*]", "k")
    assert relation.table.order_by("row").row.to_pyarrow().to_pylist() == [1, 2, 3]
    assert _column(relation, "k") == ["1", "2", "3"]


def test_a_wildcard_gives_several_values_of_one_item(path: Path) -> None:
    text = '[{"t": [{"n": "a"}, {"n": null}, {"n": 2}], "m": {"x": 1, "y": 2}}, {"t": []}]'
    relation = _read(path, text, "$[*]", "$.t[*].n", "m.*", "t[0].n", "t[-1]['n']")
    assert relation.multi == {"$.t[*].n", "m.*"}
    assert _column(relation, "$.t[*].n") == [["a", "2"], None]
    assert _types(relation, "$.t[*].n") == [[XSD + "string", XSD + "integer"], None]
    assert _column(relation, "m.*") == [["1", "2"], None]
    assert _column(relation, "t[0].n") == ["a", None]
    assert _column(relation, "t[-1]['n']") == ["2", None]


def test_the_item_itself_can_be_referred_to(path: Path) -> None:
    assert _column(_read(path, '{"codes": ["11", "12"]}', "$.codes[*]", "@"), "@") == ["11", "12"]


def test_an_array_or_object_where_a_value_was_meant_is_a_fault(path: Path) -> None:
    relation = _read(path, '[{"v": [1, 2]}, {"v": {"x": 1}}, {"v": "ok"}]', "$[*]", "v")
    assert _column(relation, "v") == [None, None, "ok"]
    assert [(fault.row, fault.column, fault.reason) for fault in relation.faults] == [
        (1, "v", "not-a-value"),
        (2, "v", "not-a-value"),
    ]
    assert "[*]" in relation.faults[0].message


def test_a_member_named_twice_is_a_fault_and_neither_value_is_taken(path: Path) -> None:
    relation = _read(path, '[{"v": 1, "v": 2, "w": 3}]', "$[*]", "v", "w")
    assert (_column(relation, "v"), _column(relation, "w")) == ([None], ["3"])
    assert [(fault.row, fault.reason) for fault in relation.faults] == [(1, "duplicate-key")]


def test_half_a_character_is_a_fault(path: Path) -> None:
    relation = _read(path, r'[{"v": "\ud83d"}, {"v": "\ud83d\ude00"}]', "$[*]", "v")
    assert _column(relation, "v") == [None, "😀"]
    assert relation.faults[0].value == "\\uD83D"


def test_a_reference_no_item_has_is_absent(path: Path) -> None:
    assert _read(path, '[{"a": 1, "b": null}]', "$[*]", "a", "b", "c").absent == {"c"}
    assert _read(path, "[]", "$[*]", "a").absent == frozenset()


@pytest.mark.parametrize(
    ("iterator", "complaint"),
    [
        ("$.feature[*]", "no member .* 'feature'; did you mean 'features'"),
        ("$.features", r"add \[\*\]"),
        ("$.features[*].id[*]", "the wildcard meets single values"),
        ("$..[", "cannot be read from"),
        ("$.twice[*]", "'twice' is there twice|twice is there twice"),
    ],
)
def test_an_iterator_that_does_not_fit_is_refused(path: Path, iterator: str, complaint: str) -> None:
    text = '{"features": [{"id": 1}], "twice": [], "twice": []}'
    with pytest.raises(SourceError, match=complaint):
        _read(path, text, iterator, "id")


def test_broken_json_is_located_by_line_and_column(path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        _read(path, '{"a": 1,\n "b" 2}', "$", "a")
    assert str(caught.value.location) == f"{path}:2:6"


def test_json_nested_without_end_is_refused(path: Path) -> None:
    with pytest.raises(SourceError, match="nested too deeply"):
        _read(path, "[" * 100_000, "$[*]", "a")


def test_a_bad_line_costs_itself_only(path: Path) -> None:
    data = b'{"a": 1}\n{"a": 2\n\n5\n{"a": "\xff"}\r\n{"a": 6}'
    relation = _read_lines(path, data, "a")
    table = relation.table.order_by("row").to_pyarrow().to_pylist()
    assert [(row["row"], row["c0"]) for row in table] == [(1, "1"), (5, None), (6, "6")]
    found = [(fault.row, fault.column, fault.reason, fault.value) for fault in relation.faults]
    assert found == [
        (2, "", "bad-json", '{"a": 2'),
        (4, "", "bad-json", "5"),
        (5, "a", "undecodable", "\\xFF"),
    ]


def test_a_line_may_hold_several_items(path: Path) -> None:
    text = '{"p": [{"n": 1}, {"n": 2}]}\n{}\n{"p": [], "p": []}\n' + "[" * 100_000 + "\n"
    relation = _read_lines(path, text, "n", iterator="$.p[*]")
    rows = [(row["row"], row["c0"]) for row in relation.table.order_by("row", "c0").to_pyarrow().to_pylist()]
    assert rows == [(1, "1"), (1, "2")]
    assert [(fault.row, fault.reason) for fault in relation.faults] == [(3, "duplicate-key"), (4, "bad-json")]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a.b", ("a", "b")),
        ("$.Country Code", ("Country Code",)),
        ("$['a.b'][\"c\"][ 0 ]", ("a.b", "c", 0)),
        (r"$['it\'s']", ("it's",)),
        ("", ()),
        ("$", ()),
    ],
)
def test_paths_are_read_as_written(text: str, steps: tuple[object, ...]) -> None:
    assert compile_jsonpath(text, Location("f")).steps == steps


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("$a b[", "'a b\\['"),
        ("a.", "''"),
        ("a[0:x]", "'x\\]'"),
        ("a[?@.x =]", "'=\\]'"),
        ("$.a[?nothing(@)]", "'nothing"),
        ("$.a[?@.x == $.b[]", ".*"),
        ("$.a[", ".*"),
        ("a.b;c", "';c'"),
    ],
)
def test_what_is_no_path_is_refused_with_its_place(text: str, rest: str) -> None:
    with pytest.raises(SourceError, match=f"cannot be read from {rest}"):
        compile_jsonpath(text, Location("f"))


def test_what_comes_late_in_a_long_file_does_not_change_what_came_before(path: Path) -> None:
    """Items are looked into some thousands at a time, and columns of datatypes and lists come when they are needed."""
    items = [f'{{"v": ["{number}"], "deep": {{"w": "x"}}}}' for number in range(4_500)]
    items[4_100] = '{"v": ["a", 1.5]}'
    items[4_400] = '{"v": [7], "deep": {"w": false}}'
    relation = _read(path, f"[{', '.join(items)}]", "$[*]", "v[*]", "deep.w", "$.deep.w")

    values, types = _column(relation, "v[*]"), _types(relation, "v[*]")
    assert values[:2] == [["0"], ["1"]]
    assert types[:2] == [[XSD + "string"], [XSD + "string"]]
    assert (values[4_100], types[4_100]) == (["a", "1.5"], [XSD + "string", XSD + "double"])
    assert (values[4_400], types[4_400]) == (["7"], [XSD + "integer"])
    assert _column(relation, "deep.w")[4_100:4_102] == [None, "x"]
    assert _types(relation, "deep.w")[4_399:4_402] == [XSD + "string", XSD + "boolean", XSD + "string"]
    assert _column(relation, "$.deep.w") == _column(relation, "deep.w")
    assert relation.absent == frozenset()


def test_texts_alone_need_no_column_of_datatypes(path: Path) -> None:
    relation = _read(path, '[{"v": "a", "w": "b"}, {"v": ""}]', "$[*]", "v", "w", "u")
    assert _column(relation, "v") == ["a", None]
    assert relation.type_columns == {}
    assert relation.absent == {"u"}


def test_faults_are_in_the_order_of_rows_though_columns_are_read_one_by_one(path: Path) -> None:
    relation = _read(path, '[{"v": "a", "w": {}}, {"v": {}, "w": {}}]', "$[*]", "v", "w")
    assert [(fault.row, fault.column) for fault in relation.faults] == [(1, "w"), (2, "v"), (2, "w")]


def test_iterators_that_begin_alike_are_read_in_one_pass(path: Path) -> None:
    path.write_text(
        '{"a": [{"k": "x", "b": [{"n": 1}, {"n": 2}]}, {"k": "y", "b": []}, {"k": "z", "b": [{"n": {}}]}]}'
    )
    sources = [SourceDescription(path, Formulation.JSON, iterator) for iterator in ("$.a[*]", "$.a[*].b[*]")]
    other = SourceDescription(path, Formulation.JSON, "$.a[0]")

    assert are_read_together(*sources)
    assert not are_read_together(sources[0], other)
    both = read_sources(ibis.duckdb.connect(), [(sources[0], ["k"]), (sources[1], ["n"])])

    assert _column(both[0], "k") == ["x", "y", "z"]
    assert _column(both[1], "n") == ["1", "2", None]
    assert both[1].table.order_by("row").row.to_pyarrow().to_pylist() == [1, 2, 3]
    assert [(fault.row, fault.column) for fault in both[1].faults] == [(3, "n")]
    alone = [read_source(ibis.duckdb.connect(), source, ["k", "n"]) for source in sources]
    assert [len(_column(one, "k")) for one in alone] == [3, 3]


@pytest.mark.parametrize("text", ['{"a": {"k": 1}}', '{"a": [[1]]}', '{"b": 1}', '{"a": 7}'])
def test_what_misleads_an_iterator_is_the_same_error_read_alone_and_together(path: Path, text: str) -> None:
    path.write_text(text)
    sources = [SourceDescription(path, Formulation.JSON, iterator) for iterator in ("$.a[*]", "$.a[*].b[*]")]
    with pytest.raises(SourceError) as alone:
        [read_source(ibis.duckdb.connect(), source, ["k"]) for source in sources]
    with pytest.raises(SourceError) as together:
        read_sources(ibis.duckdb.connect(), [(source, ["k"]) for source in sources])
    assert (str(together.value), together.value.location) == (str(alone.value), alone.value.location)

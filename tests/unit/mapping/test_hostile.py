"""Mappings and values that are broken, odd or made to do harm: located errors or right results, never a crash."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emkg.errors import EmkgError, MappingError, SourceError
from emkg.mapping.encode import encode_label_safe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

_XSD = "http://www.w3.org/2001/XMLSchema#"
_HEAD = "mappings:\n  m:\n    sources: [[a.csv~csv]]\n    s: ex:i/$(id)\n    po:\n"


def _call(function: str, parameters: str) -> str:
    return f"- {{p: ex:p, o: {{function: emf:{function}, parameters: [[emf:value, $(v)]{parameters}]}}}}"


def _raised(action: Callable[..., object], *arguments: object, **files: str | bytes) -> EmkgError:
    with pytest.raises(EmkgError) as raised:
        action(*arguments, **files)
    error = raised.value
    assert error.location is not None
    assert error.message_zh
    f"{error} {error.message_zh}".encode()
    return error


@pytest.mark.parametrize("written", [r"\0", r"\uD800"])
@pytest.mark.parametrize("text", ["x{}", "x{}$(v)", "$(a{})", "$(v)", "x~iri"])
def test_characters_that_no_text_may_hold_are_refused_in_a_mapping(
    execute: Callable[..., Outcome], written: str, text: str
) -> None:
    name = "v" if "{}" in text else f"v{written}"
    pair = f'      - ["http://e.org/{name}", "{text.format(written)}"]\n'
    error = _raised(execute, _HEAD + pair, a_csv="id,v\n1,2\n")
    assert isinstance(error, MappingError)
    assert error.location is not None
    assert error.location.line == 8


def test_a_null_character_is_refused_in_rml(parse: Callable[..., object]) -> None:
    mapping = '@prefix rml: <http://w3id.org/rml/> .\n<#m> a rml:TriplesMap ;\n  rml:logicalSource [ rml:source "a\\u0000.csv" ] .\n'
    assert "null character" in str(_raised(parse, mapping))


@pytest.mark.parametrize(
    "mapping",
    [
        "mappings:\n  m: &a\n    <<: *a\n",
        "mappings: " + "[" * 5000 + "]" * 5000,
        "mappings: " + "{a: " * 200 + "1" + "}" * 200,
        "mappings:\n  ? [a, b]\n  : x\n",
        _HEAD + "      - {[a]: b}\n",
        "mappings:\n\tm: x\n",
        "mappings:\n  m: {s: ex:a, s: ex:b}\n",
        "mappings: *nothing\n",
        "mappings: {}\n---\nmappings: {}\n",
        "mappings: !!python/object/apply:os.system ['false']\n",
        "sources:\n  s: {access: a.csv, headerRow: " + "9" * 5000 + "}\nmappings: {}\n",
    ],
)
def test_yaml_made_to_break_a_reader_is_an_error_of_its_place(
    parse: Callable[..., object], mapping: str
) -> None:
    assert isinstance(_raised(parse, mapping), MappingError)


def test_what_is_nested_too_deeply_is_named_where_it_becomes_so(parse: Callable[..., object]) -> None:
    error = _raised(parse, "mappings:\n  " + "[" * 5000 + "]" * 5000)

    assert (error.location.line, error.location.column) == (4, 63)  # type: ignore[union-attr]  # located, as the line says


def test_aliases_of_aliases_do_not_explode(parse: Callable[..., object]) -> None:
    doubled = "".join(f"  m{n}: &a{n}\n    <<: [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert "aliases" in str(_raised(parse, "authors: &a0 {}\nmappings:\n" + doubled))


def test_of_merged_maps_the_earlier_one_wins(execute: Callable[..., Outcome]) -> None:
    shared = "authors:\n  - &first {s: 'ex:first/$(id)'}\n  - &second {s: 'ex:second/$(id)', source: [a.csv~csv]}\n"
    mapping = shared + "mappings:\n  m:\n    <<: [*first, *second]\n    po: [[ex:p, $(v)]]\n"
    outcome = execute(mapping, a_csv="id,v\n1,2\n")
    assert outcome.statements == {'<http://example.org/first/1> <http://example.org/p> "2"'}


def test_a_fixed_text_keeps_the_language_and_datatype_that_a_column_gives(
    from_csv: Callable[..., Outcome],
) -> None:
    outcome = from_csv("id,v\n1,zh\n2,zh_CN\n", "- [ex:l, 雾, $(v)~lang]\n- [ex:d, '1', ex:$(v)]")
    assert outcome.objects("l") == {'"雾"@zh'}
    assert outcome.objects("d") == {f'"1"^^<http://example.org/{name}>' for name in ("zh", "zh_CN")}
    assert outcome.faults() == {(3, "v", "zh_CN", "bad-language-tag")}


def test_a_blank_node_label_holds_what_labels_may_hold(from_csv: Callable[..., Outcome]) -> None:
    pairs = "- {p: ex:p, o: {value: 'a b;<>_上', type: blank}}\n- {p: ex:q, o: {value: $(v), type: blank}}"
    outcome = from_csv("id,v\n1,a b;<>_上\n", pairs)
    assert outcome.objects("p") == outcome.objects("q")
    (label,) = outcome.objects("p")
    assert label is not None
    assert label.endswith(encode_label_safe("a b;<>_上"))
    assert " " not in label


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("integer", ["9007199254740993", "-0", "+5"], ["1.0", " 1", "１", ""]),
        ("unsignedByte", ["-0", "255"], ["256", "-1"]),
        ("double", ["1e400", "-0", "+INF", "NaN"], ["inf", "nan", "0x1"]),
        (
            "time",
            ["24:00:00", "12:00:00+14:00", "12:00:00-14:00"],
            ["24:00:01", "23:59:60", "12:00:00+14:01"],
        ),
        (
            "date",
            ["0000-01-01", "2000-02-29", "12004-02-29", "-0004-02-29"],
            ["1900-02-29", "02004-02-29", "2021-02-29"],
        ),
        ("dateTime", ["2020-01-01T24:00:00Z"], ["2020-01-01T24:00:01Z", "2020-01-01T00:00:00Z\n"]),
        ("base64Binary", ["AA==", "QUJD", "Q U J D"], ["A", "AAA", "AB==", "=="]),
    ],
)
def test_values_at_the_edges_of_a_datatype(
    from_csv: Callable[..., Outcome], datatype: str, good: list[str], bad: list[str]
) -> None:
    table = "id,v\n" + "".join(f'{row},"{value}"\n' for row, value in enumerate([*good, *bad]))
    outcome = from_csv(table, f"- [ex:p, $(v), xsd:{datatype}]")
    assert outcome.objects("p") == {f'"{value}"^^<{_XSD}{datatype}>' for value in good}
    assert {value for _, _, value, _ in outcome.faults()} == {value for value in bad if value}


def test_a_value_of_another_kind_than_its_sqlite_column_is_quarantined(
    execute: Callable[..., Outcome], tmp_path: Path
) -> None:
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("CREATE TABLE t (id INTEGER, v INTEGER, b BOOLEAN, d DATE)")
    connection.execute("INSERT INTO t VALUES (1, 'abc', 10, '2020/1/1'), (2, 3, 1, '2020-01-01')")
    connection.commit()
    connection.close()
    pairs = "po: [[ex:p, $(v)], [ex:p, $(b)], [ex:p, $(d)]]"
    outcome = execute(f"mappings:\n  m:\n    sources: [[a.sqlite~sqlite]]\n    s: ex:i/$(id)\n    {pairs}\n")
    values = (("3", "integer"), ("true", "boolean"), ("2020-01-01", "date"))
    assert outcome.objects("p") == {f'"{value}"^^<{_XSD}{name}>' for value, name in values}
    assert outcome.faults() == {
        (1, column, value, "bad-lexical-form")
        for column, value in (("v", "abc"), ("b", "10"), ("d", "2020/1/1"))
    }


def test_a_date_before_our_era_is_not_made_into_an_ill_typed_literal(
    execute: Callable[..., Outcome], tmp_path: Path
) -> None:
    dates = pa.array([0, -1_000_000], pa.date32())
    pq.write_table(pa.table({"id": ["1", "2"], "v": dates}), tmp_path / "a.parquet")
    outcome = execute(_HEAD.replace("a.csv~csv", "a.parquet~parquet") + "      - [ex:p, $(v)]\n")
    assert outcome.objects("p") == {f'"1970-01-01"^^<{_XSD}date>'}
    assert [fault[0] for fault in outcome.faults()] == [2]


def test_a_damaged_parquet_file_is_an_error_of_the_file(
    execute: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [str(n) for n in range(5000)]}), path)
    data = bytearray(path.read_bytes())
    data[200:9000] = b"\xff" * 8800
    path.write_bytes(data)
    error = _raised(execute, _HEAD.replace("a.csv~csv", "a.parquet~parquet") + "      - [ex:p, $(id)]\n")
    assert isinstance(error, SourceError)
    assert "a.parquet" in str(error)


@pytest.mark.parametrize("template", ["%Q", "%"])
def test_a_date_format_that_is_none_is_an_error_of_its_line(
    from_csv: Callable[..., Outcome], template: str
) -> None:
    error = _raised(from_csv, "id,v\n1,2\n", _call("parseDate", f", [emf:format, '{template}']"))
    assert "emf:format" in str(error)


def test_words_that_the_database_takes_for_moments_are_no_dates(from_csv: Callable[..., Outcome]) -> None:
    outcome = from_csv(
        "id,v\n1,epoch\n2,-Infinity\n3,2020-01-01\n", _call("parseDate", ", [emf:format, yyyy-MM-dd]")
    )
    assert outcome.objects("p") == {'"2020-01-01"'}
    assert [fault[2] for fault in sorted(outcome.faults(), key=str)] == ["epoch", "-Infinity"]


def test_milliseconds_are_whole_numbers_and_nothing_is_rounded(from_csv: Callable[..., Outcome]) -> None:
    outcome = from_csv("id,v\n1,1.5\n2,0x10\n3,1_000\n4,1e3\n5,7\n", _call("epochMillis", ""))
    assert outcome.objects("p") == {'"1970-01-01T00:00:00.007Z"'}
    assert {fault[2] for fault in outcome.faults()} == {"1.5", "0x10", "1_000", "1e3"}


@pytest.mark.parametrize(
    "crosswalk",
    [
        b"subject_id\tobject_id\n\xff\tcode:a\n",
        b"# curie_map: [\nsubject_id\tobject_id\n",
        b"# - a\nsubject_id\tobject_id\n",
        b"# curie_map: [a]\nsubject_id\tobject_id\n",
        b"# curie_map: {x: 5}\nsubject_id\tobject_id\n2\tx:a\n",
        b"subject_id\tobject_id\n2\n",
        b"subject_id\tobject_id\n2\tcode:a\0\n",
        b"subject_id\tobject_id\n2\thttp://a b\n",
        b"",
    ],
)
def test_a_broken_crosswalk_is_a_located_error(
    from_csv: Callable[..., Outcome], tmp_path: Path, crosswalk: bytes
) -> None:
    (tmp_path / "c.tsv").write_bytes(crosswalk)
    error = _raised(from_csv, "id,v\n1,2\n", _call("translate", ", [emf:crosswalk, c.tsv]"))
    assert isinstance(error, MappingError)


def test_a_huge_value_has_a_message_that_can_be_read(from_csv: Callable[..., Outcome]) -> None:
    huge = "a" * 1_000_000
    outcome = from_csv(f"id,v\n1,{huge}\n", "- [ex:p, $(v), xsd:integer]")
    (record,) = outcome.quarantine
    assert record["value"] == huge
    assert len(str(record["message"])) < 500


def test_maps_that_join_each_other_in_a_circle_end(execute: Callable[..., Outcome]) -> None:
    equal = "{function: equal, parameters: [[str1, $(v), s], [str2, $(id), o]]}"
    maps = "".join(
        f"  {own}:\n    sources: [[a.csv~csv]]\n    s: ex:{own}/$(id)\n    po:\n"
        f"      - {{p: ex:p, o: {{mapping: {other}, condition: {equal}}}}}\n"
        for own, other in ("xy", "yz", "zx", "ww")
    )
    outcome = execute("mappings:\n" + maps, a_csv="id,v\n1,2\n2,1\n2,1\n,1\n3,\n")
    assert len(outcome.rows) == 8
    assert outcome.faults() == {(5, "id", "", "empty-key")}

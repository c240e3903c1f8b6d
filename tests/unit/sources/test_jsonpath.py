"""JSONPath by RFC 9535, section by section; what is expected was worked out by hand from the RFC's definitions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import ibis
import pytest

from emkg.errors import Location, SourceError
from emkg.sources import Formulation, SourceDescription, read_source
from emkg.sources.json_items import json_decoder
from emkg.sources.json_value import RepeatedMemberError
from emkg.sources.jsonpath import compile_jsonpath

if TYPE_CHECKING:
    from pathlib import Path

CITY = {
    "city": "Shanghai",
    "limit": 100,
    "stations": [
        {
            "id": "a",
            "aqi": 250,
            "pm25": 180.5,
            "kinds": ["urban", "road"],
            "head": {"name": "Li", "tel": None},
        },
        {"id": "b", "aqi": 90, "kinds": [], "区": "浦东"},
        {"id": "c", "aqi": 101, "pm25": 75, "kinds": ["rural"], "head": {"name": "Wu"}},
        {"id": "d", "kinds": ["urban"], "closed": True},
    ],
}


def _found(path: str, document: object = CITY) -> list[object]:
    decoded = json_decoder().decode(json.dumps(document))
    nodes = compile_jsonpath(path, Location("f")).find(decoded)
    return [json.loads(json.dumps(node)) for node in nodes]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # 2.3.4 array slices
        ("$.stations[1:3].id", ["b", "c"]),
        ("$.stations[:2].id", ["a", "b"]),
        ("$.stations[-2:].id", ["c", "d"]),
        ("$.stations[::2].id", ["a", "c"]),
        ("$.stations[::-1].id", ["d", "c", "b", "a"]),
        ("$.stations[3:0:-2].id", ["d", "b"]),
        ("$.stations[0:4:0].id", []),
        ("$.stations[5:9].id", []),
        # 2.3.3 an index from the end, and one that is not there
        ("$.stations[-1].id", ["d"]),
        ("$.stations[9].id", []),
        # 2.5.1 several selectors in one segment, in their order, repeated where they repeat
        ("$.stations[2,0,2].id", ["c", "a", "c"]),
        ("$['city','limit']", ["Shanghai", "100"]),
        ("$.stations[0]['id',\"kinds\"][*]", ["urban", "road"]),
        # 2.3.5 filters: comparison, existence, negation, and, or
        ("$.stations[?@.aqi > 100].id", ["a", "c"]),
        ("$.stations[?@.aqi >= $.limit].id", ["a", "c"]),
        ("$.stations[?@.aqi <= 90 || @.closed].id", ["b", "d"]),
        ("$.stations[?@.pm25 && @.pm25 < 100].id", ["c"]),
        ("$.stations[?!@.head].id", ["b", "d"]),
        ("$.stations[?@.head.name == 'Wu'].id", ["c"]),
        ("$.stations[?@.head.tel == null].id", ["a"]),
        ("$.stations[?@.closed == true].id", ["d"]),
        ("$.stations[?@.区 == '浦东'].id", ["b"]),
        ("$.stations[?@.aqi == 250.0].id", ["a"]),
        ("$.stations[?@.id > 'b'].id", ["c", "d"]),
        ("$.stations[?@.kinds[?@ == 'urban']].id", ["a", "d"]),
        ("$.stations[?@.aqi != @.pm25].id", ["a", "b", "c"]),
        # 2.4 function extensions
        ("$.stations[?length(@.kinds) == 1].id", ["c", "d"]),
        ("$.stations[?count(@.*) > 4].id", ["a", "c"]),
        ("$.stations[?match(@.head.name, 'L.')].id", ["a"]),
        ("$.stations[?search(@.id, '[bc]')].id", ["b", "c"]),
        ("$.stations[?value(@..name) == 'Li'].id", ["a"]),
        # 2.5.2 descendants
        ("$..name", ["Li", "Wu"]),
        ("$.stations..tel", [None]),
        ("$..kinds[0]", ["urban", "rural", "urban"]),
    ],
)  # fmt: skip
def test_a_query_finds_what_the_rfc_says(path: str, expected: list[object]) -> None:
    assert _found(path) == expected


def test_a_number_beyond_a_double_is_given_exactly() -> None:
    document = [{"n": 9007199254740993}, {"n": 12}]

    assert _found("$[?@.n > 4000000000].n", document) == ["9007199254740993"]


def test_a_member_named_twice_on_the_way_is_noticed() -> None:
    item = json_decoder().decode('{"a": {"b": 1, "b": 2}}')

    with pytest.raises(RepeatedMemberError):
        compile_jsonpath("$..b", Location("f")).find(item)


@pytest.mark.parametrize(
    ("formulation", "iterator", "text"),
    [
        (Formulation.JSON, "$.stations[?@.aqi > 100]", json.dumps(CITY)),
        (Formulation.JSON, "$.stations[?@.aqi > $.limit]", json.dumps(CITY)),
        (Formulation.JSON, "$..[?@.aqi > 100]", json.dumps(CITY)),
        (Formulation.JSON_LINES, "$.stations[?@.aqi > 100]", json.dumps(CITY)),
    ],
)
def test_an_iterator_may_be_a_query(
    tmp_path: Path, formulation: Formulation, iterator: str, text: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)

    relation = read_source(
        ibis.duckdb.connect(), SourceDescription(path, formulation, iterator), ["id", "kinds[0:1]", "$..name"]
    )

    rows = relation.table.order_by(relation.columns["id"]).to_pyarrow().to_pylist()
    names = ("id", "kinds[0:1]", "$..name")
    assert [[row[relation.columns[name]] for name in names] for row in rows] == [
        ["a", "urban", "Li"],
        ["c", "rural", "Wu"],
    ]
    assert relation.faults == ()


def test_an_iterator_that_selects_nothing_is_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(CITY))

    relation = read_source(
        ibis.duckdb.connect(), SourceDescription(path, Formulation.JSON, "$.stations[?@.aqi > 999]"), ["id"]
    )

    assert relation.table.to_pyarrow().num_rows == 0


def test_an_item_nested_too_deeply_for_a_descent_is_an_error_and_no_crash() -> None:
    item: object = 1
    for _ in range(300):
        item = {"a": item}

    with pytest.raises(SourceError, match="nested too deeply for the JSONPath"):
        compile_jsonpath("$..b", Location("f")).find(item)  # type: ignore[arg-type]  # objects all the way down

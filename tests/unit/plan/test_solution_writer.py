"""An answer as bytes: what each format holds of bound, unbound and awkward terms, and the limits while it is written."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from emkg.errors import QueryTimeoutError, ResultTooLargeError
from emkg.plan.deadline import Deadline
from emkg.plan.solution_table import TermColumn
from emkg.plan.solution_writer import write_solutions
from emkg.plan.sparql_results import ResultFormat
from emkg.rdf import IRI, RDF_LANG_STRING, BlankNode, Literal

TERMS = (
    IRI("http://e/空气"),
    BlankNode("b"),
    Literal('a "quoted", text\nof <two> lines'),
    Literal("雾霾", RDF_LANG_STRING, "zh"),
    Literal("7", "http://www.w3.org/2001/XMLSchema#integer"),
)
FIRST = TermColumn("first", pa.array([None, 0, 1, None, None], pa.int32()), TERMS)
SECOND = TermColumn("second", pa.array([2, None, 3, 4, None], pa.int32()), TERMS)
COLUMNS = (FIRST, SECOND)


def _written(media: ResultFormat, *, columns: tuple[TermColumn, ...] = COLUMNS, rows: int = 5) -> str:
    content = write_solutions(columns, rows, media, deadline=Deadline.after(60), max_bytes=10_000)
    return content.decode()


def test_json_leaves_out_what_is_unbound() -> None:
    answer = json.loads(_written(ResultFormat.JSON))

    assert answer["head"]["vars"] == ["first", "second"]
    assert answer["results"]["bindings"] == [
        {"second": {"type": "literal", "value": 'a "quoted", text\nof <two> lines'}},
        {"first": {"type": "uri", "value": "http://e/空气"}},
        {
            "first": {"type": "bnode", "value": "b"},
            "second": {"type": "literal", "value": "雾霾", "xml:lang": "zh"},
        },
        {
            "second": {
                "type": "literal",
                "value": "7",
                "datatype": "http://www.w3.org/2001/XMLSchema#integer",
            }
        },
        {},
    ]


def test_xml_holds_the_same() -> None:
    results = ET.fromstring(_written(ResultFormat.XML))[1]  # noqa: S314 - our own text

    texts = [[(binding.get("name"), binding[0].text) for binding in result] for result in results]
    assert texts == [
        [("second", 'a "quoted", text\nof <two> lines')],
        [("first", "http://e/空气")],
        [("first", "b"), ("second", "雾霾")],
        [("second", "7")],
        [],
    ]


def test_csv_and_tsv_leave_an_empty_cell() -> None:
    rows = list(csv.reader(io.StringIO(_written(ResultFormat.CSV), newline="")))
    assert rows[1:3] == [["", 'a "quoted", text\nof <two> lines'], ["http://e/空气", ""]]
    assert _written(ResultFormat.TSV).splitlines()[3:] == [
        '_:b\t"雾霾"@zh',
        '\t"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "\t",
    ]


@pytest.mark.parametrize("media", [ResultFormat.JSON, ResultFormat.XML])
def test_no_rows_and_rows_of_no_variable_are_answers_too(media: ResultFormat) -> None:
    assert "http://e/" not in _written(
        media, columns=(TermColumn("x", pa.array([], pa.int32()), ()),), rows=0
    )
    empty = _written(media, columns=(), rows=2)
    assert empty.count("{}") == 2 or empty.count("<result></result>") == 2


def test_the_time_limit_holds_while_an_answer_is_written() -> None:
    with pytest.raises(QueryTimeoutError, match="while writing the answer"):
        write_solutions(COLUMNS, 5, ResultFormat.JSON, deadline=Deadline.after(0), max_bytes=10_000)


@pytest.mark.parametrize("max_bytes", [100, 380])
def test_an_answer_of_too_many_bytes_is_refused_before_or_after_its_rows_are_joined(max_bytes: int) -> None:
    assert len(_written(ResultFormat.JSON).encode()) > max_bytes
    with pytest.raises(ResultTooLargeError):
        write_solutions(COLUMNS, 5, ResultFormat.JSON, deadline=Deadline.after(60), max_bytes=max_bytes)

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.ledger import Activity, Ledger, term_id
from emkg.rdf import IRI, BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from emkg.rdf import Term

    Build: TypeAlias = Callable[..., pa.Table]


G = "http://e/g"
XSD = "http://www.w3.org/2001/XMLSchema#"

literals = st.builds(
    Literal,
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    | st.text('"\\nrtu0041\n\r\t\b\f\x00\x1f\x7f@^<>', max_size=10),
    st.just(XSD + "string") | st.just("http://e/type"),
)
tagged = st.builds(
    lambda value, tag: Literal(value, language=tag),
    st.text(max_size=4),
    st.sampled_from(["zh", "zh-Hans-CN"]),
)
terms = literals | tagged | st.just(IRI("http://e/中文?a=%20")) | st.just(BlankNode("b.1"))


@settings(max_examples=20, deadline=None)
@given(st.lists(terms.filter(lambda term: "\ud800" not in str(term)), min_size=1, max_size=30))
def test_every_term_comes_back_as_it_was_written(values: list[Term]) -> None:
    texts = {str(term) for term in values}
    rows = [{"s": "<http://e/s>", "p": "<http://e/p>", "o": text, "g": None} for text in texts]
    with Ledger.open(None) as ledger:
        with ledger.stage({G: _table(rows)}) as staged:
            staged.commit(Activity("d/x"))
        assert set(ledger.statements(graphs=[G]).read_all()["o"].to_pylist()) == texts
        lexical = {
            row["id"]: row["lexical"]
            for row in ledger.select("SELECT id, lexical FROM term").read_all().to_pylist()
        }
        assert {term: lexical[term_id(str(term))] for term in values} == {term: term.value for term in values}


def _table(rows: list[dict[str, str | None]]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - only this helper needs it

    return pa.Table.from_pylist(rows)


def test_the_id_in_sql_is_the_id_in_python(ledger: Ledger, table: Build) -> None:
    with ledger.stage({G: table(("<http://e/s>", "<http://e/p>", '"空气"@zh'))}) as staged:
        staged.commit(Activity("d/x"))
    rows = ledger.select("SELECT id, text FROM term").read_all().to_pylist()
    assert all(row["id"] == term_id(row["text"]) for row in rows)


@pytest.mark.parametrize(
    ("lexical", "datatype", "expected"),
    [
        ("007", "integer", {"number": 7.0, "exact": Decimal(7)}),
        ("-9007199254740993", "integer", {"exact": Decimal(-9007199254740993)}),
        ("123456789012345678901234567", "integer", {"exact": Decimal(123456789012345678901234567)}),
        ("1" + "0" * 40, "integer", {"number": 1e40, "exact": None}),
        ("1.50", "decimal", {"number": 1.5, "exact": Decimal("1.5")}),
        ("5.", "decimal", {"exact": Decimal(5)}),
        ("123456789012.12345678", "decimal", {"exact": Decimal("123456789012.12345678")}),
        ("0.12345678901", "decimal", {"number": 0.12345678901, "exact": None}),
        ("1e3", "decimal", {"number": None, "exact": None}),
        ("1e3", "double", {"number": 1000.0, "exact": None}),
        ("INF", "double", {"number": float("inf")}),
        ("300", "byte", {"number": None, "exact": None}),
        ("-1", "nonNegativeInteger", {"number": None}),
        ("18446744073709551615", "unsignedLong", {"exact": Decimal(18446744073709551615)}),
        ("1.0", "integer", {"number": None, "exact": None}),
        (" 1", "integer", {"number": None}),
        ("1", "boolean", {"truth": True}),
        ("false", "boolean", {"truth": False}),
        ("yes", "boolean", {"truth": None}),
        ("2015-12-01", "date", {"instant": datetime(2015, 12, 1), "has_zone": False}),  # noqa: DTZ001 - the column has none
        ("2015-12-01+08:00", "date", {"instant": datetime(2015, 11, 30, 16), "has_zone": True}),  # noqa: DTZ001
        ("2015-02-30", "date", {"instant": None}),
        ("2015-12-01T08:00:00.5+08:00", "dateTime", {"instant": datetime(2015, 12, 1, 0, 0, 0, 500000)}),  # noqa: DTZ001
        ("2015-12-01T08:00:00", "dateTime", {"instant": datetime(2015, 12, 1, 8), "has_zone": False}),  # noqa: DTZ001
        ("2015-12-01 08:00:00", "dateTime", {"instant": None}),
        ("7", "string", {"number": None, "exact": None, "instant": None, "truth": None}),
    ],
)
def test_typed_literals_have_their_value_and_ill_typed_ones_none(
    ledger: Ledger, table: Build, lexical: str, datatype: str, expected: dict[str, object]
) -> None:
    text = str(Literal(lexical, XSD + datatype))
    with ledger.stage({G: table(("<http://e/s>", "<http://e/p>", text))}) as staged:
        staged.commit(Activity("d/x"))
    (row,) = ledger.select("SELECT * FROM term WHERE id = $id", {"id": term_id(text)}).read_all().to_pylist()
    assert {column: row[column] for column in expected} == expected
    assert (row["lexical"], row["text"]) == (lexical, text)

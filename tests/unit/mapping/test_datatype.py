from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.mapping.datatype import is_ill_typed, lexical_space
from emkg.mapping.natural import canonical, canonical_by_row
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis.expr.types as ir

CASES = {
    "integer": ("0 -7 +12 007 123456789012345678901234567890", "1.0 1e3 x 一 －1"),
    "nonNegativeInteger": ("0 +5 -0", "-1"),
    "positiveInteger": ("1 +05", "0 -1"),
    "nonPositiveInteger": ("0 -3 +0", "1"),
    "negativeInteger": ("-1 -010", "0 1"),
    "long": ("9223372036854775807 -9223372036854775808", "9223372036854775808 " + "9" * 60),
    "int": ("2147483647", "2147483648"),
    "short": ("-32768", "-32769"),
    "byte": ("127 -128", "128 300"),
    "unsignedLong": ("18446744073709551615 0", "18446744073709551616 -1"),
    "unsignedByte": ("255", "256"),
    "decimal": ("1 1. .5 -0.0 +3.14", "1e3 . 1,5"),
    "double": ("1 1. .5 1e3 -1.5E-10 INF -INF NaN", "inf 1e 0x1 １"),
    "boolean": ("true false 0 1", "TRUE yes"),
    "date": ("2024-02-29 2000-02-29 2023-04-30 2020-01-01Z 2020-01-01+08:00 -0044-03-15 12020-01-01",
             "2023-02-29 1900-02-29 2023-04-31 2023-13-01 2023-00-10 2023-1-1 20230101 2023-01-01+15:00 02020-01-01"),
    "dateTime": ("2020-01-01T24:00:00 2020-01-01T08:30:00.5+08:00", "2020-01-01 2020-01-01T24:00:01 2020-02-30T00:00:00"),
    "dateTimeStamp": ("2020-01-01T08:30:00Z", "2020-01-01T08:30:00"),
    "time": ("08:30:00 23:59:59.999Z", "8:30:00 24:00:01 08:60:00"),
    "gYear": ("2020 -0001 2020Z", "20 02020"),
    "gYearMonth": ("2020-12", "2020-13"),
    "gMonth": ("--12", "12"),
    "gDay": ("---31", "---32"),
    "gMonthDay": ("--02-29", "--02-30"),
    "duration": ("P1Y PT30M P1DT2H -P1Y2M3DT4H5M6.7S PT0S P1M", "P PT 1Y P1H P1YT"),
    "dayTimeDuration": ("PT30M P1D", "P1M"),
    "yearMonthDuration": ("P1Y2M", "P1D"),
    "anyURI": ("http://a/b 市/1", "a<b a|b"),
    "hexBinary": ("0aFF", "0aF"),
    "language": ("zh-Hans", "zh_CN"),
    "NCName": ("_a 市1", "1a a:b"),
}  # fmt: skip


@pytest.fixture(scope="module")
def backend() -> Iterator[ibis.BaseBackend]:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


def _evaluate(backend: ibis.BaseBackend, texts: list[str], build: object) -> list[object]:
    table = ibis.memtable({"text": texts}, schema={"text": "string"})
    assert callable(build)
    column: ir.Value = build(table["text"])
    return list(backend.to_pyarrow(column).to_pylist())


@pytest.mark.parametrize("name", CASES)
def test_a_datatype_takes_its_lexical_space_and_nothing_else(backend: ibis.BaseBackend, name: str) -> None:
    good, bad = (text.split() for text in CASES[name])
    space = lexical_space(XSD + name)
    assert space is not None

    judged = _evaluate(backend, [*good, *bad], lambda text: is_ill_typed(text, space))

    assert judged[: len(good)] == [False] * len(good)
    assert judged[len(good) :] == [True] * len(bad)


def test_a_datatype_of_somebody_elses_takes_any_text() -> None:
    assert lexical_space("http://example.org/datatype") is None
    assert lexical_space(XSD + "string") is None


@given(st.dates())
@settings(max_examples=50, deadline=None)
def test_every_real_day_is_a_date(backend: ibis.BaseBackend, day: object) -> None:
    space = lexical_space(XSD + "date")
    assert space is not None

    assert _evaluate(backend, [str(day)], lambda text: is_ill_typed(text, space)) == [False]


def test_the_canonical_double_is_the_same_number(backend: ibis.BaseBackend) -> None:
    numbers = [1.0, -2.5, 100.0, 0.1, 1e21, 1.5e-9, 123456789.125, 5e-324, 1.7976931348623157e308, 10.0]

    texts = _evaluate(
        backend, [repr(number) for number in numbers], lambda text: canonical(text, XSD + "double")
    )

    assert [float(str(text)) for text in texts] == numbers
    assert texts[:4] == ["1.0E0", "-2.5E0", "1.0E2", "1.0E-1"]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
@settings(max_examples=30, deadline=None)
def test_canonical_doubles_round_trip(backend: ibis.BaseBackend, numbers: list[float]) -> None:
    texts = _evaluate(
        backend, [repr(number) for number in numbers], lambda text: canonical(text, XSD + "double")
    )

    assert [float(str(text)) for text in texts] == numbers


def test_values_that_are_no_numbers_have_canonical_forms_too(backend: ibis.BaseBackend) -> None:
    texts = ["inf", "-inf", "nan", "0", "-0.0", "no number"]

    found = _evaluate(backend, texts, lambda text: canonical(text, XSD + "double"))

    assert found == ["INF", "-INF", "NaN", "0.0E0", "-0.0E0", "no number"]


def test_other_natural_datatypes_are_written_as_xsd_writes_them(backend: ibis.BaseBackend) -> None:
    assert _evaluate(backend, ["1", "0", "TRUE"], lambda text: canonical(text, XSD + "boolean")) == [
        "true",
        "false",
        "true",
    ]
    moment = _evaluate(backend, ["2020-01-01 08:00:00"], lambda text: canonical(text, XSD + "dateTime"))
    assert moment == ["2020-01-01T08:00:00"]
    by_row = _evaluate(backend, ["1"], lambda text: canonical_by_row(text, ibis.literal(XSD + "boolean")))
    assert by_row == ["true"]

"""SPARQL's comparisons, evaluated by DuckDB on a ledger's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.ledger import Activity, Ledger, term_id
from emkg.plan import Comparison, Operator, Pattern, TriplePattern, Variable, solutions_sql
from emkg.rdf import IRI, BlankNode, Literal, Term
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT, RIGHT = IRI("http://ex/left"), IRI("http://ex/right")
A, B = Variable("a"), Variable("b")


def _number(text: str, datatype: str = "integer") -> Literal:
    return Literal(text, XSD + datatype)


def _date(text: str) -> Literal:
    return Literal(text, XSD + "date")


CASES: list[tuple[Term, str, Term, bool]] = [
    (_number("9"), "<", _number("10"), True),
    (_number("10"), "<", _number("9"), False),
    (_number("9007199254740993"), ">", _number("9007199254740992"), True),
    (_number("1.50", "decimal"), "=", _number("1.5", "decimal"), True),
    (_number("1"), "=", _number("1.0", "double"), True),
    (_number("1e3", "double"), ">=", _number("1000"), True),
    (_number("NaN", "double"), "=", _number("NaN", "double"), False),  # IEEE 754, though it is the same term
    (_number("NaN", "double"), "<=", _number("1"), False),
    (_number("1"), "!=", _number("01"), False),
    (_number("1"), "!=", _number("2"), True),
    (_date("2024-10-31"), "<", _date("2024-11-01"), True),
    (_date("2024-11-01"), "<=", _date("2024-11-01"), True),
    (_date("2024-11-01"), "<", _number("5"), False),  # an error does not pass
    (_date("2024-11-01"), "!=", _number("5"), False),  # nor does its negation
    (_date("2024-11-01Z"), "<", _date("2024-11-02"), False),
    (Literal("2024-11-01T08:00:00+08:00", XSD + "dateTime"), "=", Literal("2024-11-01T00:00:00Z", XSD + "dateTime"), True),
    (Literal("true", XSD + "boolean"), "=", Literal("1", XSD + "boolean"), True),
    (Literal("true", XSD + "boolean"), ">", Literal("false", XSD + "boolean"), True),
    (Literal("天津"), ">", Literal("上海"), True),
    (Literal("a"), "!=", Literal("b"), True),
    (Literal("a"), "=", LEFT, False),
    (LEFT, "!=", RIGHT, True),
    (LEFT, "=", LEFT, True),
    (LEFT, "<", RIGHT, False),
    (BlankNode("x"), "!=", LEFT, True),
    (_date("not a date"), "<", _date("2024-11-01"), False),
    (_number("x"), "<", _number("1"), False),
    (_number("1" + "0" * 40), ">", _number("1"), True),
]  # fmt: skip


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    with Ledger.open(None) as opened:
        rows = [
            (f"<http://ex/{n}>", str(p), str(t))
            for n, c in enumerate(CASES)
            for p, t in ((LEFT, c[0]), (RIGHT, c[2]))
        ]
        table = pa.table(dict(zip("spo", map(list, zip(*rows, strict=True)), strict=True)))
        with opened.stage({"http://ex/graph": table}) as staged:
            staged.commit(Activity("test"))
        yield opened


def _passes(
    ledger: Ledger, number: int, left: Variable | Term, operator: str, right: Variable | Term
) -> bool:
    case = IRI(f"http://ex/{number}")
    pattern = Pattern(
        (TriplePattern(case, LEFT, A), TriplePattern(case, RIGHT, B)),
        (Comparison(left, Operator(operator), right),),
    )
    return ledger.select(solutions_sql(pattern, [A, B])).read_all().num_rows > 0


@pytest.mark.parametrize("number", range(len(CASES)))
def test_terms_compare_as_sparql_says(ledger: Ledger, number: int) -> None:
    left, operator, right, expected = CASES[number]

    assert _passes(ledger, number, A, operator, B) is expected
    assert _passes(ledger, number, A, operator, right) is expected
    assert _passes(ledger, number, left, operator, B) is expected
    assert _passes(ledger, number, left, operator, right) is expected


def test_a_constant_need_not_be_in_the_ledger(ledger: Ledger) -> None:
    unknown = _number("9.25", "decimal")
    assert ledger.terms([term_id(str(unknown))]) == {}

    assert _passes(ledger, 0, A, "<", unknown)

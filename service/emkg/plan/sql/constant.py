"""Terms of the query's text as values: their columns are worked out here, and the ledger need not know the term."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from sqlglot import exp

from emkg.ledger import term_id
from emkg.plan.sql.column import cast, id_literal, number
from emkg.plan.sql.value import BLANK_NODE, LITERAL, RESOURCE, Value, null_of
from emkg.rdf import IRI, Literal, Term
from emkg.vocabulary import XSD

_INTEGERS: Final = frozenset(
    XSD + name
    for name in [
        "integer",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "byte",
        "short",
        "int",
        "long",
        "unsignedByte",
        "unsignedShort",
        "unsignedInt",
        "unsignedLong",
    ]
)
_DECIMAL: Final = XSD + "decimal"
_FLOATS: Final = frozenset({XSD + "float", XSD + "double"})
_INSTANTS: Final = frozenset({XSD + "date", XSD + "dateTime", XSD + "dateTimeStamp"})
_ZONE: Final = re.compile(r"(Z|[+-]\d\d:\d\d)$")
_FORMS: Final = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    "float": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
}
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_PLACES: Final = 10


@dataclass(frozen=True)
class Constant(Value):
    """A term that is known now."""

    term: Term

    @property
    def is_resource(self) -> bool:
        """Whether it is an IRI or a blank node."""
        return not isinstance(self.term, Literal)

    @property
    def id(self) -> exp.Expression:
        """UBIGINT."""
        return id_literal(term_id(str(self.term)))

    @property
    def kind(self) -> exp.Expression:
        """UTINYINT."""
        is_iri = isinstance(self.term, IRI)
        return number(LITERAL if isinstance(self.term, Literal) else RESOURCE if is_iri else BLANK_NODE)

    @property
    def lexical(self) -> exp.Expression:
        """VARCHAR."""
        return exp.Literal.string(self.term.value)

    @property
    def datatype(self) -> exp.Expression:
        """VARCHAR."""
        return (
            exp.Literal.string(self.term.datatype) if isinstance(self.term, Literal) else null_of("VARCHAR")
        )

    @property
    def language(self) -> exp.Expression:
        """VARCHAR."""
        return (
            exp.Literal.string(self.term.language) if isinstance(self.term, Literal) else null_of("VARCHAR")
        )

    @property
    def number(self) -> exp.Expression:
        """DOUBLE."""
        value = _number(self.term)
        return null_of("DOUBLE") if value is None else _cast(str(value), "DOUBLE")

    @property
    def exact(self) -> exp.Expression:
        """DECIMAL(38, 10)."""
        value = _number(self.term)
        if not isinstance(value, Decimal) or not value.is_finite():
            return null_of("DECIMAL(38, 10)")
        if isinstance(self.term, Literal) and self.term.datatype in _FLOATS:
            return null_of("DECIMAL(38, 10)")
        exponent = value.as_tuple().exponent
        fits = isinstance(exponent, int) and -exponent <= _PLACES and abs(value) < Decimal(10) ** 28
        return _cast(f"{value:f}", "DECIMAL(38, 10)") if fits else null_of("DECIMAL(38, 10)")

    @property
    def instant(self) -> exp.Expression:
        """TIMESTAMP."""
        found = _instant(self.term)
        return null_of("TIMESTAMP") if found is None else _cast(found.isoformat(sep=" "), "TIMESTAMP")

    @property
    def has_zone(self) -> exp.Expression:
        """BOOLEAN."""
        if _instant(self.term) is None:
            return null_of("BOOLEAN")
        return exp.convert(_ZONE.search(self.term.value) is not None)

    @property
    def truth(self) -> exp.Expression:
        """BOOLEAN."""
        if not isinstance(self.term, Literal) or self.term.datatype != XSD + "boolean":
            return null_of("BOOLEAN")
        found = _TRUTHS.get(self.term.value)
        return null_of("BOOLEAN") if found is None else exp.convert(found)


def is_known_null(expression: exp.Expression) -> bool:
    """Whether a column is NULL for every solution, and that can be seen now."""
    inner = expression.this if isinstance(expression, exp.Cast) else expression
    return isinstance(inner, exp.Null)


def _cast(text: str, kind: str) -> exp.Expression:
    return cast(exp.Literal.string(text), kind)


def _number(term: Term) -> Decimal | None:
    if not isinstance(term, Literal):
        return None
    form = "integer" if term.datatype in _INTEGERS else "float" if term.datatype in _FLOATS else "decimal"
    if form == "decimal" and term.datatype != _DECIMAL:
        return None
    if not _FORMS[form].fullmatch(term.value):
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def _instant(term: Term) -> datetime | None:
    if not isinstance(term, Literal) or term.datatype not in _INSTANTS:
        return None
    text = f"{term.value[:10]}T00:00:00{term.value[10:]}" if term.datatype == XSD + "date" else term.value
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant

"""SQL for the values of typed literals, so that plans compare numbers, times and booleans as such.

NULL means: not of such a datatype, ill-typed, or outside what the column can hold exactly
(https://www.w3.org/TR/xmlschema11-2/; RDF knows no whitespace around a lexical form).
"""

from __future__ import annotations

from typing import Final

from emkg.vocabulary import XSD

_INTEGER_RANGES: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}
_INTEGER = r"'[+-]?[0-9]+'"
_DECIMAL = r"'[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)'"
_FLOAT = r"'[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN'"
# DECIMAL(38, 10) holds ten digits after the point and 28 before it. The direct cast takes 6 µs, a hundred
# times as long as the detours by which almost every number can go.
_DIGITS_AFTER = "(CASE WHEN contains(lexical, '.') THEN length(lexical) - strpos(lexical, '.') ELSE 0 END)"
_AS_EXACT = f"""CASE
  WHEN length(lexical) <= 18 AND {_DIGITS_AFTER} = 0 THEN TRY_CAST(rtrim(lexical, '.') AS BIGINT)::DECIMAL(38, 10)
  WHEN length(lexical) <= 12 AND {_DIGITS_AFTER} <= 6 THEN TRY_CAST(lexical AS DECIMAL(18, 6))::DECIMAL(38, 10)
  WHEN {_DIGITS_AFTER} <= 10 THEN TRY_CAST(lexical AS DECIMAL(38, 10)) END"""
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
_DATE = rf"'[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_ZONE}'"
_DATE_TIME = rf"'[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?{_ZONE}'"


def _is(*names: str) -> str:
    return "datatype IN (" + ", ".join(f"'{XSD}{name}'" for name in names) + ")"


def _bounds(name: str) -> str:
    lowest, highest = _INTEGER_RANGES[name]
    value = "TRY_CAST(lexical AS HUGEINT)"
    tests = [f"{value} >= {lowest}"] if lowest is not None else []
    tests += [f"{value} <= {highest}"] if highest is not None else []
    return " AND ".join(tests)


_BOUNDED = " ".join(
    f"WHEN datatype = '{XSD}{name}' THEN {_bounds(name)}" for name in _INTEGER_RANGES if name != "integer"
)
_IS_INTEGER = f"""({_is(*_INTEGER_RANGES)} AND regexp_full_match(lexical, {_INTEGER})
  AND CASE {_BOUNDED} ELSE true END)"""
_IS_DECIMAL = f"({_is('decimal')} AND regexp_full_match(lexical, {_DECIMAL}))"
_IS_FLOAT = f"({_is('double', 'float')} AND regexp_full_match(lexical, {_FLOAT}))"

_NUMBER = f"CASE WHEN {_IS_INTEGER} OR {_IS_DECIMAL} OR {_IS_FLOAT} THEN TRY_CAST(lexical AS DOUBLE) END"
_EXACT_VALUE = f"CASE WHEN {_IS_INTEGER} OR {_IS_DECIMAL} THEN {_AS_EXACT} END"
_INSTANT = f"""CASE
  WHEN {_is("dateTime", "dateTimeStamp")} AND regexp_full_match(lexical, {_DATE_TIME})
    THEN make_timestamp(epoch_us(TRY_CAST(
      CASE WHEN regexp_matches(lexical, '(Z|[+-]..:..)$') THEN lexical ELSE lexical || 'Z' END AS TIMESTAMPTZ)))
  WHEN {_is("date")} AND regexp_full_match(lexical, {_DATE})
    THEN make_timestamp(epoch_us(TRY_CAST(lexical[:10] || 'T00:00:00' ||
      CASE WHEN length(lexical) = 10 THEN 'Z' ELSE lexical[11:] END AS TIMESTAMPTZ))) END"""
_HAS_ZONE = f"""CASE WHEN {_is("dateTime", "dateTimeStamp", "date")}
  THEN regexp_matches(lexical, '[0-9](Z|[+-][0-9]{{2}}:[0-9]{{2}})$') END"""
_TRUTH = f"""CASE WHEN {_is("boolean")} THEN CASE lexical
  WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END END"""

# The SQL of each column, from `lexical` and `datatype`.
VALUE_SQL: Final[dict[str, str]] = {
    "number": _NUMBER,
    "exact": _EXACT_VALUE,
    "instant": _INSTANT,
    "has_zone": _HAS_ZONE,
    "truth": _TRUTH,
}
TYPED_VALUES: Final = ", ".join(f"{sql} AS {name}" for name, sql in VALUE_SQL.items())

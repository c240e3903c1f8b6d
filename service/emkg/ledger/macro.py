"""SQL functions of a term's parts, for compiled plans: they live in a catalogue in memory beside the ledger's file.

`fn.number_of(lexical, datatype)`, `exact_of`, `instant_of`, `has_zone_of`, `truth_of`: the typed values of the columns of
`term`. `fn.is_well_formed(lexical, datatype)`: whether a literal is in its datatype's lexical space, `fn.is_date(…)` and so on in that of one. `fn.text_of(kind, lexical, datatype, language)`: the N-Triples form. `fn.id_of(text)`: its id.
A macro's arguments are put in its place as they are: hand over columns, not large expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.ledger.dictionary import TEXT_SQL, id_sql
from emkg.ledger.lexical_space import LEXICAL_SPACES, WELL_FORMED, space_macro
from emkg.ledger.typed_value import VALUE_SQL
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    import duckdb

CATALOGUE: Final = "fn"
_DURATION: Final = (
    "datatype IN ("
    + ", ".join(f"'{XSD}{name}'" for name in ("duration", "dayTimeDuration", "yearMonthDuration"))
    + ")"
)
_SIGN: Final = "CASE WHEN starts_with(lexical, '-') THEN -1 ELSE 1 END"


def _amount(letter: str, kind: str, *, before_time: bool) -> str:
    """SQL for the number before a letter of a duration; 0 where there is none."""
    half = "split_part(lexical, 'T', 1)" if before_time else "split_part(lexical, 'T', 2)"
    return f"coalesce(TRY_CAST(nullif(regexp_extract({half}, '([0-9.]+){letter}', 1), '') AS {kind}), 0)"


_MONTHS: Final = f"""CASE WHEN {_DURATION} THEN {_SIGN} * ({_amount("Y", "BIGINT", before_time=True)} * 12
  + {_amount("M", "BIGINT", before_time=True)}) END"""
_SECONDS: Final = f"""CASE WHEN {_DURATION} THEN {_SIGN} * ({_amount("D", "DECIMAL(28, 6)", before_time=True)} * 86400
  + {_amount("H", "DECIMAL(28, 6)", before_time=False)} * 3600 + {_amount("M", "DECIMAL(28, 6)", before_time=False)} * 60
  + {_amount("S", "DECIMAL(28, 6)", before_time=False)}) END"""
# The canonical form of a double (XML Schema 1.1 Datatypes, section 3.3.5.2), from the shortest digits that DuckDB gives.
_DOUBLE_TEXT: Final = """CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'INF' ELSE '-INF' END
  WHEN x = 0 THEN CASE WHEN starts_with(CAST(x AS VARCHAR), '-') THEN '-0.0E0' ELSE '0.0E0' END
  ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || fn.main.mantissa_text(fn.main.digits_of(split_part(CAST(abs(x) AS VARCHAR), 'e', 1)))
    || 'E' || CAST(fn.main.exponent_of(split_part(CAST(abs(x) AS VARCHAR), 'e', 1))
      + coalesce(TRY_CAST(nullif(split_part(CAST(abs(x) AS VARCHAR), 'e', 2), '') AS INTEGER), 0) AS VARCHAR) END"""
# (name, parameters, SQL), each using only those before it.
_FUNCTIONS: Final = (
    ("months_of", "lexical, datatype", _MONTHS),
    ("seconds_of", "lexical, datatype", _SECONDS),
    ("digits_of", "plain", "ltrim(replace(plain, '.', ''), '0')"),
    ("mantissa_text", "digits", "digits[1] || '.' || coalesce(nullif(rtrim(digits[2:], '0'), ''), '0')"),
    (
        "exponent_of",
        "plain",
        """CASE WHEN starts_with(plain, '0.') THEN length(ltrim(plain[3:], '0')) - length(plain[3:]) - 1
        ELSE length(split_part(plain, '.', 1)) - 1 END""",
    ),
    ("double_text", "x", _DOUBLE_TEXT),
    # A decimal of ten places from its value times ten to the tenth.
    (
        "scaled",
        "units",
        """CAST(units // 10000000000 AS DECIMAL(38, 10)) + CAST(CAST(units % 10000000000 AS DECIMAL(18, 0))
        * CAST('0.0000000001' AS DECIMAL(11, 10)) AS DECIMAL(38, 10))""",
    ),
    # Exact where the dividend can be scaled within 38 digits, else by way of double.
    (
        "quotient",
        "a, b",
        """coalesce(TRY(fn.main.scaled((CAST(a * 10000000000 AS HUGEINT) * 10000000000) // CAST(b * 10000000000 AS HUGEINT))),
        TRY_CAST(CAST(a AS DOUBLE) / CAST(b AS DOUBLE) AS DECIMAL(38, 10)))""",
    ),
    (
        "ieee_quotient",
        "a, b",
        "CASE WHEN b <> 0 THEN a / b WHEN a = 0 OR isnan(a) THEN 'nan'::DOUBLE WHEN a > 0 THEN 'inf'::DOUBLE ELSE '-inf'::DOUBLE END",
    ),
    (
        "product",
        "a, b",
        """CASE WHEN trunc(a) = a AND trunc(b) = b THEN CAST(CAST(a AS HUGEINT) * CAST(b AS HUGEINT) AS DECIMAL(38, 10))
        WHEN round(a, 5) = a AND round(b, 5) = b THEN fn.main.scaled(CAST(a * 100000 AS HUGEINT) * CAST(b * 100000 AS HUGEINT))
        ELSE CAST(CAST(a AS DOUBLE) * CAST(b AS DOUBLE) AS DECIMAL(38, 10)) END""",
    ),
    ("substring_from", "text, start", "substr(text, greatest(CAST(floor(start + 0.5) AS BIGINT), 1))"),
    (
        "substring_of",
        "text, start, size",
        """substr(text, greatest(CAST(floor(start + 0.5) AS BIGINT), 1), greatest(CAST(floor(start + 0.5) AS BIGINT) + CAST(floor(size + 0.5) AS BIGINT)
        - greatest(CAST(floor(start + 0.5) AS BIGINT), 1), 0))""",
    ),
)


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Attach the catalogue with its functions; every cursor of the connection sees them."""
    connection.execute(f"ATTACH ':memory:' AS {CATALOGUE}")
    for name, sql in VALUE_SQL.items():
        connection.execute(f"CREATE MACRO {CATALOGUE}.main.{name}_of(lexical, datatype) AS ({sql})")
    connection.execute(f"CREATE MACRO {CATALOGUE}.main.is_well_formed(lexical, datatype) AS ({WELL_FORMED})")
    for datatype, test in LEXICAL_SPACES.items():
        connection.execute(
            f"CREATE MACRO {CATALOGUE}.main.{space_macro(datatype)}(lexical, datatype) AS ({test})"
        )
    connection.execute(
        f"CREATE MACRO {CATALOGUE}.main.text_of(kind, lexical, datatype, language) AS ({TEXT_SQL})"
    )
    for name, parameters, sql in _FUNCTIONS:
        connection.execute(f"CREATE MACRO {CATALOGUE}.main.{name}({parameters}) AS ({sql})")
    connection.execute(f"CREATE MACRO {CATALOGUE}.main.id_of(text) AS ({id_sql('text')})")

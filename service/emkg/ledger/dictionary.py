"""Terms as rows: the 64-bit id of a term, and the SQL that takes its N-Triples form apart.

The id is the first eight bytes, little-endian, of the MD5 of the N-Triples form. It depends on nothing but
the text, so ids never change, encoding needs no look-up, and plans can be compiled without the ledger.
MD5 is a mixing function here, not a seal: two terms with one id are detected when they are staged.
"""

from __future__ import annotations

import hashlib
from typing import Final

from emkg.ledger.typed_value import TYPED_VALUES
from emkg.rdf import Literal
from emkg.rdf.term import RDF_LANG_STRING, XSD_STRING

BLANK_NODE: Final = 0
IRI: Final = 1
LITERAL: Final = 2

_ID_BYTES = 8
_NEEDS_ESCAPE = r"""'[\x00-\x1f\x7f"\\]'"""
_IRI_TEXT = r"""'<[^\x00-\x20<>"{}|^`\\]*>'"""
_SIMPLE_LITERAL = (
    r"""'"[^\x00-\x1f\x7f"\\]*"(@[A-Za-z0-9-]+|\^\^<[^\x00-\x20<>"{}|^`\\]*>)?'"""  # nothing in it is escaped
)
_LITERAL_SUFFIX = r"""'"(@[A-Za-z0-9-]+|\^\^<[^\x00-\x20<>"{}|^`\\]*>)?$'"""


def term_id(text: str) -> int:
    """The id of a term, given its N-Triples form."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:_ID_BYTES], "little")


def id_sql(text: str) -> str:
    """SQL for the id of the term whose N-Triples form is the SQL expression `text`."""
    return f"(md5_number({text}) & 18446744073709551615::UHUGEINT)::UBIGINT"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escapes() -> list[tuple[str, str]]:
    """SQL expressions of each character that is escaped, and of its escape; the backslash is not among them."""
    codes = (*range(0x20), 0x22, 0x7F)
    return [(f"chr({code})", _quoted(str(Literal(chr(code)))[1:-1])) for code in codes]


def _escaped(text: str) -> str:
    expression = rf"replace({text}, '\', '\\')"
    for character, escape in _escapes():
        expression = f"replace({expression}, {character}, {escape})"
    return f"CASE WHEN regexp_matches({text}, {_NEEDS_ESCAPE}) THEN {expression} ELSE {text} END"


def _unescaped(text: str) -> str:
    """The reverse; an escaped backslash must not join its neighbour, so the text is split there first."""
    piece = "piece"
    for character, escape in _escapes():
        piece = f"replace({piece}, {escape}, {character})"
    pieces = rf"list_transform(string_split({text}, '\\'), lambda piece : {piece})"
    return rf"CASE WHEN contains({text}, '\') THEN array_to_string({pieces}, '\') ELSE {text} END"


# The N-Triples form of a row of `term`.
TEXT_SQL: Final = f"""CASE kind
  WHEN {IRI} THEN '<' || lexical || '>'
  WHEN {BLANK_NODE} THEN '_:' || lexical
  ELSE '"' || {_escaped("lexical")} || '"' || CASE
    WHEN language <> '' THEN '@' || language
    WHEN datatype = '{XSD_STRING}' THEN ''
    ELSE '^^<' || datatype || '>' END
  END"""

TERM_COLUMNS: Final = "id, kind, lexical, datatype, language, number, exact, instant, has_zone, truth"


_HAS_ESCAPE: Final = r"contains(text, '\')"
_REDUNDANT: Final = f'"^^<{XSD_STRING}>'
_KIND: Final = f"""CASE
  WHEN starts_with(text, '<') THEN {IRI} WHEN starts_with(text, '_:') THEN {BLANK_NODE} ELSE {LITERAL} END::UTINYINT"""


def checked_terms_sql(relation: str) -> str:
    """SELECT of id, text and `kind` from a relation of (id, text); `kind` is NULL where text is no canonical term.

    A literal without escapes, which almost every one is, is recognised by one expression; another is taken apart and
    put together again.
    """
    return f"""
    SELECT id, text, CASE
      WHEN starts_with(text, '<') THEN CASE WHEN regexp_full_match(text, {_IRI_TEXT}) THEN {IRI} END
      WHEN starts_with(text, '_:') THEN CASE WHEN length(text) > 2 THEN {BLANK_NODE} END
      WHEN regexp_full_match(text, {_SIMPLE_LITERAL}) THEN CASE WHEN NOT ends_with(text, {_quoted(_REDUNDANT)}) THEN {LITERAL} END
      END::UTINYINT AS kind FROM {relation} WHERE NOT {_HAS_ESCAPE}
    UNION ALL
    SELECT id, text, CASE
      WHEN starts_with(text, '"') AND length(text) > 1 AND {TEXT_SQL} = text THEN kind END AS kind
      FROM ({_parts_sql(f"(SELECT *, {_KIND} AS kind FROM {relation} WHERE {_HAS_ESCAPE})")})"""


def parsed_terms_sql(relation: str) -> str:
    """SELECT of `TERM_COLUMNS` from a relation of (id, text, kind) in canonical N-Triples form."""
    return f"SELECT id, kind, lexical, datatype, language, {TYPED_VALUES} FROM ({_parts_sql(relation)})"


def _parts_sql(relation: str) -> str:
    """SELECT of id, text, kind, lexical, datatype and language; without a backslash a literal ends at its second quote."""
    return f"""
    WITH suffixes AS (
      SELECT id, text, kind, {_HAS_ESCAPE} AS is_escaped, CASE
        WHEN kind = {LITERAL} AND is_escaped THEN regexp_extract(text, {_LITERAL_SUFFIX}, 0)
        WHEN kind = {LITERAL} THEN substr(text, strpos(substr(text, 2), '"') + 1) END AS suffix
      FROM {relation}
    ), bodies AS (
      SELECT *, CASE kind
        WHEN {IRI} THEN substr(text, 2, length(text) - 2)
        WHEN {BLANK_NODE} THEN substr(text, 3)
        WHEN {LITERAL} THEN substr(text, 2, length(text) - 1 - length(suffix)) END AS body
      FROM suffixes
    )
    SELECT id, text, kind,
      CASE WHEN kind = {LITERAL} AND is_escaped THEN {_unescaped("body")} ELSE body END AS lexical,
      CASE WHEN kind <> {LITERAL} THEN NULL
        WHEN starts_with(suffix, '"@') THEN '{RDF_LANG_STRING}'
        WHEN length(suffix) > 1 THEN substr(suffix, 5, length(suffix) - 5)
        ELSE '{XSD_STRING}' END AS datatype,
      CASE WHEN kind = {LITERAL} AND starts_with(suffix, '"@') THEN substr(suffix, 3)
        WHEN kind = {LITERAL} THEN '' END AS language
    FROM bodies"""

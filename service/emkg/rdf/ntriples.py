"""The N-Triples form of terms, both ways: `str(term)` writes it, `parse_term` reads it strictly.

The form is a term's identity in the ledger and in the statement relation, so reading it back must give
exactly the term that wrote it (https://www.w3.org/TR/n-triples/#n-triples-grammar).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.errors import Location, RdfSyntaxError
from emkg.rdf.term import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.rdf.term import Quad, Term, Triple

_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IRI = rf'(?:[^\x00-\x20<>"{{}}|^`\\]|{_UCHAR})*'
_LABEL = r"[^\W](?:[\w.\-·\u0300-\u036f\u203f\u2040]*[\w\-·\u0300-\u036f\u203f\u2040])?"
_TERM = re.compile(
    rf"""<(?P<iri>{_IRI})>
    | _:(?P<blank>{_LABEL})
    | "(?P<text>(?:[^\x22\x5c\x0a\x0d]|\\[tbnrf"'\\]|{_UCHAR})*)"
      (?: \^\^<(?P<datatype>{_IRI})> | @(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*) )?
    """,
    re.VERBOSE,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_ESCAPE = re.compile(r"""\\(?:([tbnrf"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))""")
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LAST_CODE_POINT = 0x10FFFF


def parse_term(text: str) -> Term:
    r"""Read one term in N-Triples form, `\u` escapes included; nothing may stand before or after it.

    Raises:
        RdfSyntaxError: `text` is no term, or its IRI is relative; located by the column of the fault.
    """
    match = _TERM.fullmatch(text)
    if match is None:
        raise _syntax_error(text)
    iri, blank, lexical, datatype, language = match.groups()
    if iri is not None:
        return IRI(_absolute(iri, text))
    if blank is not None:
        return BlankNode(blank)
    value = _unescape(lexical, text)
    if language:
        return Literal(value, RDF_LANG_STRING, language)
    return Literal(value, XSD_STRING if datatype is None else _absolute(datatype, text))


def escape(text: str) -> str:
    """The text as it stands between the quotes of an N-Triples literal."""
    return str(Literal(text))[1:-1]


def quads_to_lines(quads: Iterable[Quad | Triple]) -> Iterator[str]:
    """One N-Quads line for each quad (N-Triples for a triple), in the order given, without line ends."""
    return map(str, quads)


def _absolute(iri: str, text: str) -> str:
    value = _unescape(iri, text)
    if not _SCHEME.match(value):
        message = f"<{value}> is a relative IRI; N-Triples needs an absolute one"
        raise RdfSyntaxError(message, location=Location("term", 1, 2))
    return value


def _unescape(text: str, term: str) -> str:
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        short, four, eight = match.groups()
        if short:
            return _CHARACTERS.get(short, short)
        code = int(four or eight, 16)
        if code > _LAST_CODE_POINT or 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogate range
            message = f"{match.group()} is no Unicode character"
            raise RdfSyntaxError(message, location=Location("term", 1, term.find(match.group()) + 1))
        return chr(code)

    return _ESCAPE.sub(character, text)


def _syntax_error(text: str) -> RdfSyntaxError:
    whole = _TERM.match(text)
    if whole is not None:
        message = f"unexpected text after the term: {text[whole.end() :][:40]!r}"
        return RdfSyntaxError(message, location=Location("term", 1, whole.end() + 1))
    message = f'{text[:60]!r} is no term in N-Triples form: write <iri>, _:label, "text", "text"@tag or "text"^^<iri>'
    return RdfSyntaxError(message, location=Location("term", 1, 1))
